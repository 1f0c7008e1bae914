use std::collections::HashMap;
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rsipstack::sip::{HeadersExt, Method, Request, Response, SipMessage};
use rsipstack::transaction::endpoint::{EndpointInner, TransportEventInspector};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transport::TransportEvent;

use crate::counters::Tally;
use crate::flow::Flow;
use crate::message::{call_id, seq, to_tag};

/// How long a 2xx may come again (RFC 3261 section 13.2.2.4): 64 × T1.
const LINGER: Duration = Duration::from_secs(32);

/// Looks at every message before the stack does.
pub(crate) struct Inspector {
    tally: Arc<Tally>,
    acks: Arc<Acks>,
    endpoint: Arc<OnceLock<Weak<EndpointInner>>>,
}

/// The ACKs that were sent for 2xx answers, by Call-ID, CSeq number and To-tag.
///
/// Such an ACK is no part of the transaction (RFC 3261 section 17.1.1.3): whoever sent it sends it again when
/// the 2xx comes again.
#[derive(Default)]
pub(crate) struct Acks(Mutex<HashMap<(String, u32, String), Sent>>);

struct Sent {
    ack: Request,
    flow: Flow,
    at: Instant,
}

impl Inspector {
    pub(crate) fn new(
        tally: Arc<Tally>,
        acks: Arc<Acks>,
        endpoint: Arc<OnceLock<Weak<EndpointInner>>>,
    ) -> Self {
        Self { tally, acks, endpoint }
    }

    fn is_known(&self, request: &Request) -> bool {
        let Some(endpoint) = self.endpoint.get().and_then(Weak::upgrade) else {
            return false;
        };
        TransactionKey::from_request(request, TransactionRole::Server).is_ok_and(|key| {
            endpoint.transactions.get(&key).is_some() || endpoint.finished_transactions.get(&key).is_some()
        })
    }
}

impl Acks {
    /// Remembers an ACK that was just sent.
    pub(crate) fn remember(&self, answer: &Response, ack: Request, flow: Flow, now: Instant) {
        let key = (call_id(answer), seq(answer), to_tag(answer));
        let mut sent = self.0.lock();
        sent.retain(|_, sent| now.duration_since(sent.at) < LINGER);
        sent.insert(key, Sent { ack, flow, at: now });
    }

    fn again(&self, answer: &Response) -> Option<(Request, Flow)> {
        let key = (call_id(answer), seq(answer), to_tag(answer));
        self.0.lock().get(&key).map(|sent| (sent.ack.clone(), sent.flow.clone()))
    }
}

#[async_trait::async_trait]
impl TransportEventInspector for Inspector {
    async fn handle(&self, event: TransportEvent) -> Option<TransportEvent> {
        let TransportEvent::Incoming(message, ..) = &event else {
            return Some(event);
        };
        match message {
            SipMessage::Request(request) => {
                if !matches!(request.method, Method::Ack | Method::Cancel) && self.is_known(request) {
                    Tally::add(&self.tally.retransmissions);
                }
            }
            SipMessage::Response(response) => {
                let invite = response.cseq_header().and_then(|c| c.method()) == Ok(Method::Invite);
                let success = (200..300).contains(&response.status_code.code());
                if let Some((ack, flow)) = self.acks.again(response).filter(|_| invite && success) {
                    flow.connection.send(ack.into(), Some(&flow.destination())).await.ok();
                    return None;
                }
            }
        }
        Some(event)
    }
}
