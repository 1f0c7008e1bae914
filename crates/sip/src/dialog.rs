//! The state of a dialog (RFC 3261 section 12), without I/O.

use rsipstack::sip::{Header, HeadersExt, Method, Request, Response, Uri};

use crate::message::{Content, Outline, call_id, from_tag, request, seq, split_list, to_tag, uri_of};

/// What names a dialog: Call-ID, our tag, the peer's tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DialogId {
    call_id: String,
    local_tag: String,
    remote_tag: String,
}

/// A dialog, as the peer and we agreed on it.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    id: DialogId,
    /// The From value of our requests.
    local: String,
    /// The To value of our requests.
    remote: String,
    /// Where our requests go in the end.
    target: Uri,
    /// What they pass on their way.
    routes: Vec<String>,
    local_seq: u32,
    /// `None` until the peer sends a request.
    remote_seq: Option<u32>,
}

impl DialogId {
    /// The dialog that a request from the peer belongs to; `None` outside dialogs.
    pub(crate) fn of_request(request: &Request) -> Option<Self> {
        let (local_tag, remote_tag) = (to_tag(request), from_tag(request));
        (!local_tag.is_empty()).then(|| Self { call_id: call_id(request), local_tag, remote_tag })
    }

    pub(crate) fn call_id(&self) -> &str {
        &self.call_id
    }
}

impl Dialog {
    /// Our end of a dialog that an incoming INVITE makes (RFC 3261 section 12.1.1).
    pub(crate) fn from_invite(invite: &Request, local_tag: &str) -> Option<Self> {
        let to = invite.to_header().ok()?.value();
        Some(Self {
            id: DialogId {
                call_id: call_id(invite),
                local_tag: local_tag.to_owned(),
                remote_tag: from_tag(invite),
            },
            local: format!("{to};tag={local_tag}"),
            remote: invite.from_header().ok()?.value().to_owned(),
            target: contact(invite)?,
            routes: record_routes(invite),
            local_seq: 0,
            remote_seq: Some(seq(invite)),
        })
    }

    /// Our end of a dialog that an answer to our INVITE makes (RFC 3261 section 12.1.2).
    pub(crate) fn from_answer(invite: &Request, answer: &Response) -> Option<Self> {
        let mut routes = record_routes(answer);
        routes.reverse();
        Some(Self {
            id: DialogId {
                call_id: call_id(invite),
                local_tag: from_tag(invite),
                remote_tag: to_tag(answer),
            },
            local: invite.from_header().ok()?.value().to_owned(),
            remote: answer.to_header().ok()?.value().to_owned(),
            target: contact(answer)?,
            routes,
            local_seq: seq(invite),
            remote_seq: None,
        })
    }

    pub(crate) fn id(&self) -> &DialogId {
        &self.id
    }

    /// The URI of the next hop of our requests.
    pub(crate) fn next_hop(&self) -> Uri {
        self.routes.first().and_then(|route| uri_of(route)).unwrap_or_else(|| self.target.clone())
    }

    /// A request of ours with the next CSeq number, without Via (RFC 3261 section 12.2.1.1).
    pub(crate) fn request(
        &mut self,
        method: Method,
        user_agent: &str,
        extra: Vec<Header>,
        content: Option<Content>,
    ) -> Request {
        self.local_seq += 1;
        self.numbered(method, self.local_seq, user_agent, extra, content)
    }

    /// The ACK for a 2xx to our INVITE with this CSeq number (RFC 3261 section 13.2.2.4).
    pub(crate) fn ack(&self, seq: u32, user_agent: &str, extra: Vec<Header>) -> Request {
        self.numbered(Method::Ack, seq, user_agent, extra, None)
    }

    /// Takes note of a request of the peer; `false` when it is out of order (RFC 3261 section 12.2.2).
    pub(crate) fn receive(&mut self, request: &Request) -> bool {
        let number = seq(request);
        if self.remote_seq.is_some_and(|last| number <= last) {
            return false;
        }
        self.remote_seq = Some(number);
        if request.method == Method::Invite {
            self.retarget(request);
        }
        true
    }

    /// Takes over the Contact of a target refresh request or of the 2xx to ours (RFC 3261 section 12.2).
    pub(crate) fn retarget(&mut self, message: &impl HeadersExt) {
        if let Some(target) = contact(message) {
            self.target = target;
        }
    }

    fn numbered(
        &self,
        method: Method,
        seq: u32,
        user_agent: &str,
        extra: Vec<Header>,
        content: Option<Content>,
    ) -> Request {
        let outline = Outline {
            method,
            uri: self.target.clone(),
            from: &self.local,
            to: &self.remote,
            call_id: &self.id.call_id,
            seq,
            routes: &self.routes,
            user_agent,
        };
        request(outline, extra, content)
    }
}

/// The first Contact of a message.
pub(crate) fn contact(message: &impl HeadersExt) -> Option<Uri> {
    uri_of(split_list(message.contact_header().ok()?.value()).first()?)
}

fn record_routes(message: &impl HeadersExt) -> Vec<String> {
    message.record_route_headers().iter().flat_map(|header| split_list(header.value())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::response;

    fn invite() -> Request {
        Request::try_from(
            b"INVITE sip:flat12@192.0.2.1 SIP/2.0\r\n\
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n\
            Record-Route: <sip:p2@192.0.2.2;lr>, <sip:p1@192.0.2.1;lr;did=x.y>\r\n\
            From: \"Main entrance\" <sip:door@site>;tag=theirs\r\nTo: <sip:flat12@site>\r\n\
            Call-ID: c1\r\nCSeq: 7 INVITE\r\nContact: <sip:door@192.0.2.7:5070;transport=tcp>\r\n\r\n"
                .as_slice(),
        )
        .unwrap()
    }

    #[test]
    fn the_called_side_sends_back_along_the_recorded_route() {
        let mut dialog = Dialog::from_invite(&invite(), "ours").unwrap();
        let bye = dialog.request(Method::Bye, "test", Vec::new(), None);
        assert_eq!(bye.uri.to_string().to_ascii_lowercase(), "sip:door@192.0.2.7:5070;transport=tcp");
        let routes: Vec<&str> = bye.route_headers().iter().map(|r| r.value()).collect();
        assert_eq!(routes, ["<sip:p2@192.0.2.2;lr>", "<sip:p1@192.0.2.1;lr;did=x.y>"]);
        assert_eq!(dialog.next_hop().to_string(), "sip:p2@192.0.2.2;lr");
        assert_eq!((from_tag(&bye), to_tag(&bye), seq(&bye)), ("ours".into(), "theirs".into(), 1));
    }

    #[test]
    fn the_calling_side_reverses_it() {
        let headers = vec![Header::Contact("<sip:flat12@192.0.2.9>".into())];
        let answer = response(&invite(), 200, "b", "test", headers, None);
        let dialog = Dialog::from_answer(&invite(), &answer).unwrap();
        let ack = dialog.ack(7, "test", Vec::new());
        let routes: Vec<&str> = ack.route_headers().iter().map(|r| r.value()).collect();
        assert_eq!(routes, ["<sip:p1@192.0.2.1;lr;did=x.y>", "<sip:p2@192.0.2.2;lr>"]);
        assert_eq!((seq(&ack), to_tag(&ack)), (7, "b".into()));
    }

    #[test]
    fn an_old_request_is_out_of_order() {
        let mut dialog = Dialog::from_invite(&invite(), "ours").unwrap();
        let mut again = invite();
        assert!(!dialog.receive(&again));
        again.headers.unique_push(Header::CSeq("9 INVITE".into()));
        again.headers.unique_push(Header::Contact("<sip:door@192.0.2.8>".into()));
        assert!(dialog.receive(&again));
        assert_eq!(
            dialog.request(Method::Bye, "test", Vec::new(), None).uri.to_string(),
            "sip:door@192.0.2.8"
        );
        assert!(!dialog.receive(&again));
    }
}
