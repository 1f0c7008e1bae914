//! When and whether to register again.

use std::time::Duration;

use vestibule_model::{RegistrationFailure, SipTransport};

/// What a registrar's final answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It is done.
    Registered,
    /// It wants credentials; send them.
    Authenticate,
    /// The registration would be too short; ask for this many seconds.
    Longer(u32),
    /// No other server of the account would say otherwise.
    Rejected(RegistrationFailure),
    /// This server cannot, perhaps the next one can. Seconds to wait, where it said so.
    TryNext(Option<u64>),
}

/// What was said so far in one try to register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conversation {
    /// Credentials were sent.
    pub(crate) authenticated: bool,
    /// How often a nonce was called stale.
    pub(crate) stale: u8,
    /// A longer registration was asked for.
    pub(crate) lengthened: bool,
}

/// The parts of an answer that are judged.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The challenge of a 401 or 407 that can be answered: whether it calls the nonce stale.
    pub(crate) challenge: Option<bool>,
    /// Min-Expires (RFC 3261 section 20.23), in seconds.
    pub(crate) min_expires: Option<u32>,
    /// Retry-After (RFC 3261 section 20.33), in seconds.
    pub(crate) retry_after: Option<u64>,
}

impl Conversation {
    /// Judges an answer and remembers what follows from it.
    ///
    /// A second challenge means that the password is wrong, unless the server says that only the nonce was too
    /// old (RFC 3261 section 22.2); a server that calls every nonce stale is not believed for ever.
    pub(crate) fn judge(&mut self, answer: Answer) -> Judgement {
        match (answer.status, answer.challenge) {
            (200..300, _) => Judgement::Registered,
            (401 | 407, Some(stale)) => {
                if self.authenticated && !(stale && self.stale < 3) {
                    return Judgement::Rejected(RegistrationFailure::WrongPassword);
                }
                self.stale += u8::from(self.authenticated);
                self.authenticated = true;
                Judgement::Authenticate
            }
            (403, _) if self.authenticated => Judgement::Rejected(RegistrationFailure::WrongPassword),
            (423, _) if !self.lengthened && answer.min_expires.is_some() => {
                self.lengthened = true;
                Judgement::Longer(answer.min_expires.unwrap_or_default())
            }
            (408 | 430 | 480 | 500..600, _) => Judgement::TryNext(answer.retry_after),
            (status, _) => Judgement::Rejected(RegistrationFailure::Refused { status }),
        }
    }
}

/// Waits that double up to a cap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The longest wait before jitter: a restarted server is found again soon, and a building full of apps does
    /// not drown it.
    const CAP: Duration = Duration::from_secs(10);

    /// The next wait: 1, 2, 4, 8, then 10 seconds, each longer or shorter by up to a fifth.
    ///
    /// `random` is uniform in 0..1; it keeps the apps of a building apart after a power cut.
    pub(crate) fn next_wait(&mut self, random: f64) -> Duration {
        let wait = Duration::from_secs(1 << self.failures.min(4)).min(Self::CAP);
        self.failures = self.failures.saturating_add(1);
        wait.mul_f64(0.8 + 0.4 * random.clamp(0.0, 1.0))
    }

    /// It worked: the next failure starts from the shortest wait.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// How long to wait after a failure that a person has to look into; `None`: not to try again at all.
pub(crate) fn patience(failure: &RegistrationFailure, wait: Duration) -> Option<Duration> {
    match failure {
        // More tries with the same password would lock the account out.
        RegistrationFailure::WrongPassword => None,
        RegistrationFailure::Refused { .. } => Some(wait.max(Duration::from_secs(60))),
        RegistrationFailure::Unreachable | RegistrationFailure::NoSuchServer => Some(wait),
    }
}

/// When to register again after a registration that lasts for `expires`.
///
/// A restarted server has lost its bindings, and still answers OPTIONS; only another REGISTER finds out and
/// repairs it in one step. Over TCP the closed connection tells, so there half of the time is enough.
pub(crate) fn refresh_after(expires: Duration, transport: SipTransport) -> Duration {
    let half = expires / 2;
    match transport {
        SipTransport::Udp => half.min(Duration::from_secs(15)),
        SipTransport::Tcp => half.min(Duration::from_secs(300)),
    }
    .max(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_model::RegistrationFailure::{Refused, WrongPassword};

    fn challenge(stale: bool) -> Answer {
        Answer { status: 401, challenge: Some(stale), ..Answer::default() }
    }

    fn status(status: u16) -> Answer {
        Answer { status, ..Answer::default() }
    }

    #[test]
    fn a_second_challenge_is_a_wrong_password() {
        let mut talk = Conversation::default();
        assert_eq!(talk.judge(challenge(false)), Judgement::Authenticate);
        assert_eq!(talk.judge(challenge(false)), Judgement::Rejected(WrongPassword));
        let mut talk = Conversation::default();
        assert_eq!(talk.judge(challenge(false)), Judgement::Authenticate);
        assert_eq!(talk.judge(status(403)), Judgement::Rejected(WrongPassword));
    }

    #[test]
    fn a_stale_nonce_is_no_wrong_password_but_not_for_ever() {
        let mut talk = Conversation::default();
        for _ in 0..4 {
            assert_eq!(talk.judge(challenge(true)), Judgement::Authenticate);
        }
        assert_eq!(talk.judge(challenge(true)), Judgement::Rejected(WrongPassword));
    }

    #[test]
    fn other_answers_mean_what_they_say() {
        let judge = |answer| Conversation::default().judge(answer);
        assert_eq!(judge(status(200)), Judgement::Registered);
        assert_eq!(judge(status(403)), Judgement::Rejected(Refused { status: 403 }));
        assert_eq!(judge(status(404)), Judgement::Rejected(Refused { status: 404 }));
        assert_eq!(judge(status(401)), Judgement::Rejected(Refused { status: 401 }));
        assert_eq!(judge(status(423)), Judgement::Rejected(Refused { status: 423 }));
        let busy = Answer { status: 503, retry_after: Some(7), ..Answer::default() };
        assert_eq!(judge(busy), Judgement::TryNext(Some(7)));
        let mut talk = Conversation::default();
        let brief = Answer { status: 423, min_expires: Some(900), ..Answer::default() };
        assert_eq!(talk.judge(brief), Judgement::Longer(900));
        assert_eq!(talk.judge(brief), Judgement::Rejected(Refused { status: 423 }));
    }

    #[test]
    fn waits_grow_to_the_cap_and_start_over() {
        let mut backoff = Backoff::default();
        let seconds: Vec<u64> = (0..6).map(|_| backoff.next_wait(0.5).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 10, 10]);
        assert_eq!(backoff.next_wait(0.0), Duration::from_secs(8));
        assert_eq!(backoff.next_wait(1.0), Duration::from_secs(12));
        backoff.reset();
        assert_eq!(backoff.next_wait(0.5).as_secs(), 1);
    }

    #[test]
    fn nobody_hammers_a_server_with_a_wrong_password() {
        let wait = Duration::from_secs(2);
        assert_eq!(patience(&WrongPassword, wait), None);
        assert_eq!(patience(&Refused { status: 404 }, wait), Some(Duration::from_secs(60)));
        assert_eq!(patience(&RegistrationFailure::Unreachable, wait), Some(wait));
    }

    #[test]
    fn a_registration_is_refreshed_long_before_it_ends() {
        let after = |seconds, transport| refresh_after(Duration::from_secs(seconds), transport).as_secs();
        assert_eq!(after(600, SipTransport::Udp), 15);
        assert_eq!(after(20, SipTransport::Udp), 10);
        assert_eq!(after(600, SipTransport::Tcp), 300);
        assert_eq!(after(0, SipTransport::Tcp), 1);
    }
}
