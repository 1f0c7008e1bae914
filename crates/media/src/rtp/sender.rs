use bytes::{BufMut, Bytes, BytesMut};

/// Numbers the packets of one stream that we send, and counts them.
#[derive(Clone, Debug)]
pub struct StreamSender {
    ssrc: u32,
    sequence: u16,
    packets: u64,
    bytes: u64,
}

impl StreamSender {
    /// Both are random (RFC 3550 section 5.1), so that streams cannot be mixed up or guessed.
    pub fn new(ssrc: u32, first_sequence: u16) -> Self {
        Self { ssrc, sequence: first_sequence, packets: 0, bytes: 0 }
    }

    /// A whole packet around the payload: 12 bytes of header, no extension, no padding.
    pub fn packet(&mut self, payload_type: u8, marker: bool, timestamp: u32, payload: &[u8]) -> Bytes {
        let mut packet = BytesMut::with_capacity(12 + payload.len());
        packet.put_u8(2 << 6);
        packet.put_u8(u8::from(marker) << 7 | payload_type & 0x7f);
        packet.put_u16(self.sequence);
        packet.put_u32(timestamp);
        packet.put_u32(self.ssrc);
        packet.put_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.packets += 1;
        self.bytes += payload.len() as u64;
        packet.freeze()
    }

    /// Our SSRC.
    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Packets made so far.
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Bytes of payload in them.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}
