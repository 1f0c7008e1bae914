//! The facility management: who is there for what, and how to reach them.

use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, ListContacts};
use vestibule_model::{Contact, ContactPurpose};

use super::{PATIENCE, links};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::icon::{Glyph, Icon};
use crate::state::{Orders, use_orders};
use crate::words;

/// What they are there for, in the order in which they are asked most.
const PURPOSES: [ContactPurpose; 3] =
    [ContactPurpose::Technical, ContactPurpose::Operations, ContactPurpose::Billing];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Loaded {
    Loading,
    Failed(ErrorCode),
    Ready(Vec<Contact>),
}

/// The contacts in groups, once they are there.
#[component]
pub(super) fn Contacts() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let loaded = RwSignal::new(Loaded::Loading);
    load(orders, loaded);
    move || {
        match loaded.get() {
        Loaded::Loading => view! {
            <div role="status"><span class="vh">{t_string!(i18n, app.loading)}</span><SkeletonRows/></div>
        }
        .into_any(),
        Loaded::Failed(code) => view! {
            <div role="alert">
                <Empty icon=Icon::Alert title=t_string!(i18n, report.not_read) text=words::error(i18n, code)>
                    <button class="btn" type="button" on:click=move |_| load(orders, loaded)>{t_string!(i18n, app.try_again)}</button>
                </Empty>
            </div>
        }
        .into_any(),
        Loaded::Ready(contacts) if contacts.is_empty() => view! {
            <Empty icon=Icon::Building title=t_string!(i18n, report.nobody) text=t_string!(i18n, report.nobody_hint)/>
        }
        .into_any(),
        Loaded::Ready(contacts) => {
            PURPOSES.into_iter().filter_map(|purpose| group(i18n, purpose, &contacts)).collect_view().into_any()
        }
    }
    }
}

fn load(orders: Orders, loaded: RwSignal<Loaded>) {
    loaded.set(Loaded::Loading);
    orders.ask(ListContacts {}, move |answer| {
        // The page may be gone by now, and an answer that is late is better than none.
        loaded.try_set(match answer {
            Ok(contacts) => Loaded::Ready(contacts),
            Err(problem) => Loaded::Failed(problem.code),
        });
    });
    let give_up = move || {
        if loaded.try_get_untracked() == Some(Loaded::Loading) {
            loaded.set(Loaded::Failed(ErrorCode::Network));
        }
    };
    set_timeout(give_up, PATIENCE);
}

fn group(i18n: Catalogue, purpose: ContactPurpose, contacts: &[Contact]) -> Option<AnyView> {
    let own: Vec<_> = contacts.iter().filter(|contact| contact.purpose == purpose).cloned().collect();
    if own.is_empty() {
        return None;
    }
    let (id, icon, title) = match purpose {
        ContactPurpose::Technical => ("t-technical", Icon::Tools, t_string!(i18n, report.technical)),
        ContactPurpose::Operations => ("t-operations", Icon::Building, t_string!(i18n, report.operations)),
        ContactPurpose::Billing => ("t-billing", Icon::Receipt, t_string!(i18n, report.billing)),
    };
    let cards = own.into_iter().map(|contact| card(i18n, icon, contact)).collect_view();
    let group = view! {
        <section class="stack-s" aria-labelledby=id>
            <h2 class="day" id=id>{title}</h2>
            <ul class="stack">{cards}</ul>
        </section>
    };
    Some(group.into_any())
}

fn card(i18n: Catalogue, icon: Icon, contact: Contact) -> AnyView {
    let Contact { name, role, phone, email, .. } = contact;
    let (tel, mailto) = (links::tel(&phone), links::mailto(&email));
    let silent = phone.trim().is_empty() && email.trim().is_empty();
    let line = |text: String| {
        // Numbers and addresses are read from the left in every language.
        (!text.trim().is_empty()).then(|| view! { <p class="small num"><bdi dir="ltr">{text}</bdi></p> })
    };
    let has_link = tel.is_some() || mailto.is_some();
    let call = tel.map(|href| {
        let full = t_string!(i18n, report.call_name, name = name);
        link(Icon::Phone, href, t_string!(i18n, report.call), full)
    });
    let write = mailto.map(|href| {
        let full = t_string!(i18n, report.write_name, name = name);
        link(Icon::Mail, href, t_string!(i18n, report.write), full)
    });
    view! {
        <li class="card stack contact-card" data-testid="contact-row">
            <div class="contact">
                <span class="tile"><Glyph icon/></span>
                <div class="row-text">
                    <h3 class="row-title"><bdi>{name.clone()}</bdi></h3>
                    {(!role.trim().is_empty()).then(|| view! { <p class="row-sub"><bdi>{role}</bdi></p> })}
                    {line(phone)}
                    {line(email)}
                    {silent.then(|| view! { <p class="small muted">{say!(i18n, report.unreachable)}</p> })}
                </div>
            </div>
            {has_link.then(|| view! { <div class="tiles">{call}{write}</div> })}
        </li>
    }
    .into_any()
}

fn link(icon: Icon, href: String, short: &'static str, full: String) -> AnyView {
    view! {
        <a class="btn" href=href>
            <Glyph icon/>
            <span aria-hidden="true">{short}</span>
            <span class="vh">{full}</span>
        </a>
    }
    .into_any()
}
