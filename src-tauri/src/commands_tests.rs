use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use vestibule_ipc::{COMMAND_NAMES, SITE_COMMAND_NAMES};

use super::*;

/// What the build script made of the commands, as Tauri enforces it.
const MANIFESTS: &str = include_str!(concat!(env!("OUT_DIR"), "/acl-manifests.json"));
/// The capabilities, as Tauri enforces them.
const CAPABILITIES: &str = include_str!(concat!(env!("OUT_DIR"), "/capabilities.json"));

/// What a window that only shows calls must not be able to do, whatever runs in it.
const NOT_IN_A_CALL: &[&str] = &[
    "save_account",
    "sign_out",
    "save_settings",
    "save_intercom",
    "delete_intercom",
    "delete_call",
    "allow_key_file",
    "unlock_keychain",
    "preview_diagnostics",
    "dial",
];

fn names() -> BTreeSet<&'static str> {
    COMMAND_NAMES.iter().chain(SITE_COMMAND_NAMES).copied().chain([video::WATCH]).collect()
}

/// From permission to command.
fn permissions() -> BTreeMap<String, String> {
    let manifests: Value = serde_json::from_str(MANIFESTS).unwrap();
    let permissions = manifests["__app-acl__"]["permissions"].as_object().unwrap().clone();
    permissions
        .into_iter()
        .filter_map(|(name, permission)| {
            let command = permission["commands"]["allow"].as_array()?.first()?.as_str()?.to_owned();
            Some((name, command))
        })
        .collect()
}

/// From a kind of window to the permissions it has.
fn capabilities() -> BTreeMap<String, Vec<String>> {
    let capabilities: BTreeMap<String, Value> = serde_json::from_str(CAPABILITIES).unwrap();
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    capabilities
        .into_iter()
        .map(|(name, capability)| {
            assert_eq!(
                texts(&capability["windows"]),
                std::slice::from_ref(&name),
                "one file per kind of window"
            );
            (name, texts(&capability["permissions"]))
        })
        .collect()
}

fn commands_of(window: &str) -> BTreeSet<String> {
    let permissions = permissions();
    capabilities()[window].iter().filter_map(|name| permissions.get(name).cloned()).collect()
}

#[test]
fn every_command_is_answered_and_has_a_permission() {
    assert_eq!(ANSWERED.iter().copied().collect::<BTreeSet<_>>(), names(), "the table above");
    let known: BTreeSet<String> = permissions().into_values().collect();
    assert_eq!(known.iter().map(String::as_str).collect::<BTreeSet<_>>(), names(), "the list in build.rs");
}

#[test]
fn every_command_is_given_to_a_window() {
    let given: BTreeSet<String> = capabilities().keys().flat_map(|window| commands_of(window)).collect();
    assert_eq!(given.iter().map(String::as_str).collect::<BTreeSet<_>>(), names(), "capabilities/");
}

#[test]
fn a_window_has_nothing_but_commands_and_events() {
    assert_eq!(capabilities().into_keys().collect::<Vec<_>>(), ["call", "main"]);
    let events = ["core:event:allow-listen", "core:event:allow-unlisten"];
    for (window, given) in capabilities() {
        for name in given {
            assert!(permissions().contains_key(&name) || events.contains(&name.as_str()), "{window}: {name}");
        }
    }
}

#[test]
fn a_call_window_cannot_touch_account_or_settings() {
    let given = commands_of("call");
    for name in NOT_IN_A_CALL {
        assert!(names().contains(name), "{name} is no command any more");
        assert!(!given.contains(*name), "{name}");
    }
    for name in SITE_COMMAND_NAMES {
        assert!(!given.contains(*name), "{name}");
    }
}

#[test]
fn arguments_that_do_not_fit_are_refused_in_the_terms_of_the_ui() {
    let body = InvokeBody::Json(serde_json::json!({ "args": { "call": "seven" } }));
    let Err(error) = read::<Arguments<ipc::Answer>>(&body) else { panic!("it was taken") };
    assert_eq!(error.code, ErrorCode::BadValue);
    let body = InvokeBody::Json(serde_json::json!({ "args": { "call": 7 } }));
    assert!(read::<Arguments<ipc::Answer>>(&body).is_ok());
}
