//! The card as a picture: black on white, whatever the theme, drawn by the browser so that every script comes out
//! right.

use js_sys::Reflect;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::card::Paper;
use crate::components::qr::{Matrix, QUIET};

/// Pixels across; on paper that is 250 dots an inch.
const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 80.0;
const INNER: f64 = WIDTH - 2.0 * MARGIN;

/// Where the values of the facts begin.
const VALUES: f64 = 320.0;

/// The column of everything else.
const WHOLE: (f64, f64) = (0.0, INNER);

const INK: &str = "#000";
const MUTED: &str = "#333";
const LINE: &str = "#999";
const GROUND: &str = "#fff";

/// How a text is drawn.
#[derive(Clone, Copy)]
struct Face {
    weight: u32,
    size: f64,
    color: &'static str,
}

const TITLE: Face = Face { weight: 680, size: 60.0, color: INK };
const SMALL: Face = Face { weight: 400, size: 38.0, color: MUTED };
const LEAD: Face = Face { weight: 600, size: 46.0, color: INK };
const DIGITS: Face = Face { weight: 600, size: 150.0, color: INK };
const FACT: Face = Face { weight: 400, size: 40.0, color: INK };

/// The card on a canvas; `None` where the browser cannot draw.
pub(super) fn draw(card: &Paper) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let mut pen = Pen { context, y: MARGIN, inks: false, mirrored: document().dir() == "rtl" };
    // The first round only finds out how high it becomes: a canvas that gets another size is empty again.
    pen.card(card);
    canvas.set_width(WIDTH as u32);
    canvas.set_height((pen.y + MARGIN) as u32);
    pen.context.set_fill_style_str(GROUND);
    pen.context.fill_rect(0.0, 0.0, WIDTH, pen.y + MARGIN);
    (pen.y, pen.inks) = (MARGIN, true);
    pen.card(card);
    Some(canvas)
}

/// The picture as a file of this kind.
pub(super) fn encode(canvas: &HtmlCanvasElement, kind: &str) -> Option<Vec<u8>> {
    let url = canvas.to_data_url_with_type_and_encoder_options(kind, &0.92.into()).ok()?;
    let (head, data) = url.split_once(',')?;
    // A browser that does not know the kind gives another.
    if !head.contains(kind) {
        return None;
    }
    let binary = leptos::prelude::window().atob(data).ok()?;
    Some(binary.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(0)).collect())
}

/// Draws from top to bottom.
struct Pen {
    context: CanvasRenderingContext2d,
    y: f64,
    /// Whether it draws, or only moves.
    inks: bool,
    /// Whether lines begin at the right.
    mirrored: bool,
}

impl Pen {
    fn card(&mut self, card: &Paper) {
        self.block(&card.site, TITLE, WHOLE);
        self.block(&card.address, SMALL, WHOLE);
        self.block(&card.flat, SMALL, WHOLE);
        self.rule();
        self.block(&card.title, LEAD, WHOLE);
        self.digits(card.pin.reveal());
        self.block(card.hint, SMALL, WHOLE);
        if let Some(matrix) = card.qr.as_ref().and_then(Matrix::of) {
            self.code(&matrix);
        }
        self.rule();
        for (label, value) in &card.facts {
            let top = self.y;
            self.block(label, Face { color: MUTED, ..FACT }, (0.0, VALUES - 20.0));
            let bottom = self.y;
            self.y = top;
            self.block(value, FACT, (VALUES, INNER - VALUES));
            self.y = self.y.max(bottom) + 10.0;
        }
    }

    /// Lines of text in a column: its distance from the edge, and its width.
    fn block(&mut self, text: &str, face: Face, (indent, room): (f64, f64)) {
        if text.is_empty() {
            return;
        }
        self.take(face);
        for line in self.wrap(text, room) {
            self.y += face.size * 1.35;
            self.text(&line, MARGIN + indent);
        }
    }

    /// The digits, each in its own place, in the order of reading digits, which is the same in every script.
    fn digits(&mut self, pin: &str) {
        self.take(DIGITS);
        let count = pin.chars().count().max(1) as f64;
        let step = (INNER / count).min(130.0);
        let start = if self.mirrored { WIDTH - MARGIN - step * count } else { MARGIN };
        self.y += DIGITS.size * 1.1;
        self.context.set_text_align("left");
        for (n, digit) in pin.chars().enumerate().filter(|_| self.inks) {
            let at = start + step * n as f64;
            // A canvas that draws no text has drawn nothing else either.
            let _ = self.context.fill_text_with_max_width(&digit.to_string(), at, self.y, step);
        }
        self.y += 20.0;
    }

    fn code(&mut self, matrix: &Matrix) {
        let side = (matrix.side() + 2 * QUIET) as f64;
        let module = (620.0 / side).floor().max(1.0);
        let left = ((WIDTH - module * side) / 2.0).floor();
        let (top, quiet) = (self.y.ceil(), QUIET as f64);
        if self.inks {
            self.context.set_fill_style_str(INK);
            for (x, y, length) in matrix.runs() {
                let (x, y) = (left + (x as f64 + quiet) * module, top + (y as f64 + quiet) * module);
                self.context.fill_rect(x, y, length as f64 * module, module);
            }
        }
        self.y = top + module * side;
    }

    fn rule(&mut self) {
        self.y += 40.0;
        if self.inks {
            self.context.set_fill_style_str(LINE);
            self.context.fill_rect(MARGIN, self.y, INNER, 2.0);
        }
        self.y += 20.0;
    }

    fn take(&self, face: Face) {
        let family = "Inter, system-ui, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans Hebrew', sans-serif";
        self.context.set_font(&format!("{} {}px {family}", face.weight, face.size));
        self.context.set_fill_style_str(face.color);
        self.context.set_text_align(if self.mirrored { "right" } else { "left" });
        // The direction decides where the marks of a line of both directions stand.
        let direction = if self.mirrored { "rtl" } else { "ltr" };
        let _ = Reflect::set(&self.context, &"direction".into(), &direction.into());
    }

    fn text(&self, line: &str, from_edge: f64) {
        if self.inks {
            let x = if self.mirrored { WIDTH - from_edge } else { from_edge };
            let _ = self.context.fill_text(line, x, self.y);
        }
    }

    fn wrap(&self, text: &str, room: f64) -> Vec<String> {
        wrap(text, |line| self.context.measure_text(line).map_or(0.0, |size| size.width()) <= room)
    }
}

/// Lines that fit, broken between words, and within a word that is too long for any line.
fn wrap(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_in_words_that_are_too_long() {
        let lines = |text| wrap(text, |line| line.chars().count() <= 6);
        assert_eq!(lines("one two three"), ["one", "two", "three"]);
        assert_eq!(lines("a bc def"), ["a bc", "def"]);
        assert_eq!(lines("abcdefghi j"), ["abcdef", "ghi j"]);
        assert_eq!(lines(""), [""]);
    }
}
