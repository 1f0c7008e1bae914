//! How the devices of the site stand: beside each intercom, and those that are no intercoms of the list below them.

use leptos::prelude::*;
use vestibule_ipc::Dial;
use vestibule_model::{ApartmentId, Device, DeviceKind, DeviceStatus, IntercomId, Site};

use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::{Building, ChosenApartment, Intercoms, use_orders};

/// The second line of an intercom: how it stands, or what it has where the site does not know it.
pub(crate) fn about(id: IntercomId, switches: String) -> AnyView {
    let i18n = use_i18n();
    let status = status_of(id);
    (move || match status.get() {
        Some(status) => status_line(i18n, status),
        None => view! { <span class="row-sub">{switches.clone()}</span> }.into_any(),
    })
    .into_any()
}

/// How an intercom stands, for the head of its pane.
#[component]
pub(crate) fn DeviceBadge(id: IntercomId) -> impl IntoView {
    let i18n = use_i18n();
    let status = status_of(id);
    move || {
        status.get().map(|status| {
            let class = format!("{} badge-box", badge(status));
            view! { <span class=class>{status_words(i18n, status).0}</span> }
        })
    }
}

/// Devices of the site that are not in the list of intercoms, as further rows of it.
#[component]
pub(crate) fn OtherDevices() -> impl IntoView {
    let Building(building) = expect_context();
    let Intercoms(intercoms) = expect_context();
    let ChosenApartment(chosen) = expect_context();
    let others = Memo::new(move |_| {
        let known: Vec<IntercomId> = intercoms.with(|all| all.iter().map(|intercom| intercom.id).collect());
        let apartment = chosen.get();
        building
            .with(|site| site.as_ref().map(|site| others(&site.devices, &known, apartment)))
            .unwrap_or_default()
    });
    // The names are one of a kind in a site; a device that has changed is drawn anew.
    view! { <For each=move || others.get() key=|d| (d.name.clone(), d.status as u8, d.intercom) let:device><OtherDevice device/></For> }
}

#[component]
fn OtherDevice(device: Device) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let (icon, kind) = kind_words(i18n, device.kind);
    let name = device.name.clone();
    let call = device.intercom.map(|intercom| {
        view! {
            <button class="icon-btn" type="button" on:click=move |_| orders.send(Dial { intercom })>
                <Glyph icon=Icon::Phone/>
                <span class="vh">{say!(i18n, home.call_name, name = name.clone())}</span>
            </button>
        }
    });
    view! {
        <li class="row-split" data-testid="device-row">
            <div class="row">
                <span class="thumb thumb-none"><Glyph icon/></span>
                <span class="row-text">
                    <span class="row-title"><bdi>{device.name}</bdi></span>
                    <span class="row-sub">{kind}</span>
                    {status_line(i18n, device.status)}
                </span>
            </div>
            {call}
        </li>
    }
}

fn status_of(id: IntercomId) -> Memo<Option<DeviceStatus>> {
    let Building(building) = expect_context();
    Memo::new(move |_| {
        building.with(|site| {
            site.as_ref()?.devices.iter().find(|device| device.intercom == Some(id)).map(|d| d.status)
        })
    })
}

fn others(devices: &[Device], known: &[IntercomId], apartment: Option<ApartmentId>) -> Vec<Device> {
    let is_other = |device: &&Device| device.intercom.is_none_or(|id| !known.contains(&id));
    let others = devices.iter().filter(is_other);
    others.filter(|device| serves(device, apartment)).cloned().collect()
}

/// Whether a device is there for this apartment: its own, or one of the whole house.
fn serves(device: &Device, apartment: Option<ApartmentId>) -> bool {
    apartment.zip(device.apartment).is_none_or(|(looked_at, own)| looked_at == own)
}

/// The intercoms that are at the door of an apartment which is not looked at.
pub(crate) fn elsewhere() -> Memo<Vec<IntercomId>> {
    let Building(building) = expect_context();
    let ChosenApartment(chosen) = expect_context();
    Memo::new(move |_| {
        let apartment = chosen.get();
        let of = |site: &Site| {
            let others = site.devices.iter().filter(|device| !serves(device, apartment));
            others.filter_map(|device| device.intercom).collect()
        };
        building.with(|site| site.as_ref().map(of)).unwrap_or_default()
    })
}

fn status_line(i18n: Catalogue, status: DeviceStatus) -> AnyView {
    let (name, line) = status_words(i18n, status);
    let off = status == DeviceStatus::Offline;
    view! {
        <span class="row-sub wrap" class:is-off=off><span class=badge(status)>{name}</span><span>{line}</span></span>
    }
    .into_any()
}

fn badge(status: DeviceStatus) -> &'static str {
    match status {
        DeviceStatus::Registered | DeviceStatus::Ready => "badge badge-ready",
        DeviceStatus::Online | DeviceStatus::WaitingForResponse => "badge badge-wait",
        DeviceStatus::NotRegistered | DeviceStatus::Offline => "badge",
        DeviceStatus::MissingCallSettings | DeviceStatus::NeedsConfiguration => "badge badge-warn",
    }
}

/// The fixed name of a status and its plain line.
fn status_words(i18n: Catalogue, status: DeviceStatus) -> (&'static str, &'static str) {
    match status {
        DeviceStatus::Registered => {
            (t_string!(i18n, device.registered), t_string!(i18n, device.registered_hint))
        }
        DeviceStatus::Ready => (t_string!(i18n, device.ready), t_string!(i18n, device.ready_hint)),
        DeviceStatus::Online => (t_string!(i18n, device.online), t_string!(i18n, device.online_hint)),
        DeviceStatus::NotRegistered => {
            (t_string!(i18n, device.not_registered), t_string!(i18n, device.not_registered_hint))
        }
        DeviceStatus::Offline => (t_string!(i18n, device.offline), t_string!(i18n, device.offline_hint)),
        DeviceStatus::MissingCallSettings => (
            t_string!(i18n, device.missing_call_settings),
            t_string!(i18n, device.missing_call_settings_hint),
        ),
        DeviceStatus::NeedsConfiguration => {
            (t_string!(i18n, device.needs_configuration), t_string!(i18n, device.needs_configuration_hint))
        }
        DeviceStatus::WaitingForResponse => {
            (t_string!(i18n, device.waiting), t_string!(i18n, device.waiting_hint))
        }
    }
}

fn kind_words(i18n: Catalogue, kind: DeviceKind) -> (Icon, &'static str) {
    match kind {
        DeviceKind::Intercom => (Icon::Intercom, t_string!(i18n, device.intercom)),
        DeviceKind::AnsweringUnit => (Icon::Desk, t_string!(i18n, device.answering_unit)),
        DeviceKind::AccessUnit => (Icon::Nfc, t_string!(i18n, device.access_unit)),
        DeviceKind::Phone => (Icon::Mobile, t_string!(i18n, device.phone)),
        DeviceKind::ThirdPartySip => (Icon::Phone, t_string!(i18n, device.third_party_sip)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_devices_that_are_no_intercoms_of_the_list_follow_it() {
        let device = |name: &str, intercom: Option<i64>, apartment: Option<i64>| Device {
            apartment: apartment.map(ApartmentId),
            name: name.to_owned(),
            kind: DeviceKind::AccessUnit,
            status: DeviceStatus::Ready,
            intercom: intercom.map(IntercomId),
        };
        let all = [
            device("door", Some(1), None),
            device("desk", Some(4), None),
            device("reader", None, Some(1)),
            device("other reader", None, Some(2)),
        ];
        let names = |apartment: Option<i64>| {
            let others = others(&all, &[IntercomId(1)], apartment.map(ApartmentId));
            others.into_iter().map(|device| device.name).collect::<Vec<_>>()
        };
        assert_eq!(names(None), ["desk", "reader", "other reader"]);
        assert_eq!(names(Some(2)), ["desk", "other reader"]);
    }
}
