//! libFuzzer's program for all targets; `VESTIBULE_FUZZ_TARGET` names the one to call.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod program {
    use std::sync::OnceLock;

    static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();

    libfuzzer_sys::fuzz_target!(
        init: {
            let name = std::env::var("VESTIBULE_FUZZ_TARGET").unwrap_or_default();
            let target = vestibule_fuzz::target(&name).unwrap_or_else(|| panic!("there is no target {name:?}"));
            TARGET.get_or_init(|| target);
        },
        |bytes: &[u8]| {
            if let Some(target) = TARGET.get() {
                target(bytes);
            }
        }
    );
}

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("./dev fuzz builds this");
    std::process::exit(2);
}
