use serde_json::json;
use vestibule_app::App;
use vestibule_ipc::{
    Error, ErrorCode, ListHousehold, MakeSignInLink, RemoveMember, SaveMember, SignIn, SignInWith, SignedIn,
};
use vestibule_model::api::{Role, User, UserId};
use vestibule_model::{ApartmentId, Language, Member, MemberId, MemberRole, Secret};
use vestibule_tests::wait_until;

use crate::building::Building;
use crate::resident::Resident;

fn member(flat: ApartmentId, name: &str, role: MemberRole) -> Member {
    Member {
        id: MemberId(0),
        name: name.to_owned(),
        email: format!("{}@site.example", name.to_lowercase()),
        role,
        apartments: vec![flat],
        is_self: false,
        may_change: true,
    }
}

async fn all(app: &App) -> Vec<Member> {
    app.list_household(ListHousehold {}).await.unwrap()
}

async fn names(app: &App) -> Vec<String> {
    all(app).await.into_iter().map(|member| member.name).collect()
}

async fn save(app: &App, member: Member) -> Result<MemberId, Error> {
    app.save_member(SaveMember { member }).await
}

/// Somebody with an app, who administers the apartment of the building.
async fn administrator(building: &Building) -> Resident {
    let resident = Resident::signed_in(building, "household").await;
    wait_until("the household is read", async || all(&resident.app).await.len() == 3).await;
    resident
}

#[tokio::test(flavor = "multi_thread")]
async fn who_administers_an_apartment_adds_changes_and_removes_its_people() {
    let building = Building::new().await;
    let own = administrator(&building).await;
    assert!(own.site().await.unwrap().household);
    let me = all(&own.app).await.into_iter().find(|member| member.is_self).unwrap();
    assert_eq!((me.name.as_str(), me.role, me.may_change), ("household", MemberRole::Administrator, false));

    let id = save(&own.app, member(building.flat, "Guest", MemberRole::Resident)).await.unwrap();
    let made = all(&own.app).await.into_iter().find(|member| member.id == id).unwrap();
    assert_eq!((made.email.as_str(), made.may_change), ("guest@site.example", true));
    let to = Member { name: "Flat 12".to_owned(), role: MemberRole::WithoutLogin, ..made.clone() };
    assert_eq!(save(&own.app, to.clone()).await.unwrap(), id);
    assert!(all(&own.app).await.contains(&to));

    let somebody = building.somebody("household", "somebody-elses-device").await;
    let there = somebody.ask("GET", &format!("users/{}", id.0), None).await;
    assert_eq!((&there["name"], &there["role"]), (&json!("Flat 12"), &json!("without_login")));
    own.app.remove_member(RemoveMember { member: id }).await.unwrap();
    assert_eq!(names(&own.app).await, ["resident", "housemate", "household"]);
    assert_eq!(somebody.ask("GET", "users", None).await["items"].as_array().unwrap().len(), 3);
    let gone = own.app.remove_member(RemoveMember { member: id }).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NoSuchMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_signs_the_phone_of_somebody_in_once() {
    let building = Building::new().await;
    let own = administrator(&building).await;
    let id = save(&own.app, member(building.flat, "Guest", MemberRole::Resident)).await.unwrap();
    let made = own.app.make_sign_in_link(MakeSignInLink { member: id }).await.unwrap();
    let left = made.until.0 - building.now();
    assert_eq!(left, 15 * 60_000);
    let phone = Resident::new(&building).await;
    let link = |link: &Secret| SignIn { with: SignInWith::Link { link: link.clone() } };
    assert_eq!(phone.app.sign_in(link(&made.link)).await, Ok(SignedIn::Done));
    assert_eq!(phone.site().await.unwrap().name, "Sample house");
    let other = Resident::new(&building).await;
    assert_eq!(other.app.sign_in(link(&made.link)).await.unwrap_err().code, ErrorCode::LinkInvalid);

    let without = save(&own.app, member(building.flat, "Child", MemberRole::WithoutLogin)).await.unwrap();
    let refused = own.app.make_sign_in_link(MakeSignInLink { member: without }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadValue);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_would_refuse_is_refused_with_its_reason() {
    let building = Building::new().await;
    let own = administrator(&building).await;
    let good = || member(building.flat, "Guest", MemberRole::Resident);
    for (bad, code) in [
        (Member { name: " ".to_owned(), ..good() }, ErrorCode::BadValue),
        (Member { name: "x".repeat(101), ..good() }, ErrorCode::BadValue),
        (Member { email: "nobody".to_owned(), ..good() }, ErrorCode::BadValue),
        (Member { apartments: Vec::new(), ..good() }, ErrorCode::BadValue),
        (Member { apartments: vec![ApartmentId(99)], ..good() }, ErrorCode::BadValue),
        (Member { role: MemberRole::Administrator, ..good() }, ErrorCode::BadValue),
        (Member { email: "resident@site.example".to_owned(), ..good() }, ErrorCode::Taken),
        (Member { id: MemberId(99), ..good() }, ErrorCode::NoSuchMember),
    ] {
        assert_eq!(save(&own.app, bad.clone()).await.unwrap_err().code, code, "{bad:?}");
    }
    let me = all(&own.app).await.into_iter().find(|member| member.is_self).unwrap();
    let remove = RemoveMember { member: me.id };
    assert_eq!(own.app.remove_member(remove).await.unwrap_err().code, ErrorCode::NotAllowed);

    // Who also lives elsewhere is not this administrator's to change, which only the server knows.
    let neighbour = building.admin.add_apartment(&another_flat(&own, &building).await).unwrap();
    let roomer = member(building.flat, "Roomer", MemberRole::Resident);
    let user = User {
        id: UserId(0),
        site: vestibule_model::api::SiteId(1),
        name: roomer.name.clone(),
        email: roomer.email.clone(),
        role: Role::SiteUser,
        language: Language::En,
        apartments: vec![building.flat, neighbour],
    };
    building.admin.add_user(&user, None).unwrap();
    wait_until("the other is seen", async || names(&own.app).await.contains(&"Roomer".to_owned())).await;
    let seen = all(&own.app).await.into_iter().find(|member| member.name == "Roomer").unwrap();
    assert_eq!(seen.apartments, [building.flat]);
    assert_eq!(save(&own.app, seen).await.unwrap_err().code, ErrorCode::NotAllowed);
}

async fn another_flat(own: &Resident, building: &Building) -> vestibule_model::api::Apartment {
    let somebody = building.somebody("household", "a-device-that-only-looks").await;
    let flats = somebody.ask("GET", "apartments", None).await;
    let flat: vestibule_model::api::Apartment = serde_json::from_value(flats["items"][0].clone()).unwrap();
    assert_eq!(own.site().await.unwrap().apartments[0].id, flat.id);
    vestibule_model::api::Apartment { number: "13".into(), name: "Flat 13".into(), ..flat }
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_the_household_is_readable_and_nothing_is_taken() {
    let building = Building::new().await;
    let mut own = administrator(&building).await;
    own.wire.cut();
    own.until_offline().await;
    own.restart().await;
    assert_eq!(names(&own.app).await, ["resident", "housemate", "household"]);
    let refused = save(&own.app, member(building.flat, "Guest", MemberRole::Resident)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Network);
    let id = all(&own.app).await[0].id;
    for refused in [
        own.app.remove_member(RemoveMember { member: id }).await.unwrap_err(),
        own.app.make_sign_in_link(MakeSignInLink { member: id }).await.unwrap_err(),
    ] {
        assert_eq!(refused.code, ErrorCode::Network);
    }
    assert_eq!(names(&own.app).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_made_once_when_the_answer_is_lost() {
    let building = Building::new().await;
    let own = administrator(&building).await;
    own.wire.lose_answer_to("POST /v1/users ");
    save(&own.app, member(building.flat, "Guest", MemberRole::Resident)).await.unwrap();
    assert!(own.wire.has_lost());
    assert_eq!(names(&own.app).await, ["resident", "housemate", "household", "Guest"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_household_is_for_its_administrator_alone_and_goes_with_the_right() {
    let building = Building::new().await;
    let other = Resident::signed_in(&building, "resident").await;
    assert!(!other.site().await.unwrap().household);
    assert_eq!(all(&other.app).await, []);
    let refused = save(&other.app, member(building.flat, "Guest", MemberRole::Resident)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotAllowed);

    let own = administrator(&building).await;
    let office = building.office().await;
    let id = all(&own.app).await.into_iter().find(|member| member.is_self).unwrap().id;
    let to = json!({
        "site": 1, "name": "household", "email": "household@site.example", "role": "site_user",
        "language": "en", "apartments": [building.flat],
    });
    office.ask("PUT", &format!("users/{}", id.0), Some(to)).await;
    wait_until("the right is gone", async || !own.site().await.unwrap().household).await;
    assert_eq!(all(&own.app).await, []);
}
