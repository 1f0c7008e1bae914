//! The list pane: the search field, the parts of the list, and what is said where there are no rows.

use leptos::prelude::*;

use super::rows::Rows;
use super::{Shown, times};
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::apartment::ApartmentSwitch;
use crate::components::banner::{Banner, Urgency};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::icon::{Glyph, Icon};
use crate::components::search::Search;
use crate::route::{Route, VisitorPlace};
use crate::state::{Part, Reading, Visitors};
use crate::words;

/// The list pane.
#[component]
pub(super) fn List(goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    view! {
        <section class="pane pane-list visitors-list" aria-labelledby="t-visitors">
            <header class="pane-head">
                <div class="grow">
                    <h1 id="t-visitors">{say!(i18n, visitors.title)}</h1>
                    <ApartmentSwitch/>
                </div>
            </header>
            <div class="pane-foot visitors-new">
                <a class="btn btn-primary btn-l btn-block" href=Route::Visitors(VisitorPlace::New).hash() data-testid="new-visitor">
                    <Glyph icon=Icon::Plus/>
                    <span>{say!(i18n, visitors.new)}</span>
                    <kbd class="only-wide single-key" aria-hidden="true">"N"</kbd>
                </a>
            </div>
            <div class="pane-body">
                <Offline/>
                <NotFresh/>
                <div class="stack">
                    <Search
                        label=say!(i18n, visitors.search)
                        hint=say!(i18n, visitors.search_hint)
                        value=visitors.text
                        on_input=Callback::new(|()| ())
                    />
                    <Parts/>
                </div>
                <Found/>
                <Body goal/>
            </div>
        </section>
    }
}

/// From when the list is, while the site server cannot be reached.
#[component]
pub(super) fn Offline() -> impl IntoView {
    let i18n = use_i18n();
    let shown = expect_context::<Shown>();
    let since =
        Memo::new(move |_| shown.site.with(|site| (!site.online).then(|| (site.read_at, site.zone.clone()))));
    move || {
        let (at, zone) = since.get()?;
        let time = times::short_moment(at, &zone, crate::state::now());
        let text = t_string!(i18n, visitors.offline_hint, time = time);
        Some(
            view! { <Banner urgency=Urgency::Plain icon=Icon::Offline title=t_string!(i18n, visitors.offline) text/> },
        )
    }
}

/// Rows are there, but could not be read anew.
#[component]
fn NotFresh() -> impl IntoView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    let problem = Memo::new(move |_| match visitors.reading.get() {
        Reading::Failed(problem) if visitors.all.with(|all| !all.is_empty()) => Some(problem.code),
        _ => None,
    });
    move || {
        let code = problem.get()?;
        Some(view! {
            <Banner urgency=Urgency::Warning icon=Icon::Alert title=t_string!(i18n, visitors.not_fresh) text=words::error(i18n, code)>
                <button class="btn" type="button" on:click=move |_| visitors.refresh()>{t_string!(i18n, app.try_again)}</button>
            </Banner>
        })
    }
}

/// Tells those who do not see the list what a search has found.
#[component]
fn Found() -> impl IntoView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    let shown = expect_context::<Shown>();
    let found = move || {
        let searching = visitors.text.with(|text| !text.trim().is_empty());
        searching.then(|| t_string!(i18n, visitors.found, count = shown.sorted.with(|sorted| sorted.len())))
    };
    view! { <p class="vh" role="status">{found}</p> }
}

/// Active, upcoming and past, each with how many they are.
#[component]
fn Parts() -> impl IntoView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    let shown = expect_context::<Shown>();
    let known = Memo::new(move |_| match visitors.reading.get() {
        Reading::Again | Reading::Done => true,
        Reading::First | Reading::Failed(_) => visitors.all.with(|all| !all.is_empty()),
    });
    let part = move |part: Part, words: &'static str| {
        let count = Memo::new(move |_| shown.sorted.with(|sorted| sorted.part(part).len()));
        view! {
            <label>
                <input
                    type="radio"
                    name="visitors-part"
                    prop:checked=move || visitors.part.get() == part
                    on:change=move |_| visitors.part.set(part)
                />
                <span class="seg">
                    <span>{words}</span>
                    <span class="num">{move || known.get().then(|| crate::format::number(count.get() as f64))}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="segmented visitors-parts">
            <legend class="vh">{t_string!(i18n, visitors.show)}</legend>
            {part(Part::Active, t_string!(i18n, visitors.active))}
            {part(Part::Upcoming, t_string!(i18n, visitors.upcoming))}
            {part(Part::Past, t_string!(i18n, visitors.past))}
        </fieldset>
    }
}

/// What stands under the fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    Loading,
    Failed(vestibule_ipc::ErrorCode),
    /// There is nobody at all.
    Nobody,
    /// There is nobody in this part, or nobody whose name matches.
    Nothing {
        part: Part,
        searching: bool,
    },
    Rows,
}

#[component]
fn Body(goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    let shown = expect_context::<Shown>();
    let stand = Memo::new(move |_| {
        let part = visitors.part.get();
        if shown.sorted.with(|sorted| super::groups(sorted, part).any(|(_, rows)| !rows.is_empty())) {
            return Stand::Rows;
        }
        match (visitors.reading.get(), visitors.all.with(Vec::is_empty)) {
            (Reading::Failed(problem), true) => Stand::Failed(problem.code),
            (Reading::First, _) => Stand::Loading,
            (_, true) => Stand::Nobody,
            _ => Stand::Nothing { part, searching: visitors.text.with(|text| !text.trim().is_empty()) },
        }
    });
    move || {
        match stand.get() {
        Stand::Rows => view! { <Rows goal/> }.into_any(),
        Stand::Loading => view! {
            <div role="status"><span class="vh">{t_string!(i18n, app.loading)}</span><SkeletonRows/></div>
        }
        .into_any(),
        Stand::Failed(code) => view! {
            <Empty icon=Icon::Alert title=t_string!(i18n, visitors.not_read) text=words::error(i18n, code)>
                <button class="btn" type="button" on:click=move |_| visitors.refresh()>{t_string!(i18n, app.try_again)}</button>
            </Empty>
        }
        .into_any(),
        Stand::Nobody => view! {
            <Empty icon=Icon::Visitors title=t_string!(i18n, visitors.empty) text=t_string!(i18n, visitors.empty_hint)/>
        }
        .into_any(),
        Stand::Nothing { searching: true, .. } => view! {
            <Empty icon=Icon::Search title=t_string!(i18n, visitors.nothing_found) text=t_string!(i18n, visitors.nothing_found_hint)>
                <button class="btn" type="button" on:click=move |_| visitors.text.set(String::new())>{t_string!(i18n, visitors.clear_search)}</button>
            </Empty>
        }
        .into_any(),
        Stand::Nothing { part, .. } => {
            let title = match part {
                Part::Active => t_string!(i18n, visitors.none_active),
                Part::Upcoming => t_string!(i18n, visitors.none_upcoming),
                Part::Past => t_string!(i18n, visitors.none_past),
            };
            view! { <Empty icon=Icon::Visitors title/> }.into_any()
        }
    }
    }
}
