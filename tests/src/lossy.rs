//! A path between two SIP peers that loses and reorders media.
//!
//! It passes the INVITE and its answers on and writes its own ports into their SDP, so that the media of both sides
//! runs through it. It knows just as much of SIP as this takes. RTCP finds its own way by `a=rtcp`, past the path.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering::Relaxed};

use tokio::net::UdpSocket;
use tokio::task::JoinSet;

/// What happens to media packets.
#[derive(Clone, Copy)]
pub struct Loss {
    /// One packet of so many is lost; 50 is 2 %.
    pub lose_one_in: u32,
    /// One packet of so many is held back until the next one has passed.
    pub swap_one_in: u32,
}

/// The path. It ends when dropped.
pub struct LossyPath {
    address: SocketAddr,
    harm: Arc<Harm>,
    _signalling: JoinSet<()>,
}

struct Harm {
    loss: Loss,
    lost: AtomicU32,
    swapped: AtomicU32,
}

/// One media line: each peer sees a port of ours as the other one's, and gets its packets from that port.
struct Line {
    /// What the callee takes for the caller, and where the caller really is.
    as_caller: Arc<UdpSocket>,
    caller: Arc<AtomicU16>,
    /// What the caller takes for the callee, and where the callee really is.
    as_callee: Arc<UdpSocket>,
    callee: Arc<AtomicU16>,
}

impl LossyPath {
    /// Opens a path to `callee`.
    pub async fn open(callee: SocketAddr, loss: Loss) -> LossyPath {
        let signalling = bind().await;
        let address = signalling.local_addr().expect("it is bound");
        let harm = Arc::new(Harm { loss, lost: AtomicU32::new(0), swapped: AtomicU32::new(0) });
        let mut tasks = JoinSet::new();
        tasks.spawn(pass_on(signalling, callee, Arc::clone(&harm)));
        LossyPath { address, harm, _signalling: tasks }
    }

    /// Where the caller sends its INVITE.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many packets were lost and how many were swapped.
    pub fn harm(&self) -> (u32, u32) {
        (self.harm.lost.load(Relaxed), self.harm.swapped.load(Relaxed))
    }
}

async fn bind() -> Arc<UdpSocket> {
    Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a port is free"))
}

async fn pass_on(signalling: Arc<UdpSocket>, callee: SocketAddr, harm: Arc<Harm>) {
    let (mut lines, mut media, mut caller) = (Vec::new(), JoinSet::new(), None);
    let mut message = vec![0; 65_536];
    while let Ok((length, from)) = signalling.recv_from(&mut message).await {
        let from_caller = from != callee;
        if from_caller {
            caller = Some(from);
        }
        let Some(to) = (if from_caller { Some(callee) } else { caller }) else {
            continue;
        };
        let text = String::from_utf8_lossy(&message[..length]).into_owned();
        let ports = media_ports(&text);
        while lines.len() < ports.len() {
            lines.push(open_line(&mut media, &harm).await);
        }
        let ours: Vec<u16> =
            lines.iter().zip(&ports).map(|(line, port)| line.stand_in(from_caller, *port)).collect();
        let text = with_media_ports(&text, &ours);
        signalling.send_to(text.as_bytes(), to).await.expect("loopback takes it");
    }
}

impl Line {
    /// Notes where this peer really is, and returns the port that the other one is told.
    fn stand_in(&self, for_caller: bool, port: u16) -> u16 {
        let (real, socket) = match for_caller {
            true => (&self.caller, &self.as_caller),
            false => (&self.callee, &self.as_callee),
        };
        real.store(port, Relaxed);
        // A refused line stays refused.
        if port == 0 { 0 } else { socket.local_addr().expect("it is bound").port() }
    }
}

async fn open_line(media: &mut JoinSet<()>, harm: &Arc<Harm>) -> Line {
    let line = Line {
        as_caller: bind().await,
        caller: Arc::default(),
        as_callee: bind().await,
        callee: Arc::default(),
    };
    let (caller, callee) = (Arc::clone(&line.as_caller), Arc::clone(&line.as_callee));
    media.spawn(carry(Arc::clone(&callee), Arc::clone(&caller), Arc::clone(&line.callee), Arc::clone(harm)));
    media.spawn(carry(caller, callee, Arc::clone(&line.caller), Arc::clone(harm)));
    line
}

async fn carry(from: Arc<UdpSocket>, by: Arc<UdpSocket>, target: Arc<AtomicU16>, harm: Arc<Harm>) {
    let (mut packet, mut count, mut held) = (vec![0; 65_536], 0_u32, None::<Vec<u8>>);
    while let Ok((length, _)) = from.recv_from(&mut packet).await {
        let to = SocketAddr::from(([127, 0, 0, 1], target.load(Relaxed)));
        count += 1;
        if count.is_multiple_of(harm.loss.lose_one_in) {
            harm.lost.fetch_add(1, Relaxed);
            continue;
        }
        if held.is_none() && count.is_multiple_of(harm.loss.swap_one_in) {
            harm.swapped.fetch_add(1, Relaxed);
            held = Some(packet[..length].to_vec());
            continue;
        }
        // A peer that has gone closes its port; the path goes on.
        let _gone = by.send_to(&packet[..length], to).await;
        if let Some(late) = held.take() {
            let _gone = by.send_to(&late, to).await;
        }
    }
}

/// The port of each media line of a message's SDP.
fn media_ports(message: &str) -> Vec<u16> {
    let body = message.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let lines = body.lines().filter(|line| line.starts_with("m="));
    lines.filter_map(|line| line.split(' ').nth(1)?.parse().ok()).collect()
}

/// The message with other media ports, and the length of its body mended.
fn with_media_ports(message: &str, ports: &[u16]) -> String {
    let Some((head, body)) = message.split_once("\r\n\r\n") else {
        return message.to_owned();
    };
    let mut ports = ports.iter();
    let mut put = |line: &str| match line.starts_with("m=").then(|| ports.next()).flatten() {
        Some(port) => {
            let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            words[1] = port.to_string();
            words.join(" ")
        }
        None => line.to_owned(),
    };
    let body = body.split("\r\n").map(&mut put).collect::<Vec<_>>().join("\r\n");
    let length = |line: &str| match line.split_once(':') {
        Some((name, _)) if name.eq_ignore_ascii_case("content-length") => {
            format!("Content-Length: {}", body.len())
        }
        _ => line.to_owned(),
    };
    let head = head.split("\r\n").map(length).collect::<Vec<_>>().join("\r\n");
    format!("{head}\r\n\r\n{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_put_in_place_and_the_length_is_mended() {
        let message = "INVITE sip:x SIP/2.0\r\nContent-Length: 44\r\n\r\nm=audio 9 RTP/AVP 8\r\nm=video 0 RTP/AVP 96\r\n";
        assert_eq!(media_ports(message), [9, 0]);
        let changed = with_media_ports(message, &[40_000, 0]);
        assert!(changed.ends_with("m=audio 40000 RTP/AVP 8\r\nm=video 0 RTP/AVP 96\r\n"), "{changed}");
        assert!(changed.contains("Content-Length: 47\r\n"), "{changed}");
    }
}
