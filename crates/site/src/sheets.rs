//! The command that takes apartments and users from a table.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use vestibule_site::{Admin, Clock, Data, Preview, Sheet};

use crate::setup::Of;

/// A file to import.
#[derive(Args)]
pub(crate) struct Import {
    #[command(flatten)]
    of: Of,
    /// The file. Its first line names the columns: floor, apartment number, apartment name, first name, surname,
    /// e-mail, comment
    file: PathBuf,
    /// Do it, all of it or nothing
    #[arg(long)]
    confirm: bool,
}

impl Import {
    pub(crate) fn run(&self, data: &Data) -> Result<()> {
        let bytes =
            std::fs::read(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let sheet = Sheet::read(&bytes)?;
        let admin = Admin::open(data, Clock::System)?;
        let site = admin.site(self.of.site.as_deref())?.id;
        let preview = if self.confirm { admin.import(site, &sheet)? } else { admin.preview(site, &sheet)? };
        for error in &preview.errors {
            println!("line {}: {}", error.line, error.why);
        }
        let Preview { apartments, users, .. } = preview;
        if !preview.errors.is_empty() {
            bail!("nothing was imported: {} lines cannot be taken", preview.errors.len());
        }
        let done = if self.confirm { "imported" } else { "to be imported" };
        println!("{done}: {users} users, {apartments} new apartments");
        Ok(())
    }
}
