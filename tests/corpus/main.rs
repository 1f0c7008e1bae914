//! Every file of every fuzz corpus, through the parser that it is for.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus")
}

/// File or folder names below a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn each_target_has_a_folder_of_seeds() {
    let targets: BTreeSet<String> =
        vestibule_fuzz::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(targets, names(&corpus()));
    for target in targets {
        assert!(!names(&corpus().join(&target)).is_empty(), "{target} has no seeds");
    }
}

#[test]
fn parsers_take_every_seed() {
    for (target, call) in vestibule_fuzz::TARGETS {
        let folder = corpus().join(target);
        for name in names(&folder) {
            // Shown only when the call panics: then it names the culprit.
            println!("{target}/{name}");
            call(&fs::read(folder.join(name)).unwrap());
        }
    }
}
