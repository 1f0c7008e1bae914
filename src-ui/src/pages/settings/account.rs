//! The SIP account: what it is, how it stands, and the way out of it.

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::SaveAccount;
use vestibule_model::{AccountProblem, Secret, SipTransport};

use super::Pane;
use super::account_form::{CODECS, MODES, Typed};
use super::phone::{FromBuilding, Given, use_owned};
use super::sign_out::SignOut;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::badge::ServiceBadge;
use crate::components::choice::{Choice, LegendShown, Shape};
use crate::components::field::{Field, Kind, Select};
use crate::components::icon::{Glyph, Icon};
use crate::state::{Preferences, Service, Toasts, Tone, use_orders};
use crate::words;

#[component]
pub(super) fn Account() -> impl IntoView {
    let i18n = use_i18n();
    let Preferences(preferences) = expect_context();
    let account = Memo::new(move |_| preferences.with(|p| p.account.clone()));
    let owned = use_owned();
    view! {
        <Pane title=say!(i18n, settings.account)>
            <ServiceCard/>
            <FromBuilding/>
            // Made anew when the account changes in the core, and never while it is only registering.
            {move || {
                match account.get() {
                    Some(account) if owned.get() => view! { <Given account/> }.into_any(),
                    account => {
                        view! { <Form typed=Typed::of(account.as_ref()) is_new=account.is_none()/> }.into_any()
                    }
                }
            }}
            <SignOut/>
        </Pane>
    }
}

/// How the account stands, live.
#[component]
fn ServiceCard() -> impl IntoView {
    let i18n = use_i18n();
    let Service(service) = expect_context();
    view! {
        <div class="card stack-s">
            <div class="section-head">
                <h3 class="lead">{say!(i18n, calls.status)}</h3>
                <ServiceBadge/>
            </div>
            <p class="muted" role="status" data-testid="service-text">{move || service.with(|s| words::registration(i18n, s).1)}</p>
        </div>
    }
}

/// The fields while they are typed into.
#[derive(Clone, Copy)]
struct Fields {
    user: RwSignal<String>,
    domain: RwSignal<String>,
    password: RwSignal<String>,
    servers: RwSignal<String>,
    auth_user: RwSignal<String>,
    display_name: RwSignal<String>,
    expires: RwSignal<String>,
    transport: RwSignal<SipTransport>,
    mode: RwSignal<usize>,
    codecs: RwSignal<usize>,
}

impl Fields {
    fn of(typed: Typed) -> Self {
        let place = |found: Option<usize>| RwSignal::new(found.unwrap_or(0));
        Self {
            mode: place(MODES.iter().position(|mode| *mode == typed.dtmf)),
            codecs: place(CODECS.iter().position(|order| **order == *typed.codecs)),
            user: RwSignal::new(typed.user),
            domain: RwSignal::new(typed.domain),
            password: RwSignal::new(String::new()),
            servers: RwSignal::new(typed.servers),
            auth_user: RwSignal::new(typed.auth_user),
            display_name: RwSignal::new(typed.display_name),
            expires: RwSignal::new(typed.expires),
            transport: RwSignal::new(typed.transport),
        }
    }

    fn typed(self) -> Typed {
        Typed {
            user: self.user.get_untracked(),
            domain: self.domain.get_untracked(),
            servers: self.servers.get_untracked(),
            auth_user: self.auth_user.get_untracked(),
            display_name: self.display_name.get_untracked(),
            expires: self.expires.get_untracked(),
            transport: self.transport.get_untracked(),
            dtmf: MODES.get(self.mode.get_untracked()).copied().unwrap_or_default(),
            codecs: CODECS.get(self.codecs.get_untracked()).map(|order| order.to_vec()).unwrap_or_default(),
        }
    }
}

/// What is wrong, by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Account(AccountProblem),
    NoPassword,
}

#[component]
fn Form(typed: Typed, is_new: bool) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let toasts = expect_context::<Toasts>();
    let fields = Fields::of(typed);
    let wrong = RwSignal::new(None::<Wrong>);
    let saving = RwSignal::new(false);
    let problem = move |which: Wrong| {
        Signal::derive(move || (wrong.get() == Some(which)).then(|| words_of(i18n, which).to_owned()))
    };
    let advanced_open = move || {
        matches!(
            wrong.get(),
            Some(Wrong::Account(AccountProblem::Server | AccountProblem::Expires | AccountProblem::Codecs))
        )
    };

    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let password = fields.password.get_untracked();
        let account = match fields.typed().account() {
            Err(problem) => return wrong.set(Some(Wrong::Account(problem))),
            Ok(_) if is_new && password.is_empty() => return wrong.set(Some(Wrong::NoPassword)),
            Ok(account) => account,
        };
        wrong.set(None);
        saving.set(true);
        let password = (!password.is_empty()).then(|| Secret::new(password));
        orders.ask(SaveAccount { account, password }, move |answer| {
            saving.try_set(false);
            match answer {
                Ok(()) => {
                    fields.password.try_set(String::new());
                    toasts.show(t_string!(i18n, app.saved).to_owned(), Tone::Status);
                }
                Err(problem) => orders.say(&problem),
            }
        });
    };

    view! {
        <form class="stack-l" novalidate on:submit=save>
            <div class="stack fields">
                <Field id="user" label=say!(i18n, account.user) hint=say!(i18n, account.user_hint) value=fields.user problem=problem(Wrong::Account(AccountProblem::User))/>
                <Field id="domain" label=say!(i18n, account.domain) hint=say!(i18n, account.domain_hint) value=fields.domain problem=problem(Wrong::Account(AccountProblem::Domain))/>
                <Field
                    id="password"
                    label=say!(i18n, account.password)
                    hint=if is_new { say!(i18n, account.password_hint) } else { say!(i18n, account.password_kept) }
                    kind=Kind::Password
                    value=fields.password
                    problem=problem(Wrong::NoPassword)
                />
            </div>
            <details open=advanced_open>
                <summary><Glyph icon=Icon::Down/>{say!(i18n, account.advanced)}</summary>
                <div class="stack fields">
                    <Choice
                        shape=Shape::Segmented
                        name="transport"
                        legend=say!(i18n, account.transport)
                        legend_shown=LegendShown::Shown
                        options=vec![(SipTransport::Udp, t_string!(i18n, account.udp)), (SipTransport::Tcp, t_string!(i18n, account.tcp))]
                        value=fields.transport
                        on_choose=move |transport| fields.transport.set(transport)
                    />
                    <div class="pair">
                        <Select
                            id="dtmf"
                            label=say!(i18n, account.dtmf)
                            options=Signal::derive(move || vec![
                                t_string!(i18n, account.rfc4733).to_owned(),
                                t_string!(i18n, account.info).to_owned(),
                                t_string!(i18n, account.both).to_owned(),
                                t_string!(i18n, account.auto).to_owned(),
                            ])
                            value=fields.mode
                            on_choose=move |place| fields.mode.set(place)
                        />
                        <Select
                            id="codecs"
                            label=say!(i18n, account.codecs)
                            options=Signal::derive(move || vec![
                                t_string!(i18n, account.pcma_pcmu).to_owned(),
                                t_string!(i18n, account.pcmu_pcma).to_owned(),
                                t_string!(i18n, account.pcma).to_owned(),
                                t_string!(i18n, account.pcmu).to_owned(),
                            ])
                            value=fields.codecs
                            on_choose=move |place| fields.codecs.set(place)
                        />
                    </div>
                    <Field id="servers" label=say!(i18n, account.servers) hint=say!(i18n, account.servers_hint) kind=Kind::Lines value=fields.servers problem=problem(Wrong::Account(AccountProblem::Server))/>
                    <div class="pair">
                        <Field id="auth-user" label=say!(i18n, account.auth_user) hint=say!(i18n, account.auth_user_hint) value=fields.auth_user/>
                        <Field id="display-name" label=say!(i18n, account.display_name) value=fields.display_name/>
                    </div>
                    <Field id="expires" label=say!(i18n, account.expires) kind=Kind::Number value=fields.expires problem=problem(Wrong::Account(AccountProblem::Expires))/>
                </div>
            </details>
            <div class="cluster">
                <button class="btn btn-primary btn-l" type="submit" data-testid="save-account" disabled=move || saving.get()>
                    <Show when=move || saving.get()><span class="spinner" aria-hidden="true"></span></Show>
                    {say!(i18n, account.save)}
                </button>
            </div>
        </form>
    }
}

fn words_of(i18n: Catalogue, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Account(AccountProblem::User) => t_string!(i18n, account.bad_user),
        Wrong::Account(AccountProblem::Domain) => t_string!(i18n, account.bad_domain),
        Wrong::Account(AccountProblem::Server) => t_string!(i18n, account.bad_server),
        Wrong::Account(AccountProblem::Codecs) => t_string!(i18n, account.bad_codecs),
        Wrong::Account(AccountProblem::Expires) => t_string!(i18n, account.bad_expires),
        Wrong::NoPassword => t_string!(i18n, account.no_password),
    }
}
