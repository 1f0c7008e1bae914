use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::RwLock;
use rsipstack::platform::net::UdpSocket as StackSocket;
use tokio::net::UdpSocket;
use tokio_util::task::TaskTracker;

use crate::counters::Tally;
use crate::wire::{Malformed, normalise, refusal};

/// A socket that hands only sound messages to the stack; the rest is answered, counted and forgotten here.
pub(crate) struct GuardedSocket {
    /// `None` once closed: the stack keeps its handle longer than the port may stay taken.
    socket: RwLock<Option<Arc<UdpSocket>>>,
    /// Tells when nobody uses the socket any more.
    users: TaskTracker,
    address: SocketAddr,
    tally: Arc<Tally>,
    server: String,
}

impl GuardedSocket {
    /// `users` is told of everybody who uses the socket, for whoever waits until the port is free.
    pub(crate) fn new(
        socket: UdpSocket,
        users: TaskTracker,
        tally: Arc<Tally>,
        server: String,
    ) -> io::Result<Self> {
        let address = socket.local_addr()?;
        Ok(Self { socket: RwLock::new(Some(Arc::new(socket))), users, address, tally, server })
    }

    /// Frees the port, as soon as nobody uses the socket any more.
    pub(crate) fn close(&self) {
        self.socket.write().take();
    }

    fn open(&self) -> io::Result<Arc<UdpSocket>> {
        self.socket.read().clone().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Puts the message into `buffer` as the stack reads it, and tells its length; `None` when it is none.
    async fn guard(
        &self,
        buffer: &mut [u8],
        length: usize,
        source: SocketAddr,
        socket: &UdpSocket,
    ) -> Option<usize> {
        let datagram = buffer.get(..length)?;
        if datagram.iter().all(u8::is_ascii_whitespace) {
            // Keep-alives are the stack's business.
            return Some(length);
        }
        let answer = match normalise(datagram) {
            Ok((_, whole)) => match buffer.get_mut(..whole.len()) {
                Some(room) => {
                    room.copy_from_slice(&whole);
                    return Some(whole.len());
                }
                None => refusal(&whole, &Malformed::TooLong, source, &self.server),
            },
            Err(why) => {
                tracing::debug!(%source, %why, length, "malformed datagram");
                refusal(datagram, &why, source, &self.server)
            }
        };
        Tally::add(&self.tally.malformed);
        if let Some(answer) = answer {
            socket.send_to(&answer, source).await.ok();
        }
        None
    }
}

#[async_trait::async_trait]
impl StackSocket for GuardedSocket {
    async fn recv_from(&self, buffer: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        let _user = self.users.token();
        loop {
            let Ok(socket) = self.open() else {
                // The stack would ask again at once, for ever; its token ends this wait.
                return std::future::pending().await;
            };
            let (length, source) = match socket.recv_from(buffer).await {
                Ok(received) => received,
                Err(error) => {
                    // Some systems report here that an earlier datagram met a closed port.
                    tracing::debug!(%error, "no datagram");
                    tokio::task::yield_now().await;
                    continue;
                }
            };
            if let Some(length) = self.guard(buffer, length, source, &socket).await {
                return Ok((length, source));
            }
        }
    }

    async fn send_to(&self, buffer: &[u8], address: SocketAddr) -> rsipstack::Result<usize> {
        let _user = self.users.token();
        Ok(self.open()?.send_to(buffer, address).await?)
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.address)
    }
}
