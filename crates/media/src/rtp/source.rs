use std::time::{Duration, Instant};

/// A jump forward of more packets than this is a new sequence, not a loss (RFC 3550 appendix A.1).
const MAX_DROPOUT: u16 = 3_000;
/// A packet at most so far behind is late, one further behind is of a new sequence (RFC 3550 appendix A.1).
const MAX_MISORDER: u16 = 100;
/// Stragglers of an SSRC that was given up are dropped for so long, that two senders cannot flip the stream.
const FORMER_FOR: Duration = Duration::from_secs(1);

/// What the sequence number of a packet says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Part of the stream, at this place in it; places do not wrap.
    At(u64),
    /// The first packet of a stream, or of one that began anew: all state about the former is void.
    Began(u64),
    /// Not to be used: the sequence number jumped, and no second packet has confirmed that yet.
    Unconfirmed,
    /// Not to be used: a straggler of a stream that was left behind.
    Former,
}

/// The reception of one stream of RTP: order, loss and jitter (RFC 3550 appendices A.1, A.3 and A.8).
#[derive(Debug)]
pub struct Source {
    rate: u32,
    stream: Option<Stream>,
    former: Option<(u32, Instant)>,
    before: Totals,
}

#[derive(Debug)]
struct Stream {
    ssrc: u32,
    first: u64,
    highest: u64,
    received: u64,
    bad: Option<u16>,
    transit: Option<(Instant, u32)>,
    jitter: f64,
    expected_prior: u64,
    received_prior: u64,
    bytes: u64,
    reordered: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    received: u64,
    expected: u64,
    bytes: u64,
    reordered: u64,
}

/// The part of a reception report that sequence numbers and timestamps give (RFC 3550 section 6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reception {
    pub(crate) ssrc: u32,
    /// Of 256 expected packets since the last report, so many did not come.
    pub(crate) fraction_lost: u8,
    /// Packets that did not come, ever; at most 24 bits.
    pub(crate) total_lost: u32,
    /// Highest sequence number with the count of wraps before it.
    pub(crate) highest: u32,
    /// In ticks of the RTP clock.
    pub(crate) jitter: u32,
}

impl Source {
    /// `rate` is the RTP clock's, in Hz.
    pub fn new(rate: u32) -> Self {
        Self { rate, stream: None, former: None, before: Totals::default() }
    }

    /// Takes a packet's header in. `payload` is the payload's length in bytes.
    pub fn arrived(
        &mut self,
        now: Instant,
        ssrc: u32,
        sequence: u16,
        timestamp: u32,
        payload: usize,
    ) -> Arrival {
        if self.former.is_some_and(|(former, since)| former == ssrc && now.duration_since(since) < FORMER_FOR)
        {
            return Arrival::Former;
        }
        let (rate, known) = (self.rate, self.stream.as_mut().filter(|stream| stream.ssrc == ssrc));
        let Some(stream) = known else {
            return self.begin(now, ssrc, sequence, timestamp, payload);
        };
        let step = sequence.wrapping_sub(stream.highest as u16);
        let place = if step < MAX_DROPOUT {
            stream.highest += u64::from(step);
            stream.highest
        } else if let behind = step.wrapping_neg()
            && behind <= MAX_MISORDER
        {
            // Places begin one wrap up, so that what is a little older than the first packet has one too.
            stream.reordered += 1;
            stream.highest.saturating_sub(u64::from(behind))
        } else if stream.bad == Some(sequence) {
            return self.begin(now, ssrc, sequence, timestamp, payload);
        } else {
            stream.bad = Some(sequence.wrapping_add(1));
            return Arrival::Unconfirmed;
        };
        stream.bad = None;
        stream.count(now, timestamp, payload, rate);
        Arrival::At(place)
    }

    /// The SSRC that is listened to.
    pub fn ssrc(&self) -> Option<u32> {
        self.stream.as_ref().map(|stream| stream.ssrc)
    }

    /// Interarrival jitter (RFC 3550 section 6.4.1).
    pub fn jitter(&self) -> Duration {
        let ticks = self.stream.as_ref().map_or(0.0, |stream| stream.jitter);
        Duration::from_secs_f64(ticks / f64::from(self.rate.max(1)))
    }

    /// Packets and payload bytes that came in, packets that did not, and packets that came out of order, since the
    /// beginning and over all SSRCs.
    pub(crate) fn totals(&self) -> (u64, u64, u64, u64) {
        let now = self.stream.as_ref().map(Stream::totals).unwrap_or_default();
        let received = self.before.received + now.received;
        let lost = self.before.expected.saturating_sub(self.before.received)
            + now.expected.saturating_sub(now.received);
        (received, self.before.bytes + now.bytes, lost, self.before.reordered + now.reordered)
    }

    /// What to report now; the fraction is counted from the last call on.
    pub(crate) fn report(&mut self) -> Option<Reception> {
        let stream = self.stream.as_mut()?;
        let expected = stream.highest - stream.first + 1;
        let expected_interval = expected.saturating_sub(stream.expected_prior);
        let received_interval = stream.received.saturating_sub(stream.received_prior);
        stream.expected_prior = expected;
        stream.received_prior = stream.received;
        let lost_interval = expected_interval.saturating_sub(received_interval);
        let fraction = (lost_interval << 8).checked_div(expected_interval).unwrap_or(0);
        Some(Reception {
            ssrc: stream.ssrc,
            fraction_lost: u8::try_from(fraction).unwrap_or(u8::MAX),
            total_lost: u32::try_from(expected.saturating_sub(stream.received))
                .unwrap_or(u32::MAX)
                .min(0x7f_ffff),
            highest: (stream.highest - (1 << 16)) as u32,
            jitter: stream.jitter as u32,
        })
    }

    fn begin(&mut self, now: Instant, ssrc: u32, sequence: u16, timestamp: u32, payload: usize) -> Arrival {
        if let Some(old) = self.stream.take() {
            let totals = old.totals();
            self.before.received += totals.received;
            self.before.expected += totals.expected.max(totals.received);
            self.before.bytes += totals.bytes;
            self.before.reordered += totals.reordered;
            if old.ssrc != ssrc {
                self.former = Some((old.ssrc, now));
            }
        }
        let first = u64::from(sequence) + (1 << 16);
        let mut stream = Stream {
            ssrc,
            first,
            highest: first,
            received: 0,
            bad: None,
            transit: None,
            jitter: 0.0,
            expected_prior: 0,
            received_prior: 0,
            bytes: 0,
            reordered: 0,
        };
        stream.count(now, timestamp, payload, self.rate);
        self.stream = Some(stream);
        Arrival::Began(first)
    }
}

impl Stream {
    fn count(&mut self, now: Instant, timestamp: u32, payload: usize, rate: u32) {
        self.received += 1;
        self.bytes += payload as u64;
        if let Some((last, last_timestamp)) = self.transit {
            let passed = now.duration_since(last).as_secs_f64() * f64::from(rate);
            let sampled = f64::from(timestamp.wrapping_sub(last_timestamp).cast_signed());
            // A pause or a new timestamp base is no jitter.
            let difference = (passed - sampled).abs().min(f64::from(rate));
            self.jitter += (difference - self.jitter) / 16.0;
        }
        self.transit = Some((now, timestamp));
    }

    fn totals(&self) -> Totals {
        Totals {
            received: self.received,
            expected: self.highest - self.first + 1,
            bytes: self.bytes,
            reordered: self.reordered,
        }
    }
}
