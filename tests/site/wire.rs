use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// The network between an app and the server: it carries everything, until it is told to fail.
pub(crate) struct Wire {
    pub(crate) address: SocketAddr,
    faults: Arc<Faults>,
    carrying: JoinHandle<()>,
}

struct Faults {
    /// Where the server is; `None`: nobody can be reached.
    server: watch::Sender<Option<SocketAddr>>,
    /// Whether the server keeps everybody waiting.
    held: watch::Sender<bool>,
    /// The answer to the next request that begins so is lost on the way.
    lose: Mutex<Option<String>>,
    /// So many of a thousand pieces of what goes over it end its connection, half of them after their first half.
    bad: AtomicU64,
    dice: AtomicU64,
}

impl Wire {
    pub(crate) async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Arc::new(Faults {
            server: watch::Sender::new(Some(server)),
            held: watch::Sender::new(false),
            lose: Mutex::default(),
            bad: AtomicU64::new(0),
            dice: AtomicU64::new(1),
        });
        let shared = Arc::clone(&faults);
        let carrying = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let faults = Arc::clone(&shared);
                connections.spawn(async move {
                    // However a connection ends, both sides see that it did.
                    let _ = carry(near, &faults).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, faults, carrying }
    }

    /// Cuts everything, and lets nothing through any more.
    pub(crate) fn cut(&self) {
        self.faults.server.send_replace(None);
    }

    /// Leads to this server from now on.
    pub(crate) fn mend(&self, server: SocketAddr) {
        self.faults.server.send_replace(Some(server));
    }

    /// Lets requests through, and no answer.
    pub(crate) fn hold(&self) {
        self.faults.held.send_replace(true);
    }

    /// Lets the answers through that were kept back.
    pub(crate) fn let_go(&self) {
        self.faults.held.send_replace(false);
    }

    /// Loses the answer to the next request that begins so.
    pub(crate) fn lose_answer_to(&self, request: &str) {
        *self.faults.lose.lock().unwrap() = Some(request.to_owned());
    }

    /// Whether an answer was lost since it was asked for.
    pub(crate) fn has_lost(&self) -> bool {
        self.faults.lose.lock().unwrap().is_none()
    }

    /// Lets so many of a thousand pieces fail, by dice that fall as `seed` says.
    pub(crate) fn fail(&self, of_thousand: u64, seed: u64) {
        self.faults.dice.store(seed | 1, Ordering::SeqCst);
        self.faults.bad.store(of_thousand, Ordering::SeqCst);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

impl Faults {
    /// The next throw, by the multiplier of Knuth's MMIX.
    fn throw(&self) -> u64 {
        let next =
            |dice: u64| dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let dice = self.dice.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |dice| Some(next(dice)));
        dice.unwrap() >> 33
    }

    /// Whether a piece gets through whole, by half, or not at all.
    fn passes(&self, length: usize) -> usize {
        let throw = self.throw();
        if throw % 1000 >= self.bad.load(Ordering::SeqCst) {
            return length;
        }
        if (throw / 1000).is_multiple_of(2) { 0 } else { length / 2 }
    }

    fn loses(&self, request: &[u8]) -> bool {
        let mut lose = self.lose.lock().unwrap();
        let hit = lose.as_ref().is_some_and(|begin| request.starts_with(begin.as_bytes()));
        if hit {
            *lose = None;
        }
        hit
    }
}

async fn carry(mut near: TcpStream, faults: &Faults) -> std::io::Result<()> {
    let mut server = faults.server.subscribe();
    let Some(address) = *server.borrow_and_update() else { return Ok(()) };
    let mut far = TcpStream::connect(address).await?;
    let mut held = faults.held.subscribe();
    let (mut out, mut back) = ([0; 65536], [0; 65536]);
    let mut lost = false;
    loop {
        tokio::select! {
            _ = server.changed() => return Ok(()),
            _ = held.changed() => continue,
            count = near.read(&mut out) => {
                let count = count?;
                let piece = &out[..count];
                lost |= faults.loses(piece);
                let through = faults.passes(count);
                far.write_all(&piece[..through]).await?;
                if count == 0 || through < count {
                    return Ok(());
                }
            }
            count = far.read(&mut back), if !*held.borrow() => {
                let count = count?;
                let through = faults.passes(count);
                if lost {
                    return Ok(());
                }
                near.write_all(&back[..through]).await?;
                if count == 0 || through < count {
                    return Ok(());
                }
            }
        }
    }
}
