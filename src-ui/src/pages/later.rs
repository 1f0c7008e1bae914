//! The pages beyond Home, in a file of their own: a ringing call and the first page do not wait for them.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::catalogue::{t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::Icon;

/// How long after the first page the file is fetched. To compile it takes the processor for a second, which belongs to a
/// call that rings while the app starts.
const SOON: Duration = Duration::from_secs(5);

/// A page of that file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Access,
    #[cfg(feature = "fake")]
    Gallery,
    History,
    #[cfg(feature = "fake")]
    MobileAccess,
    Report,
    Settings,
    SignIn,
    Visitors,
}

/// What is in the file. Nothing else may name these pages, or they come with the first one.
#[wasm_split(pages, preload(fetch), fallible)]
fn draw(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::Access => super::access::Access().into_any(),
        #[cfg(feature = "fake")]
        Page::Gallery => super::gallery::Gallery().into_any(),
        Page::History => super::history::History().into_any(),
        #[cfg(feature = "fake")]
        Page::MobileAccess => super::mobile::MobileAccess().into_any(),
        Page::Report => super::report::Report().into_any(),
        Page::Settings => super::settings::Settings().into_any(),
        Page::SignIn => super::sign_in::SignIn().into_any(),
        Page::Visitors => super::visitors::Visitors().into_any(),
    })
}

/// Whether the file is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    /// Nobody has asked for it yet.
    Away,
    Wanted,
    Here,
    /// It was not to be had.
    Missing,
}

/// The file of these pages, which the window fetches once.
#[derive(Clone, Copy)]
pub(crate) struct Pages(RwSignal<File>);

impl Pages {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(File::Away))
    }

    /// Fetches it after a while, so that it is there when somebody goes to one of its pages.
    pub(crate) fn fetch_soon(self) {
        let fetch = move || {
            if self.0.try_get_untracked() == Some(File::Away) {
                self.fetch();
            }
        };
        set_timeout(fetch, SOON);
    }

    fn fetch(self) {
        if !matches!(self.0.get_untracked(), File::Here | File::Wanted) {
            self.0.set(File::Wanted);
            leptos::task::spawn_local(async move {
                let there = fetch().await.is_ok();
                self.0.set(if there { File::Here } else { File::Missing });
            });
        }
    }
}

/// A page, once its file is there.
#[component]
pub(crate) fn Later(page: Page) -> impl IntoView {
    let pages = expect_context::<Pages>();
    if pages.0.get_untracked() == File::Away {
        pages.fetch();
    }
    move || {
        let file = pages.0.get();
        // With the file at hand there is nothing to wait for.
        match (file == File::Here).then(|| at_once(draw(page))).flatten() {
            Some(Ok(view)) => view,
            None if file == File::Wanted => waiting(),
            _ => not_here("", move || pages.fetch()),
        }
    }
}

/// What is there before a page is.
pub(crate) fn waiting() -> AnyView {
    let i18n = use_i18n();
    in_its_place(view! {
        <div class="empty fill" role="status">
            <span class="spinner" aria-hidden="true"></span>
            <h1 class="vh">{t_string!(i18n, app.loading)}</h1>
        </div>
    })
}

/// What is there when a page is not to be had, with a button that tries again.
pub(crate) fn not_here(why: &'static str, again: impl Fn() + Send + Sync + 'static) -> AnyView {
    let i18n = use_i18n();
    in_its_place(view! {
        <Empty icon=Icon::Alert title=t_string!(i18n, app.failed) text=why>
            <h1 class="vh">{t_string!(i18n, app.failed)}</h1>
            <button class="btn btn-primary" type="button" on:click=move |_| again()>{t_string!(i18n, app.try_again)}</button>
        </Empty>
    })
}

fn in_its_place(content: impl IntoView + 'static) -> AnyView {
    view! {
        <main id="main" tabindex="-1">
            <section class="pane">
                <div class="pane-body fill">{content}</div>
            </section>
        </main>
    }
    .into_any()
}

fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}
