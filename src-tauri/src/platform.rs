//! What differs between systems. Everything else in the shell is the same on all of them.

#[cfg(not(unix))]
pub(crate) use other::{asked_to_end, private_folder};
#[cfg(unix)]
pub(crate) use unix::{asked_to_end, private_folder};

#[cfg(unix)]
mod unix {
    use std::fs::DirBuilder;
    use std::io;
    use std::os::unix::fs::DirBuilderExt;
    use std::path::Path;

    use tokio::signal::unix::{SignalKind, signal};

    /// Makes a folder that only this user can look into, where there is none yet.
    pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Waits until the session or a terminal asks the app to end.
    pub(crate) async fn asked_to_end() -> io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod other {
    use std::io;
    use std::path::Path;

    /// Makes a folder where there is none yet; it inherits the rights of the user's own data.
    pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    /// Waits until a terminal asks the app to end.
    pub(crate) async fn asked_to_end() -> io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
