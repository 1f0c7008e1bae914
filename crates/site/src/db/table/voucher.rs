use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_model::Timestamp;
use vestibule_model::api::{LicenceUnit, Redeemed, SiteId, Utc, Voucher, VoucherId};

use crate::db::Word;
use crate::token::Digest;

/// `code` is the SHA-256 of what stands on it. `site` and `used` are null until it is redeemed; from then on it is
/// credit of that site: what is left of it follows from the licences that were used.
pub(crate) const CREATE: &str = "
CREATE TABLE voucher (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code BLOB NOT NULL UNIQUE,
    unit TEXT NOT NULL,
    units INTEGER NOT NULL,
    years INTEGER NOT NULL,
    made INTEGER NOT NULL,
    until INTEGER NOT NULL,
    site INTEGER REFERENCES site (id),
    used INTEGER
) STRICT;
CREATE INDEX voucher_of_site ON voucher (site);
";

const COLUMNS: &str = "id, unit, units, years, made, until, site, used";

/// Keeps a voucher; its id and where it was redeemed are ignored.
pub(crate) fn add(connection: &Connection, new: &Voucher, code: Digest) -> rusqlite::Result<VoucherId> {
    let sql = "INSERT INTO voucher (code, unit, units, years, made, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Voucher { unit, units, years, made, until, .. } = new;
    connection.execute(sql, params![code.0, Word(unit), units, years, made.0.0, until.0.0])?;
    Ok(VoucherId(connection.last_insert_rowid()))
}

/// Redeems a voucher for a site. `None` when nobody made it, somebody redeemed it, or its time is over.
pub(crate) fn redeem(
    connection: &Connection,
    code: Digest,
    site: SiteId,
    now: Timestamp,
) -> rusqlite::Result<Option<Voucher>> {
    let sql = format!(
        "UPDATE voucher SET site = ?2, used = ?3 WHERE code = ?1 AND site IS NULL AND until > ?3
         RETURNING {COLUMNS}"
    );
    connection.query_row(&sql, params![code.0, site.0, now.0], from_row).optional()
}

/// All of the server, or those that were redeemed for a site; the newest first.
pub(crate) fn all(connection: &Connection, of: Option<SiteId>) -> rusqlite::Result<Vec<Voucher>> {
    let sql = format!("SELECT {COLUMNS} FROM voucher WHERE ?1 IS NULL OR site = ?1 ORDER BY id DESC");
    connection.prepare_cached(&sql)?.query_map([of.map(|site| site.0)], from_row)?.collect()
}

/// Months of one unit that a site was ever given.
pub(crate) fn months(connection: &Connection, of: SiteId, unit: LicenceUnit) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(sum(units * years * 12), 0) FROM voucher WHERE site = ?1 AND unit = ?2";
    connection.prepare_cached(sql)?.query_row(params![of.0, Word(unit)], |row| row.get(0))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Voucher> {
    let site = row.get::<_, Option<i64>>(6)?.map(SiteId);
    let at = row.get::<_, Option<i64>>(7)?.map(|at| Utc(Timestamp(at)));
    Ok(Voucher {
        id: VoucherId(row.get(0)?),
        unit: row.get::<_, Word<_>>(1)?.0,
        units: row.get(2)?,
        years: row.get(3)?,
        made: Utc(Timestamp(row.get(4)?)),
        until: Utc(Timestamp(row.get(5)?)),
        redeemed: site.zip(at).map(|(site, at)| Redeemed { site, at }),
    })
}
