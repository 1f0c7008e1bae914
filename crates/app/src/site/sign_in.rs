use uuid::Uuid;
use vestibule_cloud::{
    AddressError, Client, CloudError, Granted, LinkError, ProvisioningLink, ServerAddress, Session,
};
use vestibule_ipc::{Error, ErrorCode, SignIn, SignInWith, SignedIn};
use vestibule_model::Secret;
use vestibule_model::api::{self, ProblemCode};
use vestibule_store::Membership;

use super::keychain::InKeychain;
use super::sync::Trouble;
use crate::App;

impl App {
    /// See [`SignIn`].
    pub async fn sign_in(&self, ask: SignIn) -> Result<SignedIn, Error> {
        let _change = self.inner.site.change.lock().await;
        let known = self.inner.storage.with(|store| store.membership()).await?;
        if known.as_ref().is_some_and(|known| known.signed_in) {
            return Err(Error::new(ErrorCode::WrongPhase, "sign out first"));
        }
        let keeper = InKeychain::new(self.inner.storage.keychain()?);
        // The same name as before, so that the server ends what this device had.
        let device = match keeper.read().await? {
            Some(kept) => kept.device,
            None => Secret::new(Uuid::new_v4().to_string()),
        };
        let (client, granted) = match ask_for_tokens(ask.with, &device).await {
            Ok(granted) => granted,
            Err(Halt::CodeNeeded) => return Ok(SignedIn::CodeNeeded),
            Err(Halt::Failed(error)) => return Err(error),
        };
        self.inner.site.stop().await;
        let begun = Session::begin(client, keeper.clone(), device, granted).await;
        let session = begun.map_err(|error| failed(&error))?;
        if let Err(error) = self.move_in(&session, known).await {
            // Half signed in is worse than not: the next try begins at the beginning.
            if let Err(error) = session.sign_out().await {
                tracing::warn!(%error, "a session is left at the site server");
            }
            keeper.forget().await?;
            return Err(error);
        }
        self.follow_site(session, keeper);
        Ok(SignedIn::Done)
    }

    /// Reads the building for the first time. What waits here from before is sent by the same resident alone.
    async fn move_in(&self, session: &Session<InKeychain>, known: Option<Membership>) -> Result<(), Error> {
        if let Some(known) = known {
            let snapshot = session.snapshot().await.map_err(|error| failed(&error))?;
            let same = known.user == snapshot.user.id && known.server == session.client().server().as_str();
            if !same {
                if self.inner.storage.with(|store| store.waiting()).await? > 0 {
                    let words = "what somebody else did here was not sent yet: sign out first";
                    return Err(Error::new(ErrorCode::WrongPhase, words));
                }
                self.forget_phone().await?;
                self.inner.storage.with(|store| store.forget_building()).await?;
                self.intercoms_changed().await?;
                self.look_at_all_apartments().await?;
            }
        }
        match self.read_anew(session).await {
            Ok(()) => Ok(()),
            Err(Trouble::Cloud(error)) => Err(failed(&error)),
            Err(Trouble::Cache(error)) => Err(error),
        }
    }
}

/// Why there are no tokens.
enum Halt {
    CodeNeeded,
    Failed(Error),
}

async fn ask_for_tokens(with: SignInWith, device: &Secret) -> Result<(Client, Granted), Halt> {
    match with {
        SignInWith::Password { server, email, password, code } => {
            let client = client(server.parse().map_err(bad_address)?)?;
            let code = code.filter(|code| !code.trim().is_empty());
            let gave_code = code.is_some();
            let totp = code.map(|code| Secret::new(code.trim()));
            let asked = api::SignIn { email, password, totp, device: device.clone() };
            match client.sign_in(&asked).await {
                Ok(granted) => Ok((client, granted)),
                Err(error) if error.problem() == Some(ProblemCode::TotpRequired) => Err(Halt::CodeNeeded),
                Err(error) if gave_code && error.problem() == Some(ProblemCode::SignInRefused) => {
                    Err(Halt::Failed(Error::new(ErrorCode::CodeWrong, error.to_string())))
                }
                Err(error) => Err(Halt::Failed(failed(&error))),
            }
        }
        SignInWith::Link { link } => {
            let ProvisioningLink { server, token } = link.reveal().parse().map_err(|error| match error {
                LinkError::NotALink => Halt::Failed(Error::new(ErrorCode::BadValue, error.to_string())),
                LinkError::Server(error) => bad_address(error),
            })?;
            let client = client(server)?;
            let granted = client.claim(&api::Claim { token, device: device.clone() }).await;
            granted.map(|granted| (client, granted)).map_err(|error| Halt::Failed(failed(&error)))
        }
    }
}

fn client(server: ServerAddress) -> Result<Client, Halt> {
    Client::new(server).map_err(|error| Halt::Failed(failed(&error)))
}

fn bad_address(error: AddressError) -> Halt {
    let code = match error {
        AddressError::NotSecure => ErrorCode::NotSecure,
        AddressError::NotAnAddress | AddressError::Credentials => ErrorCode::BadValue,
    };
    Halt::Failed(Error::new(code, error.to_string()))
}

/// A failure in the terms of the UI.
pub(super) fn failed(error: &CloudError) -> Error {
    let code = match error {
        CloudError::Offline(_) | CloudError::Server(_) | CloudError::NotRenewed => ErrorCode::Network,
        CloudError::RetryAfter(_) => ErrorCode::TooMany,
        CloudError::Shape(_) | CloudError::TooLong(_) => ErrorCode::NotASiteServer,
        CloudError::SignedOut => ErrorCode::SignInRefused,
        CloudError::Keep(_) => ErrorCode::Keychain,
        CloudError::Unusable(_) => ErrorCode::Internal,
        CloudError::Problem { code, .. } => match code {
            ProblemCode::SignInRefused => ErrorCode::SignInRefused,
            ProblemCode::LinkInvalid => ErrorCode::LinkInvalid,
            ProblemCode::TooMany => ErrorCode::TooMany,
            ProblemCode::Taken => ErrorCode::Taken,
            ProblemCode::Forbidden => ErrorCode::NotAllowed,
            ProblemCode::BodyInvalid | ProblemCode::ValueInvalid => ErrorCode::BadValue,
            _ => ErrorCode::NotASiteServer,
        },
    };
    Error::new(code, error.to_string())
}
