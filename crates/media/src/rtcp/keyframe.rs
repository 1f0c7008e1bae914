use std::time::{Duration, Instant};

use crate::sdp::Feedback;

/// A request is repeated after so long without a key frame: a round trip and the encoder's next picture fit in it.
const REPEAT: Duration = Duration::from_millis(400);
/// After so many requests in vain the next stronger one is used.
const TRIES: u32 = 2;
/// By INFO, or when all has been tried, a request is repeated after so long.
const SLOW_REPEAT: Duration = Duration::from_secs(2);

/// The first picture of a stream is whole after so long.
const FIRST_PICTURE: Duration = Duration::from_millis(150);

/// A way to ask for a key frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Picture loss indication (RFC 4585 section 6.3.1).
    PictureLoss,
    /// Full intra request with this command number (RFC 5104 section 4.3.1).
    FullIntra(u8),
    /// `picture_fast_update` by SIP INFO (RFC 5168).
    Info,
}

/// Asks for a key frame until one comes: by PLI, then by FIR, then by INFO, as far as the peer has them.
#[derive(Debug)]
pub struct KeyframeRequester {
    feedback: Feedback,
    wanted: bool,
    tries: u32,
    next_at: Option<Instant>,
    last_at: Option<Instant>,
    command: u8,
}

impl KeyframeRequester {
    /// For what was negotiated.
    pub fn new(feedback: Feedback) -> Self {
        Self { feedback, wanted: false, tries: 0, next_at: None, last_at: None, command: 0 }
    }

    /// Changes what was negotiated.
    pub fn set_feedback(&mut self, feedback: Feedback) {
        self.feedback = feedback;
    }

    /// A key frame is needed; asked for at once, unless that was done a moment ago.
    pub fn want(&mut self, now: Instant) {
        if self.wanted {
            // The first request may have been put off; a picture that was lost does not wait for it.
            if self.tries == 0 {
                self.next_at = self.next_at.map(|at| at.min(now));
            }
            return;
        }
        self.wanted = true;
        self.tries = 0;
        let earliest = self.last_at.map(|last| last + REPEAT / 2);
        self.next_at = Some(earliest.map_or(now, |earliest| earliest.max(now)));
    }

    /// A stream begins: most begin with a key frame, so the first request is put off until that should be there.
    pub fn begun(&mut self, now: Instant) {
        if self.wanted && self.tries == 0 {
            self.next_at = Some(now + FIRST_PICTURE);
        }
    }

    /// Whether the next request goes by RTCP.
    pub(crate) fn by_rtcp(&self) -> bool {
        self.feedback.pli || self.feedback.fir
    }

    /// A key frame came.
    pub fn satisfied(&mut self) {
        self.wanted = false;
        self.next_at = None;
    }

    /// When [`KeyframeRequester::poll`] has something to say.
    pub fn deadline(&self) -> Option<Instant> {
        self.next_at
    }

    /// The request that is due.
    pub fn poll(&mut self, now: Instant) -> Option<Request> {
        self.next_at.filter(|at| *at <= now)?;
        let stage = self.tries / TRIES;
        self.tries = self.tries.saturating_add(1);
        self.last_at = Some(now);
        let mut ways = Vec::new();
        if self.feedback.pli {
            ways.push((Request::PictureLoss, REPEAT));
        }
        if self.feedback.fir {
            ways.push((Request::FullIntra(0), REPEAT));
        }
        ways.push((Request::Info, SLOW_REPEAT));
        // When all ways have been gone in vain it begins anew, slowly: the peer may have been away.
        let round = ways.len() as u32;
        let (request, repeat) = ways.get((stage % round) as usize).copied()?;
        let repeat = if stage >= round { SLOW_REPEAT } else { repeat };
        self.next_at = Some(now + repeat);
        if let Request::FullIntra(_) = request {
            self.command = self.command.wrapping_add(1);
            return Some(Request::FullIntra(self.command));
        }
        Some(request)
    }
}
