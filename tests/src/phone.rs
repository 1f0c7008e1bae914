//! The app itself, without a window.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use vestibule_app::{App, Profile, Role};
use vestibule_ipc::{
    CallPhase, CallView, Event, GetState, ListHistory, SaveAccount, SaveIntercom, SaveSettings,
};
use vestibule_media::audio::{Devices, Sink, Source};
use vestibule_model::{
    DoorSwitch, HistoryEntry, HistoryFilter, Intercom, IntercomId, Registration, Secret, Settings,
    SipAccount, SwitchCode, SwitchId, SwitchKind,
};
use vestibule_store::MemoryKeychain;

use crate::wav::write_tone;
use crate::{Kamailio, PATIENCE, wait_until};

/// How the phone is set up.
#[derive(Clone, Default)]
pub struct PhoneOptions {
    /// The account, and its password.
    pub account: Option<(SipAccount, String)>,
    /// Intercoms that it knows.
    pub intercoms: Vec<Intercom>,
    /// Settings other than the account.
    pub settings: Settings,
}

impl PhoneOptions {
    /// A phone of Flat 12, registered with this server.
    pub fn at(kamailio: &Kamailio) -> PhoneOptions {
        let account = SipAccount {
            user: "flat12".to_owned(),
            domain: Kamailio::DOMAIN.to_owned(),
            servers: vec![kamailio.address().to_string()],
            auth_user: None,
            display_name: None,
            transport: Default::default(),
            dtmf: Default::default(),
            codecs: SipAccount::default_codecs(),
            expires: SipAccount::default_expires(),
        };
        PhoneOptions {
            account: Some((account, Kamailio::PASSWORD.to_owned())),
            intercoms: vec![intercom("door@site.test")],
            settings: Settings::default(),
        }
    }
}

/// An intercom with one door, whose code is `00*`.
pub fn intercom(address: &str) -> Intercom {
    let switch = |name: &str, kind, code: &str| DoorSwitch {
        id: SwitchId(0),
        name: name.to_owned(),
        kind,
        code: code.parse::<SwitchCode>().expect("a code"),
    };
    Intercom {
        id: IntercomId(0),
        name: "Main entrance".to_owned(),
        address: address.parse().expect("an address"),
        direct: false,
        device: None,
        switches: vec![
            switch("Main door", SwitchKind::Door, "00*"),
            switch("Light", SwitchKind::Light, "7#"),
        ],
    }
}

/// A running app with a profile of its own.
pub struct Phone {
    /// The app.
    pub app: App,
    events: Receiver<Event>,
    folder: TempDir,
    keychain: Arc<MemoryKeychain>,
}

impl Phone {
    /// Frequency of the tone that the resident speaks, in hertz.
    pub const TONE: f64 = 600.0;

    /// Starts it. Not yet registered.
    pub async fn start(options: PhoneOptions) -> Phone {
        let folder = tempfile::tempdir().expect("a folder can be made");
        write_tone(&folder.path().join("says.wav"), Self::TONE, 5);
        let keychain = Arc::new(MemoryKeychain::new());
        let app = Self::launch(folder.path(), keychain.clone()).await;
        let events = app.subscribe();
        app.save_settings(SaveSettings { settings: options.settings }).await.expect("settings are kept");
        for intercom in options.intercoms {
            app.save_intercom(SaveIntercom { intercom }).await.expect("an intercom is kept");
        }
        if let Some((account, password)) = options.account {
            let password = Some(Secret::new(password));
            app.save_account(SaveAccount { account, password }).await.expect("the account is kept");
        }
        Phone { app, events, folder, keychain }
    }

    /// Starts a phone of Flat 12 and waits until it is registered.
    pub async fn registered(kamailio: &Kamailio) -> Phone {
        let mut phone = Self::start(PhoneOptions::at(kamailio)).await;
        phone.until_registered().await;
        phone
    }

    async fn launch(folder: &Path, keychain: Arc<MemoryKeychain>) -> App {
        let profile = Profile {
            role: Role::Phone,
            dir: folder.join("profile"),
            keychain,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            media_address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            audio: Some(Devices {
                input: Source::Wav(folder.join("says.wav")),
                output: Sink::Wav(folder.join("heard.wav")),
            }),
            ringtone: None,
        };
        App::start(profile).await.expect("the app starts")
    }

    /// Ends the app and starts it again on the same profile.
    pub async fn restart(&mut self) {
        self.app.shut_down().await;
        self.app = Self::launch(self.folder.path(), self.keychain.clone()).await;
        self.events = self.app.subscribe();
    }

    /// The file of its cache.
    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("profile/cache.db")
    }

    /// Empties its keychain, as somebody does who resets the system's.
    pub fn forget_keys(&mut self) {
        self.keychain = Arc::new(MemoryKeychain::new());
    }

    /// The WAV file of what the resident heard.
    pub fn heard(&self) -> PathBuf {
        self.folder.path().join("heard.wav")
    }

    /// Waits until the registration is as `wanted` says, and returns it.
    pub async fn until_registration(&mut self, wanted: impl Fn(&Registration) -> bool) -> Registration {
        let now = self.app.get_state(GetState {}).await.expect("the state can be asked for").registration;
        if wanted(&now) {
            return now;
        }
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                match self.events.recv().await {
                    Ok(Event::Registration(now)) if wanted(&now) => return now,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => panic!("the app ended"),
                }
            }
        });
        waited.await.expect("the registration came to be as it should")
    }

    /// Waits until calls ring here.
    pub async fn until_registered(&mut self) {
        self.until_registration(|now| matches!(now, Registration::Registered { .. })).await;
    }

    /// Waits for a call that is as `wanted` says, and returns it.
    pub async fn until_call(&mut self, what: &str, wanted: impl Fn(&CallView) -> bool) -> CallView {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                match self.events.recv().await {
                    Ok(Event::Call(view)) if wanted(&view) => return view,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => panic!("the app ended"),
                }
            }
        });
        waited.await.unwrap_or_else(|_| panic!("no call came to be: {what}"))
    }

    /// Waits until it rings.
    pub async fn until_ringing(&mut self) -> CallView {
        self.until_call("ringing", |view| view.phase == CallPhase::Ringing).await
    }

    /// Waits until the call is over.
    pub async fn until_ended(&mut self) -> CallView {
        self.until_call("ended", |view| matches!(view.phase, CallPhase::Ended { .. })).await
    }

    /// The history, newest first.
    pub async fn history(&self) -> Vec<HistoryEntry> {
        let filter = HistoryFilter::default();
        self.app.list_history(ListHistory { filter }).await.expect("the history can be read").entries
    }

    /// Waits until the newest row of the history is as `wanted` says, and returns it.
    pub async fn until_history(&self, what: &str, wanted: impl Fn(&HistoryEntry) -> bool) -> HistoryEntry {
        wait_until(what, || async { self.history().await.first().is_some_and(&wanted) }).await;
        self.history().await.into_iter().next().expect("it was waited for")
    }
}
