//! Ways to hand a card over.

use leptos::prelude::*;
use vestibule_model::{Site, VisitorId};

use super::card::Paper;
use super::{Shown, paper, pdf, send};
use crate::catalogue::{Catalogue, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::{self, Toasts, Tone, Visitors};

/// A way to hand it over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Share,
    Copy,
    Mail,
    Png,
    Pdf,
    Print,
}

/// Everything that the buttons use.
#[derive(Clone, Copy)]
struct Tools {
    id: VisitorId,
    i18n: Catalogue,
    toasts: Toasts,
    visitors: Visitors,
    site: Memo<Site>,
}

impl Tools {
    fn gather(id: VisitorId) -> Self {
        Self {
            id,
            i18n: use_i18n(),
            toasts: expect_context(),
            visitors: expect_context(),
            site: expect_context::<Shown>().site,
        }
    }

    fn paper(self) -> Option<Paper> {
        untrack(|| {
            let visitor = self.visitors.find(self.id)?;
            self.site.with(|site| Paper::of(self.i18n, &visitor, site, state::now()))
        })
    }
}

/// The buttons.
#[component]
pub(super) fn Give(id: VisitorId) -> impl IntoView {
    let tools = Tools::gather(id);
    let i18n = tools.i18n;
    let can_share = send::can_share();
    let share = can_share.then(|| {
        tile(
            tools,
            Way::Share,
            "btn btn-primary btn-tile",
            Icon::Share,
            "share",
            t_string!(i18n, visitor.share),
        )
    });
    let plain = "btn btn-tile";
    view! {
        <section class="stack no-print" aria-labelledby="t-give">
            <h3 id="t-give" class="lead">{t_string!(i18n, visitor.give)}</h3>
            <div class="tiles">
                {share}
                {tile(tools, Way::Copy, plain, Icon::Copy, "copy-pin", t_string!(i18n, visitor.copy_pin))}
                {tile(tools, Way::Mail, plain, Icon::Mail, "email", t_string!(i18n, visitor.email))}
                {tile(tools, Way::Png, plain, Icon::Image, "save-png", t_string!(i18n, visitor.save_png))}
                {tile(tools, Way::Pdf, plain, Icon::Download, "save-pdf", t_string!(i18n, visitor.save_pdf))}
                {tile(tools, Way::Print, plain, Icon::Print, "print", t_string!(i18n, visitor.print))}
            </div>
        </section>
    }
}

/// The best way of a phone, under the thumb.
pub(super) fn foot(id: VisitorId) -> Option<AnyView> {
    let tools = Tools::gather(id);
    send::can_share().then(|| {
        view! {
            <div class="pane-foot visitors-give">
                <button class="btn btn-primary btn-l btn-block" type="button" on:click=move |_| give(tools, Way::Share)>
                    <Glyph icon=Icon::Share/>
                    <span>{t_string!(tools.i18n, visitor.share)}</span>
                </button>
            </div>
        }
        .into_any()
    })
}

fn tile(
    tools: Tools,
    way: Way,
    class: &'static str,
    icon: Icon,
    id: &'static str,
    words: &'static str,
) -> AnyView {
    view! {
        <button class=class type="button" data-testid=id on:click=move |_| give(tools, way)>
            <Glyph icon/>
            <span>{words}</span>
        </button>
    }
    .into_any()
}

fn give(tools: Tools, way: Way) {
    let Some(card) = tools.paper() else { return };
    let i18n = tools.i18n;
    let say = move |words: String, tone| tools.toasts.show(words, tone);
    let not_drawn = move || say(t_string!(i18n, visitor.not_drawn).to_owned(), Tone::Problem);
    match way {
        Way::Copy => leptos::task::spawn_local(async move {
            if send::copy_for_a_minute(&card.pin).await {
                say(t_string!(i18n, visitor.copied).to_owned(), Tone::Status);
            } else {
                say(t_string!(i18n, visitor.not_copied).to_owned(), Tone::Problem);
            }
        }),
        Way::Mail => send::mail(&heading(i18n, &card), &text(i18n, &card)),
        Way::Print => {
            // A window that cannot print says so itself.
            let _ = window().print();
        }
        Way::Share => {
            let picture = paper::draw(&card).and_then(|canvas| paper::encode(&canvas, "image/png"));
            let name = file_name(&card.name, "png");
            leptos::task::spawn_local(async move {
                let (title, text) = (heading(i18n, &card), text(i18n, &card));
                if !send::share(&title, &text, picture.as_deref().map(|bytes| (name.as_str(), bytes))).await {
                    say(t_string!(i18n, visitor.not_shared).to_owned(), Tone::Problem);
                }
            });
        }
        Way::Png | Way::Pdf => {
            let (end, kind) = if way == Way::Png { ("png", "image/png") } else { ("pdf", "application/pdf") };
            let bytes = paper::draw(&card).and_then(|canvas| match way {
                Way::Png => paper::encode(&canvas, kind),
                _ => {
                    let jpeg = paper::encode(&canvas, "image/jpeg")?;
                    Some(pdf::page(&jpeg, canvas.width(), canvas.height(), &heading(i18n, &card)))
                }
            });
            let name = file_name(&card.name, end);
            if bytes.is_some_and(|bytes| send::save(&name, kind, &bytes)) {
                say(t_string!(i18n, visitor.saved, file = name), Tone::Status);
            } else {
                not_drawn();
            }
        }
    }
}

/// A title, in which nothing is secret.
fn heading(i18n: Catalogue, card: &Paper) -> String {
    t_string!(i18n, visitor.card_for, name = card.name)
}

/// The card as lines of text.
fn text(i18n: Catalogue, card: &Paper) -> String {
    let line = |label: &str, value: &str| t_string!(i18n, visitor.fact_line, label = label, value = value);
    let mut lines = vec![t_string!(i18n, visitor.share_pin, site = card.site, pin = card.pin.reveal())];
    lines.push(line(t_string!(i18n, visitor.address), &card.address));
    lines.extend(card.facts.iter().map(|(label, value)| line(label, value)));
    lines.join("\n")
}

/// A name for a file that every system takes: letters and digits, with lines between.
fn file_name(name: &str, end: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
    let mut words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    words.insert(0, "visitor");
    format!("{}.{end}", words.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_that_every_system_takes() {
        for (name, file) in [
            ("Courier", "visitor-Courier.png"),
            ("../etc/passwd ", "visitor-etc-passwd.png"),
            ("ضيف", "visitor-ضيف.png"),
            ("🚪", "visitor.png"),
        ] {
            assert_eq!(file_name(name, "png"), file);
        }
    }
}
