//! The commands of the UI: each is one delegation to the core.
//!
//! A name is written once, in `vestibule_ipc`; build.rs makes a permission of it, `capabilities/` gives the
//! permission to a kind of window, and the table below says which use-case answers. A test holds the four together.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tauri::Manager;
use tauri::ipc::{Invoke, InvokeBody, InvokeError};
use vestibule_app::App;
use vestibule_ipc::{self as ipc, Command, Error, ErrorCode};

use crate::phone::Phone;
use crate::video;

macro_rules! delegations {
    ($($command:ident => $use_case:ident),* $(,)?) => {
        /// The names of all commands that are answered.
        #[cfg(test)]
        const ANSWERED: &[&str] = &[$(<ipc::$command as Command>::NAME,)* video::WATCH];

        /// Hands a command to the use-case of its name; false where there is none.
        pub(crate) fn handle(invoke: Invoke) -> bool {
            match invoke.message.command() {
                $(<ipc::$command as Command>::NAME => {
                    delegate(invoke, |app: App, command: ipc::$command| async move { app.$use_case(command).await });
                })*
                video::WATCH => video::watch(invoke),
                _ => return false,
            }
            true
        }
    };
}

delegations! {
    GetState => get_state,
    Answer => answer,
    Decline => decline,
    HangUp => hang_up,
    Silence => silence,
    SetMuted => set_muted,
    SetVolume => set_volume,
    OpenDoor => open_door,
    Dial => dial,
    Painted => painted,
    ListHistory => list_history,
    MarkSeen => mark_seen,
    DeleteCall => delete_call,
    SaveIntercom => save_intercom,
    DeleteIntercom => delete_intercom,
    SaveAccount => save_account,
    SignOut => sign_out,
    SaveSettings => save_settings,
    ListAudioDevices => list_audio_devices,
    TestRingtone => test_ringtone,
    AllowKeyFile => allow_key_file,
    UnlockKeychain => unlock_keychain,
    PreviewDiagnostics => preview_diagnostics,
    ListVisitors => list_visitors,
    SaveVisitor => save_visitor,
    RenewPin => renew_pin,
    RevokeVisitor => revoke_visitor,
    DeleteVisitor => delete_visitor,
    ListAccess => list_access,
    ListContacts => list_contacts,
    SendTicket => send_ticket,
    ListTickets => list_tickets,
    TakeLink => take_link,
    RenewConfiguration => renew_configuration,
    ListHousehold => list_household,
    SaveMember => save_member,
    RemoveMember => remove_member,
    MakeSignInLink => make_sign_in_link,
    SignIn => sign_in,
}

/// How the page passes a command: `invoke(NAME, { args: <command> })`.
#[derive(Deserialize)]
struct Arguments<C> {
    args: C,
}

fn delegate<C, F>(invoke: Invoke, use_case: impl FnOnce(App, C) -> F + Send + 'static)
where
    C: Command + Send + 'static,
    F: Future<Output = Result<C::Reply, Error>> + Send + 'static,
{
    let Invoke { message, resolver, .. } = invoke;
    let command = read::<Arguments<C>>(message.payload());
    let handle = message.webview_ref().app_handle().clone();
    resolver.respond_async(async move {
        let app = handle.state::<Phone>().app().await?;
        Ok::<_, InvokeError>(use_case(app, command?.args).await?)
    });
}

/// Reads the arguments of a command.
pub(crate) fn read<T: DeserializeOwned>(body: &InvokeBody) -> Result<T, Error> {
    let refused = |why: String| Error::new(ErrorCode::BadValue, why);
    match body {
        InvokeBody::Json(json) => T::deserialize(json).map_err(|error| refused(error.to_string())),
        InvokeBody::Raw(_) => Err(refused("a command is JSON".into())),
    }
}

#[cfg(test)]
#[path = "commands_tests.rs"]
mod tests;
