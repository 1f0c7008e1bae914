use rusqlite::{Connection, Row, params};
use vestibule_model::ApartmentId;
use vestibule_model::api::{AccessGroup, AccessGroupId, DeviceId, NewAccessGroup, SiteId, UserId};

use crate::viewer::Viewer;

pub(crate) const CREATE: &str = "
CREATE TABLE access_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL REFERENCES site (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    UNIQUE (site, name)
) STRICT;
CREATE TABLE access_group_user (
    access_group INTEGER NOT NULL REFERENCES access_group (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (access_group, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_group_by_user ON access_group_user (person);
CREATE TABLE access_group_apartment (
    access_group INTEGER NOT NULL REFERENCES access_group (id) ON DELETE CASCADE,
    apartment INTEGER NOT NULL REFERENCES apartment (id) ON DELETE CASCADE,
    PRIMARY KEY (access_group, apartment)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_group_by_apartment ON access_group_apartment (apartment);
CREATE TABLE access_group_device (
    access_group INTEGER NOT NULL REFERENCES access_group (id) ON DELETE CASCADE,
    device INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    PRIMARY KEY (access_group, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_group_by_device ON access_group_device (device);
";

/// Adds a group.
pub(crate) fn add(connection: &Connection, new: &NewAccessGroup) -> rusqlite::Result<AccessGroupId> {
    let sql = "INSERT INTO access_group (site, name, description) VALUES (?1, ?2, ?3)";
    connection.execute(sql, params![new.site.0, new.name, new.description])?;
    let id = AccessGroupId(connection.last_insert_rowid());
    fill(connection, id, new)?;
    Ok(id)
}

/// Changes everything of a group but its site.
pub(crate) fn change(
    connection: &Connection,
    id: AccessGroupId,
    to: &NewAccessGroup,
) -> rusqlite::Result<()> {
    let sql = "UPDATE access_group SET name = ?2, description = ?3 WHERE id = ?1";
    connection.execute(sql, params![id.0, to.name, to.description])?;
    for table in ["access_group_user", "access_group_apartment", "access_group_device"] {
        connection.execute(&format!("DELETE FROM {table} WHERE access_group = ?1"), [id.0])?;
    }
    fill(connection, id, to)
}

/// Removes a group, and with it the rights that it gave.
pub(crate) fn delete(connection: &Connection, id: AccessGroupId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM access_group WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Those that the viewer may see, or this one of them: of the site, for administrators.
pub(crate) fn visible(
    connection: &Connection,
    viewer: &Viewer,
    only: Option<AccessGroupId>,
) -> rusqlite::Result<Vec<AccessGroup>> {
    let sql = format!(
        "WITH {} SELECT access_group.id, access_group.site, name, description FROM access_group, viewer
         WHERE administers AND (company OR access_group.site = viewer.site) AND (?5 IS NULL OR id = ?5) ORDER BY id",
        Viewer::WITH
    );
    let [user, site, administers, company] = viewer.params();
    let mut groups: Vec<AccessGroup> = connection
        .prepare_cached(&sql)?
        .query_map(params![user, site, administers, company, only.map(|id| id.0)], from_row)?
        .collect::<rusqlite::Result<_>>()?;
    for AccessGroup { id, group } in &mut groups {
        group.users = ids(connection, "access_group_user", "person", *id, UserId)?;
        group.apartments = ids(connection, "access_group_apartment", "apartment", *id, ApartmentId)?;
        group.devices = ids(connection, "access_group_device", "device", *id, DeviceId)?;
    }
    Ok(groups)
}

/// Whether somebody has a right to a door: by a group, in which they are themselves or their apartment is, or because
/// it is the door of their own apartment.
pub(crate) fn has_right(connection: &Connection, user: UserId, door: DeviceId) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (
            SELECT 1 FROM device JOIN resident ON resident.apartment = device.apartment
            WHERE device.id = ?2 AND resident.person = ?1
        ) OR EXISTS (
            SELECT 1 FROM access_group_device AS door
            JOIN access_group_user AS who ON who.access_group = door.access_group
            WHERE door.device = ?2 AND who.person = ?1
        ) OR EXISTS (
            SELECT 1 FROM access_group_device AS door
            JOIN access_group_apartment AS home ON home.access_group = door.access_group
            JOIN resident ON resident.apartment = home.apartment
            WHERE door.device = ?2 AND resident.person = ?1
        )";
    connection.prepare_cached(sql)?.query_row([user.0, door.0], |row| row.get(0))
}

fn fill(connection: &Connection, id: AccessGroupId, group: &NewAccessGroup) -> rusqlite::Result<()> {
    let insert = |table: &str, ids: &mut dyn Iterator<Item = i64>| {
        let mut insert = connection
            .prepare_cached(&format!("INSERT INTO {table} VALUES (?1, ?2) ON CONFLICT DO NOTHING"))?;
        for other in ids {
            insert.execute([id.0, other])?;
        }
        Ok::<_, rusqlite::Error>(())
    };
    insert("access_group_user", &mut group.users.iter().map(|user| user.0))?;
    insert("access_group_apartment", &mut group.apartments.iter().map(|home| home.0))?;
    insert("access_group_device", &mut group.devices.iter().map(|device| device.0))
}

fn ids<T>(
    connection: &Connection,
    table: &str,
    column: &str,
    id: AccessGroupId,
    wrap: impl Fn(i64) -> T,
) -> rusqlite::Result<Vec<T>> {
    let sql = format!("SELECT {column} FROM {table} WHERE access_group = ?1 ORDER BY {column}");
    connection.prepare_cached(&sql)?.query_map([id.0], |row| row.get(0).map(&wrap))?.collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AccessGroup> {
    let group = NewAccessGroup {
        site: SiteId(row.get(1)?),
        name: row.get(2)?,
        description: row.get(3)?,
        users: Vec::new(),
        apartments: Vec::new(),
        devices: Vec::new(),
    };
    Ok(AccessGroup { id: AccessGroupId(row.get(0)?), group })
}
