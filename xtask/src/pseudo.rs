//! A language for tests of the layout: English with accents, half as long again, in brackets. What is not in brackets
//! on a page never went through the catalogue.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// The catalogue, made of the English one.
pub(crate) fn catalogue() -> Result<String> {
    let english = fs::read_to_string(workspace::root().join("src-ui/locales/en.json"))?;
    let mut sections: Sections = serde_json::from_str(&english).context("en.json is no catalogue")?;
    for text in sections.values_mut().flat_map(BTreeMap::values_mut) {
        *text = longer(text);
    }
    Ok(serde_json::to_string(&sections)?)
}

/// `[Öpéñ thé döör ~~~~~]`; what stands in `{{ }}` stays.
fn longer(text: &str) -> String {
    let mut out = String::from("[");
    for (index, part) in text.split("{{").enumerate() {
        let (value, words) =
            if index == 0 { ("", part) } else { part.split_once("}}").unwrap_or((part, "")) };
        if index > 0 {
            out.push_str("{{");
            out.push_str(value);
            out.push_str("}}");
        }
        out.extend(words.chars().map(accented));
    }
    for index in 0..text.chars().count().div_ceil(2) {
        // In words, as real text is, so that it can be broken into lines.
        out.push(if index % 8 == 0 { ' ' } else { '~' });
    }
    out.push(']');
    out
}

fn accented(letter: char) -> char {
    match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'î',
        'o' => 'ö',
        'u' => 'ü',
        'n' => 'ñ',
        'A' => 'Å',
        'E' => 'É',
        'O' => 'Ö',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_grow_and_values_stay() {
        assert_eq!(longer("Call {{ name }} now"), "[Cáll {{ name }} ñöw ~~~~~~~ ~]");
        assert_eq!(longer("On"), "[Öñ ]");
    }
}
