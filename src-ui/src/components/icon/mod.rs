//! The icons, drawn from the sprite that `index.html` carries.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $id:literal),* $(,)?) => {
        /// An icon of the sprite.
        #[cfg_attr(not(feature = "fake"), allow(dead_code, reason = "some wait for the phone as a key"))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Icon { $($name),* }

        impl Icon {
            /// The id of its symbol in `icons.svg`; the page has it with `icon-` before it, apart from the ids of its fields.
            pub(crate) fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            #[cfg(any(test, feature = "fake"))]
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

icons! {
    Alert = "alert",
    Back = "back",
    Ban = "ban",
    Bell = "bell",
    BellOff = "bell-off",
    Bike = "bike",
    Bluetooth = "bluetooth",
    Building = "building",
    Calendar = "calendar",
    Camera = "camera",
    Card = "card",
    Check = "check",
    CheckCircle = "check-circle",
    Clock = "clock",
    Close = "close",
    Cloud = "cloud",
    Copy = "copy",
    Desk = "desk",
    Desktop = "desktop",
    Door = "door",
    DoorOpen = "door-open",
    Down = "down",
    Download = "download",
    Edit = "edit",
    Eye = "eye",
    Fit = "fit",
    Forward = "forward",
    Garage = "garage",
    Gate = "gate",
    Globe = "globe",
    Help = "help",
    History = "history",
    Home = "home",
    Image = "image",
    Info = "info",
    Intercom = "intercom",
    Key = "key",
    Keypad = "keypad",
    Lift = "lift",
    Light = "light",
    Link = "link",
    Lock = "lock",
    LockOpen = "lock-open",
    Mail = "mail",
    Mic = "mic",
    MicOff = "mic-off",
    Minus = "minus",
    Mobile = "mobile",
    Moon = "moon",
    More = "more",
    Motion = "motion",
    Music = "music",
    Nfc = "nfc",
    Offline = "offline",
    Parcel = "parcel",
    Phone = "phone",
    PhoneDeclined = "phone-declined",
    PhoneElsewhere = "phone-elsewhere",
    PhoneEnd = "phone-end",
    PhoneIn = "phone-in",
    PhoneMissed = "phone-missed",
    PhoneOut = "phone-out",
    Pin = "pin",
    Plus = "plus",
    Press = "press",
    Print = "print",
    Qr = "qr",
    Queued = "queued",
    Receipt = "receipt",
    Refresh = "refresh",
    Repeat = "repeat",
    Search = "search",
    Send = "send",
    Server = "server",
    Settings = "settings",
    Share = "share",
    Shield = "shield",
    SignOut = "sign-out",
    Signal = "signal",
    Speaker = "speaker",
    SpeakerOff = "speaker-off",
    Table = "table",
    Text = "text",
    Theme = "theme",
    Tools = "tools",
    Touch = "touch",
    Trash = "trash",
    User = "user",
    Video = "video",
    Visitors = "visitors",
}

/// Draws an icon. It is decoration: words stand beside it, or a hidden name.
#[component]
pub(crate) fn Glyph(
    #[prop(into)] icon: Signal<Icon>,
    /// Further classes, such as `icon-s` or, where it points along the line of reading, `icon-dir`.
    #[prop(default = "")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=format!("icon {class}") aria-hidden="true">
            <use href=move || format!("#icon-{}", icon.get().id())></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_in_the_sprite() {
        let sprite = include_str!("../../../icons.svg");
        for icon in Icon::ALL {
            assert!(sprite.contains(&format!("<symbol id=\"{}\"", icon.id())), "{icon:?}");
        }
    }
}
