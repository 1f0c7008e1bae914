//! What differs between systems. Everything else in the shell is the same on all of them.

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{choose_renderer, hand_over, unveil, veil};
#[cfg(target_os = "linux")]
pub(crate) use linux::{choose_renderer, hand_over, unveil, veil};
#[cfg(not(unix))]
pub(crate) use other::{asked_to_end, private_folder};
#[cfg(unix)]
pub(crate) use unix::{asked_to_end, private_folder};

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use gtk::prelude::{GtkWindowExt, WidgetExt};
    use tauri::WebviewWindow;

    /// Read by WebKitGTK 2.42 and later when it starts.
    const NO_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    /// On a machine without a graphics processor, starts the program again with the renderer that does without one.
    ///
    /// WebKitGTK's usual renderer then emulates one, and a window is painted seconds after it should be (measured:
    /// 8.6 s from INVITE to the caller on the screen, and 0.3 s with the other). A variable of the environment cannot
    /// be set safely from within, so the program puts itself in its own place; it returns only if that fails.
    pub(crate) fn choose_renderer() -> io::Result<()> {
        if std::env::var_os(NO_DMABUF).is_some() || has_graphics_processor() {
            return Ok(());
        }
        let mut again = Command::new(std::env::current_exe()?);
        Err(again.args(std::env::args_os().skip(1)).env(NO_DMABUF, "1").exec())
    }

    fn has_graphics_processor() -> bool {
        let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
        nodes.into_iter().any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
    }

    /// Has the program open an address that the system has for its kind.
    pub(crate) fn hand_over(address: &str) -> io::Result<()> {
        let nothing = None::<&gtk::gio::AppLaunchContext>;
        gtk::gio::AppInfo::launch_default_for_uri(address, nothing).map_err(io::Error::other)
    }

    /// Shows a window that nobody sees and that takes nothing from the window in use. Only on the main thread.
    ///
    /// WebKitGTK sets up what it paints with when a window is first shown; this lets it do so before a call rings.
    pub(crate) fn veil(window: &WebviewWindow) -> tauri::Result<()> {
        let gtk = window.gtk_window()?;
        gtk.set_opacity(0.0);
        gtk.set_accept_focus(false);
        gtk.set_skip_taskbar_hint(true);
        window.show()
    }

    /// Makes it an ordinary window again, shown or hidden as it is. Only on the main thread.
    pub(crate) fn unveil(window: &WebviewWindow) -> tauri::Result<()> {
        let gtk = window.gtk_window()?;
        gtk.set_opacity(1.0);
        gtk.set_accept_focus(true);
        gtk.set_skip_taskbar_hint(false);
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use tauri::WebviewWindow;

    /// Nothing: only WebKitGTK has a renderer to choose.
    pub(crate) fn choose_renderer() -> std::io::Result<()> {
        Ok(())
    }

    /// Has the program open an address that the system has for its kind.
    pub(crate) fn hand_over(address: &str) -> std::io::Result<()> {
        let mut opener = if cfg!(windows) {
            let mut opener = std::process::Command::new("rundll32");
            opener.arg("url.dll,FileProtocolHandler");
            opener
        } else {
            std::process::Command::new("open")
        };
        opener.arg(address).spawn().map(drop)
    }

    /// Nothing: what is slow on WebKitGTK was not seen elsewhere.
    pub(crate) fn veil(_: &WebviewWindow) -> tauri::Result<()> {
        Ok(())
    }

    /// Nothing, as nothing was veiled.
    pub(crate) fn unveil(_: &WebviewWindow) -> tauri::Result<()> {
        Ok(())
    }
}

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
