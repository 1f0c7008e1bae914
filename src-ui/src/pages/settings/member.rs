//! One person of the household: to add, to change, to sign in, to remove.

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, RemoveMember, SaveMember};
use vestibule_model::{Apartment, ApartmentId, Member, MemberId, MemberRole};

use super::household::{Offline, administers, not_yours};
use super::intercom::focus_first_wrong;
use super::member_form::{Wrong, check};
use super::sign_in_link::SignInLink;
use super::{BackShown, Pane};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::banner::{Banner, Urgency};
use crate::components::choice::{Choice, LegendShown, Shape};
use crate::components::dialog::Confirm;
use crate::components::empty::Empty;
use crate::components::field::{Field, Problem};
use crate::components::icon::{Glyph, Icon};
use crate::components::toggle::ToggleRow;
use crate::pages::report::email;
use crate::route::{Location, Route, SettingsPart};
use crate::state::{Building, ChosenApartment, Household, Reading, Toasts, Tone, use_orders};
use crate::words;

const LIST: Route = Route::Settings(Some(SettingsPart::Household));

#[component]
pub(super) fn Editor(id: Option<MemberId>) -> impl IntoView {
    let i18n = use_i18n();
    let household = expect_context::<Household>();
    let may = administers();
    household.follow();
    // Drawn once the person is there, and not again while somebody types: what changes elsewhere meanwhile does not
    // overwrite it.
    let here = Memo::new(move |_| match id {
        None => Presence::Here,
        Some(id) => match (household.find(id), household.reading.get()) {
            (Some(_), _) => Presence::Here,
            (None, Reading::First | Reading::Again) => Presence::Coming,
            (None, Reading::Failed(problem)) => Presence::Failed(problem.code),
            (None, Reading::Done) => Presence::Gone,
        },
    });
    let name = Memo::new(move |_| id.and_then(|id| household.find(id)).map(|member| member.name));
    let title = Signal::derive(move || match (id, name.get()) {
        (None, _) => t_string!(i18n, household.new).to_owned(),
        (Some(_), name) => name.unwrap_or_else(|| t_string!(i18n, household.title).to_owned()),
    });
    view! {
        <Pane title back=LIST back_shown=BackShown::Always>
            {move || match here.get() {
                _ if !may.get() => not_yours(i18n),
                Presence::Here => {
                    let known = untrack(|| id.and_then(|id| household.find(id)));
                    view! { <Offline/><Body known/> }.into_any()
                }
                Presence::Coming => view! {
                    <div class="empty fill" role="status">
                        <span class="spinner" aria-hidden="true"></span>
                        <span class="vh">{t_string!(i18n, app.loading)}</span>
                    </div>
                }
                .into_any(),
                Presence::Gone => view! { <Empty icon=Icon::User title=t_string!(i18n, household.gone)/> }.into_any(),
                Presence::Failed(code) => view! {
                    <Empty icon=Icon::Alert title=t_string!(i18n, household.not_read) text=words::error(i18n, code)>
                        <button class="btn" type="button" on:click=move |_| household.refresh()>{t_string!(i18n, app.try_again)}</button>
                    </Empty>
                }
                .into_any(),
            }}
        </Pane>
    }
}

/// Whether somebody can be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Here,
    Coming,
    Gone,
    Failed(ErrorCode),
}

#[component]
fn Body(known: Option<Member>) -> impl IntoView {
    let i18n = use_i18n();
    let household = expect_context::<Household>();
    if known.as_ref().is_some_and(|known| !known.may_change) {
        return view! { <Empty icon=Icon::Lock title=t_string!(i18n, household.not_changed)/> }.into_any();
    }
    let person = known.clone().map(|known| {
        let id = known.id;
        let now = Memo::new(move |_| household.find(id));
        let can_sign_in = Memo::new(move |_| {
            now.with(|now| now.as_ref().is_some_and(|now| now.role == MemberRole::Resident))
        });
        let name = Signal::derive(move || {
            now.with(|now| now.as_ref().map(|now| now.name.clone())).unwrap_or_default()
        });
        view! {
            {move || can_sign_in.get().then(|| view! { <SignInLink id name/> })}
            <RemoveButton id name/>
        }
    });
    view! { <Form known/>{person} }.into_any()
}

#[component]
fn Form(known: Option<Member>) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let location = expect_context::<Location>();
    let toasts = expect_context::<Toasts>();
    let Building(building) = expect_context();
    let homes: Vec<Apartment> =
        building.with_untracked(|site| site.as_ref().map(|site| site.apartments.clone())).unwrap_or_default();
    let ChosenApartment(chosen) = expect_context();
    let (chosen, first) = (chosen.get_untracked(), homes.first().map(|home| home.id));
    let is_new = known.is_none();
    let known = known.unwrap_or_else(|| Member {
        id: MemberId(0),
        name: String::new(),
        email: String::new(),
        role: MemberRole::Resident,
        apartments: chosen.or(first).into_iter().collect(),
        is_self: false,
        may_change: true,
    });
    let id = known.id;
    let name = RwSignal::new(known.name.clone());
    let address = RwSignal::new(known.email.clone());
    let role = RwSignal::new(known.role);
    let apartments = RwSignal::new(known.apartments.clone());
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let refused = RwSignal::new(None::<ErrorCode>);
    let saving = RwSignal::new(false);
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        refused.set(None);
        let (name, email) = (name.get_untracked(), address.get_untracked());
        let typed = Member {
            name,
            email,
            role: role.get_untracked(),
            apartments: apartments.get_untracked(),
            ..known.clone()
        };
        match check(typed) {
            Err(problems) => {
                wrong.set(problems);
                focus_first_wrong();
            }
            Ok(member) => {
                wrong.set(Vec::new());
                saving.set(true);
                orders.ask(SaveMember { member }, move |answer| {
                    saving.try_set(false);
                    match answer {
                        Ok(made) => {
                            toasts.show(t_string!(i18n, app.saved).to_owned(), Tone::Status);
                            // Whoever is new has to sign in next; the link for that stands on their page.
                            let next = if is_new {
                                Route::Settings(Some(SettingsPart::Member(Some(made))))
                            } else {
                                LIST
                            };
                            location.go(next);
                        }
                        Err(problem) if problem.code == ErrorCode::Taken => {
                            wrong.try_set(vec![Wrong::Taken]);
                            focus_first_wrong();
                        }
                        Err(problem) => {
                            leptos::logging::warn!("{:?}: {}", problem.code, problem.message);
                            refused.try_set(Some(problem.code));
                        }
                    }
                });
            }
        }
    };
    view! {
        <form class="stack-l" novalidate on:submit=save>
            <div class="stack fields">
                <Field id="member-name" label=say!(i18n, household.name) value=name problem=problem(i18n, wrong, Wrong::Name)/>
                {email::field("member-email", "off", say!(i18n, household.email), Some(say!(i18n, household.email_hint)), address, email_problem(i18n, wrong))}
            </div>
            <div class="stack-s">
                <Choice
                    shape=Shape::Segmented
                    name="member-role"
                    legend=say!(i18n, household.role)
                    legend_shown=LegendShown::Shown
                    options=vec![
                        (MemberRole::Resident, t_string!(i18n, household.resident)),
                        (MemberRole::WithoutLogin, t_string!(i18n, household.without_login)),
                    ]
                    value=role
                    on_choose=move |chosen| role.set(chosen)
                />
                <p class="hint">{say!(i18n, household.role_hint)}</p>
            </div>
            {(homes.len() > 1).then(|| lives_in(i18n, homes, apartments, wrong))}
            <div>
                <div role="alert">
                    {move || refused.get().map(|code| {
                        let text = format!("{} {}", why(i18n, code), t_string!(i18n, household.kept));
                        view! { <Banner urgency=Urgency::Warning icon=Icon::Alert title=t_string!(i18n, household.not_saved) text/> }
                    })}
                </div>
                <div class="cluster">
                    <button class="btn btn-primary btn-l" type="submit" data-testid="save-member" data-member=id.0.to_string() disabled=move || saving.get()>
                        {say!(i18n, household.save)}
                    </button>
                </div>
            </div>
        </form>
    }
}

/// In which of the resident's apartments, where there is a choice.
fn lives_in(
    i18n: Catalogue,
    homes: Vec<Apartment>,
    apartments: RwSignal<Vec<ApartmentId>>,
    wrong: RwSignal<Vec<Wrong>>,
) -> AnyView {
    let row = |home: Apartment| {
        let id = home.id;
        let on = Signal::derive(move || apartments.with(|all| all.contains(&id)));
        let change = move |chosen| {
            apartments.update(|all| {
                all.retain(|known| *known != id);
                if chosen {
                    all.push(id);
                }
            });
        };
        let empty = Signal::stored(String::new());
        view! { <li><ToggleRow icon=Icon::Building title=Signal::stored(home.name) text=empty on on_change=change/></li> }
    };
    view! {
        <fieldset class="field">
            <legend>{say!(i18n, household.lives_in)}</legend>
            <ul class="rows">{homes.into_iter().map(row).collect_view()}</ul>
            <Problem id="member-homes-problem" problem=problem(i18n, wrong, Wrong::Apartments)/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn RemoveButton(id: MemberId, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let location = expect_context::<Location>();
    let toasts = expect_context::<Toasts>();
    let asking = RwSignal::new(false);
    let remove = move || {
        let called = words::isolated(&name.get_untracked());
        orders.ask(RemoveMember { member: id }, move |answer| match answer {
            Ok(()) => {
                toasts.show(t_string!(i18n, household.removed, name = called), Tone::Status);
                location.go(LIST);
            }
            Err(problem) => toasts.show(why(i18n, problem.code).to_owned(), Tone::Problem),
        });
    };
    view! {
        <div class="cluster">
            <button class="btn btn-stop-soft btn-l" type="button" data-testid="remove-member" on:click=move |_| asking.set(true)>
                <Glyph icon=Icon::Trash/>
                <span>{say!(i18n, household.remove)}</span>
            </button>
        </div>
        <Confirm
            open=asking
            title=say!(i18n, household.remove_title, name = words::isolated(&name.get()))
            text=say!(i18n, household.remove_hint)
            safe=say!(i18n, app.keep)
            destroy=say!(i18n, household.remove)
            on_destroy=remove
            destroy_id="remove-member-now"
        />
    }
}

/// Why something was not done to somebody, and what to do.
pub(super) fn why(i18n: Catalogue, code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Network => t_string!(i18n, household.online_only),
        ErrorCode::NotAllowed => t_string!(i18n, household.elsewhere),
        code => words::error(i18n, code),
    }
}

fn problem(i18n: Catalogue, wrong: RwSignal<Vec<Wrong>>, mine: Wrong) -> Signal<Option<String>> {
    Signal::derive(move || wrong.with(|all| all.contains(&mine)).then(|| words_of(i18n, mine).to_owned()))
}

fn email_problem(i18n: Catalogue, wrong: RwSignal<Vec<Wrong>>) -> Signal<Option<String>> {
    Signal::derive(move || {
        let mine = |wrong: &&Wrong| matches!(wrong, Wrong::Email | Wrong::Taken);
        wrong.with(|all| all.iter().find(mine).map(|mine| words_of(i18n, *mine).to_owned()))
    })
}

fn words_of(i18n: Catalogue, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Name => t_string!(i18n, household.bad_name),
        Wrong::Email => t_string!(i18n, report.bad_email),
        Wrong::Taken => t_string!(i18n, household.taken),
        Wrong::Apartments => t_string!(i18n, household.bad_apartments),
    }
}
