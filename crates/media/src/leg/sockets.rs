use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use tokio::net::UdpSocket;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Pairs of ports are looked for so often.
const TRIES: u32 = 64;
/// Nothing larger fits into a datagram.
const MAX_DATAGRAM: usize = 65_536;
/// Datagrams that are taken before the other socket, the deadline and the end have their turn.
const AT_ONCE: u32 = 64;

/// The two sockets of a stream.
#[derive(Debug)]
pub(super) struct Sockets {
    rtp: UdpSocket,
    rtcp: UdpSocket,
    /// The same sockets for sending from threads that are not the runtime's, at once and without readiness.
    rtp_out: std::net::UdpSocket,
    rtcp_out: std::net::UdpSocket,
}

/// A stream as its receiving task sees it.
pub(super) trait Stream: Send + Sync + 'static {
    fn sockets(&self) -> &Sockets;
    /// Notified when the deadline may have come nearer.
    fn changed(&self) -> &Notify;
    fn on_rtp(&self, now: Instant, from: SocketAddr, datagram: Bytes);
    fn on_rtcp(&self, now: Instant, from: SocketAddr, datagram: &[u8]);
    fn deadline(&self) -> Option<Instant>;
    fn on_deadline(&self, now: Instant);
}

impl Sockets {
    /// Takes an even port for RTP and the next one for RTCP (RFC 3550 section 11).
    pub(super) fn bind(address: IpAddr) -> io::Result<Self> {
        let mut tries = 0;
        loop {
            match Self::bind_pair(address) {
                Ok((rtp, rtcp)) => return Self::new(rtp, rtcp),
                Err(error) => {
                    tries += 1;
                    if tries == TRIES || error.kind() != io::ErrorKind::AddrInUse {
                        return Err(error);
                    }
                }
            }
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.rtp.local_addr().map_or(0, |address| address.port())
    }

    pub(super) fn send_rtp(&self, packet: &[u8], to: SocketAddr) -> io::Result<()> {
        self.rtp_out.send_to(packet, to).map(drop)
    }

    pub(super) fn send_rtcp(&self, packet: &[u8], to: SocketAddr) {
        if let Err(error) = self.rtcp_out.send_to(packet, to) {
            tracing::debug!(%error, %to, "RTCP not sent");
        }
    }

    fn bind_pair(address: IpAddr) -> io::Result<(std::net::UdpSocket, std::net::UdpSocket)> {
        let bind = |port| std::net::UdpSocket::bind(SocketAddr::new(address, port));
        let first = bind(0)?;
        let port = first.local_addr()?.port();
        let second = bind(port ^ 1)?;
        Ok(if port % 2 == 0 { (first, second) } else { (second, first) })
    }

    fn new(rtp: std::net::UdpSocket, rtcp: std::net::UdpSocket) -> io::Result<Self> {
        rtp.set_nonblocking(true)?;
        rtcp.set_nonblocking(true)?;
        let (rtp_out, rtcp_out) = (rtp.try_clone()?, rtcp.try_clone()?);
        Ok(Self { rtp: UdpSocket::from_std(rtp)?, rtcp: UdpSocket::from_std(rtcp)?, rtp_out, rtcp_out })
    }
}

/// Serves a stream until it is cancelled: datagrams are handed over on this very task.
pub(super) async fn serve<S: Stream>(stream: Arc<S>, cancel: CancellationToken) {
    let mut buffer = vec![0_u8; MAX_DATAGRAM];
    let sockets = stream.sockets();
    loop {
        let deadline = stream.deadline();
        tokio::select! {
            () = cancel.cancelled() => return,
            ready = sockets.rtp.readable() => {
                if ready.is_err() {
                    return;
                }
                for _ in 0..AT_ONCE {
                    let Some((from, datagram)) = received(&sockets.rtp, &mut buffer) else {
                        break;
                    };
                    stream.on_rtp(Instant::now(), from, Bytes::copy_from_slice(datagram));
                }
            }
            ready = sockets.rtcp.readable() => {
                if ready.is_err() {
                    return;
                }
                for _ in 0..AT_ONCE {
                    let Some((from, datagram)) = received(&sockets.rtcp, &mut buffer) else {
                        break;
                    };
                    stream.on_rtcp(Instant::now(), from, datagram);
                }
            }
            () = stream.changed().notified() => {}
            () = sleep_until(deadline) => stream.on_deadline(Instant::now()),
        }
    }
}

/// The next datagram that is there. An error such as a port that is closed at the peer is not the socket's end.
fn received<'a>(socket: &UdpSocket, buffer: &'a mut [u8]) -> Option<(SocketAddr, &'a [u8])> {
    loop {
        match socket.try_recv_from(buffer) {
            Ok((length, from)) => return buffer.get(..length).map(|datagram| (from, datagram)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
            Err(error) => tracing::trace!(%error, "not received"),
        }
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
