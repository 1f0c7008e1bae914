use rusqlite::Connection;
use vestibule_model::ApartmentId;
use vestibule_model::api::{Role, SiteId, UserId};

/// Somebody who is signed in, and by that what they may see. The conditions in SQL stand here once, so that a list,
/// a single item and the feed of changes never differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer {
    pub(crate) user: UserId,
    pub(crate) site: SiteId,
    pub(crate) role: Role,
    pub(crate) session: i64,
}

impl Viewer {
    /// The head of a statement, whose first four parameters are [`Self::params`]; its own begin at `?5`.
    pub(crate) const WITH: &str =
        "viewer AS (SELECT ?1 AS person, ?2 AS site, ?3 AS administers, ?4 AS company)";

    /// Selects the apartments that the viewer lives in.
    pub(crate) const OWN_APARTMENTS: &str =
        "SELECT resident.apartment FROM resident WHERE resident.person = viewer.person";

    /// What stands in [`Self::WITH`].
    pub(crate) fn params(&self) -> [i64; 4] {
        [
            self.user.0,
            self.site.0,
            self.role.administers_site().into(),
            (self.role == Role::CompanyAdministrator).into(),
        ]
    }

    /// Whether the viewer may make, change and sign in those with this role. Nobody may for the own role.
    pub(crate) fn is_above(&self, role: Role) -> bool {
        match self.role {
            Role::CompanyAdministrator => role != Role::CompanyAdministrator,
            Role::SiteAdministratorWithPayment => {
                !matches!(role, Role::CompanyAdministrator | Role::SiteAdministratorWithPayment)
            }
            Role::SiteAdministrator => !role.administers_site(),
            Role::ApartmentAdministrator => matches!(role, Role::SiteUser | Role::WithoutLogin),
            Role::SiteUser | Role::WithoutLogin => false,
        }
    }

    /// Whether the viewer lives there. Visitors and their codes are for those who do, and for nobody else: not even
    /// for administrators.
    pub(crate) fn lives_in(&self, connection: &Connection, apartment: ApartmentId) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM resident WHERE person = ?1 AND apartment = ?2)";
        connection.prepare_cached(sql)?.query_row([self.user.0, apartment.0], |row| row.get(0))
    }
}
