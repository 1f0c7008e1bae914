//! What the app measured of itself, read from its log: lines of the target `vestibule::timing`.

use std::path::Path;

use anyhow::Result;

/// All logs of a folder, one after the other.
pub fn read_logs(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder)? {
        text.push_str(&std::fs::read_to_string(entry?.path())?);
    }
    Ok(text)
}

/// Every measurement of `span`, in milliseconds, in order.
pub fn spans(log: &str, span: &str) -> Vec<f64> {
    let mark = format!("span=\"{span}\" ms=");
    let measured = log.lines().filter_map(|line| line.split_once(&mark));
    measured.filter_map(|(_, rest)| rest.split_whitespace().next()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_found_among_others() {
        let log = "INFO vestibule::timing: call=1 span=\"a\" ms=1.5\nINFO other\nINFO vestibule::timing: call=2 span=\"b\" ms=2\n";
        assert_eq!(spans(log, "a"), [1.5]);
        assert_eq!(spans(log, "b"), [2.0]);
        assert!(spans(log, "c").is_empty());
    }
}
