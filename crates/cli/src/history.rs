//! The call history on a terminal.

use std::process::ExitCode;

use clap::Args;
use vestibule_ipc::ListHistory;
use vestibule_model::HistoryFilter;

use vestibule_app::Role;

use crate::profile::ProfileArguments;
use crate::report::Format;

#[derive(Args)]
pub(crate) struct History {
    /// Only calls whose name or address holds this.
    #[arg(long, default_value = "")]
    search: String,
    /// Only calls that nobody answered.
    #[arg(long)]
    missed: bool,
    /// At most so many, the newest first.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Print JSON lines.
    #[arg(long)]
    json: bool,
}

impl History {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let app = profile.open(Role::Desk).await?;
        let filter =
            HistoryFilter { text: self.search, missed_only: self.missed, before: None, limit: self.limit };
        let page = app.list_history(ListHistory { filter }).await?;
        let format = Format::of(self.json);
        for entry in &page.entries {
            format.line(entry, || {
                format!(
                    "{}  {:?}  {} <{}>",
                    entry.started.0, entry.status, entry.caller.name, entry.caller.address
                )
            })?;
        }
        app.shut_down().await;
        Ok(ExitCode::SUCCESS)
    }
}
