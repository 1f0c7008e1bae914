use std::io;

use rusqlite::{Transaction, ffi};
use thiserror::Error;
use vestibule_model::api::{
    Apartment, Contact, ContactId, Device, DeviceId, LicenceUnit, Site, SiteId, User, UserId, Voucher,
};
use vestibule_model::{ApartmentId, Secret, Timestamp};

use crate::administer;
use crate::clock::Clock;
use crate::codes::PIN_LENGTH;
use crate::config::Data;
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::person::Credentials;
use crate::db::table::{apartment, device, licence, person, server, site, voucher};
use crate::db::{Db, OpenError};
use crate::import::{self, Preview, Sheet};
use crate::keys::{Keys, KeysError};
use crate::licensing;
use crate::password::{self, PasswordError};
use crate::private;

/// What the commands do that set a site up. They may run beside the server.
pub struct Admin {
    db: Db,
    clock: Clock,
}

/// Why a command did not do it. Nothing is changed then.
#[derive(Debug, Error)]
pub enum AdminError {
    /// The directory could not be made.
    #[error("the directory of the data could not be made")]
    Io(#[from] io::Error),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The keys could not be read or made.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The password cannot be taken.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// There is no such zone.
    #[error("there is no time zone with the name {0}")]
    Zone(String),
    /// The length of PINs is not between 4 and 12.
    #[error("PINs have {} to {} digits", PIN_LENGTH.start(), PIN_LENGTH.end())]
    PinLength,
    /// What is to be changed is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Something is there that needs it: an apartment has devices or visitors, a site has anything.
    #[error("it is in use")]
    InUse,
    /// A residential apartment holds as many paid devices as it may.
    #[error("the apartment has as many devices as it may")]
    DeviceLimit,
    /// Something in the site, or another user, has this name, number or address.
    #[error("there is one already")]
    Taken,
    /// A text is empty or too long, or an e-mail address is none.
    #[error("the {0} cannot be taken")]
    Text(&'static str),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    /// Anything that SQLite says.
    #[error("the database could not be written")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for AdminError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.extended_code {
                ffi::SQLITE_CONSTRAINT_UNIQUE => Self::Taken,
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::InUse,
                _ => Self::Sqlite(error),
            },
            _ => Self::Sqlite(error),
        }
    }
}

impl Admin {
    /// Makes directory, keys and database, none of which may be there, and the first site.
    pub fn init(data: &Data, clock: Clock, first: &Site) -> Result<(Self, SiteId), AdminError> {
        administer::check_site(first)?;
        private::create_dir(&data.dir)?;
        let keys = Keys::create(&data.keys)?;
        let db = Db::create(&data.database())?;
        let id = db.write(|db| {
            server::begin(db, &keys)?;
            site::add(db, first)
        })?;
        Ok((Self { db, clock }, id))
    }

    /// Opens what [`Self::init`] made.
    pub fn open(data: &Data, clock: Clock) -> Result<Self, AdminError> {
        Ok(Self { db: Db::open(&data.database())?, clock })
    }

    /// Adds a site; its id is ignored.
    pub fn add_site(&self, new: &Site) -> Result<SiteId, AdminError> {
        self.write(|db, _| administer::add_site(db, new))
    }

    /// The site of this name; without a name, the only one.
    pub fn site(&self, name: Option<&str>) -> Result<Site, AdminError> {
        let sites = self.db.read(|db| site::by_name(db, name))?;
        let [site] = <[Site; 1]>::try_from(sites).map_err(|_| AdminError::NotFound("site: name one"))?;
        Ok(site)
    }

    /// Changes what the visitors of a site get who are made from now on.
    pub fn set_codes(&self, site: SiteId, pin_length: u8, qr_codes: bool) -> Result<(), AdminError> {
        if !PIN_LENGTH.contains(&pin_length) {
            return Err(AdminError::PinLength);
        }
        self.write(|db, now| {
            site::set_codes(db, site, pin_length, qr_codes)?;
            Ok(change::record(db, now, site, Audience::Site, Item::Site(site))?)
        })
    }

    /// Says whether anything is to be paid in a site. The trial of 30 days begins with the first time that it is.
    pub fn set_fees(&self, site: SiteId, fees: Fees) -> Result<(), AdminError> {
        self.write(|db, now| {
            licence::set_fees(db, site, fees == Fees::Due, now)?;
            Ok(change::record(db, now, site, Audience::Site, Item::Site(site))?)
        })
    }

    /// Makes a voucher for 1 to 10,000 apartments or devices and 1 to 10 years. Its code is shown this once.
    pub fn make_voucher(
        &self,
        unit: LicenceUnit,
        units: u32,
        years: u32,
    ) -> Result<(Voucher, Secret), AdminError> {
        self.write(|db, now| licensing::make(db, unit, units, years, now))
    }

    /// All vouchers of the server, the newest first.
    pub fn vouchers(&self) -> Result<Vec<Voucher>, AdminError> {
        self.db.read(|db| Ok(voucher::all(db, None)?))
    }

    /// Adds an apartment; its id is ignored.
    pub fn add_apartment(&self, new: &Apartment) -> Result<ApartmentId, AdminError> {
        self.write(|db, now| administer::add_apartment(db, now, new))
    }

    /// The apartment of a site on this floor with this number.
    pub fn apartment(&self, site: SiteId, floor: i16, number: &str) -> Result<Apartment, AdminError> {
        let found = self.db.read(|db| apartment::at(db, site, floor, number))?;
        found.ok_or(AdminError::NotFound("apartment"))
    }

    /// Adds a device (its id is ignored), with a token by which it asks whether a door may open. The token is shown
    /// this once.
    pub fn add_device(&self, new: &Device) -> Result<(DeviceId, Secret), AdminError> {
        self.write(|db, now| administer::add_device(db, now, new))
    }

    /// The devices of a site.
    pub fn devices(&self, site: SiteId) -> Result<Vec<Device>, AdminError> {
        self.db.read(|db| Ok(device::of_site(db, site)?))
    }

    /// Changes name, apartment, logging and what is noted of a device.
    pub fn change_device(&self, to: &Device) -> Result<(), AdminError> {
        self.write(|db, now| {
            let from = device::one(db, to.id)?.ok_or(AdminError::NotFound("device"))?;
            administer::change_device(db, now, &from, to)
        })
    }

    /// Adds a contact; its id is ignored.
    pub fn add_contact(&self, new: &Contact) -> Result<ContactId, AdminError> {
        self.write(|db, now| administer::add_contact(db, now, new))
    }

    /// Removes a contact.
    pub fn delete_contact(&self, site: SiteId, id: ContactId) -> Result<(), AdminError> {
        self.write(|db, now| administer::delete_contact(db, now, site, id))
    }

    /// Adds a user (the id is ignored). Those without login have no password; others may be given one later, or
    /// sign in by a link.
    pub fn add_user(&self, new: &User, password: Option<&Secret>) -> Result<UserId, AdminError> {
        let hash = password.map(password::hash).transpose()?;
        self.write(|db, _| administer::add_user(db, new, hash.as_deref()))
    }

    /// What an import would do to a site. Nothing is changed.
    pub fn preview(&self, site: SiteId, sheet: &Sheet) -> Result<Preview, AdminError> {
        self.db.read(|db| import::preview(db, site, sheet))
    }

    /// Imports all of a sheet; none of it, if a row cannot be taken: then the preview says which.
    pub fn import(&self, site: SiteId, sheet: &Sheet) -> Result<Preview, AdminError> {
        self.write(|db, now| import::import(db, now, site, sheet))
    }

    /// Gives a user another password, and signs all devices out.
    pub fn set_password(&self, email: &str, password: &Secret) -> Result<(), AdminError> {
        let hash = password::hash(password)?;
        self.write(|db, now| {
            let Credentials { user, site, .. } = found(db, email)?;
            administer::set_password(db, now, user, site, &hash)
        })
    }

    /// A user moves into an apartment, or out of it. The app then reads everything anew.
    pub fn set_resident(&self, email: &str, apartment: ApartmentId, lives: Lives) -> Result<(), AdminError> {
        self.write(|db, now| {
            let Credentials { user, site, .. } = found(db, email)?;
            administer::set_resident(db, now, (user, site), apartment, lives)
        })
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, Timestamp) -> Result<T, AdminError>,
    ) -> Result<T, AdminError> {
        self.db.write(|db| work(db, self.clock.now()))
    }
}

/// Whether anything is to be paid in a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fees {
    /// Licences are asked for.
    Due,
    /// Everything is licensed.
    None,
}

/// Whether somebody lives in an apartment from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lives {
    /// They do.
    There,
    /// They do not.
    Elsewhere,
}

fn found(db: &Transaction<'_>, email: &str) -> Result<Credentials, AdminError> {
    person::credentials(db, email)?.ok_or(AdminError::NotFound("user"))
}

/// A line of 1 to so many characters, of which one at least can be seen.
pub(crate) fn is_text(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Something before an `@` and after it. Whether it is an address, a mail to it shows.
pub(crate) fn is_email(text: &str) -> bool {
    let parts = text.trim().rsplit_once('@');
    is_text(text, 254)
        && !text.trim().contains(char::is_whitespace)
        && parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}
