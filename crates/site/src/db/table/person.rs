use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::ApartmentId;
use vestibule_model::api::{Role, SiteId, User, UserId};

use crate::db::Word;
use crate::viewer::Viewer;

/// `email` is in lower case. `totp` is sealed; it counts once `totp_step`, the last step that was used, is not null.
pub(crate) const CREATE: &str = "
CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    password TEXT,
    totp BLOB,
    totp_step INTEGER
) STRICT;
CREATE TABLE resident (
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    apartment INTEGER NOT NULL REFERENCES apartment (id) ON DELETE CASCADE,
    PRIMARY KEY (person, apartment)
) STRICT, WITHOUT ROWID;
CREATE INDEX resident_of_apartment ON resident (apartment);
";

/// `comment` is what an import says beside somebody; for administrators alone.
pub(crate) const ADD_COMMENT: &str = "ALTER TABLE person ADD COLUMN comment TEXT NOT NULL DEFAULT ''";

const COLUMNS: &str = "person.id, person.site, name, email, role, language";

/// What signing in needs to know of somebody.
pub(crate) struct Credentials {
    pub(crate) user: UserId,
    pub(crate) site: SiteId,
    pub(crate) role: Role,
    pub(crate) password: Option<String>,
    /// Sealed.
    pub(crate) totp: Option<Vec<u8>>,
    /// The last step that was used; `None` while the authenticator is not confirmed.
    pub(crate) totp_step: Option<i64>,
}

/// Adds somebody, with the apartments; the id is ignored.
pub(crate) fn add(connection: &Connection, new: &User, password: Option<&str>) -> rusqlite::Result<UserId> {
    connection.execute(
        "INSERT INTO person (site, name, email, role, language, password) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![new.site.0, new.name, fold(&new.email), Word(new.role), Word(new.language), password],
    )?;
    let user = UserId(connection.last_insert_rowid());
    for apartment in &new.apartments {
        move_in(connection, user, *apartment)?;
    }
    Ok(user)
}

/// Changes name, address, role, language and apartments.
pub(crate) fn change(connection: &Connection, to: &User) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE person SET name = ?2, email = ?3, role = ?4, language = ?5 WHERE id = ?1",
        params![to.id.0, to.name, fold(&to.email), Word(to.role), Word(to.language)],
    )?;
    connection.execute("DELETE FROM resident WHERE person = ?1", [to.id.0])?;
    for apartment in &to.apartments {
        move_in(connection, to.id, *apartment)?;
    }
    Ok(())
}

/// Says something beside somebody.
pub(crate) fn set_comment(connection: &Connection, user: UserId, comment: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE person SET comment = ?2 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![user.0, comment])?;
    Ok(())
}

/// What is said beside somebody.
pub(crate) fn comment(connection: &Connection, user: UserId) -> rusqlite::Result<String> {
    connection.query_row("SELECT comment FROM person WHERE id = ?1", [user.0], |row| row.get(0))
}

/// Removes somebody, with sessions, reports and phones.
pub(crate) fn delete(connection: &Connection, user: UserId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM person WHERE id = ?1", [user.0])?;
    Ok(())
}

/// All apartments of somebody, whoever asks.
pub(crate) fn homes(connection: &Connection, user: UserId) -> rusqlite::Result<Vec<ApartmentId>> {
    let sql = "SELECT apartment FROM resident WHERE person = ?1 ORDER BY apartment";
    connection.prepare_cached(sql)?.query_map([user.0], |row| row.get(0).map(ApartmentId))?.collect()
}

/// Somebody lives in one more apartment.
pub(crate) fn move_in(connection: &Connection, user: UserId, apartment: ApartmentId) -> rusqlite::Result<()> {
    let sql = "INSERT INTO resident (person, apartment) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    connection.execute(sql, [user.0, apartment.0])?;
    Ok(())
}

/// Somebody no longer lives in an apartment.
pub(crate) fn move_out(
    connection: &Connection,
    user: UserId,
    apartment: ApartmentId,
) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM resident WHERE person = ?1 AND apartment = ?2", [user.0, apartment.0])?;
    Ok(())
}

/// Gives somebody another password.
pub(crate) fn set_password(connection: &Connection, user: UserId, hash: &str) -> rusqlite::Result<()> {
    connection.execute("UPDATE person SET password = ?2 WHERE id = ?1", params![user.0, hash])?;
    Ok(())
}

/// Gives somebody an authenticator (sealed), which counts once a step is set, or takes it away.
pub(crate) fn set_totp(connection: &Connection, user: UserId, totp: Option<&[u8]>) -> rusqlite::Result<()> {
    let sql = "UPDATE person SET totp = ?2, totp_step = NULL WHERE id = ?1";
    connection.execute(sql, params![user.0, totp])?;
    Ok(())
}

/// The last step of the authenticator that was used: no code of this or an earlier one is good any more.
pub(crate) fn set_totp_step(connection: &Connection, user: UserId, step: i64) -> rusqlite::Result<()> {
    connection.execute("UPDATE person SET totp_step = ?2 WHERE id = ?1", params![user.0, step])?;
    Ok(())
}

/// By e-mail, in any case.
pub(crate) fn credentials(connection: &Connection, email: &str) -> rusqlite::Result<Option<Credentials>> {
    let sql = "SELECT id, site, role, password, totp, totp_step FROM person WHERE email = ?1";
    connection.query_row(sql, [fold(email)], credentials_from_row).optional()
}

/// By id.
pub(crate) fn credentials_of(connection: &Connection, user: UserId) -> rusqlite::Result<Option<Credentials>> {
    let sql = "SELECT id, site, role, password, totp, totp_step FROM person WHERE id = ?1";
    connection.query_row(sql, [user.0], credentials_from_row).optional()
}

/// Those that the viewer may see, or this one of them: oneself; for an administrator all of the site; for an
/// apartment administrator those of the own apartments. Of their apartments, those that the viewer may see.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<UserId>,
) -> rusqlite::Result<Vec<User>> {
    let sql = format!(
        "WITH {with} SELECT {COLUMNS} FROM person, viewer
         WHERE (person.id = viewer.person
            OR administers AND (company OR person.site = viewer.site)
            OR ?6 AND person.id IN (SELECT person FROM resident WHERE apartment IN ({own})))
           AND (?5 IS NULL OR person.id = ?5)
         ORDER BY person.id",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let [user, site, administers, company] = viewer.params();
    let of_apartments = viewer.role == Role::ApartmentAdministrator;
    let mut statement = connection.prepare_cached(&sql)?;
    let params = params![user, site, administers, company, only.map(|id| id.0), of_apartments];
    let mut users: Vec<User> = statement.query_map(params, from_row)?.collect::<Result<_, _>>()?;
    for user in &mut users {
        user.apartments = apartments(connection, viewer, user.id)?;
    }
    Ok(users)
}

/// Where a user lives, as far as the viewer may see.
fn apartments(connection: &Connection, viewer: &Viewer, of: UserId) -> rusqlite::Result<Vec<ApartmentId>> {
    let sql = format!(
        "WITH {with} SELECT apartment FROM resident AS theirs, viewer WHERE theirs.person = ?5
           AND (administers OR theirs.apartment IN ({own})) ORDER BY apartment",
        with = Viewer::WITH,
        own = Viewer::OWN_APARTMENTS
    );
    let [user, site, administers, company] = viewer.params();
    connection
        .prepare_cached(&sql)?
        .query_map([user, site, administers, company, of.0], |row| row.get(0).map(ApartmentId))?
        .collect()
}

/// Addresses are compared in lower case.
fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

fn credentials_from_row(row: &Row<'_>) -> rusqlite::Result<Credentials> {
    Ok(Credentials {
        user: UserId(row.get(0)?),
        site: SiteId(row.get(1)?),
        role: row.get::<_, Word<_>>(2)?.0,
        password: row.get(3)?,
        totp: row.get(4)?,
        totp_step: row.get(5)?,
    })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId(row.get(0)?),
        site: SiteId(row.get(1)?),
        name: row.get(2)?,
        email: row.get(3)?,
        role: row.get::<_, Word<_>>(4)?.0,
        language: row.get::<_, Word<_>>(5)?.0,
        apartments: Vec::new(),
    })
}
