//! Turns the catalogue in `locales/` into the module `i18n`, so that a missing key does not compile.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    // The crate's own build helper would do the same and compile the whole of CLDR on the way.
    let options = ParseOptions::new().interpolate_display(true);
    let locales = parse_locales(None, Config::new("en")?.parse_options(options))?;
    for warning in locales.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    let module = leptos_i18n_codegen::gen_code(&locales, None, false, None, false)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("i18n.rs"), module.to_string())?;
    Ok(())
}
