//! The commands that set a site up.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use vestibule_model::api::{
    Apartment, ConfigurationMode, Connection, Contact, ContactId, Device, DeviceId, Hardware, Licence,
    MacAddress, Role, Site, SiteId, SiteKind, User, UserId,
};
use vestibule_model::{ApartmentId, ContactPurpose, DeviceKind, DeviceStatus, Language, Secret};
use vestibule_site::{Admin, Clock, Data, Fees, Lives};
use zeroize::Zeroizing;

/// Which site, where there is more than one.
#[derive(Args)]
pub(crate) struct Of {
    /// Name of the site, where there is more than one
    #[arg(long)]
    pub(crate) site: Option<String>,
}

/// A new site.
#[derive(Args)]
pub(crate) struct NewSite {
    /// Its name
    #[arg(long = "site")]
    name: String,
    /// What it is for
    #[arg(long, value_parser = word::<SiteKind>, default_value = "residential")]
    kind: SiteKind,
    /// Language of mails, by its ISO 639-1 code
    #[arg(long, value_parser = word::<Language>, default_value = "en")]
    language: Language,
    /// IANA name of its time zone, such as Europe/Prague; schedules are meant in it
    #[arg(long)]
    zone: String,
    /// Postal address in one line
    #[arg(long, default_value = "")]
    address: String,
    /// Digits of a visitor's PIN, 4 to 12
    #[arg(long, default_value_t = 5)]
    pin_length: u8,
    /// Visitors made from now on get a QR code as well
    #[arg(long)]
    qr_codes: bool,
    /// Licences are to be paid, after a trial of 30 days; else nothing ever is
    #[arg(long)]
    fees: bool,
}

#[derive(Subcommand)]
pub(crate) enum SiteVerb {
    /// Add a site to this server
    Add(NewSite),
    /// Set what visitors get who are made from now on
    Codes {
        #[command(flatten)]
        of: Of,
        /// Digits of a visitor's PIN, 4 to 12; as it is if nothing is said
        #[arg(long)]
        pin_length: Option<u8>,
        /// Whether they get a QR code as well; as it is if nothing is said
        #[arg(long)]
        qr_codes: Option<bool>,
    },
    /// Set whether licences are to be paid; a trial of 30 days begins with the first time that they are
    Fees {
        #[command(flatten)]
        of: Of,
        /// Whether they are
        #[arg(long, action = clap::ArgAction::Set)]
        due: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum ApartmentVerb {
    /// Add an apartment
    Add {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        at: At,
        /// Name on the bell
        #[arg(long)]
        name: String,
    },
}

/// An apartment, by what is one of a kind in the site.
#[derive(Args)]
pub(crate) struct At {
    /// Floor
    #[arg(long, allow_negative_numbers = true)]
    floor: i16,
    /// Number on the door
    #[arg(long)]
    number: String,
}

#[derive(Subcommand)]
pub(crate) enum UserVerb {
    /// Add a user
    Add {
        #[command(flatten)]
        of: Of,
        /// Name
        #[arg(long)]
        name: String,
        /// E-mail address, one of a kind on this server
        #[arg(long)]
        email: String,
        /// What they may do
        #[arg(long, value_parser = word::<Role>, default_value = "site_user")]
        role: Role,
        /// Language of mails
        #[arg(long, value_parser = word::<Language>, default_value = "en")]
        language: Language,
        /// Where they live, as FLOOR/NUMBER; may be said more than once
        #[arg(long = "apartment", allow_hyphen_values = true)]
        apartments: Vec<String>,
        /// Without a password: they sign in by a link
        #[arg(long)]
        no_password: bool,
        #[command(flatten)]
        password: Password,
    },
    /// Give a user another password, and sign all devices out
    Password {
        /// Whose
        #[arg(long)]
        email: String,
        #[command(flatten)]
        password: Password,
    },
    /// A user moves into an apartment
    MoveIn(Move),
    /// A user moves out of an apartment
    MoveOut(Move),
}

/// Who moves.
#[derive(Args)]
pub(crate) struct Move {
    #[command(flatten)]
    of: Of,
    /// Who
    #[arg(long)]
    email: String,
    #[command(flatten)]
    at: At,
}

/// Where a password is read from; never from an argument, which everybody on the machine can read.
#[derive(Args)]
pub(crate) struct Password {
    /// File that holds the password in its first line; standard input if none is given
    #[arg(long)]
    password_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum DeviceVerb {
    /// Add a device, and print the token by which it asks whether a door may open
    Add {
        #[command(flatten)]
        of: Of,
        /// Name, one of a kind in the site
        #[arg(long)]
        name: String,
        /// intercom, answering_unit, access_unit, phone or third_party_sip
        #[arg(long, value_parser = word::<DeviceKind>)]
        kind: DeviceKind,
        /// The apartment whose door it is at, as FLOOR/NUMBER; none for a door of the house
        #[arg(long, allow_hyphen_values = true)]
        apartment: Option<String>,
        /// Nothing that happens at it stands in the access log
        #[arg(long)]
        no_log: bool,
        #[command(flatten)]
        noted: Noted,
    },
    /// List the devices, with what is noted of them
    List {
        #[command(flatten)]
        of: Of,
    },
    /// Change what is noted of a device; what is not said stays
    Note {
        #[command(flatten)]
        of: Of,
        /// Which, by its name
        #[arg(long)]
        name: String,
        #[command(flatten)]
        noted: Noted,
    },
}

/// What is noted of a device.
#[derive(Args)]
pub(crate) struct Noted {
    /// Serial number; empty for none
    #[arg(long)]
    serial: Option<String>,
    /// Hardware address, as XX:XX:XX:XX:XX:XX
    #[arg(long)]
    mac: Option<MacAddress>,
    /// cloud or local
    #[arg(long, value_parser = word::<Connection>)]
    connection: Option<Connection>,
    /// automatic or manual, whatever holds for its kind
    #[arg(long, value_parser = word::<ConfigurationMode>)]
    mode: Option<ConfigurationMode>,
}

impl Noted {
    fn over(&self, before: Hardware) -> Hardware {
        Hardware {
            serial: self.serial.clone().unwrap_or(before.serial),
            mac: self.mac.or(before.mac),
            connection: self.connection.unwrap_or(before.connection),
            mode: self.mode.or(before.mode),
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum ContactVerb {
    /// Add a contact of the facility management
    Add {
        #[command(flatten)]
        of: Of,
        /// Name of a person or an office
        #[arg(long)]
        name: String,
        /// What they do
        #[arg(long, default_value = "")]
        role: String,
        /// billing, technical or operations
        #[arg(long, value_parser = word::<ContactPurpose>)]
        purpose: ContactPurpose,
        /// Phone number
        #[arg(long, default_value = "")]
        phone: String,
        /// E-mail address
        #[arg(long, default_value = "")]
        email: String,
    },
    /// Remove a contact
    Remove {
        #[command(flatten)]
        of: Of,
        /// Its number, as printed when it was added
        #[arg(long)]
        id: i64,
    },
}

impl NewSite {
    fn site(&self) -> Site {
        Site {
            id: SiteId(0),
            name: self.name.clone(),
            kind: self.kind,
            language: self.language,
            zone: self.zone.clone(),
            address: self.address.clone(),
            pin_length: self.pin_length,
            qr_codes: self.qr_codes,
            licence: Licence::Ready,
        }
    }

    fn set_fees(&self, admin: &Admin, site: SiteId) -> Result<()> {
        if self.fees {
            admin.set_fees(site, Fees::Due)?;
        }
        Ok(())
    }

    pub(crate) fn init(&self, data: &Data) -> Result<()> {
        let (admin, site) = Admin::init(data, Clock::System, &self.site())?;
        self.set_fees(&admin, site)?;
        println!("site {} in {}", self.name, data.database().display());
        Ok(())
    }
}

impl SiteVerb {
    pub(crate) fn run(&self, data: &Data) -> Result<()> {
        let admin = Admin::open(data, Clock::System)?;
        match self {
            Self::Add(new) => {
                let site = admin.add_site(&new.site())?;
                new.set_fees(&admin, site)?;
                println!("site {}", site.0);
            }
            Self::Fees { of, due } => {
                let fees = if *due { Fees::Due } else { Fees::None };
                admin.set_fees(admin.site(of.site.as_deref())?.id, fees)?;
            }
            Self::Codes { of, pin_length, qr_codes } => {
                let site = admin.site(of.site.as_deref())?;
                let (length, qr) = (pin_length.unwrap_or(site.pin_length), qr_codes.unwrap_or(site.qr_codes));
                admin.set_codes(site.id, length, qr)?;
            }
        }
        Ok(())
    }
}

impl ApartmentVerb {
    pub(crate) fn run(&self, data: &Data) -> Result<()> {
        let admin = Admin::open(data, Clock::System)?;
        let Self::Add { of, at, name } = self;
        let id = admin.add_apartment(&Apartment {
            id: ApartmentId(0),
            site: admin.site(of.site.as_deref())?.id,
            floor: at.floor,
            number: at.number.clone(),
            name: name.clone(),
            has_access_unit: false,
        })?;
        println!("apartment {}", id.0);
        Ok(())
    }
}

impl UserVerb {
    pub(crate) fn run(&self, data: &Data) -> Result<()> {
        let admin = Admin::open(data, Clock::System)?;
        match self {
            Self::Add { of, name, email, role, language, apartments, no_password, password } => {
                let site = admin.site(of.site.as_deref())?.id;
                let apartments =
                    apartments.iter().map(|at| apartment(&admin, site, at)).collect::<Result<_>>()?;
                let new = User {
                    id: UserId(0),
                    site,
                    name: name.clone(),
                    email: email.clone(),
                    role: *role,
                    language: *language,
                    apartments,
                };
                let without = *no_password || *role == Role::WithoutLogin;
                let password = if without { None } else { Some(password.read()?) };
                println!("user {}", admin.add_user(&new, password.as_ref())?.0);
            }
            Self::Password { email, password } => admin.set_password(email, &password.read()?)?,
            Self::MoveIn(who) => who.set(&admin, Lives::There)?,
            Self::MoveOut(who) => who.set(&admin, Lives::Elsewhere)?,
        }
        Ok(())
    }
}

impl Move {
    fn set(&self, admin: &Admin, lives: Lives) -> Result<()> {
        let site = admin.site(self.of.site.as_deref())?.id;
        let apartment = admin.apartment(site, self.at.floor, &self.at.number)?.id;
        Ok(admin.set_resident(&self.email, apartment, lives)?)
    }
}

impl Password {
    fn read(&self) -> Result<Secret> {
        let mut text = Zeroizing::new(String::new());
        match &self.password_file {
            Some(path) => {
                *text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
            }
            None => {
                std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
            }
        }
        let Some(line) = text.lines().next() else { bail!("there is no password") };
        Ok(Secret::new(line))
    }
}

impl DeviceVerb {
    pub(crate) fn run(&self, data: &Data) -> Result<()> {
        let admin = Admin::open(data, Clock::System)?;
        match self {
            Self::Add { of, name, kind, apartment: at, no_log, noted } => {
                let site = admin.site(of.site.as_deref())?.id;
                let (id, token) = admin.add_device(&Device {
                    id: DeviceId(0),
                    site,
                    name: name.clone(),
                    kind: *kind,
                    status: DeviceStatus::WaitingForResponse,
                    apartment: at.as_deref().map(|at| apartment(&admin, site, at)).transpose()?,
                    logging: !no_log,
                    hardware: noted.over(Hardware::default()),
                    licence: Licence::Ready,
                })?;
                println!("device {}", id.0);
                println!("token {}", token.reveal());
            }
            Self::List { of } => {
                for Device { id, name, kind, hardware, .. } in
                    admin.devices(admin.site(of.site.as_deref())?.id)?
                {
                    let Hardware { serial, mac, connection, mode } = hardware;
                    let serial = if serial.is_empty() { "-" } else { serial.as_str() };
                    let mac = mac.map_or_else(|| "-".to_owned(), String::from);
                    let mode = mode.map_or_else(|| "as its kind".to_owned(), |mode| said(&mode));
                    let (kind, connection) = (said(&kind), said(&connection));
                    println!("device {}: {name}, {kind}, {serial}, {mac}, {connection}, {mode}", id.0);
                }
            }
            Self::Note { of, name, noted } => {
                let devices = admin.devices(admin.site(of.site.as_deref())?.id)?;
                let found = devices.into_iter().find(|device| device.name == *name);
                let found = found.with_context(|| format!("there is no device {name}"))?;
                admin.change_device(&Device { hardware: noted.over(found.hardware.clone()), ..found })?;
            }
        }
        Ok(())
    }
}

impl ContactVerb {
    pub(crate) fn run(&self, data: &Data) -> Result<()> {
        let admin = Admin::open(data, Clock::System)?;
        match self {
            Self::Add { of, name, role, purpose, phone, email } => {
                let id = admin.add_contact(&Contact {
                    id: ContactId(0),
                    site: admin.site(of.site.as_deref())?.id,
                    name: name.clone(),
                    role: role.clone(),
                    purpose: *purpose,
                    phone: phone.clone(),
                    email: email.clone(),
                })?;
                println!("contact {}", id.0);
            }
            Self::Remove { of, id } => {
                admin.delete_contact(admin.site(of.site.as_deref())?.id, ContactId(*id))?;
            }
        }
        Ok(())
    }
}

/// An apartment by `FLOOR/NUMBER`.
fn apartment(admin: &Admin, site: SiteId, at: &str) -> Result<ApartmentId> {
    let (floor, number) = at.split_once('/').with_context(|| format!("{at} is not FLOOR/NUMBER"))?;
    let floor = floor.parse().with_context(|| format!("{floor} is no floor"))?;
    Ok(admin.apartment(site, floor, number)?.id)
}

/// How a word of the model is written on the wire.
fn said(value: &impl serde::Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().to_owned()
}

/// A word of the model, as it is written on the wire.
pub(crate) fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}
