use std::time::Duration;

use vestibule_cloud::{Backoff, CloudError, Session};
use vestibule_ipc::{Error, ErrorCode, RenewConfiguration};
use vestibule_model::api::{self, Codec, ConfigurationMode, MediaEncryption, ProblemCode, Signalling};
use vestibule_model::{
    AudioCodec, DoorSwitch, Intercom, IntercomId, PhoneSetup, PhoneState, Registration, RegistrationFailure,
    SipAccount, SipAddress, SipTransport, SwitchId, Unsupported,
};
use vestibule_store::{Configuration, Known};

use super::keychain::InKeychain;
use super::sign_in::failed;
use super::sync::{Trouble, dice};
use crate::{App, clock};

/// A configuration that would end a call waits until the call is over, and is tried again so often.
const WHILE_CALLS: Duration = Duration::from_secs(15);

/// Who asks how this phone is configured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The clock.
    InTurn,
    /// The resident, who wants the building's word in any case.
    ByResident,
}

/// Asks how this phone is configured, at the start and after each refresh interval, until the session is over.
pub(super) async fn run(app: App, session: std::sync::Arc<Session<InKeychain>>) {
    let mut backoff = Backoff::default();
    loop {
        let pause = match app.configure(&session, Asked::InTurn).await {
            Ok(Some(setup)) => {
                backoff.reset();
                Duration::from_secs(60 * u64::from(setup.refresh_minutes.max(1)))
            }
            Ok(None) => WHILE_CALLS,
            Err(Trouble::Cloud(CloudError::SignedOut)) => return,
            Err(trouble) => {
                let asked = match &trouble {
                    Trouble::Cloud(CloudError::RetryAfter(asked)) => Some(*asked),
                    _ => None,
                };
                let pause = backoff.wait(dice(), asked);
                tracing::info!(%trouble, ?pause, "the configuration of this phone cannot be read");
                pause
            }
        };
        tokio::time::sleep(pause).await;
    }
}

impl App {
    /// See [`RenewConfiguration`].
    pub async fn renew_configuration(&self, _: RenewConfiguration) -> Result<PhoneState, Error> {
        self.must_be_resident().await?;
        let session = self.inner.site.session().ok_or_else(|| {
            Error::new(ErrorCode::WrongPhase, "this device is signed out: sign in again first")
        })?;
        match self.configure(&session, Asked::ByResident).await {
            Ok(Some(setup)) => Ok(setup.state),
            Ok(None) => Err(Error::new(ErrorCode::WrongPhase, "a call is up")),
            Err(Trouble::Cloud(error)) => Err(failed(&error)),
            Err(Trouble::Cache(error)) => Err(error),
        }
    }

    /// Refuses what the building owns.
    pub(crate) async fn must_be_ours(&self) -> Result<(), Error> {
        let setup = self.inner.storage.with(|store| store.phone()).await?;
        match self.inner.hub.settings().account {
            Some(account) if setup.owns(&account) => {
                Err(Error::new(ErrorCode::SetByBuilding, "the building configures this phone"))
            }
            _ => Ok(()),
        }
    }

    /// Forgets the account that a building gave, before somebody else moves in.
    pub(super) async fn forget_phone(&self) -> Result<(), Error> {
        let setup = self.inner.storage.with(|store| store.phone()).await?;
        let settings = self.inner.hub.settings();
        if settings.account.as_ref().is_some_and(|account| setup.gave(account)) {
            self.inner.storage.set_sip_password(None).await?;
            self.keep_settings(vestibule_model::Settings { account: None, ..settings }).await?;
            self.connect().await;
        }
        Ok(())
    }

    /// Asks the building and does as it says. `None`: a call is up that this would end.
    async fn configure(
        &self,
        session: &Session<InKeychain>,
        asked: Asked,
    ) -> Result<Option<PhoneSetup>, Trouble> {
        let _one = self.inner.site.configuring.lock().await;
        let known = self.inner.storage.with(|store| store.phone()).await?;
        let account = self.inner.hub.settings().account;
        let gave = account.as_ref().is_some_and(|account| known.gave(account));
        let now = Some(clock::now());
        if account.is_some() && !gave && asked == Asked::InTurn {
            return self.stand(PhoneSetup { state: PhoneState::OwnAccount, ..known }).await;
        }
        let found = session.phone().await?;
        if found.is_none() && asked == Asked::InTurn && known.profile.is_some() {
            return self.stand(PhoneSetup { state: PhoneState::Removed, read_at: now, ..known }).await;
        }
        if !self.inner.hub.snapshot().calls.is_empty() {
            return Ok(None);
        }
        if let Some(Err(cannot)) = found.as_ref().filter(|_| !gave).map(account_of) {
            let state = PhoneState::Unsupported(cannot);
            return self.stand(PhoneSetup { state, read_at: now, ..known }).await;
        }
        // A password is shown once: where it is not here, or is not taken, another one is asked for.
        let refused = matches!(
            self.inner.hub.snapshot().registration,
            Registration::Failed { why: RegistrationFailure::WrongPassword, .. }
        );
        let lacks = found.is_none() || !gave || refused || self.inner.storage.sip_password().await?.is_none();
        let found = if lacks {
            match session.new_phone(None).await {
                Ok(Some(secret)) => {
                    self.inner.storage.set_sip_password(Some(secret.password)).await?;
                    session.phone().await?
                }
                Ok(None) => None,
                Err(error) if error.problem() == Some(ProblemCode::DeviceLimit) => {
                    return self
                        .stand(PhoneSetup { state: PhoneState::DeviceLimit, read_at: now, ..known })
                        .await;
                }
                Err(error) => return Err(error.into()),
            }
        } else {
            found
        };
        let Some(phone) = found else {
            return self.stand(PhoneSetup { state: PhoneState::NoExchange, read_at: now, ..known }).await;
        };
        self.take_over(&phone, known, lacks).await
    }

    async fn take_over(
        &self,
        phone: &api::Phone,
        known: PhoneSetup,
        new_password: bool,
    ) -> Result<Option<PhoneSetup>, Trouble> {
        let mode = phone.template.mode;
        let before = self.inner.hub.settings().account;
        // What was changed here stays, in manual mode; an account of another phone does not.
        let keep = mode == ConfigurationMode::Manual
            && known.profile.is_some()
            && before.as_ref().is_some_and(|account| account.user == phone.profile.user);
        let (account, state) = match account_of(phone) {
            _ if keep => (None, PhoneState::Configured),
            Ok(account) => (Some(account), PhoneState::Configured),
            Err(cannot) => (None, PhoneState::Unsupported(cannot)),
        };
        let setup = PhoneSetup {
            state,
            mode,
            profile: if state == PhoneState::Configured {
                Some(phone.profile.clone())
            } else {
                known.profile
            },
            refresh_minutes: phone.template.refresh_minutes,
            read_at: Some(clock::now()),
        };
        let account = account.filter(|account| Some(account) != before.as_ref());
        let changed = account.is_some();
        let (kept, intercoms) = (setup.clone(), intercoms_of(phone));
        self.inner
            .storage
            .with(move |store| {
                store.take_configuration(Configuration {
                    setup: &kept,
                    account: account.as_ref(),
                    intercoms: &intercoms,
                    known: if keep { Known::Keep } else { Known::Overwrite },
                })
            })
            .await?;
        let settings = self.inner.storage.with(|store| store.settings()).await?;
        self.inner.hub.set_settings(settings);
        self.intercoms_changed().await?;
        if changed || new_password {
            self.connect().await;
        }
        Ok(Some(setup))
    }

    /// Keeps and shows how far the configuration has come.
    async fn stand(&self, setup: PhoneSetup) -> Result<Option<PhoneSetup>, Trouble> {
        let kept = setup.clone();
        self.inner.storage.with(move |store| store.set_phone(&kept)).await?;
        self.show_site().await;
        Ok(Some(setup))
    }
}

/// The account that a building means, if this app can be it.
fn account_of(phone: &api::Phone) -> Result<SipAccount, Unsupported> {
    let api::Template { transport, encryption, dtmf, codecs, .. } = &phone.template;
    let transport = match transport {
        Signalling::Udp => SipTransport::Udp,
        Signalling::Tcp => SipTransport::Tcp,
        Signalling::Tls | Signalling::WebSocket => return Err(Unsupported::Transport),
    };
    if *encryption != MediaEncryption::None {
        return Err(Unsupported::Encryption);
    }
    let audio = codecs.iter().filter_map(|codec| match codec {
        Codec::Pcma => Some(AudioCodec::Pcma),
        Codec::Pcmu => Some(AudioCodec::Pcmu),
        Codec::Opus | Codec::H264 => None,
    });
    let codecs: Vec<AudioCodec> = audio.collect();
    if codecs.is_empty() {
        return Err(Unsupported::Codecs);
    }
    Ok(SipAccount {
        user: phone.profile.user.clone(),
        domain: phone.profile.domain.clone(),
        servers: phone.profile.servers.clone(),
        auth_user: None,
        display_name: None,
        transport,
        dtmf: *dtmf,
        codecs,
        expires: SipAccount::default_expires(),
    })
}

/// Who rings this phone, and whom else it may call. One with an address that is none is left out.
fn intercoms_of(phone: &api::Phone) -> Vec<Intercom> {
    let switches = |switches: &[api::IntercomSwitch]| {
        let switch = |switch: &api::IntercomSwitch| DoorSwitch {
            id: SwitchId(0),
            name: switch.name.clone(),
            kind: switch.kind,
            code: switch.code.clone(),
        };
        switches.iter().map(switch).collect()
    };
    let ringing = phone.intercoms.iter().map(|it| (it.device, &it.name, &it.user, switches(&it.switches)));
    let callable = phone
        .directory
        .iter()
        .filter(|entry| phone.intercoms.iter().all(|intercom| intercom.device != entry.device))
        .map(|entry| (entry.device, &entry.name, &entry.user, Vec::new()));
    let intercom = |(device, name, user, switches): (api::DeviceId, &String, &String, Vec<DoorSwitch>)| {
        let address = format!("{user}@{}", phone.profile.domain).parse::<SipAddress>();
        match address {
            Ok(address) => Some(Intercom {
                id: IntercomId(0),
                name: name.clone(),
                address,
                direct: false,
                device: Some(device),
                switches,
            }),
            Err(error) => {
                tracing::warn!(%error, device = device.0, "a device of the building has no address");
                None
            }
        }
    };
    ringing.chain(callable).filter_map(intercom).collect()
}
