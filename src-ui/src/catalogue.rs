//! The words of the app, generated from `locales/` by the build script.

// Generated code follows its own rules.
#![allow(unreachable_pub, missing_docs, dead_code, unused_imports, clippy::all, clippy::unwrap_used, clippy::panic)]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub(crate) use i18n::*;

/// The catalogue of the language that is chosen.
pub(crate) type Catalogue = leptos_i18n::I18nContext<Locale>;
