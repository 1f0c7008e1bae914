//! A thread for one direction of one stream, which ends when its handle is dropped.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Instant,
};

/// The thread. Dropping this asks it to stop and waits until it has closed its device.
#[derive(Debug)]
pub(super) struct Worker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// The thread's view of the request to stop.
#[derive(Debug)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Worker {
    /// Starts `run` on a thread of its own.
    pub(super) fn spawn(name: &str, run: impl FnOnce(&Stop) + Send + 'static) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Stop(Arc::clone(&stop));
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || run(&seen))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        let Some(thread) = self.thread.take() else { return };
        thread.thread().unpark();
        // A closure that drops its own stream runs on this very thread, which cannot wait for itself.
        if thread.thread().id() != thread::current().id() && thread.join().is_err() {
            tracing::error!("an audio thread panicked");
        }
    }
}

impl Stop {
    /// Whether the thread is to end.
    pub(super) fn requested(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Sleeps until `due`. Returns false when the thread is to end.
    pub(super) fn sleep_until(&self, due: Instant) -> bool {
        loop {
            if self.requested() {
                return false;
            }
            let now = Instant::now();
            if now >= due {
                return true;
            }
            thread::park_timeout(due - now);
        }
    }
}
