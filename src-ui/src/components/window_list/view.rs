//! Which rows are drawn, and where on the page.

use std::collections::HashMap;
use std::ops::Range;

use leptos::html;
use leptos::prelude::*;

use super::heights::{Heights, Shape};
use super::lines::{Line, step};
use super::port::{self, Port, focus};

/// Rows that are drawn before the size of the window is known.
const AT_FIRST: usize = 24;
/// More rows are asked for when so many of those that were read are still to come.
const AHEAD: usize = 80;
/// Pixels by which a row may move before it is put back: browsers round.
const TOLERANCE: f64 = 1.0;

/// The list as it lies in its pane, which scrolls.
#[derive(Clone, Copy)]
pub(super) struct View {
    list: NodeRef<html::Ul>,
    lines: Signal<Vec<Line>>,
    near_end: Callback<()>,
    /// The rows that are drawn.
    pub(super) drawn: RwSignal<Range<usize>>,
    heights: StoredValue<Heights>,
    /// The rows that `heights` holds.
    ids: StoredValue<Vec<i64>>,
    anchor: StoredValue<Option<Anchor>>,
    /// The row that has, or had last, the focus.
    focused: StoredValue<Option<i64>>,
    /// The row that takes the focus as soon as it is drawn.
    goal: StoredValue<Option<usize>>,
    /// Whether the focus was in the list before rows were drawn.
    inside: StoredValue<bool>,
    width: StoredValue<i32>,
    framed: StoredValue<bool>,
}

/// The row at the upper edge of the pane: it stays there.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    id: i64,
    /// Where it was last.
    index: usize,
    /// Where it began, in the list, when it came there.
    top: f64,
}

impl View {
    pub(super) fn new(list: NodeRef<html::Ul>, lines: Signal<Vec<Line>>, near_end: Callback<()>) -> Self {
        let at_first = lines.with_untracked(Vec::len).min(AT_FIRST);
        Self {
            list,
            lines,
            near_end,
            drawn: RwSignal::new(0..at_first),
            heights: StoredValue::new(Heights::default()),
            ids: StoredValue::new(Vec::new()),
            anchor: StoredValue::new(None),
            focused: StoredValue::new(None),
            goal: StoredValue::new(None),
            inside: StoredValue::new(false),
            width: StoredValue::new(0),
            framed: StoredValue::new(false),
        }
    }

    /// Follows the rows, the scrolling, and the sizes, as long as the component lives.
    pub(super) fn follow(self, wanted: RwSignal<Option<i64>>) {
        Effect::new(move |_| {
            self.lines.track();
            self.take_lines();
            // The rows that were drawn change first: to ask now where they lie would have the page laid out twice.
            self.settle_soon();
        });
        Effect::new(move |_| {
            self.drawn.track();
            self.settle_soon();
        });
        Effect::new(move |_| {
            if let Some(id) = wanted.get() {
                wanted.set(None);
                match (self.index_of(id), self.port()) {
                    (Some(index), _) => self.go(index),
                    // The row is gone, the list is not.
                    (None, Some(port)) => focus(&port.list),
                    (None, None) => (),
                }
            }
        });
        Effect::new(move |_| {
            if let Some(list) = self.list.get() {
                port::watch(&list, move || self.scrolled(), move || self.settle_soon());
            }
        });
    }

    /// Goes where a key leads, and tells to which row.
    pub(super) fn step(self, key: &str) -> Option<i64> {
        let from = self.focused.get_value().and_then(|id| self.index_of(id));
        let to = step(key, from, self.lines.with_untracked(Vec::len))?;
        self.go(to);
        self.lines.with_untracked(|lines| lines.get(to).map(|line| line.id))
    }

    pub(super) fn focus_is_on(self, id: i64) {
        self.focused.set_value(Some(id));
    }

    /// Takes the focus to a row, drawn or not.
    fn go(self, index: usize) {
        self.goal.set_value(Some(index));
        let Some(port) = self.port() else { return };
        if !self.drawn.get_untracked().contains(&index) {
            let top = self.heights.with_value(|heights| heights.top(index));
            port.pane.scroll_by_with_x_and_y(0.0, top - port.y - port.height / 3.0);
            self.scrolled();
        }
        self.settle_soon();
    }

    fn scrolled(self) {
        // What was drawn since the last frame has to be where it is thought to be.
        if self.framed.get_value() {
            self.measure();
        }
        self.remember();
        self.look();
    }

    /// Notes what lies at the upper edge of the pane. A list that begins below it shows new rows as they come.
    fn remember(self) {
        let Some(port) = self.port() else { return };
        let anchor = (port.y > 0.0).then(|| {
            let (index, top) = self.heights.with_value(|heights| {
                let index = heights.at(port.y);
                (index, heights.top(index))
            });
            let id = self.lines.with_untracked(|lines| lines.get(index).map(|line| line.id));
            id.map(|id| Anchor { id, index, top })
        });
        self.anchor.set_value(anchor.flatten());
    }

    /// Draws the rows near the window, unless they are drawn already.
    fn look(self) {
        let Some(port) = self.port() else { return };
        let count = self.heights.with_value(Heights::len);
        let near = |pages: f64| {
            let end = port.y + port.height * (1.0 + pages);
            let range = |heights: &Heights| {
                heights.at(port.y - port.height * pages)..(heights.at(end) + 1).min(count)
            };
            self.heights.with_value(range)
        };
        let (needed, drawn) = (near(0.5), self.drawn.get_untracked());
        if drawn.start > needed.start || drawn.end < needed.end || drawn.end > count {
            let wanted = near(1.0);
            self.keep_focus(&port, &wanted);
            self.drawn.set(wanted);
            self.pad(&port);
        }
        if needed.end + AHEAD > count {
            self.near_end.run(());
        }
    }

    /// The focus does not go with a row that is no longer drawn: the list holds it until the row is back.
    fn keep_focus(self, port: &Port, drawn: &Range<usize>) {
        let inside = document().active_element().is_some_and(|active| port.list.contains(Some(&active)));
        self.inside.set_value(inside);
        let index = self.focused.get_value().and_then(|id| self.index_of(id));
        if inside && index.is_some_and(|index| !drawn.contains(&index)) {
            focus(&port.list);
        }
    }

    /// Makes room for the rows that are not drawn.
    fn pad(self, port: &Port) {
        let drawn = self.drawn.get_untracked();
        let (before, after) = self
            .heights
            .with_value(|heights| (heights.top(drawn.start), heights.total() - heights.top(drawn.end)));
        port.pad(before, after);
    }

    fn settle_soon(self) {
        if self.framed.get_value() {
            return;
        }
        self.framed.set_value(true);
        request_animation_frame(move || {
            // A frame may come after the page was left.
            if self.framed.try_set_value(false).is_none() {
                self.settle();
            }
        });
    }

    /// Has everything in its place before it is seen.
    fn settle(self) {
        self.measure();
        self.look();
        if let Some(port) = self.port() {
            self.focus_goal(&port);
        }
    }

    /// Measures what is drawn, and keeps what is looked at where it is.
    fn measure(self) {
        let Some(port) = self.port() else { return };
        let width = port.list.client_width();
        if self.width.get_value() != width {
            self.width.set_value(width);
            self.heights.update_value(Heights::forget);
        }
        let drawn = self.drawn.get_untracked();
        let measured = port.measure();
        if measured.len() != drawn.len() {
            return;
        }
        self.heights.update_value(|heights| {
            let guessed = heights.is_guessed();
            for (index, height) in drawn.zip(measured) {
                if heights.known(index).is_none_or(|known| (known - height).abs() > 0.1) {
                    heights.measure(index, height);
                }
            }
            if guessed {
                heights.guess_anew();
            }
        });
        self.pad(&port);
        self.hold(&port);
    }

    /// Scrolls by what has moved the row at the upper edge: only by that, for meanwhile somebody may have scrolled.
    fn hold(self, port: &Port) {
        let Some(anchor) = self.anchor.get_value() else { return };
        let known = |lines: &Vec<Line>| lines.get(anchor.index).is_some_and(|line| line.id == anchor.id);
        let index = self.lines.with_untracked(known).then_some(anchor.index);
        let Some(index) = index.or_else(|| self.index_of(anchor.id)) else { return self.remember() };
        let top = self.heights.with_value(|heights| heights.top(index));
        let moved = top - anchor.top;
        if moved.abs() > TOLERANCE {
            port.pane.scroll_by_with_x_and_y(0.0, moved);
            self.anchor.set_value(Some(Anchor { index, top, ..anchor }));
        }
    }

    fn focus_goal(self, port: &Port) {
        let drawn = self.drawn.get_untracked();
        let active = document().active_element();
        // Where rows are drawn before it, a row is put in another place on the page, which takes the focus from it.
        let lost = active.as_ref().is_none_or(|active| active.matches("body").unwrap_or(false));
        let lost = self.inside.get_value() && lost;
        self.inside.set_value(false);
        let held = active.is_some_and(|active| *active == ***port.list);
        let index = match self.goal.get_value() {
            Some(goal) => goal,
            None if held || lost => match self.focused.get_value().and_then(|id| self.index_of(id)) {
                Some(index) => index,
                None => return,
            },
            None => return,
        };
        let place = index.checked_sub(drawn.start).filter(|_| drawn.contains(&index));
        let Some(row) = place.and_then(|place| port.row(place)) else { return };
        if self.goal.get_value().is_some() {
            self.goal.set_value(None);
            // This one shall be seen: the browser scrolls to it.
            let _ = row.focus();
        } else {
            focus(&row);
        }
    }

    /// Takes the rows as they are now, with the heights of those that were there before.
    fn take_lines(self) {
        let shape = |line: &Line| if line.place.first { Shape::Headed } else { Shape::Plain };
        self.lines.with_untracked(|lines| {
            self.ids.update_value(|ids| {
                self.heights.update_value(|heights| {
                    let same = ids.len() <= lines.len() && ids.iter().zip(lines).all(|(id, l)| *id == l.id);
                    if !same {
                        let known = ids.iter().enumerate();
                        let known: HashMap<i64, f64> =
                            known.filter_map(|(index, id)| Some((*id, heights.known(index)?))).collect();
                        heights.clear();
                        ids.clear();
                        lines.iter().for_each(|line| heights.push(shape(line), known.get(&line.id).copied()));
                    } else {
                        lines.iter().skip(ids.len()).for_each(|line| heights.push(shape(line), None));
                    }
                    ids.extend(lines.iter().skip(ids.len()).map(|line| line.id));
                });
            });
        });
    }

    fn index_of(self, id: i64) -> Option<usize> {
        self.lines.with_untracked(|lines| lines.iter().position(|line| line.id == id))
    }

    fn port(self) -> Option<Port> {
        Port::find(&self.list.try_get_untracked().flatten()?)
    }
}
