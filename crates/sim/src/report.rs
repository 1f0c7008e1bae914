//! What the intercom says on its own output: one JSON object to a line.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// Something that happened. Times are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Report {
    /// It takes SIP messages now.
    Listening {
        /// `host:port`, UDP and TCP.
        sip: String,
    },
    /// A resident registered here, or, with a proxy, the intercom registered there.
    Registered {
        /// User part of the address of record.
        user: String,
    },
    /// A registration ended or failed.
    Unregistered {
        /// User part of the address of record.
        user: String,
    },
    /// The button was pressed.
    InviteSent {
        /// When the INVITE was handed to the SIP stack.
        at_ms: u64,
    },
    /// The callee's side answered provisionally.
    Provisional {
        /// 100, 180 or 183.
        status: u16,
        /// Whether early media runs from here on.
        early_media: bool,
        /// When.
        at_ms: u64,
    },
    /// A call from a resident.
    Incoming {
        /// `user@host` of From.
        from: String,
        /// When.
        at_ms: u64,
    },
    /// The call is up.
    Answered {
        /// When.
        at_ms: u64,
    },
    /// What was negotiated, first or anew.
    Media {
        /// `PCMA` or `PCMU`; null without sound.
        audio: Option<&'static str>,
        /// Whether the peer takes telephone-events.
        telephone_event: bool,
        /// Packetization mode of H.264 (RFC 6184); null without video.
        packetization_mode: Option<u8>,
        /// Whether the peer takes video now: false while it holds.
        sends_video: bool,
    },
    /// The peer asked for a key frame.
    KeyframeWanted {
        /// `rtcp` or `info`.
        by: &'static str,
    },
    /// A code was entered in whole. The code itself is a secret and not said.
    Digits {
        /// `rfc4733` or `info`.
        by: Way,
        /// How many digits it has.
        count: usize,
        /// The switch that it belongs to; null for a wrong code.
        code_matches: Option<String>,
    },
    /// A door moved.
    Door {
        /// The name of its switch.
        switch: String,
        /// What it does now.
        state: Door,
        /// When.
        at_ms: u64,
    },
    /// An INFO that is not understood.
    BadInfo {
        /// Why not.
        why: String,
    },
    /// Nothing came from the peer for some seconds, although it should.
    Quiet,
    /// The call is over, or came to nothing.
    Ended {
        /// Why.
        why: Ending,
        /// The status that refused it.
        status: Option<u16>,
        /// Video frames that were sent.
        frames_sent: u32,
        /// RTP packets with sound that arrived.
        audio_received: u64,
        /// When.
        at_ms: u64,
    },
    /// An order that makes no sense now, or that is not known.
    NotDone {
        /// Why not.
        why: String,
    },
}

/// How digits came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Telephone-events in RTP.
    Rfc4733,
    /// SIP INFO.
    Info,
}

/// What a door does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// It can be pushed open.
    Open,
    /// It is locked.
    Closed,
}

/// Why a call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The peer hung up.
    Remote,
    /// The intercom hung up.
    Local,
    /// The intercom, or a caller, gave up before the answer.
    Cancelled,
    /// The callee said no.
    Refused,
    /// The other side cannot be reached any more, or could not be.
    Lost,
    /// The two sides have no media in common, or the answer made no sense.
    NoMedia,
}

/// The wall clock.
pub fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_look_as_their_readers_expect() {
        let switch = || "Main door".to_owned();
        for (report, line) in [
            (
                Report::Listening { sip: "127.0.0.1:5070".to_owned() },
                r#"{"event":"listening","sip":"127.0.0.1:5070"}"#,
            ),
            (Report::Registered { user: "flat12".to_owned() }, r#"{"event":"registered","user":"flat12"}"#),
            (Report::InviteSent { at_ms: 5 }, r#"{"event":"invite_sent","at_ms":5}"#),
            (
                Report::Provisional { status: 180, early_media: false, at_ms: 6 },
                r#"{"event":"provisional","status":180,"early_media":false,"at_ms":6}"#,
            ),
            (Report::Answered { at_ms: 7 }, r#"{"event":"answered","at_ms":7}"#),
            (
                Report::Digits { by: Way::Rfc4733, count: 3, code_matches: Some(switch()) },
                r#"{"event":"digits","by":"rfc4733","count":3,"code_matches":"Main door"}"#,
            ),
            (
                Report::Digits { by: Way::Info, count: 2, code_matches: None },
                r#"{"event":"digits","by":"info","count":2,"code_matches":null}"#,
            ),
            (
                Report::Door { switch: switch(), state: Door::Open, at_ms: 8 },
                r#"{"event":"door","switch":"Main door","state":"open","at_ms":8}"#,
            ),
            (
                Report::Ended {
                    why: Ending::Remote,
                    status: None,
                    frames_sent: 25,
                    audio_received: 50,
                    at_ms: 9,
                },
                r#"{"event":"ended","why":"remote","status":null,"frames_sent":25,"audio_received":50,"at_ms":9}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&report).unwrap(), line);
        }
    }
}
