//! A tap on the signalling between a caller and a callee, which notes when messages pass. What is read from a
//! program's control port would be late by TCP's delayed acknowledgements.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::task::JoinSet;

/// The tap. It ends when dropped.
pub struct Tap {
    address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
    _task: JoinSet<()>,
}

#[derive(Clone, Copy, Default)]
struct Heard {
    invite: Option<Instant>,
    ringing: Option<Instant>,
}

impl Tap {
    /// Opens a tap before `callee`. Only the INVITE and its answers pass here; the rest finds its own way by the
    /// Contact headers.
    pub async fn open(callee: SocketAddr) -> Tap {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port is free");
        let address = socket.local_addr().expect("it is bound");
        let heard = Arc::default();
        let mut task = JoinSet::new();
        task.spawn(pass_on(socket, callee, Arc::clone(&heard)));
        Tap { address, heard, _task: task }
    }

    /// Where the caller sends its INVITE.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From the last INVITE to its first 180; `None` while there is none.
    pub fn until_ringing(&self) -> Option<Duration> {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        Some(heard.ringing?.duration_since(heard.invite?))
    }
}

async fn pass_on(socket: UdpSocket, callee: SocketAddr, heard: Arc<Mutex<Heard>>) {
    let (mut message, mut caller) = (vec![0; 65_536], None);
    while let Ok((length, from)) = socket.recv_from(&mut message).await {
        let (message, now) = (&message[..length], Instant::now());
        let to = if from == callee { caller } else { Some(callee) };
        {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            if message.starts_with(b"INVITE ") {
                caller = Some(from);
                *heard = Heard { invite: Some(now), ringing: None };
            } else if message.starts_with(b"SIP/2.0 180") {
                heard.ringing.get_or_insert(now);
            }
        }
        if let Some(to) = to {
            socket.send_to(message, to).await.expect("loopback takes it");
        }
    }
}
