//! Builds the UI: cargo for the browser, then wasm-bindgen as a library. wasm-opt takes off
//! one part in a hundred of what travels, and an old one breaks the tables of references: it is left out.
//!
//! The library has the version that Cargo.lock holds for wasm-bindgen, so nothing has to be installed or to agree by luck.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use wasm_bindgen_cli_support::Bindgen;

use crate::{pseudo, wasm, workspace};

const NAME: &str = "vestibule-ui";

/// What the UI may weigh on its way, in bytes after gzip.
const BUDGET: u64 = 400_000;

/// For whom the UI is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The windows of the app, which embed it.
    Shell,
    /// An ordinary browser: with a made-up building behind it.
    Browser,
}

impl Reader {
    /// Where the UI for this reader lies.
    pub(crate) fn dist(self) -> Result<PathBuf> {
        match self {
            Self::Shell => Ok(workspace::root().join("src-ui/dist")),
            Self::Browser => Ok(wasm::target_dir()?.join("browser")),
        }
    }
}

/// Builds the UI; `release` means small, otherwise quick to build.
///
/// Cargo knows what changed in the code; the rest is copied each time and is small.
pub(crate) fn build(reader: Reader, release: bool) -> Result<()> {
    let module = compile(reader, release)?;
    let dist = reader.dist()?;
    fs::create_dir_all(&dist)?;
    let stamp = wasm::target_dir()?.join(format!("{reader:?}.stamp"));
    let wasm = dist.join(format!("{NAME}_bg.wasm"));
    let state = format!("{release} {:?}", fs::metadata(&module)?.modified()?);
    if !wasm.exists() || fs::read_to_string(&stamp).ok().as_deref() != Some(&state) {
        bind(&module, &dist)?;
        fs::write(&stamp, state)?;
    }
    copy_files(&dist)?;
    if reader == Reader::Browser {
        copy_folder(&workspace::root().join("src-ui/fake"), &dist.join("fake"))?;
        write(&dist.join("locales/pseudo.json"), pseudo::catalogue()?.as_bytes())?;
        return Ok(());
    }
    weigh(&wasm, release)
}

/// Runs cargo and tells where the module is.
fn compile(reader: Reader, release: bool) -> Result<PathBuf> {
    // In this order in cargo's own folders: `dev` writes to `debug`.
    let (profile, folder) = if release { ("wasm", "wasm") } else { ("dev", "debug") };
    let mut command = wasm::cargo("build")?;
    // Flags from the environment would take the place of those in `.cargo/config.toml`, and the wasm would grow.
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    if reader == Reader::Browser {
        command.args(["--features", "fake"]);
    }
    workspace::run(command.args(["--package", NAME, "--profile", profile]))?;
    Ok(wasm::target_dir()?.join(wasm::TARGET).join(folder).join(format!("{NAME}.wasm")))
}

/// Writes the module and the script that loads it.
fn bind(module: &Path, dist: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist)
        .context("wasm-bindgen could not read the module")
}

/// The page, its styles in one sheet, fonts, icons and words.
fn copy_files(dist: &Path) -> Result<()> {
    let ui = workspace::root().join("src-ui");
    let icons = fs::read_to_string(ui.join("icons.svg"))?;
    let sprite = icons.replacen("<svg ", "<svg class=\"sprite\" aria-hidden=\"true\" ", 1);
    // A field may be called `user`, and so may an icon; a label has to find the field.
    let sprite = sprite.replace("<symbol id=\"", "<symbol id=\"icon-");
    let page = fs::read_to_string(ui.join("index.html"))?;
    ensure!(page.contains("<!-- icons -->"), "index.html has no place for the icons");
    write(&dist.join("index.html"), page.replace("<!-- icons -->", &sprite).as_bytes())?;

    let mut sheets: Vec<PathBuf> = ["tokens", "fonts", "base", "button", "row", "disclosure", "progress"]
        .map(|name| ui.join(format!("styles/{name}.css")))
        .into();
    for folder in ["src/components", "src/pages"] {
        let mut found = Vec::new();
        sheets_below(&ui.join(folder), &mut found)?;
        found.sort();
        sheets.extend(found);
    }
    let styles: Vec<String> = sheets.iter().map(fs::read_to_string).collect::<std::io::Result<_>>()?;
    write(&dist.join(format!("{NAME}.css")), styles.join("\n").as_bytes())?;

    for name in ["theme.js", "start.js"] {
        write(&dist.join(name), &fs::read(ui.join(name))?)?;
    }
    write(&dist.join("app-icon.svg"), &fs::read(workspace::root().join("icons/app-icon.svg"))?)?;
    copy_folder(&workspace::root().join("assets/fonts"), &dist.join("fonts"))?;
    copy_folder(&ui.join("locales"), &dist.join("locales"))
}

fn sheets_below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sheets_below(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "css") {
            found.push(path);
        }
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        write(&to.join(entry.file_name()), &fs::read(entry.path())?)?;
    }
    Ok(())
}

/// Leaves a file alone that is the same already, so that what embeds it is not built again.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("{} could not be written", path.display()))
}

fn weigh(wasm: &Path, release: bool) -> Result<()> {
    let plain = fs::read(wasm)?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut packed, &plain)?;
    let packed = packed.finish()?.len() as u64;
    println!("src-ui/dist: wasm {} kB, {} kB gzipped", plain.len() / 1000, packed / 1000);
    ensure!(!release || packed <= BUDGET, "the UI weighs {packed} bytes gzipped, more than {BUDGET}");
    Ok(())
}
