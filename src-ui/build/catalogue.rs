//! Reads the catalogues, holds every language against English, and writes the keys as Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Plural categories of Unicode CLDR, as suffixes of keys.
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Categories that a language has beside `other` (CLDR plural rules for integers).
const CATEGORIES: [(&str, &[&str]); 8] = [
    ("ar", &["zero", "one", "two", "few", "many"]),
    ("cs", &["one", "few"]),
    ("de", &["one"]),
    ("en", &["one"]),
    ("es", &["one"]),
    ("fr", &["one"]),
    ("it", &["one"]),
    ("nl", &["one"]),
];

type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// A key: the values that its words take, and whether they differ by a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Key {
    values: BTreeSet<String>,
    plural: bool,
}

type Keys = BTreeMap<(String, String), Key>;

/// The module of all keys.
///
/// # Errors
/// A file is no catalogue, or a language lacks a key, has one too many, or takes other values than English does.
pub(crate) fn keys(folder: &Path) -> Result<String, Box<dyn Error>> {
    let english = read(&folder.join("en.json"), "en")?;
    for (language, _) in CATEGORIES.iter().filter(|(language, _)| *language != "en") {
        let own = read(&folder.join(format!("{language}.json")), language)?;
        for (name, key) in &english {
            match own.get(name) {
                Some(same) if same == key => (),
                Some(other) => {
                    return Err(format!("{language}: {name:?} is {other:?}, in English {key:?}").into());
                }
                None => return Err(format!("{language}: {name:?} is missing").into()),
            }
        }
        if let Some(name) = own.keys().find(|name| !english.contains_key(*name)) {
            return Err(format!("{language}: {name:?} is not in English").into());
        }
    }
    Ok(write(&english)?)
}

fn read(path: &Path, language: &str) -> Result<Keys, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let sections: Sections =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let categories = CATEGORIES.iter().find(|(name, _)| *name == language).map_or(&[][..], |(_, all)| all);
    let mut keys = Keys::new();
    for (section, words) in &sections {
        for (name, text) in words {
            let plural = plural(words, name);
            let values = values(text)
                .ok_or_else(|| format!("{language}: {section}.{name}: braces that do not match"))?;
            let known = keys.entry((section.clone(), plural.unwrap_or(name).to_owned())).or_default();
            known.plural = plural.is_some();
            known.values.extend(values);
            if plural.is_some() {
                known.values.insert("count".to_owned());
            }
            if let Some(base) = plural
                && let Some(missing) = categories.iter().find(|c| !words.contains_key(&format!("{base}_{c}")))
            {
                return Err(format!("{language}: {section}.{base}_{missing} is missing").into());
            }
        }
    }
    Ok(keys)
}

/// The key without its category; a key has categories when it has `other`.
fn plural<'a>(words: &BTreeMap<String, String>, name: &'a str) -> Option<&'a str> {
    let (base, category) = name.rsplit_once('_')?;
    (PLURALS.contains(&category) && words.contains_key(&format!("{base}_other"))).then_some(base)
}

/// What stands in `{{ }}`.
fn values(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}")?;
        found.push(name.trim().to_owned());
        rest = after;
    }
    Some(found)
}

fn write(keys: &Keys) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let mut open = None;
    for ((section, name), key) in keys {
        if open != Some(section) {
            if open.is_some() {
                out.push_str("}\n");
            }
            writeln!(out, "pub(crate) mod {section} {{\nuse super::super::{{Filled, Key}};")?;
            open = Some(section);
        }
        let constant = format!("Key::new(\"{section}\", \"{name}\")");
        if key.values.is_empty() {
            writeln!(out, "pub(crate) const {name}: Key = {constant};")?;
            continue;
        }
        let fields: String = key.values.iter().map(|value| format!("pub(crate) {value}: String, ")).collect();
        let pairs: String = key.values.iter().map(|value| format!("(\"{value}\", self.{value}), ")).collect();
        writeln!(out, "pub(crate) struct {name} {{ {fields}}}")?;
        writeln!(
            out,
            "impl {name} {{ pub(crate) fn filled(self) -> Filled {{ Filled::new({constant}, {}, vec![{pairs}]) }} }}",
            key.plural
        )?;
    }
    out.push_str("}\n");
    Ok(out)
}
