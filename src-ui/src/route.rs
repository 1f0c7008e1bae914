//! Where in the app one is: kept in the URL's hash, so that Back works and every page has an address.

use leptos::ev;
use leptos::prelude::*;
use vestibule_model::{AccessId, CallId, IntercomId, MemberId, VisitorId};

/// A place in the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// What happens now, with the intercom that is looked at.
    Home(Option<IntercomId>),
    /// Past calls, with the one that is looked at.
    History(Option<CallId>),
    /// Settings, with the part that is looked at.
    Settings(Option<SettingsPart>),
    /// The call window.
    Call,
    /// Visitors.
    Visitors(VisitorPlace),
    /// Who came in, with the row that is looked at.
    Access(Option<AccessId>),
    /// The phone as a key.
    #[cfg(feature = "fake")]
    MobileAccess,
    /// Whom to tell of a problem.
    Report,
    /// Technical support, in steps.
    Support,
    /// What was reported before.
    EarlierReports,
    /// Signing in at a site server.
    SignIn,
    /// Every component in every state, for those who build them.
    #[cfg(feature = "fake")]
    Gallery,
}

/// A place among the visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisitorPlace {
    /// All of them.
    List,
    /// A new one.
    New,
    /// One of them: what to hand over.
    Card(VisitorId),
    /// One of them, to be changed.
    Edit(VisitorId),
}

/// A part of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingsPart {
    Account,
    Calls,
    Sound,
    Appearance,
    Language,
    Intercoms,
    /// One intercom; `None` is a new one.
    Intercom(Option<IntercomId>),
    /// Who lives with the resident.
    Household,
    /// One of them; `None` is a new one.
    Member(Option<MemberId>),
    Keys,
    Privacy,
    About,
}

impl Route {
    /// Reads a hash such as `#/history/12`. What it does not know is Home.
    pub(crate) fn parse(hash: &str) -> Self {
        let mut parts = hash.trim_start_matches('#').split('/').filter(|part| !part.is_empty());
        let place = parts.next().unwrap_or_default();
        let rest = (parts.next(), parts.next());
        match place {
            "history" => Self::History(number(rest.0).map(CallId)),
            "settings" => Self::Settings(SettingsPart::parse(rest.0, rest.1)),
            "call" => Self::Call,
            "visitors" => Self::Visitors(VisitorPlace::parse(rest.0, rest.1)),
            "access" => Self::Access(number(rest.0).map(AccessId)),
            #[cfg(feature = "fake")]
            "mobile-access" => Self::MobileAccess,
            "report" if rest.0 == Some("support") => Self::Support,
            "report" if rest.0 == Some("earlier") => Self::EarlierReports,
            "report" => Self::Report,
            "sign-in" => Self::SignIn,
            #[cfg(feature = "fake")]
            "gallery" => Self::Gallery,
            _ => Self::Home(number(rest.0).map(IntercomId)),
        }
    }

    /// The hash, to be used as a link.
    pub(crate) fn hash(self) -> String {
        match self {
            Self::Home(None) => "#/home".to_owned(),
            Self::Home(Some(intercom)) => format!("#/home/{}", intercom.0),
            Self::History(None) => "#/history".to_owned(),
            Self::History(Some(call)) => format!("#/history/{}", call.0),
            Self::Settings(None) => "#/settings".to_owned(),
            Self::Settings(Some(part)) => format!("#/settings/{}", part.path()),
            Self::Call => "#/call".to_owned(),
            Self::Visitors(place) => format!("#/visitors{}", place.path()),
            Self::Access(None) => "#/access".to_owned(),
            Self::Access(Some(row)) => format!("#/access/{}", row.0),
            #[cfg(feature = "fake")]
            Self::MobileAccess => "#/mobile-access".to_owned(),
            Self::Report => "#/report".to_owned(),
            Self::Support => "#/report/support".to_owned(),
            Self::EarlierReports => "#/report/earlier".to_owned(),
            Self::SignIn => "#/sign-in".to_owned(),
            #[cfg(feature = "fake")]
            Self::Gallery => "#/gallery".to_owned(),
        }
    }
}

impl VisitorPlace {
    fn parse(id: Option<&str>, what: Option<&str>) -> Self {
        match (id, number(id).map(VisitorId), what) {
            (Some("new"), ..) => Self::New,
            (_, Some(id), Some("edit")) => Self::Edit(id),
            (_, Some(id), _) => Self::Card(id),
            _ => Self::List,
        }
    }

    fn path(self) -> String {
        match self {
            Self::List => String::new(),
            Self::New => "/new".to_owned(),
            Self::Card(id) => format!("/{}", id.0),
            Self::Edit(id) => format!("/{}/edit", id.0),
        }
    }
}

impl SettingsPart {
    fn parse(name: Option<&str>, id: Option<&str>) -> Option<Self> {
        Some(match name? {
            "account" => Self::Account,
            "calls" => Self::Calls,
            "sound" => Self::Sound,
            "appearance" => Self::Appearance,
            "language" => Self::Language,
            "intercoms" => match id {
                None => Self::Intercoms,
                Some("new") => Self::Intercom(None),
                id => Self::Intercom(Some(IntercomId(number(id)?))),
            },
            "household" => match id {
                None => Self::Household,
                Some("new") => Self::Member(None),
                id => Self::Member(Some(MemberId(number(id)?))),
            },
            "keyboard" => Self::Keys,
            "privacy" => Self::Privacy,
            "about" => Self::About,
            _ => return None,
        })
    }

    fn path(self) -> String {
        match self {
            Self::Account => "account".to_owned(),
            Self::Calls => "calls".to_owned(),
            Self::Sound => "sound".to_owned(),
            Self::Appearance => "appearance".to_owned(),
            Self::Language => "language".to_owned(),
            Self::Intercoms => "intercoms".to_owned(),
            Self::Intercom(None) => "intercoms/new".to_owned(),
            Self::Intercom(Some(id)) => format!("intercoms/{}", id.0),
            Self::Household => "household".to_owned(),
            Self::Member(None) => "household/new".to_owned(),
            Self::Member(Some(id)) => format!("household/{}", id.0),
            Self::Keys => "keyboard".to_owned(),
            Self::Privacy => "privacy".to_owned(),
            Self::About => "about".to_owned(),
        }
    }
}

fn number(text: Option<&str>) -> Option<i64> {
    text?.parse().ok()
}

/// Where the window is now.
#[derive(Clone, Copy)]
pub(crate) struct Location(RwSignal<Route>);

impl Location {
    /// Follows the hash of the window.
    pub(crate) fn follow() -> Self {
        let route = RwSignal::new(current());
        let listener = window_event_listener(ev::hashchange, move |_| route.set(current()));
        on_cleanup(move || listener.remove());
        Self(route)
    }

    pub(crate) fn get(self) -> Route {
        self.0.get()
    }

    /// Goes there, as a link would.
    pub(crate) fn go(self, route: Route) {
        // A window that cannot be steered stays where it is; there is nothing better to do.
        let _ = window().location().set_hash(&route.hash());
    }
}

fn current() -> Route {
    Route::parse(&window().location().hash().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_an_address_that_leads_back_to_it() {
        for route in [
            Route::Home(None),
            Route::Home(Some(IntercomId(2))),
            Route::History(None),
            Route::History(Some(CallId(12))),
            Route::Settings(None),
            Route::Settings(Some(SettingsPart::Account)),
            Route::Settings(Some(SettingsPart::Calls)),
            Route::Settings(Some(SettingsPart::Sound)),
            Route::Settings(Some(SettingsPart::Appearance)),
            Route::Settings(Some(SettingsPart::Language)),
            Route::Settings(Some(SettingsPart::Intercoms)),
            Route::Settings(Some(SettingsPart::Intercom(None))),
            Route::Settings(Some(SettingsPart::Intercom(Some(IntercomId(3))))),
            Route::Settings(Some(SettingsPart::Household)),
            Route::Settings(Some(SettingsPart::Member(None))),
            Route::Settings(Some(SettingsPart::Member(Some(MemberId(7))))),
            Route::Settings(Some(SettingsPart::Keys)),
            Route::Settings(Some(SettingsPart::Privacy)),
            Route::Settings(Some(SettingsPart::About)),
            Route::Call,
        ] {
            assert_eq!(Route::parse(&route.hash()), route);
        }
    }

    #[test]
    fn so_has_every_place_of_the_building() {
        for route in [
            Route::Visitors(VisitorPlace::List),
            Route::Visitors(VisitorPlace::New),
            Route::Visitors(VisitorPlace::Card(VisitorId(4))),
            Route::Visitors(VisitorPlace::Edit(VisitorId(4))),
            Route::Access(None),
            Route::Access(Some(AccessId(12))),
            Route::MobileAccess,
            Route::Report,
            Route::Support,
            Route::EarlierReports,
            Route::SignIn,
            Route::Gallery,
        ] {
            assert_eq!(Route::parse(&route.hash()), route);
        }
    }

    #[test]
    fn an_unknown_address_leads_home() {
        for hash in ["", "#", "#/", "#/nowhere/7", "#main"] {
            assert!(matches!(Route::parse(hash), Route::Home(_)), "{hash}");
        }
        assert_eq!(Route::parse("#/history/x"), Route::History(None));
        assert_eq!(Route::parse("#/settings/x"), Route::Settings(None));
    }
}
