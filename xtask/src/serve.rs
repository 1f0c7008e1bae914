//! A web server for the UI alone: files of one folder, to this machine only.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

use anyhow::{Context, Result};

use crate::ui;

/// What to serve, and where.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4173)]
    port: u16,
    /// Build what is quicker to build and bigger to load
    #[arg(long)]
    dev: bool,
}

/// Builds the UI and serves it until Ctrl-C. Out of the window it finds no core, and takes its fake backend.
pub(crate) fn run(args: &Args) -> Result<()> {
    ui::build(ui::Reader::Browser, !args.dev)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .with_context(|| format!("port {} is taken: give another by --port", args.port))?;
    println!("http://{}/ (Ctrl-C ends)", listener.local_addr()?);
    serve(&listener, &ui::Reader::Browser.dist()?);
    Ok(())
}

/// Serves a folder on a free port for as long as this program runs, and tells the address.
pub(crate) fn beside(folder: PathBuf) -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || serve(&listener, &folder));
    Ok(address)
}

fn serve(listener: &TcpListener, folder: &Path) {
    for stream in listener.incoming() {
        let folder = folder.to_owned();
        // A browser that goes away in mid-answer is none of our business.
        thread::spawn(move || stream.and_then(|stream| answer(stream, &folder)));
    }
}

/// Answers one request, then closes: browsers open a connection per file.
fn answer(mut stream: TcpStream, folder: &Path) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // A socket that is closed with unread input resets the connection, and the answer is lost.
    for line in lines.by_ref() {
        if line?.is_empty() {
            break;
        }
    }
    let file = file_of(&request, folder).and_then(|path| Some((fs::read(&path).ok()?, path)));
    let (status, kind, body) = match &file {
        Some((body, path)) => ("200 OK", content_type(path), body.as_slice()),
        None => ("404 Not Found", "text/plain", b"There is no such file.\n".as_slice()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

/// The file that a request line asks for; `None` for what is no GET, and for ways out of the folder.
fn file_of(request: &str, folder: &Path) -> Option<PathBuf> {
    let target = request.strip_prefix("GET /")?.split([' ', '?', '#']).next()?;
    let asked = Path::new(if target.is_empty() { "index.html" } else { target });
    asked.components().all(|part| matches!(part, Component::Normal(_))).then(|| folder.join(asked))
}

/// Browsers compile wasm while it arrives only under its own type, and refuse scripts under a wrong one.
fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_folder_are_found() {
        let file = |request: &str| file_of(request, Path::new("dist"));
        assert_eq!(file("GET / HTTP/1.1"), Some("dist/index.html".into()));
        assert_eq!(file("GET /fonts/a.woff2?v=1 HTTP/1.1"), Some("dist/fonts/a.woff2".into()));
    }

    #[test]
    fn nothing_else_is() {
        for request in ["GET /../Cargo.toml HTTP/1.1", "GET //etc/hosts HTTP/1.1", "POST / HTTP/1.1", ""] {
            assert_eq!(file_of(request, Path::new("dist")), None, "{request}");
        }
    }

    /// The whole answer to a request, for files of this folder of sources.
    fn ask(request: &str) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let mut browser = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        browser.write_all(request.as_bytes()).unwrap();
        answer(listener.accept().unwrap().0, &crate::workspace::root().join("xtask/src")).unwrap();
        io::read_to_string(browser).unwrap()
    }

    #[test]
    fn a_browser_gets_a_file() {
        let got = ask("GET /serve.rs HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
        assert!(got.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"), "{got}");
        assert!(got.ends_with(include_str!("serve.rs")));
    }

    #[test]
    fn a_browser_is_told_that_there_is_no_file() {
        let got = ask("GET /absent HTTP/1.1\r\n\r\n");
        assert!(got.starts_with("HTTP/1.1 404 Not Found\r\n"), "{got}");
    }
}
