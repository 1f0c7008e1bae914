//! A status in a word or two: its shape tells it apart before its colour does.

use leptos::prelude::*;
use vestibule_model::Registration;

use crate::catalogue::use_i18n;
use crate::state::Service;
use crate::words;

/// The shape and the colour of a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Full: it works.
    Ready,
    /// Half: it is on its way.
    Waiting,
    /// Ring, amber: somebody has to do something.
    Problem,
    /// Ring: off.
    Off,
}

impl Standing {
    fn class(self) -> &'static str {
        match self {
            Self::Ready => "badge badge-ready",
            Self::Waiting => "badge badge-wait",
            Self::Problem => "badge badge-warn",
            Self::Off => "badge",
        }
    }
}

/// How a registration looks.
pub(crate) fn standing(registration: &Registration) -> Standing {
    match registration {
        Registration::Registered { .. } => Standing::Ready,
        Registration::Registering => Standing::Waiting,
        Registration::Failed { .. } | Registration::NotConfigured => Standing::Problem,
        Registration::Unregistered => Standing::Off,
    }
}

/// The status of this device, live.
#[component]
pub(crate) fn ServiceBadge() -> impl IntoView {
    let i18n = use_i18n();
    let Service(service) = expect_context();
    view! {
        <span class=move || service.with(|s| standing(s).class()) data-testid="service">
            {move || service.with(|s| words::registration(i18n, s).0)}
        </span>
    }
}
