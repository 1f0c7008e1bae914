//! One call: its picture, and what was sent and what came back.

use leptos::prelude::*;
use vestibule_ipc::{DeleteCall, Dial};
use vestibule_model::{CallId, Direction, HistoryEntry, IntercomId, Outcome, Timestamp};

use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::dialog::Confirm;
use crate::components::empty::Empty;
use crate::components::icon::{Glyph, Icon};
use crate::components::picture::Preview;
use crate::format;
use crate::route::{Location, Route};
use crate::state::{History, Toasts, Tone, use_orders};
use crate::words;

/// The detail pane.
#[component]
pub(super) fn Detail(shown: Memo<Option<CallId>>) -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    let entry = Memo::new(move |_| shown.get().and_then(|id| history.find(id)));
    move || match entry.get() {
        Some(entry) => view! { <Call entry/> }.into_any(),
        None => {
            let title = match shown.get() {
                Some(_) => t_string!(i18n, history.gone),
                None => t_string!(i18n, history.pick),
            };
            view! {
                <section class="pane pane-detail">
                    <header class="pane-head"><BackToList/></header>
                    <div class="pane-body"><Empty icon=Icon::History title/></div>
                </section>
            }
            .into_any()
        }
    }
}

#[component]
fn Call(entry: HistoryEntry) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let location = expect_context::<Location>();
    let toasts = expect_context::<Toasts>();
    let asking = RwSignal::new(false);
    let id = entry.id;
    let name = StoredValue::new(entry.caller.name.clone());
    let time = format::clock(entry.started);
    let alt = t_string!(i18n, history.visitor_at, name = name.get_value(), time = time.clone());
    let delete = move || {
        orders.then(DeleteCall { call: id }, move |()| {
            toasts.show(t_string!(i18n, history.deleted).to_owned(), Tone::Status);
            location.go(Route::History(None));
        });
    };
    view! {
        <section class="pane pane-detail" aria-labelledby="t-call" data-testid="call-detail">
            <header class="pane-head">
                <BackToList/>
                <div class="grow">
                    <h2 id="t-call" class="title-page" tabindex="-1"><bdi>{entry.caller.name.clone()}</bdi></h2>
                    <p class="small muted">
                        {words::day(i18n, entry.started)} ", "
                        <time datetime=format::iso(entry.started)>{time}</time>
                    </p>
                </div>
                <button class="icon-btn" type="button" on:click=move |_| asking.set(true)>
                    <Glyph icon=Icon::Trash/>
                    <span class="vh">{say!(i18n, history.delete_call)}</span>
                </button>
            </header>
            <div class="pane-body">
                <Preview entry=Some(entry.clone()) note=alt.clone() alt none=t_string!(i18n, history.no_picture) unreadable=t_string!(i18n, history.picture_unreadable)/>
                {entry.caller.intercom.map(|intercom| view! { <CallBack intercom/> })}
                <section class="stack" aria-labelledby="t-what">
                    <h3 id="t-what" class="lead">{say!(i18n, history.what_happened)}</h3>
                    <ol class="timeline card">{timeline(i18n, &entry).into_iter().map(draw).collect_view()}</ol>
                </section>
            </div>
            <Confirm
                open=asking
                title=say!(i18n, history.delete_title, name = name.get_value())
                text=say!(i18n, history.delete_hint)
                safe=say!(i18n, app.keep)
                destroy=say!(i18n, app.delete)
                on_destroy=delete
            />
        </section>
    }
}

#[component]
fn CallBack(intercom: IntercomId) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    view! {
        <div class="cluster">
            <button class="btn btn-primary" type="button" on:click=move |_| orders.send(Dial { intercom })>
                <Glyph icon=Icon::Phone/>
                <span>{say!(i18n, history.call_intercom)}</span>
            </button>
        </div>
    }
}

/// One thing that happened.
struct Step {
    icon: Icon,
    words: String,
    at: Option<Timestamp>,
    class: &'static str,
}

impl Step {
    fn new(icon: Icon, words: impl Into<String>, at: Option<Timestamp>) -> Self {
        Self { icon, words: words.into(), at, class: "" }
    }
}

/// Everything that is known of a call, in order.
fn timeline(i18n: Catalogue, entry: &HistoryEntry) -> Vec<Step> {
    let incoming = entry.direction == Direction::Incoming;
    let mut steps = vec![if incoming {
        Step::new(Icon::Bell, t_string!(i18n, history.rang), Some(entry.started))
    } else {
        Step::new(Icon::PhoneOut, t_string!(i18n, history.you_called), Some(entry.started))
    }];
    if let Some(answered) = entry.answered {
        let words = if incoming {
            t_string!(i18n, history.you_answered)
        } else {
            t_string!(i18n, history.they_answered)
        };
        steps.push(Step::new(Icon::Phone, words, Some(answered)));
    }
    for action in &entry.actions {
        let name = action.switch_name.clone();
        // A code that left is one thing, what came back is another.
        if matches!(action.outcome, Outcome::Sent | Outcome::Confirmed | Outcome::Refused) {
            let sent = t_string!(i18n, history.sent_for, name = name);
            steps.push(Step::new(Icon::Send, sent, Some(action.at)));
        }
        let (icon, class) = match action.outcome {
            Outcome::Sending => (Icon::Send, ""),
            Outcome::Sent => (Icon::Clock, ""),
            Outcome::Confirmed => (Icon::DoorOpen, "is-go"),
            Outcome::Refused => (Icon::Ban, "is-warn"),
            Outcome::NotSent => (Icon::Alert, "is-warn"),
        };
        let at = (!matches!(action.outcome, Outcome::Sent)).then_some(action.at);
        steps.push(Step { icon, words: words::action(i18n, action), at, class });
    }
    if let Some(ended) = entry.ended {
        let (icon, words) = words::end(i18n, entry);
        steps.push(Step::new(icon, words, Some(ended)));
    }
    steps
}

fn draw(step: Step) -> impl IntoView {
    view! {
        <li class=step.class>
            <Glyph icon=step.icon/>
            <span>{step.words}</span>
            {step.at.map(|at| view! { <time datetime=format::iso(at)>{format::clock_with_seconds(at)}</time> })}
        </li>
    }
}

#[component]
fn BackToList() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        // Where the list is hidden its heading is as well, and a page has one.
        <h1 class="vh only-narrow">{say!(i18n, history.title)}</h1>
        <a class="icon-btn back" href=Route::History(None).hash()>
            <Glyph icon=Icon::Back class="icon-dir"/>
            <span class="vh">{say!(i18n, app.back)}</span>
        </a>
    }
}
