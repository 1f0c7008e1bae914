//! Proves that the crates use each other only along the arrows of ARCHITECTURE.md.

use anyhow::{Result, ensure};
use cargo_metadata::{MetadataCommand, Package};

use crate::workspace;

/// Who may use whom, within the workspace. Domain crates meet in `app` and nowhere else.
const MAY_USE: &[(&str, &[&str])] = &[
    ("vestibule-model", &[]),
    ("vestibule-access", &["vestibule-model"]),
    ("vestibule-cloud", &["vestibule-model"]),
    ("vestibule-ipc", &["vestibule-model"]),
    ("vestibule-media", &["vestibule-model"]),
    ("vestibule-sip", &["vestibule-model"]),
    ("vestibule-site", &["vestibule-model"]),
    ("vestibule-store", &["vestibule-model"]),
    (
        "vestibule-app",
        &[
            "vestibule-cloud",
            "vestibule-ipc",
            "vestibule-media",
            "vestibule-model",
            "vestibule-sip",
            "vestibule-store",
        ],
    ),
    ("vestibule-shell", &["vestibule-app", "vestibule-ipc", "vestibule-model"]),
    ("vestibule-cli", &["vestibule-app", "vestibule-ipc", "vestibule-model"]),
    ("vestibule-ui", &["vestibule-ipc", "vestibule-model"]),
    ("vestibule-sim", &["vestibule-media", "vestibule-model", "vestibule-sip"]),
];

/// Whole-system cases and chores look at everything; nobody looks at them.
const MAY_USE_ALL: &[&str] = &["vestibule-tests", "xtask"];

/// One package of this repository that uses another, for whatever it is used: the program, its build or its tests.
#[derive(Debug, PartialEq, Eq)]
struct Arrow {
    from: String,
    to: String,
}

/// Checks every dependency between packages of this repository.
pub(crate) fn prove() -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(workspace::root()).no_deps().exec()?;
    let packages: Vec<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let arrows: Vec<Arrow> = metadata.packages.iter().flat_map(arrows_from).collect();
    let wrong = violations(&packages, &arrows);
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} packages, {} arrows: all as in ARCHITECTURE.md", packages.len(), arrows.len());
    Ok(())
}

/// Dependencies of this repository are those by path.
fn arrows_from(package: &Package) -> impl Iterator<Item = Arrow> {
    let ours = package.dependencies.iter().filter(|dependency| dependency.path.is_some());
    ours.map(|dependency| Arrow { from: package.name.to_string(), to: dependency.name.clone() })
}

/// What is wrong with a graph, one sentence each.
fn violations(packages: &[String], arrows: &[Arrow]) -> Vec<String> {
    let strangers = packages
        .iter()
        .filter(|name| !MAY_USE_ALL.contains(&name.as_str()) && allowed(name).is_none())
        .map(|name| format!("{name} has no place in ARCHITECTURE.md: give it one, and a line in arrows.rs"));
    let wrong = arrows
        .iter()
        .filter(|arrow| !may_use(arrow))
        .map(|arrow| format!("{} may not use {}", arrow.from, arrow.to));
    strangers.chain(wrong).collect()
}

fn may_use(arrow: &Arrow) -> bool {
    MAY_USE_ALL.contains(&arrow.from.as_str())
        || allowed(&arrow.from).is_none_or(|targets| targets.contains(&arrow.to.as_str()))
}

fn allowed(from: &str) -> Option<&'static [&'static str]> {
    MAY_USE.iter().find(|(name, _)| *name == from).map(|(_, targets)| *targets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(arrows: &[(&str, &str)]) -> Vec<String> {
        let arrows: Vec<Arrow> =
            arrows.iter().map(|(from, to)| Arrow { from: (*from).into(), to: (*to).into() }).collect();
        let packages: Vec<String> = arrows.iter().map(|arrow| arrow.from.clone()).collect();
        violations(&packages, &arrows)
    }

    #[test]
    fn the_arrows_drawn_are_taken() {
        let none: Vec<String> = Vec::new();
        assert_eq!(wrong(&[("vestibule-app", "vestibule-sip"), ("vestibule-sip", "vestibule-model")]), none);
        assert_eq!(wrong(&[("vestibule-tests", "vestibule-sim"), ("xtask", "vestibule-store")]), none);
    }

    #[test]
    fn domain_crates_never_use_each_other() {
        assert_eq!(
            wrong(&[("vestibule-sip", "vestibule-media")]),
            ["vestibule-sip may not use vestibule-media"]
        );
        assert_eq!(
            wrong(&[("vestibule-store", "vestibule-sip")]),
            ["vestibule-store may not use vestibule-sip"]
        );
    }

    #[test]
    fn arrows_never_point_outwards() {
        for (from, to) in [
            ("vestibule-model", "vestibule-ipc"),
            ("vestibule-ui", "vestibule-app"),
            ("vestibule-shell", "vestibule-sip"),
            ("vestibule-app", "vestibule-sim"),
            ("vestibule-app", "vestibule-tests"),
        ] {
            assert_eq!(wrong(&[(from, to)]), [format!("{from} may not use {to}")]);
        }
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        let [said] = wrong(&[("vestibule-extra", "vestibule-model")]).try_into().unwrap();
        assert!(said.starts_with("vestibule-extra has no place"), "{said}");
    }
}
