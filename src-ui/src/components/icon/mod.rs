//! The icons, drawn from the sprite that `index.html` carries.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $id:literal),* $(,)?) => {
        /// An icon of the sprite.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Icon { $($name),* }

        impl Icon {
            /// The id of its symbol in `icons.svg`; the page has it with `icon-` before it, apart from the ids of its fields.
            pub(crate) fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

icons! {
    Alert = "alert",
    Back = "back",
    Ban = "ban",
    Bell = "bell",
    BellOff = "bell-off",
    Camera = "camera",
    CheckCircle = "check-circle",
    Clock = "clock",
    Close = "close",
    Desktop = "desktop",
    Door = "door",
    DoorOpen = "door-open",
    Down = "down",
    Edit = "edit",
    Forward = "forward",
    Gate = "gate",
    History = "history",
    Home = "home",
    Image = "image",
    Info = "info",
    Intercom = "intercom",
    Key = "key",
    Light = "light",
    Lock = "lock",
    LockOpen = "lock-open",
    Mic = "mic",
    MicOff = "mic-off",
    Moon = "moon",
    Music = "music",
    Offline = "offline",
    Phone = "phone",
    PhoneDeclined = "phone-declined",
    PhoneElsewhere = "phone-elsewhere",
    PhoneEnd = "phone-end",
    PhoneIn = "phone-in",
    PhoneMissed = "phone-missed",
    PhoneOut = "phone-out",
    Plus = "plus",
    Search = "search",
    Send = "send",
    Server = "server",
    Settings = "settings",
    SignOut = "sign-out",
    Signal = "signal",
    Speaker = "speaker",
    SpeakerOff = "speaker-off",
    Theme = "theme",
    Trash = "trash",
    User = "user",
    Video = "video",
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
