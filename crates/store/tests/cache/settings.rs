use rusqlite::params;
use serde_json::{Value, json};
use vestibule_model::{AudioCodec, AudioSettings, Settings, SipAccount, Theme};

use crate::{Fixture, raw};

fn account() -> SipAccount {
    serde_json::from_value(json!({ "user": "flat12", "domain": "example.org" })).unwrap()
}

/// Writes the row past the crate, as another version of it would.
fn write(fixture: &Fixture, json: &str) {
    let sql = "INSERT OR REPLACE INTO settings (id, json) VALUES (1, ?1)";
    raw(&fixture.path, &fixture.key).execute(sql, params![json]).unwrap();
}

fn read(fixture: &Fixture) -> Value {
    let json: String = raw(&fixture.path, &fixture.key)
        .query_row("SELECT json FROM settings", [], |row| row.get(0))
        .unwrap();
    serde_json::from_str(&json).unwrap()
}

#[test]
fn start_as_the_defaults() {
    assert_eq!(Fixture::new().store.settings().unwrap(), Settings::default());
}

#[test]
fn come_back_as_they_were_saved() {
    let fixture = Fixture::new();
    let mut settings = Settings { account: Some(account()), theme: Theme::Dark, ..Settings::default() };
    fixture.store.save_settings(&settings).unwrap();
    assert_eq!(fixture.store.settings().unwrap(), settings);

    settings.account = None;
    settings.audio.volume = 10;
    fixture.store.save_settings(&settings).unwrap();
    assert_eq!(fixture.store.settings().unwrap(), settings);
}

#[test]
fn a_value_that_cannot_be_read_does_not_take_the_others_along() {
    let good = Settings {
        account: Some(account()),
        do_not_disturb: true,
        audio: AudioSettings { volume: 30, ..AudioSettings::default() },
        theme: Theme::Dark,
        ..Settings::default()
    };
    let pcmu = Settings {
        account: Some(SipAccount { codecs: vec![AudioCodec::Pcmu], ..account() }),
        ..good.clone()
    };
    for (place, bad, expected) in [
        ("/theme", json!("sepia"), Settings { theme: Theme::System, ..good.clone() }),
        ("/text_size", json!(175), good.clone()),
        ("/do_not_disturb", json!({ "from": "22:00" }), Settings { do_not_disturb: false, ..good.clone() }),
        ("/audio/volume", json!(1000), Settings { audio: AudioSettings::default(), ..good.clone() }),
        ("/audio", json!(7), Settings { audio: AudioSettings::default(), ..good.clone() }),
        ("/account/transport", json!("tls"), good.clone()),
        ("/account/codecs", json!(["opus", "pcmu", "g722"]), pcmu),
        ("/account/user", json!(null), Settings { account: None, ..good.clone() }),
    ] {
        let fixture = Fixture::new();
        let mut json = serde_json::to_value(&good).unwrap();
        *json.pointer_mut(place).unwrap() = bad;
        write(&fixture, &json.to_string());
        assert_eq!(fixture.store.settings().unwrap(), expected, "{place}");
    }
}

#[test]
fn what_is_no_object_counts_as_nothing() {
    for json in ["", "[]", "null", "{\"theme\":", "\"dark\""] {
        let fixture = Fixture::new();
        write(&fixture, json);
        assert_eq!(fixture.store.settings().unwrap(), Settings::default(), "{json}");
        fixture.store.save_settings(&Settings { autostart: true, ..Settings::default() }).unwrap();
        assert!(fixture.store.settings().unwrap().autostart, "{json}");
    }
}

#[test]
fn what_another_version_keeps_survives_a_save() {
    let fixture = Fixture::new();
    write(&fixture, r#"{ "vibration": "strong", "audio": { "echo_cancelling": true, "volume": 5 } }"#);
    let mut settings = fixture.store.settings().unwrap();
    assert_eq!(settings.audio.volume, 5);
    settings.audio.volume = 6;
    fixture.store.save_settings(&settings).unwrap();
    let kept = read(&fixture);
    assert_eq!(kept.pointer("/vibration"), Some(&json!("strong")));
    assert_eq!(kept.pointer("/audio/echo_cancelling"), Some(&json!(true)));
    assert_eq!(kept.pointer("/audio/volume"), Some(&json!(6)));
}
