//! The words of the app, generated from `locales/` by the build script.

// Generated code follows its own rules.
#![allow(
    unreachable_pub,
    missing_docs,
    dead_code,
    unused_imports,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub(crate) use i18n::*;

/// The catalogue of the language that is chosen.
pub(crate) type Catalogue = leptos_i18n::I18nContext<Locale>;

/// Words of the catalogue that follow the language. One type for all of them, for each type that a view holds is
/// code of its own in the wasm.
macro_rules! say {
    ($i18n:expr, $($key:tt)*) => {
        ::leptos::prelude::Signal::derive(move || ::std::string::String::from($crate::catalogue::t_string!($i18n, $($key)*)))
    };
}
pub(crate) use say;
