//! The commands that make vouchers.

use anyhow::Result;
use clap::Subcommand;
use vestibule_model::api::{LicenceUnit, Voucher};
use vestibule_site::{Admin, Clock, Data};

use crate::setup::word;

#[derive(Subcommand)]
pub(crate) enum VoucherVerb {
    /// Make a voucher; its code is printed this once. It can be redeemed for three years, by one site
    Make {
        /// apartment or device
        #[arg(long, value_parser = word::<LicenceUnit>)]
        unit: LicenceUnit,
        /// For how many of them, 1 to 10,000
        #[arg(long, default_value_t = 1)]
        units: u32,
        /// For how many years, 1 to 10
        #[arg(long, default_value_t = 1)]
        years: u32,
    },
    /// List the vouchers, the newest first; a code is never shown again
    List,
}

impl VoucherVerb {
    pub(crate) fn run(&self, data: &Data) -> Result<()> {
        let admin = Admin::open(data, Clock::System)?;
        match self {
            Self::Make { unit, units, years } => {
                let (made, code) = admin.make_voucher(*unit, *units, *years)?;
                println!("voucher {}", made.id.0);
                println!("code {}", code.reveal());
            }
            Self::List => {
                for Voucher { id, unit, units, years, until, redeemed, .. } in admin.vouchers()? {
                    let unit = match unit {
                        LicenceUnit::Apartment => "apartment",
                        LicenceUnit::Device => "device",
                    };
                    let state = match redeemed {
                        Some(redeemed) => format!("redeemed {} by site {}", redeemed.at, redeemed.site.0),
                        None => format!("to be redeemed until {until}"),
                    };
                    println!("voucher {}: {units} {unit}, {years} years, {state}", id.0);
                }
            }
        }
        Ok(())
    }
}
