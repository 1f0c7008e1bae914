use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use vestibule_app::{App, Profile, Role};
use vestibule_ipc::{
    AccessPage, DeleteVisitor, Error, GetState, ListAccess, ListVisitors, RevokeVisitor, SaveVisitor, SignIn,
    SignInWith, SignedIn,
};
use vestibule_model::{AccessFilter, ApartmentId, Delivery, Secret, Site, Visitor, VisitorId};
use vestibule_store::{Keychain, MemoryKeychain};
use vestibule_tests::wait_until;

use crate::building::{Building, PASSWORD};
use crate::wire::Wire;

/// Somebody with an app of their own, and a network of their own to the server.
pub(crate) struct Resident {
    pub(crate) app: App,
    pub(crate) wire: Wire,
    pub(crate) keychain: Arc<MemoryKeychain>,
    pub(crate) folder: TempDir,
}

impl Resident {
    /// Not signed in yet.
    pub(crate) async fn new(building: &Building) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keychain = Arc::new(MemoryKeychain::new());
        let app = launch(folder.path(), keychain.clone()).await;
        Self { app, wire: Wire::to(building.address).await, keychain, folder }
    }

    /// Signed in and online.
    pub(crate) async fn signed_in(building: &Building, name: &str) -> Self {
        let resident = Self::new(building).await;
        assert_eq!(resident.sign_in(name, PASSWORD, None).await, Ok(SignedIn::Done));
        resident.until_online().await;
        resident
    }

    pub(crate) fn server(&self) -> String {
        format!("http://{}", self.wire.address)
    }

    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let with = SignInWith::Password {
            server: self.server(),
            email: format!("{name}@site.example"),
            password: Secret::new(password),
            code: code.map(str::to_owned),
        };
        self.app.sign_in(SignIn { with }).await
    }

    /// Ends the app and starts it again on the same profile.
    pub(crate) async fn restart(&mut self) {
        self.app.shut_down().await;
        self.app = launch(self.folder.path(), self.keychain.clone()).await;
    }

    pub(crate) async fn site(&self) -> Option<Site> {
        self.app.get_state(GetState {}).await.unwrap().site
    }

    pub(crate) async fn until_online(&self) {
        wait_until("online", async || self.site().await.is_some_and(|site| site.online)).await;
    }

    pub(crate) async fn until_offline(&self) {
        wait_until("offline", async || self.site().await.is_some_and(|site| !site.online)).await;
    }

    pub(crate) async fn visitors(&self) -> Vec<Visitor> {
        self.app.list_visitors(ListVisitors {}).await.unwrap()
    }

    pub(crate) async fn find(&self, id: VisitorId) -> Option<Visitor> {
        self.visitors().await.into_iter().find(|visitor| visitor.id == id)
    }

    /// Waits until a visitor is as wanted, and gives it.
    pub(crate) async fn until_visitor(
        &self,
        what: &str,
        id: VisitorId,
        wanted: impl Fn(&Visitor) -> bool,
    ) -> Visitor {
        wait_until(what, async || self.find(id).await.as_ref().is_some_and(&wanted)).await;
        self.find(id).await.unwrap()
    }

    pub(crate) async fn until_sent(&self, id: VisitorId) -> Visitor {
        self.until_visitor("it was sent", id, |visitor| visitor.delivery == Delivery::Sent).await
    }

    pub(crate) async fn until_names(&self, names: &[&str]) {
        wait_until("the visitors are these", async || {
            let mut now: Vec<String> =
                self.visitors().await.into_iter().map(|visitor| visitor.name).collect();
            now.sort();
            now == names
        })
        .await;
    }

    pub(crate) async fn save(&self, visitor: Visitor) -> Result<VisitorId, Error> {
        self.app.save_visitor(SaveVisitor { visitor }).await
    }

    /// Makes a visitor.
    pub(crate) async fn invite(&self, apartment: ApartmentId, name: &str) -> VisitorId {
        self.save(visitor(apartment, name)).await.unwrap()
    }

    pub(crate) async fn rename(&self, id: VisitorId, name: &str) {
        let known = self.find(id).await.unwrap();
        self.save(Visitor { name: name.to_owned(), ..known }).await.unwrap();
    }

    pub(crate) async fn revoke(&self, visitor: VisitorId) -> Result<(), Error> {
        self.app.revoke_visitor(RevokeVisitor { visitor }).await
    }

    pub(crate) async fn delete(&self, visitor: VisitorId) -> Result<(), Error> {
        self.app.delete_visitor(DeleteVisitor { visitor }).await
    }

    pub(crate) async fn access(&self, filter: AccessFilter) -> AccessPage {
        self.app.list_access(ListAccess { filter }).await.unwrap()
    }

    /// What the keychain holds of the session.
    pub(crate) fn kept_session(&self) -> Option<String> {
        self.keychain.get("site-session").unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
    }
}

pub(crate) async fn launch(folder: &Path, keychain: Arc<MemoryKeychain>) -> App {
    let profile = Profile {
        role: Role::Phone,
        dir: folder.join("profile"),
        keychain,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        media_address: None,
        audio: None,
        ringtone: None,
    };
    App::start(profile).await.unwrap()
}

/// A visitor to be made.
pub(crate) fn visitor(apartment: ApartmentId, name: &str) -> Visitor {
    Visitor {
        id: VisitorId(0),
        name: name.to_owned(),
        apartment,
        from: None,
        until: None,
        schedule: Vec::new(),
        uses: None,
        apartment_door: false,
        codes: None,
        revoked: false,
        delivery: Delivery::Sent,
    }
}
