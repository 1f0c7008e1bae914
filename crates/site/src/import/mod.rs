//! Apartments and users from a table that somebody keeps: read, checked and shown before it starts, and then all of it
//! or nothing.

mod sheet;

use std::collections::HashMap;

use rusqlite::Connection;
use vestibule_model::api::{Apartment, Role, SiteId, User, UserId};
use vestibule_model::{ApartmentId, Language, Timestamp};

use crate::admin::{AdminError, is_email, is_text};
use crate::administer;
use crate::db::table::{apartment, person, site};
use sheet::{Field, Row};
pub use sheet::{Sheet, SheetError};

/// What an import does, or why it does nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Apartments that are not there yet.
    pub apartments: usize,
    /// Users.
    pub users: usize,
    /// What cannot be taken, in the order of the lines. If there is any, nothing is imported.
    pub errors: Vec<RowError>,
}

/// Why a line cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Which line of the file, the first being 1, which names the columns.
    pub line: usize,
    /// Why, in English.
    pub why: &'static str,
}

/// A line that can be taken.
struct Planned {
    home: Option<(i16, String)>,
    user: Option<NewPerson>,
}

struct NewPerson {
    name: String,
    email: String,
    comment: String,
}

/// All that is to be done. Apartments that are not there yet have no id.
struct Plan {
    homes: HashMap<(i16, String), (Option<ApartmentId>, String)>,
    rows: Vec<Planned>,
    preview: Preview,
}

/// What an import would do.
pub(crate) fn preview(db: &Connection, at: SiteId, sheet: &Sheet) -> Result<Preview, AdminError> {
    Ok(plan(db, at, sheet)?.preview)
}

/// Imports all of it, unless a line cannot be taken: then nothing.
pub(crate) fn import(
    db: &Connection,
    now: Timestamp,
    at: SiteId,
    sheet: &Sheet,
) -> Result<Preview, AdminError> {
    let Plan { mut homes, rows, preview } = plan(db, at, sheet)?;
    if !preview.errors.is_empty() {
        return Ok(preview);
    }
    let language = site::one(db, at)?.map_or(Language::En, |site| site.language);
    for row in rows {
        let mut apartments = Vec::new();
        if let Some((floor, number)) = row.home
            && let Some((known, name)) = homes.get_mut(&(floor, number.clone()))
        {
            let id = match *known {
                Some(id) => id,
                None => {
                    let name = name.clone();
                    let new = Apartment {
                        id: ApartmentId(0),
                        site: at,
                        floor,
                        number,
                        name,
                        has_access_unit: false,
                    };
                    *known.insert(administer::add_apartment(db, now, &new)?)
                }
            };
            apartments.push(id);
        }
        if let Some(NewPerson { name, email, comment }) = row.user {
            let role = Role::SiteUser;
            let user = User { id: UserId(0), site: at, name, email, role, language, apartments };
            let id = administer::add_user(db, &user, None)?;
            if !comment.is_empty() {
                person::set_comment(db, id, &comment)?;
            }
        }
    }
    Ok(preview)
}

fn plan(db: &Connection, at: SiteId, sheet: &Sheet) -> Result<Plan, AdminError> {
    let mut plan = Plan { homes: HashMap::new(), rows: Vec::new(), preview: Preview::default() };
    let mut emails = HashMap::new();
    for row in &sheet.rows {
        match plan_row(db, at, row, &mut plan.homes, &mut emails)? {
            Ok(planned) => {
                plan.preview.users += usize::from(planned.user.is_some());
                plan.rows.push(planned);
            }
            Err(why) => plan.preview.errors.push(RowError { line: row.line, why }),
        }
    }
    plan.preview.apartments = plan.homes.values().filter(|(known, _)| known.is_none()).count();
    Ok(plan)
}

fn plan_row(
    db: &Connection,
    at: SiteId,
    row: &Row,
    homes: &mut HashMap<(i16, String), (Option<ApartmentId>, String)>,
    emails: &mut HashMap<String, usize>,
) -> Result<Result<Planned, &'static str>, AdminError> {
    if let Some(why) = row.wrong {
        return Ok(Err(why));
    }
    let [floor, number, home, first, surname, email, comment] = Field::ALL.map(|field| row.text(field));
    let name = format!("{first} {surname}").trim().to_owned();
    let user = match (name.is_empty(), email.is_empty()) {
        (true, true) => None,
        (true, false) => return Ok(Err("somebody with an e-mail address needs a name")),
        (false, true) => return Ok(Err("the e-mail address is missing")),
        (false, false) if !is_text(&name, 100) => return Ok(Err("the name is too long")),
        (false, false) if !is_email(email) => return Ok(Err("the e-mail address is none")),
        (false, false) => Some(NewPerson { name, email: email.to_owned(), comment: comment.to_owned() }),
    };
    if comment.chars().count() > 500 {
        return Ok(Err("the comment is too long"));
    }
    if user.is_some() {
        if emails.insert(email.to_lowercase(), row.line).is_some() {
            return Ok(Err("the e-mail address stands in this file twice"));
        }
        if person::credentials(db, email)?.is_some() {
            return Ok(Err("somebody has this e-mail address already"));
        }
    }
    let place = match (floor.is_empty(), number.is_empty()) {
        (true, true) if !home.is_empty() => return Ok(Err("floor and number of the apartment are missing")),
        (true, true) if user.is_none() => return Ok(Err("there is nobody and no apartment on this line")),
        (true, true) => return Ok(Ok(Planned { home: None, user })),
        (false, true) => return Ok(Err("the number of the apartment is missing")),
        (true, false) => return Ok(Err("the floor is missing")),
        (false, false) => number.to_owned(),
    };
    let Ok(floor) = floor.parse::<i16>() else { return Ok(Err("the floor is no number")) };
    if !is_text(&place, 100) || home.chars().count() > 100 {
        return Ok(Err("number or name of the apartment is too long"));
    }
    let key = (floor, place);
    match homes.get(&key) {
        Some((None, name)) if !home.is_empty() && name != home => {
            return Ok(Err("another line gives this apartment another name"));
        }
        Some(_) => (),
        None => {
            let found = apartment::at(db, at, key.0, &key.1)?;
            let name = if home.is_empty() { format!("{}/{}", key.0, key.1) } else { home.to_owned() };
            homes.insert(key.clone(), (found.map(|found| found.id), name));
        }
    }
    Ok(Ok(Planned { home: Some(key), user }))
}
