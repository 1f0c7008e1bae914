//! What can be changed about a visitor: longer, another PIN, taken back, gone.

use leptos::prelude::*;
use vestibule_model::{VisitorId, VisitorState};

use super::Shown;
use super::act::{Tools, delete, delete_with_undo, extend, renew, revoke, send_again};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::dialog::Confirm;
use crate::components::icon::{Glyph, Icon};
use crate::state::{Clock, use_orders};

const HOUR: i64 = 3_600_000;

/// What the buttons need to know; they are drawn anew only when it changes, so that the focus stays on them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stand {
    state: VisitorState,
    /// Whether there is an end that can be put off.
    ends: bool,
    has_codes: bool,
    has_qr: bool,
    online: bool,
}

/// The buttons, with the questions that two of them ask.
#[component]
pub(super) fn Change(id: VisitorId) -> impl IntoView {
    let i18n = use_i18n();
    let clock = expect_context::<Clock>();
    let tools = Tools {
        id,
        i18n,
        orders: use_orders(),
        toasts: expect_context(),
        visitors: expect_context(),
        site: expect_context::<Shown>().site,
        location: expect_context(),
    };
    let stand = Memo::new(move |_| {
        let visitor = tools.visitors.find(id)?;
        Some(Stand {
            state: visitor.state(clock.now()),
            ends: visitor.until.is_some(),
            has_codes: visitor.codes.is_some(),
            has_qr: visitor.codes.as_ref().is_some_and(|codes| codes.qr.is_some()),
            online: tools.site.with(|site| site.online),
        })
    });
    let name = Memo::new(move |_| tools.visitors.find(id).map(|v| v.name.clone()).unwrap_or_default());
    let (revoking, renewing, deleting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let stops =
        Signal::derive(move || stand.get().map(|stand| stops(i18n, stand)).unwrap_or_default().to_owned());
    view! {
        <section class="stack no-print" aria-labelledby="t-change">
            <h3 id="t-change" class="lead">{t_string!(i18n, visitor.change)}</h3>
            <div class="cluster">
                {move || stand.get().map(|stand| buttons(tools, stand, revoking, renewing, deleting))}
            </div>
            {move || {
                let waits = stand.get().is_some_and(|stand| can_renew(stand) && !stand.online);
                waits.then(|| view! { <p class="hint">{t_string!(i18n, visitor.renew_offline)}</p> })
            }}
        </section>
        <Confirm
            open=revoking
            title=say!(i18n, visitor.revoke_title, name = name.get())
            text=stops
            safe=say!(i18n, app.keep)
            destroy=say!(i18n, visitor.revoke)
            on_destroy=move || revoke(tools)
            destroy_id="confirm-revoke"
        />
        <Confirm
            open=renewing
            title=say!(i18n, visitor.renew_title, name = name.get())
            text=say!(i18n, visitor.renew_hint)
            safe=say!(i18n, app.keep)
            destroy=say!(i18n, visitor.renew)
            on_destroy=move || renew(tools)
            destroy_id="confirm-renew"
        />
        <Confirm
            open=deleting
            title=say!(i18n, visitor.delete_title, name = name.get())
            text=stops
            safe=say!(i18n, app.keep)
            destroy=say!(i18n, app.delete)
            on_destroy=move || delete(tools)
            destroy_id="confirm-delete"
        />
    }
}

fn buttons(
    tools: Tools,
    stand: Stand,
    revoking: RwSignal<bool>,
    renewing: RwSignal<bool>,
    deleting: RwSignal<bool>,
) -> AnyView {
    let i18n = tools.i18n;
    let works = matches!(stand.state, VisitorState::Active | VisitorState::Upcoming);
    let extends = stand.ends && (works || stand.state == VisitorState::Expired);
    let extend = extends.then(|| {
        view! {
            <button class="btn" type="button" data-testid="extend" on:click=move |_| extend(tools, 2 * HOUR)>
                <Glyph icon=Icon::Clock/><span>{t_string!(i18n, visitor.extend_hours)}</span>
            </button>
            <button class="btn" type="button" data-testid="extend-day" on:click=move |_| extend(tools, 24 * HOUR)>
                <Glyph icon=Icon::Calendar/><span>{t_string!(i18n, visitor.extend_day)}</span>
            </button>
        }
    });
    let again = (stand.state == VisitorState::Refused).then(|| {
        view! {
            <button class="btn btn-primary" type="button" data-testid="send-again" on:click=move |_| send_again(tools)>
                <Glyph icon=Icon::Send/><span>{t_string!(i18n, visitor.send_again)}</span>
            </button>
        }
    });
    let renew = (can_renew(stand) && stand.online).then(|| {
        view! {
            <button class="btn" type="button" data-testid="renew" on:click=move |_| renewing.set(true)>
                <Glyph icon=Icon::Refresh/><span>{t_string!(i18n, visitor.renew)}</span>
            </button>
        }
    });
    let revoke = works.then(|| {
        view! {
            <button class="btn btn-stop-soft" type="button" data-testid="revoke" on:click=move |_| revoking.set(true)>
                <Glyph icon=Icon::Ban/><span>{t_string!(i18n, visitor.revoke)}</span>
            </button>
        }
    });
    // What opens nothing can be brought back, and so nobody is asked.
    let harmless = !works && stand.state != VisitorState::Waiting;
    let delete = move |_| if harmless { delete_with_undo(tools) } else { deleting.set(true) };
    view! {
        {again}
        {extend}
        {renew}
        {revoke}
        <button class="btn btn-stop-soft" type="button" data-testid="delete-visitor" on:click=delete>
            <Glyph icon=Icon::Trash/><span>{t_string!(i18n, visitor.delete)}</span>
        </button>
    }
    .into_any()
}

fn can_renew(stand: Stand) -> bool {
    stand.has_codes && matches!(stand.state, VisitorState::Active | VisitorState::Upcoming)
}

/// What ends with the codes.
fn stops(i18n: Catalogue, stand: Stand) -> &'static str {
    match stand {
        Stand { state: VisitorState::Waiting, .. } => t_string!(i18n, visitor.delete_hint_waiting),
        Stand { online: false, .. } => t_string!(i18n, visitor.revoke_hint_offline),
        Stand { has_qr: true, .. } => t_string!(i18n, visitor.revoke_hint),
        Stand { has_qr: false, .. } => t_string!(i18n, visitor.revoke_hint_pin),
    }
}
