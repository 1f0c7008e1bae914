//! Microphone, loudspeakers and levels.

use leptos::prelude::*;
use vestibule_ipc::{AudioDevices, ListAudioDevices, TestRingtone};
use vestibule_model::AudioSettings;

use super::{Pane, use_change};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::field::{Level, Select};
use crate::components::icon::{Glyph, Icon};
use crate::state::{Preferences, use_orders};

#[component]
pub(super) fn Sound() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let Preferences(preferences) = expect_context();
    let change = use_change();
    let devices = RwSignal::new(AudioDevices::default());
    let unlisted = RwSignal::new(false);
    orders.ask(ListAudioDevices {}, move |answer| match answer {
        Ok(found) => {
            devices.try_set(found);
        }
        Err(_) => {
            unlisted.try_set(true);
        }
    });
    let audio = Memo::new(move |_| preferences.with(|p| p.audio.clone()));

    let inputs = menu(i18n, audio, |a| &a.input, devices, |d| &d.inputs);
    let outputs = menu(i18n, audio, |a| &a.output, devices, |d| &d.outputs);
    let ringers = menu(i18n, audio, |a| &a.ringer, devices, |d| &d.outputs);
    let level = move |value: u8| t_string!(i18n, sound.percent, value = value);
    let testing = RwSignal::new(false);
    let test = move |_| {
        testing.set(true);
        orders.ask(TestRingtone {}, move |answer| {
            testing.try_set(false);
            if let Err(problem) = answer {
                orders.say(&problem);
            }
        });
    };

    view! {
        <Pane title=say!(i18n, settings.sound)>
            <Show when=move || unlisted.get()><p class="banner" role="status">{say!(i18n, sound.no_devices)}</p></Show>
            <div class="stack-l">
                <Select
                    id="microphone"
                    label=say!(i18n, sound.microphone)
                    options=inputs.words
                    value=inputs.place
                    on_choose=move |place| { let name = inputs.name(place); change(Box::new(move |s| s.audio.input = name)) }
                />
                <Select
                    id="speaker"
                    label=say!(i18n, sound.speaker)
                    options=outputs.words
                    value=outputs.place
                    on_choose=move |place| { let name = outputs.name(place); change(Box::new(move |s| s.audio.output = name)) }
                />
                <Level
                    id="volume"
                    label=say!(i18n, sound.volume)
                    words=Signal::derive(move || level(audio.with(|a| a.volume)))
                    value=Signal::derive(move || audio.with(|a| a.volume))
                    on_change=move |value| change(Box::new(move |s| s.audio.volume = value))
                />
                <Select
                    id="ringer"
                    label=say!(i18n, sound.ringer)
                    options=ringers.words
                    value=ringers.place
                    on_choose=move |place| { let name = ringers.name(place); change(Box::new(move |s| s.audio.ringer = name)) }
                />
                <Level
                    id="ring-volume"
                    label=say!(i18n, sound.ring_volume)
                    words=Signal::derive(move || level(audio.with(|a| a.ring_volume)))
                    value=Signal::derive(move || audio.with(|a| a.ring_volume))
                    on_change=move |value| change(Box::new(move |s| s.audio.ring_volume = value))
                />
                <div class="cluster">
                    <button class="btn" type="button" data-testid="test-ringtone" disabled=move || testing.get() on:click=test>
                        <Glyph icon=Icon::Music/>
                        <span>{say!(i18n, sound.test)}</span>
                    </button>
                </div>
            </div>
        </Pane>
    }
}

/// A menu of devices: the system's first, then all that are here, then the chosen one if it is not.
#[derive(Clone, Copy)]
struct Menu {
    names: Signal<Vec<Option<String>>>,
    words: Signal<Vec<String>>,
    place: Signal<usize>,
}

impl Menu {
    fn name(self, place: usize) -> Option<String> {
        self.names.with_untracked(|names| names.get(place).cloned().flatten())
    }
}

fn menu(
    i18n: Catalogue,
    audio: Memo<AudioSettings>,
    chosen: fn(&AudioSettings) -> &Option<String>,
    devices: RwSignal<AudioDevices>,
    list: fn(&AudioDevices) -> &Vec<String>,
) -> Menu {
    let names = Signal::derive(move || {
        let chosen = audio.with(|a| chosen(a).clone());
        devices.with(|d| device_names(list(d), chosen.as_ref()))
    });
    let words = Signal::derive(move || {
        let present = devices.with(|d| list(d).clone());
        let say = |name: Option<String>| match name {
            None => t_string!(i18n, sound.system_default).to_owned(),
            Some(name) if present.contains(&name) => name,
            Some(name) => t_string!(i18n, sound.missing, name = name),
        };
        names.get().into_iter().map(say).collect()
    });
    let place = Signal::derive(move || {
        let chosen = audio.with(|a| chosen(a).clone());
        names.with(|names| names.iter().position(|name| *name == chosen).unwrap_or(0))
    });
    Menu { names, words, place }
}

fn device_names(present: &[String], chosen: Option<&String>) -> Vec<Option<String>> {
    let absent = chosen.filter(|name| !present.contains(name));
    std::iter::once(None).chain(present.iter().chain(absent).cloned().map(Some)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_device_stays_in_the_menu_when_it_is_unplugged() {
        let present = ["USB headset".to_owned()];
        let (usb, desk) = (Some("USB headset".to_owned()), Some("Desk phone".to_owned()));
        assert_eq!(device_names(&present, None), [None, usb.clone()]);
        assert_eq!(device_names(&present, usb.as_ref()), [None, usb.clone()]);
        assert_eq!(device_names(&present, desk.as_ref()), [None, usb, desk]);
    }
}
