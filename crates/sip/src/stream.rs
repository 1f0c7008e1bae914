use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use rsipstack::sip::Transport as StackTransport;
use rsipstack::transport::channel::ChannelConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, interval_at, timeout};
use tokio_util::sync::CancellationToken;

use crate::counters::Tally;
use crate::wire::{Frame, Framer, normalise, refusal};

/// How often a keep-alive goes out; a proxy drops a silent connection after a minute or two.
const KEEPALIVE: Duration = Duration::from_secs(15);
/// How long one write may block.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who opened a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenedBy {
    Us,
    Them,
}

/// What the tasks of one connection share.
pub(crate) struct StreamContext {
    pub(crate) tally: Arc<Tally>,
    pub(crate) server: String,
    pub(crate) closed: CancellationToken,
}

enum Raw {
    Bytes(Vec<u8>),
    PongSeen,
}

/// Gives a TCP stream to the stack, as a connection that it can send on and gets messages from.
///
/// The stack's own TCP closes the connection at the first message that it cannot read, and every call over it
/// is lost. Here only the message is.
pub(crate) async fn serve(
    stream: TcpStream,
    remote: SocketAddr,
    opened_by: OpenedBy,
    context: StreamContext,
) -> rsipstack::Result<SipConnection> {
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let (to_stack, from_stream) = unbounded_channel();
    let (to_stream, from_stack) = unbounded_channel();
    let (raw_sender, raw) = unbounded_channel();
    let address = SipAddr::new(StackTransport::Tcp, remote.into());
    let token = Some(context.closed.clone());
    let connection = ChannelConnection::create_connection(from_stream, to_stream, address, token).await?;
    let connection = SipConnection::Channel(connection);
    tokio::spawn(write(writer, from_stack, raw, opened_by, context.closed.clone()));
    tokio::spawn(read(reader, remote, connection.clone(), to_stack, raw_sender, context));
    Ok(connection)
}

async fn read(
    mut reader: OwnedReadHalf,
    remote: SocketAddr,
    connection: SipConnection,
    to_stack: UnboundedSender<TransportEvent>,
    raw: UnboundedSender<Raw>,
    context: StreamContext,
) {
    let mut framer = Framer::default();
    let mut buffer = BytesMut::with_capacity(16 * 1024);
    'connected: loop {
        buffer.clear();
        let read = tokio::select! {
            read = reader.read_buf(&mut buffer) => read,
            () = context.closed.cancelled() => break,
        };
        if !matches!(read, Ok(length) if length > 0) {
            break;
        }
        framer.push(&buffer);
        loop {
            match framer.next_frame() {
                Ok(None) => break,
                Ok(Some(Frame::Ping)) => drop(raw.send(Raw::Bytes(b"\r\n".to_vec()))),
                Ok(Some(Frame::Pong)) => drop(raw.send(Raw::PongSeen)),
                Ok(Some(Frame::Message(bytes))) => match normalise(&bytes) {
                    Ok((message, _)) => {
                        let seen = SipConnection::update_msg_received(message, remote, StackTransport::Tcp);
                        let Ok(message) = seen else { continue };
                        let source = SipAddr::new(StackTransport::Tcp, remote.into());
                        drop(to_stack.send(TransportEvent::Incoming(message, connection.clone(), source)));
                    }
                    Err(why) => {
                        tracing::debug!(%remote, %why, "malformed message");
                        Tally::add(&context.tally.malformed);
                        let answer = refusal(&bytes, &why, remote, &context.server);
                        answer.into_iter().for_each(|answer| drop(raw.send(Raw::Bytes(answer))));
                    }
                },
                Err(why) => {
                    tracing::debug!(%remote, %why, "the stream is out of step");
                    Tally::add(&context.tally.malformed);
                    break 'connected;
                }
            }
        }
    }
    context.closed.cancel();
}

async fn write(
    mut writer: OwnedWriteHalf,
    mut from_stack: UnboundedReceiver<TransportEvent>,
    mut raw: UnboundedReceiver<Raw>,
    opened_by: OpenedBy,
    closed: CancellationToken,
) {
    let mut keepalive = interval_at(Instant::now() + KEEPALIVE, KEEPALIVE);
    let mut answers_pings = false;
    let mut unanswered = false;
    loop {
        let bytes = tokio::select! {
            () = closed.cancelled() => break,
            event = from_stack.recv() => match event {
                Some(TransportEvent::Incoming(message, ..)) => message.to_bytes(),
                Some(_) => continue,
                None => break,
            },
            frame = raw.recv() => match frame {
                Some(Raw::Bytes(bytes)) => bytes,
                Some(Raw::PongSeen) => {
                    (answers_pings, unanswered) = (true, false);
                    continue;
                }
                None => break,
            },
            _ = keepalive.tick(), if opened_by == OpenedBy::Us => {
                if answers_pings && unanswered {
                    tracing::debug!("the connection is dead");
                    break;
                }
                unanswered = true;
                b"\r\n\r\n".to_vec()
            }
        };
        if !matches!(timeout(PATIENCE, writer.write_all(&bytes)).await, Ok(Ok(()))) {
            break;
        }
    }
    closed.cancel();
    writer.shutdown().await.ok();
}
