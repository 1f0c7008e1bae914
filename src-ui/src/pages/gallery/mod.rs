//! Every component in every state, for those who build them. Not a page of the app: in English only, and outside of
//! the catalogue.

mod controls;
mod feedback;
mod rows;
mod stage;

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// The page.
#[component]
pub(crate) fn Gallery() -> impl IntoView {
    view! {
        <main id="main" tabindex="-1" lang="en" dir="ltr" class="gallery-page" data-testid="gallery">
            <section class="pane" aria-labelledby="t-gallery">
                <header class="pane-head"><h1 id="t-gallery" class="grow">"Component gallery"</h1></header>
                <div class="pane-body">
                    <div class="gallery">
                        {controls::sections()}
                        {rows::sections()}
                        {feedback::sections()}
                        {stage::sections()}
                        {icons()}
                    </div>
                </div>
            </section>
        </main>
    }
}

/// One component under its heading.
fn section(id: &'static str, title: &'static str, content: AnyView) -> AnyView {
    view! { <section class="stack" aria-labelledby=id><h2 id=id>{title}</h2>{content}</section> }.into_any()
}

/// One component that needs the width of the page.
fn wide_section(id: &'static str, title: &'static str, content: AnyView) -> AnyView {
    view! { <section class="stack gallery-wide" aria-labelledby=id><h2 id=id>{title}</h2>{content}</section> }
        .into_any()
}

fn icons() -> AnyView {
    let all = Icon::ALL
        .iter()
        .map(|icon| view! { <li><Glyph icon=*icon/><code>{icon.id()}</code></li> })
        .collect_view();
    wide_section("g-icons", "Icons", view! { <ul class="gallery-icons">{all}</ul> }.into_any())
}
