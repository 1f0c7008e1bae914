use rusqlite::{Connection, Row, params};
use vestibule_model::api::{Contact, ContactId, SiteId};

use crate::db::Word;
use crate::viewer::Viewer;

pub(crate) const CREATE: &str = "
CREATE TABLE contact (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    purpose TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL
) STRICT;
";

/// Adds a contact; its id is ignored.
pub(crate) fn add(connection: &Connection, new: &Contact) -> rusqlite::Result<ContactId> {
    connection.execute(
        "INSERT INTO contact (site, name, role, purpose, phone, email) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![new.site.0, new.name, new.role, Word(new.purpose), new.phone, new.email],
    )?;
    Ok(ContactId(connection.last_insert_rowid()))
}

/// Changes everything but id and site.
pub(crate) fn change(connection: &Connection, to: &Contact) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE contact SET name = ?2, role = ?3, purpose = ?4, phone = ?5, email = ?6 WHERE id = ?1",
        params![to.id.0, to.name, to.role, Word(to.purpose), to.phone, to.email],
    )?;
    Ok(())
}

/// Removes a contact of a site; whether there was one.
pub(crate) fn delete(connection: &Connection, site: SiteId, contact: ContactId) -> rusqlite::Result<bool> {
    Ok(connection.execute("DELETE FROM contact WHERE id = ?1 AND site = ?2", [contact.0, site.0])? > 0)
}

/// Those that the viewer may see, or this one of them: of the site.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<ContactId>,
) -> rusqlite::Result<Vec<Contact>> {
    let sql = format!(
        "WITH {} SELECT id, contact.site, name, role, purpose, phone, email FROM contact, viewer
         WHERE (company OR contact.site = viewer.site) AND (?5 IS NULL OR id = ?5) ORDER BY id",
        Viewer::WITH
    );
    let [user, site, administers, company] = viewer.params();
    connection
        .prepare_cached(&sql)?
        .query_map(params![user, site, administers, company, only.map(|id| id.0)], from_row)?
        .collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Contact> {
    Ok(Contact {
        id: ContactId(row.get(0)?),
        site: SiteId(row.get(1)?),
        name: row.get(2)?,
        role: row.get(3)?,
        purpose: row.get::<_, Word<_>>(4)?.0,
        phone: row.get(5)?,
        email: row.get(6)?,
    })
}
