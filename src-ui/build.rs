//! Turns the catalogues in `locales/` into keys that the compiler checks. The words themselves travel beside the
//! program, one file per language, and are read when a language is chosen.

#[path = "build/catalogue.rs"]
mod catalogue;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build");
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("locales");
    let keys = catalogue::keys(&folder)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("keys.rs"), keys)?;
    Ok(())
}
