use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client as Http, StatusCode};
use serde_json::json;
use vestibule_site::Config;

use crate::{House, PASSWORD};

/// A browser, as far as forms go.
struct Browser {
    http: Http,
    base: String,
    cookie: String,
}

struct Page {
    status: StatusCode,
    headers: HeaderMap,
    html: String,
}

impl Browser {
    fn new(house: &House) -> Self {
        let http = Http::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { http, base: house.base.clone(), cookie: String::new() }
    }

    async fn signed_in(house: &House, who: &str) -> Self {
        let mut browser = Self::new(house);
        let page = browser.sign_in(who, PASSWORD).await;
        assert_eq!(
            (page.status.as_u16(), &page.headers["location"]),
            (303, &"/admin/sites".parse().unwrap())
        );
        browser
    }

    async fn sign_in(&mut self, who: &str, password: &str) -> Page {
        let email = format!("{who}@site.example");
        let fields = [("email", email.as_str()), ("password", password), ("totp", "")];
        let page = self.send("/admin/sign-in", &fields).await;
        if let Some(cookie) = page.headers.get("set-cookie") {
            cookie.to_str().unwrap().split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        page
    }

    async fn get(&self, path: &str) -> Page {
        self.answer(self.http.get(format!("{}{path}", self.base))).await
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        let request = self.http.post(format!("{}{path}", self.base)).body(body.join("&"));
        self.answer(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    /// Fills a form of a page in, and sends it.
    async fn submit(&self, on: &str, to: &str, fields: &[(&str, &str)]) -> Page {
        let hidden = hidden(&self.get(on).await.html);
        let mut all: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        self.send(to, &all).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request.header("cookie", &self.cookie).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Page { status, headers, html: answer.text().await.unwrap() }
    }
}

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What the first form of a page has hidden in it.
fn hidden(html: &str) -> Vec<(String, String)> {
    let value = |name: &str| {
        let begin = format!("name=\"{name}\" value=\"");
        let rest = html.split(&begin).nth(1).unwrap();
        (name.to_owned(), rest.split('"').next().unwrap().to_owned())
    };
    vec![value("csrf"), value("once")]
}

const PAGES: [&str; 11] = [
    "/admin/licences",
    "/admin/groups",
    "/admin/import",
    "/admin/sites",
    "/admin/apartments",
    "/admin/users",
    "/admin/devices",
    "/admin/visitors",
    "/admin/log",
    "/admin/contacts",
    "/admin/tickets",
];

#[tokio::test]
async fn only_administrators_see_the_pages() {
    let house = House::new().await;
    let nobody = Browser::new(&house);
    for path in PAGES {
        let page = nobody.get(path).await;
        assert_eq!(
            (page.status.as_u16(), &page.headers["location"]),
            (303, &"/admin/sign-in".parse().unwrap())
        );
    }
    for who in ["resident", "household", "child"] {
        let mut browser = Browser::new(&house);
        let page = browser.sign_in(who, PASSWORD).await;
        assert!(page.status.is_client_error() && browser.cookie.is_empty(), "{who}");
    }
    let mut wrong = Browser::new(&house);
    assert_eq!(wrong.sign_in("office", "wrong password").await.status.as_u16(), 401);
    for who in ["office", "payer", "company"] {
        let browser = Browser::signed_in(&house, who).await;
        for path in PAGES {
            assert_eq!(browser.get(path).await.status.as_u16(), 200, "{who} {path}");
        }
    }
    // A token of the app is no cookie, and a cookie is no token.
    let office = house.client("office").await;
    let thief = Browser { cookie: format!("vestibule_admin={}", office.token), ..Browser::new(&house) };
    assert_eq!(thief.get("/admin/sites").await.status.as_u16(), 303);
}

#[tokio::test]
async fn the_cookie_is_for_the_pages_and_for_tls_alone() {
    let mut house = House::new().await;
    let cookie = async |house: &House| {
        let page = Browser::new(house).sign_in("office", PASSWORD).await;
        page.headers["set-cookie"].to_str().unwrap().to_owned()
    };
    let secure = cookie(&house).await;
    for part in ["; Path=/admin", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(secure.contains(part), "{secure}");
    }
    house.stop().await;
    house.start(Config { public_url: Some("http://127.0.0.1:1".into()), ..Config::default() }).await;
    assert!(!cookie(&house).await.contains("Secure"));
    let browser = Browser::signed_in(&house, "office").await;
    let page = browser.get("/admin/sites").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(!page.html.contains("<script"));
    // A day later one signs in again; signed out, the cookie is worth nothing.
    house.pass(9 * 60);
    assert_eq!(browser.get("/admin/sites").await.status.as_u16(), 303);
    let browser = Browser::signed_in(&house, "office").await;
    browser.submit("/admin/sites", "/admin/sign-out", &[]).await;
    assert_eq!(browser.get("/admin/sites").await.status.as_u16(), 303);
}

#[tokio::test]
async fn a_form_of_somebody_else_does_nothing() {
    let house = House::new().await;
    let browser = Browser::signed_in(&house, "office").await;
    let site = house.site.0.to_string();
    let flat = [("site", site.as_str()), ("floor", "2"), ("number", "21"), ("name", "Flat 21")];
    assert_eq!(browser.send("/admin/apartments", &flat).await.status.as_u16(), 403);
    let other = Browser::signed_in(&house, "payer").await;
    let theirs = hidden(&other.get("/admin/apartments").await.html);
    let mut stolen: Vec<_> = theirs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    stolen.extend(flat);
    assert_eq!(browser.send("/admin/apartments", &stolen).await.status.as_u16(), 403);
    assert!(!browser.get("/admin/apartments").await.html.contains("Flat 21"));
    // Another site in the browser cannot sign anybody in.
    let request =
        browser.http.post(format!("{}/admin/sign-in", house.base)).header("Sec-Fetch-Site", "cross-site");
    let body = format!("email={}&password={}", escape("office@site.example"), escape(PASSWORD));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    assert_eq!(request.send().await.unwrap().status().as_u16(), 403);
}

#[tokio::test]
async fn a_house_is_set_up_by_forms_and_what_is_sent_twice_is_made_once() {
    let house = House::new().await;
    let browser = Browser::signed_in(&house, "office").await;
    let site = house.site.0.to_string();
    let sharp = "<b>Flat & \"21\"</b>";
    let hidden = hidden(&browser.get("/admin/apartments").await.html);
    let mut flat: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    flat.extend([("site", site.as_str()), ("floor", "2"), ("number", "21"), ("name", sharp)]);
    for _ in 0..2 {
        assert_eq!(browser.send("/admin/apartments", &flat).await.status.as_u16(), 303);
    }
    let html = browser.get("/admin/apartments").await.html;
    assert!(html.contains("&lt;b&gt;Flat &amp; &quot;21&quot;&lt;/b&gt;") && !html.contains(sharp));
    assert_eq!(html.matches("&lt;b&gt;").count(), 1);

    let device = [
        ("site", site.as_str()),
        ("name", "Gate"),
        ("kind", "intercom"),
        ("mac", "7C:1E:B3:00:00:01"),
        ("mode", "manual"),
        ("apartment", ""),
        ("logging", "on"),
    ];
    let made = browser.submit("/admin/devices", "/admin/devices", &device).await;
    assert!(made.html.contains("vsd_") && made.html.contains("shown once"));
    assert!(!browser.get("/admin/devices").await.html.contains("vsd_"));
    let office = house.client("office").await;
    let devices = office.get("/v1/devices").await.expect(200);
    let gate =
        devices["items"].as_array().unwrap().iter().find(|device| device["name"] == "Gate").unwrap()["id"]
            .clone();
    let shown = browser.get(&format!("/admin/devices/{gate}")).await.html;
    assert!(
        shown.contains("value=\"7C:1E:B3:00:00:01\"") && shown.contains("value=\"manual\" selected"),
        "{shown}"
    );
    let calls = format!("/admin/devices/{gate}/calls");
    let lines = [
        ("buttons", "1; Flats; 1/12, 1/13; in order\n\n2; Door; Main entrance"),
        ("switches", "Gate; gate; 12*"),
        ("make", "2n"),
    ];
    assert_eq!(browser.submit(&calls, &calls, &lines).await.status.as_u16(), 303);
    let settings = office.get(&format!("/v1/devices/{gate}/call-settings")).await.expect(200);
    assert_eq!(settings["buttons"][0]["order"], "in_order");
    assert_eq!(
        settings["buttons"][0]["members"],
        json!([{ "apartment": house.flat }, { "apartment": house.other_flat }])
    );
    assert_eq!(settings["switches"], json!([{ "name": "Gate", "kind": "gate", "code": "12*" }]));
    let shown = browser.get(&calls).await.html;
    assert!(shown.contains("1; Flats; 1/12, 1/13; in order\n2; Door; Main entrance"), "{shown}");
    let wrong = browser
        .submit(&calls, &calls, &[("buttons", "\n1; A; nowhere"), ("switches", ""), ("make", "any")])
        .await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(
        wrong.html.contains("buttons, line 1") || wrong.html.contains("buttons, line 2"),
        "{}",
        wrong.html
    );
}

#[tokio::test]
async fn a_user_gets_a_link_that_is_shown_once() {
    let house = House::new().await;
    let browser = Browser::signed_in(&house, "office").await;
    let path = format!("/admin/users/{}", house.flat_user.0);
    let page = browser.submit(&path, &format!("{path}/link"), &[]).await;
    assert!(page.html.contains("vestibule://provision?server=") && page.html.contains("<svg"));
    let token = page.html.split("token=").nth(1).unwrap().split('<').next().unwrap();
    let claim = json!({ "token": token, "device": "phone-of-the-resident" });
    house.nobody().post("/v1/provisioning", claim).await.expect(200);
    let site = house.site.0.to_string();
    let change = [
        ("site", site.as_str()),
        ("name", "Renamed"),
        ("email", "resident@site.example"),
        ("role", "site_user"),
        ("language", "it"),
        ("password", ""),
        ("do", "change"),
    ];
    assert_eq!(browser.submit(&path, &path, &change).await.status.as_u16(), 303);
    assert!(browser.get("/admin/users").await.html.contains("Renamed"));
    assert_eq!(browser.submit(&path, &path, &[("do", "remove")]).await.status.as_u16(), 303);
    assert_eq!(browser.get(&path).await.status.as_u16(), 404);
}

#[tokio::test]
async fn groups_and_cards_are_given_by_forms() {
    let house = House::new().await;
    let browser = Browser::signed_in(&house, "office").await;
    let (site, flat) = (house.site.0.to_string(), house.flat.0.to_string());
    let user = format!("/admin/users/{}", house.flat_user.0);
    let card = [("uid", "04a1b2c3"), ("label", "key 7")];
    assert_eq!(browser.submit(&user, &format!("{user}/cards"), &card).await.status.as_u16(), 303);
    assert_eq!(house.entrance.check(json!({ "card": "04a1b2c3" })).await, "no_right");
    let group = [
        ("site", site.as_str()),
        ("name", "House"),
        ("description", ""),
        ("devices", "1"),
        ("apartments", &flat),
    ];
    assert_eq!(browser.submit("/admin/groups", "/admin/groups", &group).await.status.as_u16(), 303);
    assert_eq!(house.entrance.check(json!({ "card": "04a1b2c3" })).await, "allowed");
    assert!(browser.get("/admin/groups/1").await.html.contains("value=\"1\" checked"));
    let back = [("card", "1")];
    assert_eq!(browser.submit(&user, &format!("{user}/cards"), &back).await.status.as_u16(), 303);
    assert_eq!(house.entrance.check(json!({ "card": "04a1b2c3" })).await, "unknown");
}

#[tokio::test]
async fn a_file_is_shown_before_it_is_imported() {
    let house = House::new().await;
    let browser = Browser::signed_in(&house, "office").await;
    let look = async |csv: &str| {
        let hidden = hidden(&browser.get("/admin/import").await.html);
        let mut form = reqwest::multipart::Form::new().text("site", house.site.0.to_string());
        for (name, value) in hidden {
            form = form.text(name, value);
        }
        let file = reqwest::multipart::Part::text(csv.to_owned()).file_name("people.csv");
        let request =
            browser.http.post(format!("{}/admin/import", browser.base)).multipart(form.part("file", file));
        browser.answer(request).await
    };
    let wrong = look("surname,e-mail\nGuest,resident@site.example\n").await;
    assert!(wrong.html.contains("line 2: somebody has this e-mail address already"), "{}", wrong.html);
    assert!(!wrong.html.contains("Import all of it"));
    assert!(look("colour\nblue\n").await.html.contains("there is no column"));
    let shown = look("surname,e-mail\nGuest,guest@site.example\n").await;
    assert!(shown.html.contains("1 users and 0 new apartments"), "{}", shown.html);
    let upload = shown.html.split("name=\"upload\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut fields: Vec<_> = hidden(&shown.html);
    fields.push(("upload".to_owned(), upload.to_owned()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(!browser.get("/admin/users").await.html.contains("guest@site.example"));
    for _ in 0..2 {
        let done = browser.send("/admin/import/confirm", &fields).await;
        assert!(done.html.contains("1 users and 0 new apartments were imported"), "{}", done.html);
    }
    assert!(browser.get("/admin/users").await.html.contains("guest@site.example"));
    // What somebody else uploaded is not there for others.
    let other = Browser::signed_in(&house, "payer").await;
    look("surname,e-mail\nGuest,another@site.example\n").await;
    let stolen = other.submit("/admin/sites", "/admin/import/confirm", &[("upload", "4")]).await;
    assert_eq!(stolen.status.as_u16(), 404);
}

#[tokio::test]
async fn the_log_is_searched_and_visitors_are_nobody_s_business() {
    let house = House::new().await;
    let guest = house.client("resident").await.visitor(house.flat, json!({ "name": "Aunt Guest" })).await;
    house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
    house.entrance.check(json!({ "pin": "no digits" })).await;
    let browser = Browser::signed_in(&house, "office").await;
    let log = browser.get("/admin/log").await.html;
    assert!(log.contains("Aunt Guest") && log.contains("denied: unknown"));
    let denied = browser.get("/admin/log?text=&problems=on").await.html;
    assert!(!denied.contains("Aunt Guest") && denied.contains("denied: unknown"));
    let visitors = browser.get("/admin/visitors").await.html;
    assert!(visitors.contains("No administrator sees them") && !visitors.contains("Aunt Guest"));
}

#[tokio::test]
async fn a_voucher_is_redeemed_on_its_page_by_those_who_pay() {
    let house = House::new().await;
    let path = format!("/admin/licences/{}", house.site.0);
    let (office, payer) =
        (Browser::signed_in(&house, "office").await, Browser::signed_in(&house, "payer").await);
    assert!(payer.get(&path).await.html.contains("everything is licensed"));
    house.admin.set_fees(house.site, vestibule_site::Fees::Due).unwrap();
    let (_, code) = house.admin.make_voucher(vestibule_model::api::LicenceUnit::Apartment, 2, 1).unwrap();
    let code = [("code", code.reveal())];
    assert!(!office.get(&path).await.html.contains("name=\"code\""));
    assert_eq!(office.submit("/admin/sites", &path, &code).await.status.as_u16(), 403);
    assert_eq!(payer.submit(&path, &path, &code).await.status.as_u16(), 303);
    let again = payer.submit(&path, &path, &code).await;
    assert_eq!(again.status.as_u16(), 410);
    assert!(!again.html.contains(code[0].1));
    let page = office.get(&path).await.html;
    assert!(page.contains("2 apartments") && page.contains("The trial is until"), "{page}");
    assert!(office.get("/admin/licences").await.html.contains("trial until"));
    let client = house.client("payer").await;
    let devices = client.get("/v1/devices").await.expect(200);
    let of =
        |name| devices["items"].as_array().unwrap().iter().find(|device| device["name"] == name).unwrap();
    let screen = format!("/admin/devices/{}", of("Flat 13 screen")["id"]);
    assert!(!office.get(&screen).await.html.contains("Use no licence"));
    let off = payer.submit(&screen, &format!("{screen}/licence"), &[("do", "off")]).await;
    assert_eq!(off.status.as_u16(), 303);
    assert!(payer.get(&screen).await.html.contains("Use licences"));
    assert!(
        !payer
            .get(&format!("/admin/devices/{}", of("Main entrance")["id"]))
            .await
            .html
            .contains("Licence</h2>")
    );
}
