//! One try at a door: everything that is known of it, and where to go on from there.

use leptos::prelude::*;
use vestibule_model::{AccessEntry, AccessId, Denial};

use super::words;
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::{Location, Route, VisitorPlace};
use crate::state::AccessLog;
use crate::words::day;

/// The detail pane.
#[component]
pub(super) fn Detail(shown: Memo<Option<AccessId>>) -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    // A row that another filter hides is still the one that is looked at.
    let entry = Memo::new(move |before: Option<&Option<AccessEntry>>| {
        let id = shown.get()?;
        log.find(id).or_else(|| before.cloned().flatten().filter(|entry| entry.id == id))
    });
    move || match entry.get() {
        Some(entry) => view! { <Try entry/> }.into_any(),
        None => {
            let title = match shown.get() {
                Some(_) => t_string!(i18n, access.gone),
                None => t_string!(i18n, access.pick),
            };
            view! {
                <section class="pane pane-detail">
                    <header class="pane-head"><BackToList/></header>
                    <div class="pane-body"><Empty icon=Icon::Door title/></div>
                </section>
            }
            .into_any()
        }
    }
}

#[component]
fn Try(entry: AccessEntry) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, method) = words::method(i18n, entry.method);
    let denial = words::denial(&entry);
    let person = words::person(i18n, &entry);
    let at = entry.at;
    let result = match denial {
        None => view! { <span>{t_string!(i18n, access.allowed)}</span> }.into_any(),
        Some(why) => view! {
            <p class="row-sub marked warn-text"><Glyph icon=Icon::Ban/><span>{words::denied(i18n, why, entry.method)}</span></p>
        }
        .into_any(),
    };
    view! {
        <section class="pane pane-detail" aria-labelledby="t-try" data-testid="access-detail">
            <header class="pane-head">
                <BackToList/>
                <div class="grow">
                    <h2 id="t-try" class="title-page" tabindex="-1"><bdi>{person.clone()}</bdi></h2>
                    <p class="small muted">
                        {day(i18n, at)} ", "
                        <time datetime=format::iso(at)>{format::clock(at)}</time>
                    </p>
                </div>
            </header>
            <div class="pane-body">
                <dl class="facts boxed">
                    <dt>{say!(i18n, access.result)}</dt>
                    <dd>{result}</dd>
                    <dt>{say!(i18n, access.door)}</dt>
                    <dd><bdi>{entry.door.clone()}</bdi></dd>
                    <dt>{say!(i18n, access.person)}</dt>
                    <dd><bdi>{person}</bdi></dd>
                    <dt>{say!(i18n, access.method)}</dt>
                    <dd class="access-method"><Glyph icon class="icon-s"/><span>{method}</span></dd>
                    <dt>{say!(i18n, access.when)}</dt>
                    <dd><time datetime=format::iso(at)>{format::whole(at)}</time></dd>
                </dl>
                {denial.map(|why| view! { <p class="muted">{words::hint(i18n, why)}</p> })}
                <More entry denial/>
                <p class="small muted">{say!(i18n, access.kept)}</p>
            </div>
        </section>
    }
}

/// Rows like this one, and who can change what became of it.
#[component]
fn More(entry: AccessEntry, denial: Option<Denial>) -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    let location = expect_context::<Location>();
    let search = move |text: String| {
        log.problems_only.set(false);
        log.method.set(None);
        log.text.set(text);
        log.filter();
        location.go(Route::Access(None));
    };
    let AccessEntry { door, person, .. } = entry;
    let of_person = (!person.trim().is_empty()).then(|| {
        view! {
            <button class="btn" type="button" on:click=move |_| search(person.clone())>
                <Glyph icon=Icon::User/>
                <span>{say!(i18n, access.this_person)}</span>
            </button>
        }
    });
    let visitors =
        matches!(denial, Some(Denial::OutsideTime | Denial::Revoked | Denial::UsedUp)).then(|| {
            view! {
                <a class="btn btn-primary" href=Route::Visitors(VisitorPlace::List).hash()>
                    <Glyph icon=Icon::Visitors/>
                    <span>{say!(i18n, access.see_visitors)}</span>
                </a>
            }
        });
    view! {
        <div class="cluster">
            {visitors}
            <button class="btn" type="button" on:click=move |_| search(door.clone())>
                <Glyph icon=Icon::Door/>
                <span>{say!(i18n, access.this_door)}</span>
            </button>
            {of_person}
        </div>
    }
}

#[component]
fn BackToList() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        // Where the list is hidden its heading is as well, and a page has one.
        <h1 class="vh only-narrow">{say!(i18n, history.title)}</h1>
        <a class="icon-btn back" href=Route::Access(None).hash()>
            <Glyph icon=Icon::Back class="icon-dir"/>
            <span class="vh">{say!(i18n, app.back)}</span>
        </a>
    }
}
