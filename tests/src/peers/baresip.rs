//! baresip as the intercom, driven through its control port.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::process::{Program, free_port};
use crate::wav::write_tone;
use crate::{PATIENCE, wait_until};

/// How the intercom is set up.
#[derive(Clone)]
pub struct BaresipOptions {
    /// Its user part.
    pub user: String,
    /// Host, or `host:port`, of its address of record.
    pub domain: String,
    /// Where it sends its requests; without one straight to whom it calls.
    pub proxy: Option<String>,
    /// Register there with this password.
    pub password: Option<String>,
    /// `PCMA/8000/1` and the like.
    pub audio_codecs: String,
    /// Whether it has a camera.
    pub video: bool,
    /// Whether it takes the order to write a picture that it receives into a file.
    pub snapshots: bool,
}

impl Default for BaresipOptions {
    fn default() -> Self {
        Self {
            user: "door".to_owned(),
            domain: "127.0.0.1".to_owned(),
            proxy: None,
            password: None,
            audio_codecs: "PCMA/8000/1".to_owned(),
            video: true,
            snapshots: false,
        }
    }
}

/// Frequency of the tone that the intercom speaks, in hertz.
const DOOR_TONE: f64 = 1_000.0;

/// A running baresip.
pub struct Baresip {
    program: Program,
    folder: TempDir,
    port: u16,
    events: OwnedReadHalf,
    commands: OwnedWriteHalf,
    seen: Vec<Value>,
    unread: Vec<u8>,
}

impl Baresip {
    /// Frequency of the tone that it speaks, in hertz.
    pub const TONE: f64 = DOOR_TONE;

    /// Starts it and waits until it takes commands.
    pub async fn start(options: BaresipOptions) -> Baresip {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (port, control) = (free_port(), free_port());
        let dir = folder.path().display().to_string();
        write_tone(&folder.path().join("door.wav"), DOOR_TONE, 120);
        let mut config = format!(
            "sip_listen 127.0.0.1:{port}\ncall_max_calls 4\ncall_local_timeout 120\nctrl_tcp_listen 127.0.0.1:{control}\n\
             audio_source aufile,{dir}/door.wav\naudio_player aubridge,nil\nsnd_path {dir}\n\
             audio_srate 8000-48000\naudio_channels 1-2\nauplay_srate 8000\nausrc_srate 8000\nauplay_channels 1\n\
             ausrc_channels 1\nrtp_timeout 0\nmodule_path /usr/lib/baresip/modules\nmodule g711.so\nmodule aufile.so\nmodule aubridge.so\nmodule sndfile.so\n\
             module_app account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n"
        );
        if options.video {
            let door = door_video().display().to_string();
            write!(
                config,
                "video_source avformat,{door}\nvideo_display fakevideo,nil\nvideo_size 1280x720\nvideo_fps 25\n\
                 video_bitrate 1500000\navcodec_h264enc libx264\navcodec_h264dec h264\nmodule avcodec.so\n\
                 module avformat.so\nmodule fakevideo.so\n"
            )
            .expect("a string takes everything");
        }
        if options.snapshots {
            config.push_str("module swscale.so\nmodule snapshot.so\n");
        }
        let registers = if options.password.is_some() { 300 } else { 0 };
        let mut account = format!(
            "<sip:{}@{}>;regint={registers};audio_codecs={}",
            options.user, options.domain, options.audio_codecs
        );
        if options.video {
            account.push_str(";video_codecs=H264");
        }
        if let Some(proxy) = &options.proxy {
            write!(account, ";outbound=\"sip:{proxy};transport=udp\"").expect("a string takes everything");
        }
        if let Some(password) = &options.password {
            write!(account, ";auth_user={};auth_pass={password}", options.user)
                .expect("a string takes everything");
        }
        for (file, text) in [("config", config), ("accounts", account + "\n"), ("contacts", String::new())] {
            std::fs::write(folder.path().join(file), text).expect("its configuration can be written");
        }
        let mut command = Command::new("/usr/bin/baresip");
        command.arg("-f").arg(folder.path()).current_dir(folder.path());
        let mut program = Program::start(&mut command, folder.path());
        let mut stream = None;
        wait_until("baresip takes commands", || {
            program.assert_running();
            let connected = std::net::TcpStream::connect(("127.0.0.1", control)).ok();
            let found = connected.is_some();
            stream = connected.or(stream.take());
            std::future::ready(found)
        })
        .await;
        let stream = stream.expect("it was waited for");
        stream.set_nonblocking(true).expect("a socket can be made asynchronous");
        let (events, commands) = TcpStream::from_std(stream).expect("it is a socket").into_split();
        Baresip { program, folder, port, events, commands, seen: Vec::new(), unread: Vec::new() }
    }

    /// Its SIP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The WAV file of what it heard; whole once the call is over.
    pub fn heard(&self) -> PathBuf {
        let folder = std::fs::read_dir(self.folder.path()).expect("the folder can be read");
        let heard = |path: &PathBuf| path.to_string_lossy().ends_with("-dec.wav");
        folder.flatten().map(|entry| entry.path()).find(heard).unwrap_or_default()
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.program.id()
    }

    /// What it printed.
    pub fn log(&self) -> String {
        let log = std::fs::read(self.folder.path().join("baresip.log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Gives it a command of its menu, such as `dial`.
    pub async fn command(&mut self, command: &str, parameters: &str) {
        let body = json!({ "command": command, "params": parameters, "token": command }).to_string();
        let message = format!("{}:{body},", body.len());
        self.commands.write_all(message.as_bytes()).await.expect("baresip listens");
    }

    /// Waits for an event such as `CALL_ESTABLISHED`, and returns it.
    pub async fn event(&mut self, kind: &str) -> Value {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let found = self.seen.iter().position(|event| event["type"] == kind);
                if let Some(at) = found {
                    return self.seen.remove(at);
                }
                self.read_event().await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("baresip never told of {kind}"))
    }

    /// Waits until its log holds this.
    pub async fn logged(&self, text: &str) {
        wait_until(&format!("baresip logs {text:?}"), || std::future::ready(self.log().contains(text))).await;
    }

    /// Pulls its plug: no BYE, no more packets.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// Reads one netstring of JSON: `LENGTH:{…},`.
    async fn read_event(&mut self) {
        loop {
            if let Some(colon) = self.unread.iter().position(|byte| *byte == b':') {
                let length = std::str::from_utf8(&self.unread[..colon]).expect("a length").parse::<usize>();
                let end = colon + 1 + length.expect("a netstring begins with its length");
                if self.unread.len() > end {
                    let event =
                        serde_json::from_slice(&self.unread[colon + 1..end]).expect("events are JSON");
                    self.unread.drain(..=end);
                    return self.seen.push(event);
                }
            }
            let mut chunk = [0; 4096];
            let read = self.events.read(&mut chunk).await.expect("baresip talks");
            assert!(read > 0, "baresip closed its control port");
            self.unread.extend_from_slice(&chunk[..read]);
        }
    }
}

/// What the intercom's camera sees, made once: a moving test picture of two minutes.
fn door_video() -> PathBuf {
    static VIDEO: OnceLock<PathBuf> = OnceLock::new();
    VIDEO
        .get_or_init(|| {
            let path = std::env::temp_dir().join("vestibule-tests-door-1.mp4");
            if !path.exists() {
                let mut half = tempfile::NamedTempFile::with_suffix(".mp4").expect("a file can be made");
                let status = Command::new("ffmpeg")
                    .args([
                        "-loglevel",
                        "error",
                        "-y",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=1280x720:rate=25:duration=60",
                    ])
                    .args(["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p"])
                    .arg(half.path())
                    .status()
                    .expect("ffmpeg is missing: run ./dev setup");
                assert!(status.success(), "ffmpeg made no video");
                half.disable_cleanup(true);
                // Another test process may have been as quick; the files are the same.
                std::fs::rename(half.path(), &path).expect("the video can be put in place");
            }
            path
        })
        .clone()
}
