use rusqlite::{Connection, OptionalExtension, params, types::Type};
use vestibule_model::DeviceKind;
use vestibule_model::api::{SiteId, Template};

use crate::db::Word;

/// `codecs` is JSON, as on the wire.
pub(crate) const CREATE: &str = "
CREATE TABLE template (
    site INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    mode TEXT NOT NULL,
    transport TEXT NOT NULL,
    encryption TEXT NOT NULL,
    dtmf TEXT NOT NULL,
    codecs TEXT NOT NULL,
    refresh_minutes INTEGER NOT NULL,
    PRIMARY KEY (site, kind)
) STRICT, WITHOUT ROWID;
";

/// How devices of this kind are configured; the default where nobody said.
pub(crate) fn of(connection: &Connection, site: SiteId, kind: DeviceKind) -> rusqlite::Result<Template> {
    let sql = "SELECT mode, transport, encryption, dtmf, codecs, refresh_minutes FROM template
               WHERE site = ?1 AND kind = ?2";
    let found = connection
        .prepare_cached(sql)?
        .query_row(params![site.0, Word(kind)], |row| {
            let codecs: String = row.get(4)?;
            let codecs = serde_json::from_str(&codecs)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, error.into()))?;
            Ok(Template {
                mode: row.get::<_, Word<_>>(0)?.0,
                transport: row.get::<_, Word<_>>(1)?.0,
                encryption: row.get::<_, Word<_>>(2)?.0,
                dtmf: row.get::<_, Word<_>>(3)?.0,
                codecs,
                refresh_minutes: row.get(5)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Sets it.
pub(crate) fn set(
    connection: &Connection,
    site: SiteId,
    kind: DeviceKind,
    template: &Template,
) -> rusqlite::Result<()> {
    let codecs = serde_json::to_string(&template.codecs)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let sql = "INSERT OR REPLACE INTO template (site, kind, mode, transport, encryption, dtmf, codecs, refresh_minutes)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.execute(
        sql,
        params![
            site.0,
            Word(kind),
            Word(template.mode),
            Word(template.transport),
            Word(template.encryption),
            Word(template.dtmf),
            codecs,
            template.refresh_minutes,
        ],
    )?;
    Ok(())
}
