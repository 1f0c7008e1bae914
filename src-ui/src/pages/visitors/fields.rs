//! The fields of the form while they are typed into.

use leptos::prelude::*;
use vestibule_model::{ApartmentId, Visitor};

use super::entry::{Entry, Kind, entry};
use super::typed::{Limit, MOST_USES, NAME_LENGTH, Typed, Wrong};
use crate::catalogue::{Catalogue, t_string};
use crate::components::choice::{Choice, LegendShown, Shape};
use crate::components::days::Days;

/// One signal for each field.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) name: RwSignal<String>,
    pub(super) apartment: RwSignal<ApartmentId>,
    pub(super) apartment_door: RwSignal<bool>,
    from: RwSignal<String>,
    until: RwSignal<String>,
    pub(super) weekly: RwSignal<bool>,
    days: RwSignal<Vec<u8>>,
    hours_from: RwSignal<String>,
    hours_until: RwSignal<String>,
    limit: RwSignal<Limit>,
    several: RwSignal<String>,
}

/// What is wrong now; empty until it shall be shown.
pub(super) type Problems = Memo<Vec<Wrong>>;

impl Fields {
    pub(super) fn new(typed: Typed, base: &Visitor) -> Self {
        Self {
            name: RwSignal::new(typed.name),
            apartment: RwSignal::new(base.apartment),
            apartment_door: RwSignal::new(base.apartment_door),
            from: RwSignal::new(typed.from),
            until: RwSignal::new(typed.until),
            weekly: RwSignal::new(typed.weekly),
            days: RwSignal::new(typed.days),
            hours_from: RwSignal::new(typed.hours_from),
            hours_until: RwSignal::new(typed.hours_until),
            limit: RwSignal::new(typed.limit),
            several: RwSignal::new(typed.several),
        }
    }

    /// Everything that is typed.
    pub(super) fn typed(self) -> Typed {
        Typed {
            name: self.name.get(),
            from: self.from.get(),
            until: self.until.get(),
            weekly: self.weekly.get(),
            days: self.days.get(),
            hours_from: self.hours_from.get(),
            hours_until: self.hours_until.get(),
            limit: self.limit.get(),
            several: self.several.get(),
        }
    }

    /// Takes another preset over; the name is the caller's.
    pub(super) fn fill(self, typed: Typed) {
        self.from.set(typed.from);
        self.until.set(typed.until);
        self.weekly.set(typed.weekly);
        self.days.set(typed.days);
        self.hours_from.set(typed.hours_from);
        self.hours_until.set(typed.hours_until);
        self.limit.set(typed.limit);
        self.several.set(typed.several);
    }
}

pub(super) fn name(i18n: Catalogue, fields: Fields, problems: Problems) -> AnyView {
    entry(Entry {
        id: "visitor-name",
        kind: Kind::Name,
        label: t_string!(i18n, visitor_form.name),
        hint: Some(Signal::stored(t_string!(i18n, visitor_form.name_hint).to_owned())),
        value: fields.name,
        problem: problem(i18n, problems, &[Wrong::NoName, Wrong::LongName]),
    })
}

/// From when until when.
pub(super) fn dates(i18n: Catalogue, fields: Fields, problems: Problems) -> AnyView {
    let hint = |words: &'static str| Some(Signal::stored(words.to_owned()));
    let from = Entry {
        id: "visitor-from",
        kind: Kind::Moment,
        label: t_string!(i18n, visitor_form.valid_from),
        hint: hint(t_string!(i18n, visitor_form.from_hint)),
        value: fields.from,
        problem: problem(i18n, problems, &[Wrong::From]),
    };
    let until = Entry {
        id: "visitor-until",
        kind: Kind::Moment,
        label: t_string!(i18n, visitor_form.valid_until),
        hint: hint(t_string!(i18n, visitor_form.until_hint)),
        value: fields.until,
        problem: problem(i18n, problems, &[Wrong::Until, Wrong::EndBeforeBegin, Wrong::EndIsPast]),
    };
    view! { <div class="pair">{entry(from)}{entry(until)}</div> }.into_any()
}

/// Which days, and which hours of them.
pub(super) fn hours(i18n: Catalogue, fields: Fields, problems: Problems) -> AnyView {
    let days = fields.days;
    let time = |id, label, value, mine| {
        entry(Entry {
            id,
            kind: Kind::Time,
            label,
            hint: None,
            value,
            problem: problem(i18n, problems, mine),
        })
    };
    view! {
        <div class="stack-l">
            <Days
                legend=t_string!(i18n, visitor_form.days)
                is_chosen=move |day| days.with(|days| days.contains(&day))
                on_change=move |day, chosen| days.update(|days| {
                    days.retain(|known| *known != day);
                    if chosen {
                        days.push(day);
                        days.sort_unstable();
                    }
                })
                problem=problem(i18n, problems, &[Wrong::NoDays])
            />
            <div class="pair">
                {time("visitor-hours-from", t_string!(i18n, visitor_form.hours_from), fields.hours_from, &[Wrong::HoursFrom])}
                {time("visitor-hours-until", t_string!(i18n, visitor_form.hours_until), fields.hours_until, &[Wrong::HoursUntil, Wrong::HoursOrder])}
            </div>
        </div>
    }
    .into_any()
}

/// How many times.
pub(super) fn uses(i18n: Catalogue, fields: Fields, problems: Problems) -> AnyView {
    let limit = fields.limit;
    let several = move || {
        (limit.get() == Limit::Several).then(|| {
            entry(Entry {
                id: "visitor-several",
                kind: Kind::Number,
                label: t_string!(i18n, visitor_form.how_many),
                hint: None,
                value: fields.several,
                problem: problem(i18n, problems, &[Wrong::Several]),
            })
        })
    };
    view! {
        <div class="stack">
            <Choice
                shape=Shape::Segmented
                name="visitor-uses"
                legend=Signal::stored(t_string!(i18n, visitor_form.uses).to_owned())
                legend_shown=LegendShown::Shown
                options=vec![
                    (Limit::Once, t_string!(i18n, visitor_form.once)),
                    (Limit::Several, t_string!(i18n, visitor_form.several)),
                    (Limit::Unlimited, t_string!(i18n, visitor_form.unlimited)),
                ]
                value=limit
                on_choose=move |chosen| limit.set(chosen)
            />
            {several}
        </div>
    }
    .into_any()
}

/// The words for a field that may be wrong in these ways, while it is.
fn problem(i18n: Catalogue, problems: Problems, mine: &'static [Wrong]) -> Signal<Option<String>> {
    Signal::derive(move || {
        problems.with(|all| all.iter().find(|wrong| mine.contains(wrong)).map(|wrong| words(i18n, *wrong)))
    })
}

/// What is wrong, in plain words.
pub(super) fn words(i18n: Catalogue, wrong: Wrong) -> String {
    match wrong {
        Wrong::NoName => t_string!(i18n, visitor_form.no_name).to_owned(),
        Wrong::LongName => t_string!(i18n, visitor_form.long_name, count = NAME_LENGTH),
        Wrong::From | Wrong::Until => t_string!(i18n, visitor_form.bad_time).to_owned(),
        Wrong::EndBeforeBegin => t_string!(i18n, visitor_form.end_before_begin).to_owned(),
        Wrong::EndIsPast => t_string!(i18n, visitor_form.end_is_past).to_owned(),
        Wrong::NoDays => t_string!(i18n, visitor_form.no_days).to_owned(),
        Wrong::HoursFrom | Wrong::HoursUntil => t_string!(i18n, visitor_form.bad_hour).to_owned(),
        Wrong::HoursOrder => t_string!(i18n, visitor_form.hours_order).to_owned(),
        Wrong::Several => t_string!(i18n, visitor_form.bad_several, most = MOST_USES),
    }
}
