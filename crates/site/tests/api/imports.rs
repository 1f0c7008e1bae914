use std::fmt::Write;

use vestibule_site::{Preview, RowError, Sheet, SheetError};

use crate::House;

const HEAD: &str = "floor,apartment number,apartment name,first name,surname,e-mail,comment\n";

fn csv(rows: &str) -> Sheet {
    Sheet::read(format!("{HEAD}{rows}").as_bytes()).unwrap()
}

async fn users(house: &House) -> Vec<String> {
    let company = house.client("company").await;
    let found = company.get("/v1/users?limit=500").await.expect(200);
    found["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn it_is_shown_first_and_then_all_of_it_is_done() {
    let house = House::new().await;
    let sheet = csv("1,12,Flat 12,Aunt,Guest,aunt@site.example,key 7\n\
        5,51,Penthouse,,Guest,Top@Site.Example,\n5,51,,Second,Guest,second@site.example,\n6,61,Empty,,,,\n");
    let expected = Preview { apartments: 2, users: 3, errors: Vec::new() };
    assert_eq!(house.admin.preview(house.site, &sheet).unwrap(), expected);
    assert!(!users(&house).await.contains(&"aunt@site.example".to_owned()));
    assert_eq!(house.admin.import(house.site, &sheet).unwrap(), expected);
    let office = house.client_on("office", "another-device-0123").await;
    let apartments = office.get("/v1/apartments").await.expect(200);
    let names: Vec<_> =
        apartments["items"].as_array().unwrap().iter().map(|home| home["name"].clone()).collect();
    assert_eq!(names, ["Flat 12", "Flat 13", "Penthouse", "Empty"]);
    let all = office.get("/v1/users").await.expect(200);
    let find = |email: &str| {
        all["items"].as_array().unwrap().iter().find(|user| user["email"] == email).unwrap().clone()
    };
    assert_eq!(find("aunt@site.example")["name"], "Aunt Guest");
    assert_eq!(find("aunt@site.example")["apartments"][0], house.flat.0);
    assert_eq!(find("top@site.example")["role"], "site_user");
    assert_eq!(find("top@site.example")["apartments"], find("second@site.example")["apartments"]);
    // The same again: everybody is there already, and nobody is there twice.
    let again = house.admin.import(house.site, &sheet).unwrap();
    assert_eq!(again.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 3, 4]);
}

#[tokio::test]
async fn one_wrong_line_and_nothing_is_imported() {
    let house = House::new().await;
    let good = "2,21,Flat 21,Good,Guest,good@site.example,\n";
    for (line, why) in [
        ("2,,,A,B,a@site.example,", "the number of the apartment is missing"),
        (",21,,A,B,a@site.example,", "the floor is missing"),
        ("two,21,,A,B,a@site.example,", "the floor is no number"),
        (",,Flat,A,B,a@site.example,", "floor and number of the apartment are missing"),
        ("2,21,Other,A,B,a@site.example,", "another line gives this apartment another name"),
        ("2,21,,A,B,,", "the e-mail address is missing"),
        ("2,21,,,,a@site.example,", "somebody with an e-mail address needs a name"),
        ("2,21,,A,B,nonsense,", "the e-mail address is none"),
        ("2,21,,A,B,GOOD@site.example,", "the e-mail address stands in this file twice"),
        ("2,21,,A,B,resident@site.example,", "somebody has this e-mail address already"),
        ("2,21,,A,B", "there are more or fewer columns than on the first line"),
        ("2,21,,=1+1,B,a@site.example,", "there is a formula where a value should be"),
        ("2,21,,A,B,a@site.example,,more", "there are more or fewer columns than on the first line"),
    ] {
        let sheet = csv(&format!("{good}{line}\n"));
        let preview = house.admin.import(house.site, &sheet).unwrap();
        assert_eq!(preview.errors, [RowError { line: 3, why }], "{line}");
    }
    assert!(!users(&house).await.contains(&"good@site.example".to_owned()));
}

#[tokio::test]
async fn workbooks_are_read_and_their_formulas_refused() {
    for name in ["people.xlsx", "people.xls"] {
        let house = House::new().await;
        let sheet = Sheet::read(&read(name)).unwrap();
        let preview = house.admin.import(house.site, &sheet).unwrap();
        assert_eq!(preview, Preview { apartments: 2, users: 2, errors: Vec::new() }, "{name}");
        let office = house.client("office").await;
        let apartments = office.get("/v1/apartments").await.expect(200);
        let last = &apartments["items"][3];
        assert_eq!(
            (&last["floor"], &last["number"], &last["name"]),
            (&2.into(), &"3b".into(), &"2/3b".into())
        );
        let first = &apartments["items"][2];
        assert_eq!((&first["floor"], &first["number"]), (&(-1).into(), &"12".into()));
    }
    for name in ["formula.xlsx", "formula.xls"] {
        let house = House::new().await;
        let preview = house.admin.import(house.site, &Sheet::read(&read(name)).unwrap()).unwrap();
        let why = "there is a formula where a value should be";
        assert_eq!(preview.errors, [RowError { line: 2, why }], "{name}");
    }
}

#[test]
fn half_a_file_is_no_file() {
    for name in ["people.xlsx", "people.xls"] {
        let whole = read(name);
        assert_eq!(Sheet::read(&whole[..whole.len() / 2]), Err(SheetError::Damaged), "{name}");
    }
    let text = format!("{HEAD}2,21,Flat 21,Good,\"Guest");
    assert_eq!(Sheet::read(text.as_bytes()), Err(SheetError::Damaged));
}

#[tokio::test]
async fn fifty_thousand_lines_are_taken_at_once() {
    let house = House::new().await;
    let mut text = HEAD.to_owned();
    for number in 0..50_000 {
        let (floor, door) = (number / 1_000, number % 1_000);
        writeln!(text, "{floor},x{door},,Guest,{number},guest{number}@site.example,").unwrap();
    }
    let sheet = Sheet::read(text.as_bytes()).unwrap();
    let done = house.admin.import(house.site, &sheet).unwrap();
    assert_eq!(done, Preview { apartments: 50_000, users: 50_000, errors: Vec::new() });
    let twice = format!("{text}0,x0,,Guest,again,guest0@site.example,\n");
    let house = House::new().await;
    let refused = house.admin.import(house.site, &Sheet::read(twice.as_bytes()).unwrap()).unwrap();
    assert_eq!(refused.errors[0].line, 50_002);
    assert_eq!(users(&house).await.len(), 9);
}

fn read(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/sheets");
    std::fs::read(folder.join(name)).unwrap()
}
