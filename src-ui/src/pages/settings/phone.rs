//! How the building configures this phone.

use leptos::prelude::*;
use vestibule_ipc::RenewConfiguration;
use vestibule_model::api::ConfigurationMode;
use vestibule_model::{AudioCodec, DtmfMode, PhoneSetup, PhoneState, SipAccount, SipTransport, Unsupported};

use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::dialog::Confirm;
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::state::{Building, Preferences, Toasts, Tone, use_orders};

/// Whether the building owns the account and its intercoms, so that they are only shown here.
pub(super) fn use_owned() -> Memo<bool> {
    let Building(building) = expect_context();
    let Preferences(preferences) = expect_context();
    Memo::new(move |_| {
        building.with(|site| {
            let account = preferences.with(|settings| settings.account.clone());
            site.as_ref().zip(account).is_some_and(|(site, account)| site.phone.owns(&account))
        })
    })
}

/// What the building says of this phone, and a way to ask it anew.
#[component]
pub(super) fn FromBuilding() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let toasts = expect_context::<Toasts>();
    let Building(building) = expect_context();
    let setup = Memo::new(move |_| building.with(|site| site.as_ref().map(|site| site.phone.clone())));
    let is_own = Memo::new(move |_| {
        setup.with(|setup| setup.as_ref().is_some_and(|setup| setup.state == PhoneState::OwnAccount))
    });
    let reachable = Memo::new(move |_| building.with(|site| site.as_ref().is_some_and(|site| site.online)));
    let asking = RwSignal::new(false);
    let renewing = RwSignal::new(false);
    let renew = move || {
        renewing.set(true);
        orders.ask(RenewConfiguration {}, move |answer| {
            renewing.try_set(false);
            match answer {
                // Every other state stands on the page.
                Ok(PhoneState::Configured) => {
                    toasts.show(t_string!(i18n, account.renewed).to_owned(), Tone::Status);
                }
                Ok(_) => (),
                Err(problem) => orders.say(&problem),
            }
        });
    };
    let press = move |_| if is_own.get_untracked() { asking.set(true) } else { renew() };
    view! {
        <Show when=move || setup.with(Option::is_some)>
            <section class="card stack" aria-labelledby="t-building">
                <div class="stack-s">
                    <h3 id="t-building" class="lead">{say!(i18n, account.from_building)}</h3>
                    <p role="status" data-testid="phone-setup">
                        {move || setup.with(|setup| setup.as_ref().map(|setup| words(i18n, setup)))}
                    </p>
                    {move || {
                        let age = setup.with(|setup| setup.as_ref().and_then(|setup| age(i18n, setup)));
                        age.map(|age| view! { <p class="hint">{age}</p> })
                    }}
                </div>
                <div class="cluster">
                    <button
                        class="btn"
                        type="button"
                        data-testid="renew-configuration"
                        disabled=move || renewing.get() || !reachable.get()
                        on:click=press
                    >
                        <Show when=move || renewing.get() fallback=|| view! { <Glyph icon=Icon::Refresh/> }>
                            <span class="spinner" aria-hidden="true"></span>
                        </Show>
                        <span>{move || match is_own.get() {
                            true => t_string!(i18n, account.adopt),
                            false => t_string!(i18n, account.renew),
                        }}</span>
                    </button>
                </div>
            </section>
            <Confirm
                open=asking
                title=say!(i18n, account.adopt_title)
                text=say!(i18n, account.adopt_hint)
                safe=say!(i18n, app.keep)
                destroy=say!(i18n, account.adopt)
                on_destroy=renew
                destroy_id="adopt-configuration"
            />
        </Show>
    }
}

/// An account that is only shown.
#[component]
pub(super) fn Given(account: SipAccount) -> impl IntoView {
    let i18n = use_i18n();
    let SipAccount { user, domain, servers, transport, dtmf, codecs, .. } = account;
    let codecs = match codecs.as_slice() {
        [AudioCodec::Pcma] => t_string!(i18n, account.pcma),
        [AudioCodec::Pcmu] => t_string!(i18n, account.pcmu),
        [AudioCodec::Pcmu, ..] => t_string!(i18n, account.pcmu_pcma),
        _ => t_string!(i18n, account.pcma_pcmu),
    };
    let dtmf = match dtmf {
        DtmfMode::Rfc4733 => t_string!(i18n, account.rfc4733),
        DtmfMode::Info => t_string!(i18n, account.info),
        DtmfMode::Both => t_string!(i18n, account.both),
        DtmfMode::Auto => t_string!(i18n, account.auto),
    };
    let transport = match transport {
        SipTransport::Udp => t_string!(i18n, account.udp),
        SipTransport::Tcp => t_string!(i18n, account.tcp),
    };
    view! {
        <dl class="facts boxed" data-testid="given-account">
            <dt>{t_string!(i18n, account.user)}</dt><dd><bdi>{user}</bdi></dd>
            <dt>{t_string!(i18n, account.domain)}</dt><dd><bdi>{domain}</bdi></dd>
            {(!servers.is_empty()).then(|| view! {
                <dt>{t_string!(i18n, account.servers)}</dt><dd><bdi>{servers.join(", ")}</bdi></dd>
            })}
            <dt>{t_string!(i18n, account.transport)}</dt><dd>{transport}</dd>
            <dt>{t_string!(i18n, account.dtmf)}</dt><dd>{dtmf}</dd>
            <dt>{t_string!(i18n, account.codecs)}</dt><dd>{codecs}</dd>
        </dl>
    }
}

fn words(i18n: Catalogue, setup: &PhoneSetup) -> &'static str {
    match (setup.state, setup.mode) {
        (PhoneState::Waiting, _) => t_string!(i18n, account.setup_waiting),
        (PhoneState::OwnAccount, _) => t_string!(i18n, account.setup_own),
        (PhoneState::Configured, ConfigurationMode::Automatic) => t_string!(i18n, account.setup_automatic),
        (PhoneState::Configured, ConfigurationMode::Manual) => t_string!(i18n, account.setup_manual),
        (PhoneState::NoExchange, _) => t_string!(i18n, account.setup_none),
        (PhoneState::Unsupported(Unsupported::Transport), _) => t_string!(i18n, account.setup_transport),
        (PhoneState::Unsupported(Unsupported::Encryption), _) => t_string!(i18n, account.setup_encryption),
        (PhoneState::Unsupported(Unsupported::Codecs), _) => t_string!(i18n, account.setup_codecs),
        (PhoneState::DeviceLimit, _) => t_string!(i18n, account.setup_limit),
        (PhoneState::Removed, _) => t_string!(i18n, account.setup_removed),
    }
}

/// When it was read, and when it is again.
fn age(i18n: Catalogue, setup: &PhoneSetup) -> Option<String> {
    if setup.state == PhoneState::OwnAccount {
        return None;
    }
    let time = format::day_and_clock(setup.read_at?);
    let minutes = format::number(f64::from(setup.refresh_minutes));
    Some(t_string!(i18n, account.setup_read, time = time, minutes = minutes))
}
