//! What is printed: words for people, or one JSON object a line for programs.

use serde::Serialize;

/// Who reads standard output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Words,
    Json,
}

impl Format {
    pub(crate) fn of(json: bool) -> Self {
        if json { Self::Json } else { Self::Words }
    }

    /// Prints one line. `words` is for people, `value` for programs.
    pub(crate) fn line(self, value: &impl Serialize, words: impl FnOnce() -> String) -> anyhow::Result<()> {
        use std::io::Write;
        let line = match self {
            Self::Json => serde_json::to_string(value)?,
            Self::Words => words(),
        };
        // A reader of a pipe wants each line when it happens.
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()?;
        Ok(())
    }
}
