//! Builds the UI: cargo for the browser, then wasm-bindgen as a library. wasm-opt takes off
//! one part in a hundred of what travels, and an old one breaks the tables of references: it is left out.
//!
//! The library has the version that Cargo.lock holds for wasm-bindgen, so nothing has to be installed or to agree by luck.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use wasm_bindgen_cli_support::Bindgen;
use wasm_encoder::RawSection;
use wasm_split_cli_support::Options;

use crate::{pseudo, wasm, workspace};

const NAME: &str = "vestibule-ui";

/// What the first page and a call may weigh on their way, in bytes after gzip.
const BUDGET: u64 = 400_000;

/// Core specification of WebAssembly, 5.5.2.
const CUSTOM_SECTION: u8 = 0;

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
    weigh(&dist, &wasm, release)
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

/// Writes the module with the script that loads it, and beside it what the first page does without.
fn bind(module: &Path, dist: &Path) -> Result<()> {
    for file in fs::read_dir(dist)? {
        let path = file?.path();
        // Their names change with what is in them.
        if path.extension().is_some_and(|extension| extension == "wasm") {
            fs::remove_file(path)?;
        }
    }
    let input = fs::read(module)?;
    let first = module.with_extension("first.wasm");
    let mut options = Options::new(&input);
    options.output_dir = dist;
    options.main_out_path = &first;
    let script = format!("./{NAME}.js");
    options.main_module = &script;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|problem| anyhow!("the module cannot be split: {problem}"))?;
    for path in split.split_modules {
        fs::write(&path, without_names(&fs::read(&path)?)?)?;
    }
    Bindgen::new()
        .input_path(&first)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        // The rest of the module finds what it needs by these names.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist)
        .context("wasm-bindgen could not read the module")
}

/// A module without its custom sections: names of functions, relocations, and which compiler it was.
fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    let mut bare = wasm_encoder::Module::new();
    for part in wasmparser::Parser::new(0).parse_all(module) {
        if let Some((id, range)) = part?.as_section()
            && id != CUSTOM_SECTION
        {
            bare.section(&RawSection {
                id,
                data: module
                    .get(range.start as usize..range.end as usize)
                    .context("a section ends too late")?,
            });
        }
    }
    Ok(bare.finish())
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

fn weigh(dist: &Path, first: &Path, release: bool) -> Result<()> {
    for file in fs::read_dir(dist)? {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let plain = fs::read(&path)?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        std::io::Write::write_all(&mut packed, &plain)?;
        let packed = packed.finish()?.len() as u64;
        println!("{}: {} kB, {} kB gzipped", path.display(), plain.len() / 1000, packed / 1000);
        let is_too_heavy = release && path == first && packed > BUDGET;
        ensure!(!is_too_heavy, "what the first page needs weighs {packed} bytes gzipped, more than {BUDGET}");
    }
    Ok(())
}
