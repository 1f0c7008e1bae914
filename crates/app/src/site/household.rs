use std::sync::Arc;
use std::sync::atomic::Ordering;

use uuid::Uuid;
use vestibule_cloud::{CloudError, Session};
use vestibule_ipc::{Error, ErrorCode, ListHousehold, MakeSignInLink, RemoveMember, SaveMember};
use vestibule_model::api::{self, NewUser, ProblemCode, User, UserId};
use vestibule_model::{Member, MemberId, MemberRole, SignInLink};

use super::keychain::InKeychain;
use super::sign_in::failed;
use super::sync::Trouble;
use crate::{App, Role};

/// Characters of a name, at most, as a site server takes it.
const NAME: usize = 100;

impl App {
    /// See [`ListHousehold`]. Answered from the cache; where the server is there it is asked as well, for it tells
    /// nobody what other administrators do.
    pub async fn list_household(&self, _: ListHousehold) -> Result<Vec<Member>, Error> {
        let members = self.household().await?;
        let session = self.household_session().ok().filter(|_| self.inner.profile.role == Role::Phone);
        if let Some(session) = session {
            let app = self.clone();
            tokio::spawn(async move {
                if let Err(trouble) = app.read_household(&session).await {
                    tracing::info!(%trouble, "the household is not read anew");
                }
            });
        }
        Ok(members)
    }

    /// See [`SaveMember`].
    pub async fn save_member(&self, ask: SaveMember) -> Result<MemberId, Error> {
        let wanted = ask.member;
        let site = self.must_administer().await?;
        if let Some(wrong) = wrong(&wanted, &site.apartments) {
            return Err(Error::new(ErrorCode::BadValue, wrong));
        }
        let known = if wanted.id == MemberId(0) { None } else { Some(self.changeable(wanted.id).await?) };
        let language = known.as_ref().map_or(site.language, |known| known.language);
        let new = NewUser {
            site: site.id,
            name: wanted.name.trim().to_owned(),
            email: wanted.email.trim().to_owned(),
            role: as_given(wanted.role),
            language,
            apartments: wanted.apartments,
            password: None,
        };
        let session = self.household_session()?;
        let key = Uuid::new_v4().to_string();
        let ask = || async {
            match &known {
                None => session.add_user(&new, &key).await,
                Some(known) => session.change_user(known.id, &new, &key).await,
            }
        };
        let mut made = ask().await;
        if is_lost(&made) {
            made = ask().await;
        }
        let id = known.map(|known| known.id);
        let user = match made {
            Ok(user) => user,
            Err(error) => return Err(self.not_done(id, &error).await),
        };
        let member = MemberId(user.id.0);
        self.keep_user(user.id, Some(user)).await?;
        Ok(member)
    }

    /// See [`RemoveMember`].
    pub async fn remove_member(&self, ask: RemoveMember) -> Result<(), Error> {
        self.must_administer().await?;
        let known = self.changeable(ask.member).await?;
        let session = self.household_session()?;
        let key = Uuid::new_v4().to_string();
        let mut done = session.remove_user(known.id, &key).await;
        if is_lost(&done) {
            done = session.remove_user(known.id, &key).await;
        }
        match done {
            // Somebody else did.
            Err(error) if error.problem() == Some(ProblemCode::NotFound) => (),
            Err(error) => return Err(self.not_done(Some(known.id), &error).await),
            Ok(()) => (),
        }
        self.keep_user(known.id, None).await
    }

    /// See [`MakeSignInLink`].
    pub async fn make_sign_in_link(&self, ask: MakeSignInLink) -> Result<SignInLink, Error> {
        self.must_administer().await?;
        let known = self.changeable(ask.member).await?;
        if known.role == api::Role::WithoutLogin {
            return Err(Error::new(ErrorCode::BadValue, "somebody without a sign-in needs no link"));
        }
        let session = self.household_session()?;
        let key = Uuid::new_v4().to_string();
        let mut made = session.sign_in_link(known.id, &key).await;
        if is_lost(&made) {
            made = session.sign_in_link(known.id, &key).await;
        }
        match made {
            Ok(made) => Ok(SignInLink { link: made.link, until: made.until.0 }),
            Err(error) => Err(self.not_done(Some(known.id), &error).await),
        }
    }

    /// Reads the household anew, and tells of it where it has changed. Who administers none has none to read, unless
    /// that is not known yet.
    pub(super) async fn read_household(&self, session: &Session<InKeychain>) -> Result<(), Trouble> {
        let own = self.inner.storage.with(|store| store.building()).await?.and_then(|building| building.user);
        if own.is_some_and(|own| own.role != api::Role::ApartmentAdministrator) {
            return Ok(());
        }
        let users = session.users().await?;
        if self.inner.storage.with(move |store| store.take_users(&users)).await? {
            self.show_site().await;
            self.inner.hub.household_changed();
        }
        Ok(())
    }

    async fn household(&self) -> Result<Vec<Member>, Error> {
        let Some(membership) = self.inner.storage.with(|store| store.membership()).await? else {
            return Ok(Vec::new());
        };
        let users = self.inner.storage.with(|store| store.household()).await?;
        Ok(users.into_iter().map(|user| as_member(user, membership.user)).collect())
    }

    /// The site, for who administers apartments there.
    async fn must_administer(&self) -> Result<Own, Error> {
        self.must_be_resident().await?;
        let building = self.inner.storage.with(|store| store.building()).await?;
        let own = building.filter(|building| administers(building.user.as_ref())).map(|building| Own {
            id: building.site.id,
            language: building.site.language,
            apartments: building.membership.apartments,
        });
        own.ok_or_else(|| Error::new(ErrorCode::NotAllowed, "the resident administers no apartment"))
    }

    /// Somebody whom the resident may change, as the server last said.
    async fn changeable(&self, id: MemberId) -> Result<User, Error> {
        let users = self.inner.storage.with(|store| store.household()).await?;
        let found = users.into_iter().find(|user| user.id.0 == id.0);
        let user = found
            .ok_or_else(|| Error::new(ErrorCode::NoSuchMember, "nobody of the household has this id"))?;
        if as_role(user.role).can_be_given() {
            Ok(user)
        } else {
            Err(Error::new(ErrorCode::NotAllowed, "administrators are changed by those above them"))
        }
    }

    /// What is done to a household is done at the server: it has to be there.
    fn household_session(&self) -> Result<Arc<Session<InKeychain>>, Error> {
        let signed_in = self.inner.hub.site().is_some_and(|site| site.signed_in);
        let running = self.inner.site.lock();
        let session = running.as_ref().filter(|_| signed_in).map(|running| Arc::clone(&running.session));
        let session = session
            .ok_or_else(|| Error::new(ErrorCode::NoSite, "this device is signed out: sign in again"))?;
        let online = self.inner.site.online.load(Ordering::Relaxed);
        // The command line does not follow the server, and finds out by asking.
        if online || self.inner.profile.role != Role::Phone {
            Ok(session)
        } else {
            Err(Error::new(ErrorCode::Network, "the site server cannot be reached"))
        }
    }

    async fn keep_user(&self, id: UserId, now: Option<User>) -> Result<(), Error> {
        self.inner.storage.with(move |store| store.put_user(id, now.as_ref())).await?;
        self.inner.hub.household_changed();
        Ok(())
    }

    /// A failure in the terms of the UI. Whoever is not there any more leaves the list.
    async fn not_done(&self, id: Option<UserId>, error: &CloudError) -> Error {
        match (error.problem(), id) {
            (Some(ProblemCode::NotFound), Some(id)) => {
                if let Err(error) = self.keep_user(id, None).await {
                    tracing::warn!(%error, "somebody who left the household stays in the list");
                }
                Error::new(ErrorCode::NoSuchMember, error.to_string())
            }
            _ => failed(error),
        }
    }
}

/// What of the building is needed to make somebody.
struct Own {
    id: api::SiteId,
    language: vestibule_model::Language,
    apartments: Vec<vestibule_model::ApartmentId>,
}

/// Whether the resident administers apartments.
pub(super) fn administers(own: Option<&User>) -> bool {
    own.is_some_and(|own| own.role == api::Role::ApartmentAdministrator)
}

/// Whether no answer came, and so nobody knows whether the server took it: it is asked once more, with the same key.
fn is_lost<T>(answer: &Result<T, CloudError>) -> bool {
    matches!(answer, Err(CloudError::Offline(_)))
}

/// What no site server would take.
fn wrong(member: &Member, own: &[vestibule_model::ApartmentId]) -> Option<&'static str> {
    if member.name.trim().is_empty() || member.name.trim().chars().count() > NAME {
        return Some("somebody needs a name of at most 100 characters");
    }
    if !member.email.contains('@') {
        return Some("somebody needs an e-mail address");
    }
    if !member.role.can_be_given() {
        return Some("this role is not given by who administers an apartment");
    }
    if member.apartments.is_empty() || !member.apartments.iter().all(|home| own.contains(home)) {
        return Some("somebody of the household lives in an own apartment");
    }
    None
}

fn as_member(user: User, own: UserId) -> Member {
    let role = as_role(user.role);
    Member {
        id: MemberId(user.id.0),
        name: user.name,
        email: user.email,
        role,
        apartments: user.apartments,
        is_self: user.id == own,
        may_change: role.can_be_given(),
    }
}

fn as_role(role: api::Role) -> MemberRole {
    match role {
        api::Role::CompanyAdministrator
        | api::Role::SiteAdministratorWithPayment
        | api::Role::SiteAdministrator => MemberRole::BuildingAdministrator,
        api::Role::ApartmentAdministrator => MemberRole::Administrator,
        api::Role::SiteUser => MemberRole::Resident,
        api::Role::WithoutLogin => MemberRole::WithoutLogin,
    }
}

fn as_given(role: MemberRole) -> api::Role {
    match role {
        MemberRole::WithoutLogin => api::Role::WithoutLogin,
        MemberRole::BuildingAdministrator => api::Role::SiteAdministrator,
        MemberRole::Administrator => api::Role::ApartmentAdministrator,
        MemberRole::Resident => api::Role::SiteUser,
    }
}
