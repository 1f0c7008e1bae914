//! A QR code (ISO/IEC 18004), black on white in both themes.

use leptos::prelude::*;
use qrcodegen::{QrCode as Code, QrCodeEcc};
use vestibule_model::Secret;

/// White modules around a code (ISO/IEC 18004, 6.3.8).
pub(crate) const QUIET: usize = 4;

/// The modules of a code.
pub(crate) struct Matrix(Code);

impl Matrix {
    /// The code of a text; `None` when the text is too long for any.
    pub(crate) fn of(text: &Secret) -> Option<Self> {
        // A phone held at an angle loses some modules; M restores 15 %.
        Code::encode_text(text.reveal(), QrCodeEcc::Medium).ok().map(Self)
    }

    /// Modules on a side, without the quiet zone.
    pub(crate) fn side(&self) -> usize {
        usize::try_from(self.0.size()).unwrap_or(0)
    }

    /// Runs of dark modules, each with its column, its row and its length.
    pub(crate) fn runs(&self) -> Vec<(usize, usize, usize)> {
        let size = self.0.size();
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (row, y) in (0..).zip(0..size) {
            for (column, x) in (0..).zip(0..size) {
                if !self.0.get_module(x, y) {
                    continue;
                }
                match runs.last_mut() {
                    Some((from, at, length)) if *at == row && *from + *length == column => *length += 1,
                    _ => runs.push((column, row, 1)),
                }
            }
        }
        runs
    }
}

/// The code of a text with its quiet zone.
#[component]
pub(crate) fn QrCode(
    text: Secret,
    /// Says whose code it is to those who do not see it.
    label: String,
) -> impl IntoView {
    let Some(matrix) = Matrix::of(&text) else { return ().into_any() };
    let side = matrix.side() + 2 * QUIET;
    let path: String =
        matrix.runs().into_iter().map(|(x, y, length)| format!("M{x} {y}h{length}v1h-{length}z")).collect();
    view! {
        <div class="qr" data-testid="qr">
            <p class="vh">{label}</p>
            <svg viewBox=format!("-{QUIET} -{QUIET} {side} {side}") aria-hidden="true"><path d=path></path></svg>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_begins_with_its_finder_pattern() {
        let matrix = Matrix::of(&Secret::new("V1-0123456789ABCDEF")).unwrap();
        assert_eq!(matrix.side(), 21);
        let runs = matrix.runs();
        assert_eq!(runs.first(), Some(&(0, 0, 7)));
        assert!(runs.contains(&(0, 6, 7)) && runs.contains(&(2, 3, 3)));
    }

    #[test]
    fn what_no_code_can_hold_gives_none() {
        assert!(Matrix::of(&Secret::new("x".repeat(8_000))).is_none());
    }
}
