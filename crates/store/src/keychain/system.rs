use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use keyring_core::Error as KeyringError;
use zeroize::Zeroizing;

use super::{Keychain, KeychainError, platform};

/// How long a call waits. A person who types a password takes longer; the prompt stays up, and a later call finds
/// the keychain open.
const PATIENCE: Duration = Duration::from_secs(5);

/// The keychain of the operating system: the Secret Service, macOS's Keychain, Windows' Credential Manager.
///
/// One thread talks to it, one call after the other, because a call can hang for as long as a prompt is up. A prompt
/// that was dismissed does not come again by itself, however often a secret is asked for: see
/// [`Keychain::ask_again`].
pub struct SystemKeychain {
    requests: Sender<Request>,
    ask_again: Arc<AtomicBool>,
    patience: Duration,
}

struct Request {
    name: String,
    operation: Operation,
    deadline: Instant,
    reply: SyncSender<Reply>,
}

enum Operation {
    Get,
    Set(Zeroizing<Vec<u8>>),
    Delete,
}

type Reply = Result<Option<Vec<u8>>, KeychainError>;

impl SystemKeychain {
    /// Secrets are kept under the name of a service; each profile has its own, so that they do not mix.
    pub fn new(service: impl Into<String>) -> Self {
        Self::with_patience(service, PATIENCE)
    }

    /// The same, with the longest time that a call may take before the keychain counts as locked.
    pub fn with_patience(service: impl Into<String>, patience: Duration) -> Self {
        let service = service.into();
        let (requests, receiver) = mpsc::channel();
        let ask_again = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&ask_again);
        let thread = thread::Builder::new().name("keychain".to_owned());
        if let Err(error) = thread.spawn(move || serve(&service, &receiver, &asked)) {
            // The receiver went with the thread, so that every call fails from now on.
            tracing::error!(%error, "no thread for the keychain");
        }
        Self { requests, ask_again, patience }
    }

    fn call(&self, name: &str, operation: Operation) -> Reply {
        let (reply, answer) = mpsc::sync_channel(1);
        let deadline = Instant::now() + self.patience;
        let request = Request { name: name.to_owned(), operation, deadline, reply };
        self.requests.send(request).map_err(|_| KeychainError::Other("its thread has ended".into()))?;
        match answer.recv_timeout(self.patience) {
            Ok(reply) => reply,
            Err(RecvTimeoutError::Timeout) => Err(KeychainError::Locked),
            // The thread lets a request fall that has waited too long.
            Err(RecvTimeoutError::Disconnected) => Err(KeychainError::Locked),
        }
    }
}

impl Keychain for SystemKeychain {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        self.call(name, Operation::Get)
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.call(name, Operation::Set(Zeroizing::new(secret.to_vec()))).map(drop)
    }

    fn delete(&self, name: &str) -> Result<(), KeychainError> {
        self.call(name, Operation::Delete).map(drop)
    }

    fn ask_again(&self) {
        self.ask_again.store(true, Ordering::Relaxed);
    }
}

fn serve(service: &str, requests: &Receiver<Request>, ask_again: &AtomicBool) {
    let mut put_off = false;
    for Request { name, operation, deadline, reply } in requests {
        // Nobody waits for it any more, and a secret must not change behind its owner's back.
        if Instant::now() >= deadline {
            continue;
        }
        if ask_again.swap(false, Ordering::Relaxed) {
            put_off = false;
        }
        let result = if put_off && platform::is_locked() {
            Err(KeychainError::Locked)
        } else {
            perform(service, &name, &operation).map_err(platform::classify)
        };
        put_off = matches!(result, Err(KeychainError::Locked));
        // The caller may have lost its patience meanwhile.
        let _ = reply.send(result);
    }
}

/// Connects anew for each operation: a keychain that was started late or anew is found without further ado.
fn perform(service: &str, name: &str, operation: &Operation) -> Result<Option<Vec<u8>>, KeyringError> {
    let store = platform::store()?;
    let entry = store.build(service, name, None)?;
    match operation {
        Operation::Get => match entry.get_secret() {
            Err(KeyringError::NoEntry) => {
                platform::unlock(store.as_ref(), service)?;
                absent_is_none(entry.get_secret().map(Some))
            }
            secret => secret.map(Some),
        },
        Operation::Set(secret) => entry.set_secret(secret).map(|()| None),
        Operation::Delete => absent_is_none(entry.delete_credential().map(|()| None)),
    }
}

fn absent_is_none(result: Result<Option<Vec<u8>>, KeyringError>) -> Result<Option<Vec<u8>>, KeyringError> {
    match result {
        Err(KeyringError::NoEntry) => Ok(None),
        result => result,
    }
}
