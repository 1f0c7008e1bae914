//! Every key of the catalogue is said somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Everything that is written in the sources, without spaces, so that it does not matter where a line is broken.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.extend(fs::read_to_string(path).unwrap().chars().filter(|c| !c.is_whitespace()));
        }
    }
}

/// The key without its plural category.
fn base<'a>(words: &BTreeMap<String, String>, name: &'a str) -> &'a str {
    match name.rsplit_once('_') {
        Some((base, _)) if words.contains_key(&format!("{base}_other")) => base,
        _ => name,
    }
}

#[test]
fn no_key_is_left_unsaid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut said = String::new();
    sources(&root.join("src"), &mut said);
    let english = fs::read_to_string(root.join("locales/en.json")).unwrap();
    let sections: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(&english).unwrap();

    let mut unsaid = BTreeSet::new();
    for (section, words) in &sections {
        for name in words.keys().map(|name| base(words, name)) {
            let is_said =
                [')', ','].into_iter().any(|end| said.contains(&format!("i18n,{section}.{name}{end}")));
            if !is_said {
                unsaid.insert(format!("{section}.{name}"));
            }
        }
    }
    assert!(unsaid.is_empty(), "keys that nobody says: {unsaid:?}");
}
