use serde_json::{Value, json};

use crate::House;

#[tokio::test]
async fn is_served_as_it_is_printed() {
    let house = House::new().await;
    let served = house.nobody().get("/v1/openapi.json").await.expect(200);
    assert_eq!(served, serde_json::to_value(vestibule_site::openapi()).unwrap());
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1."), "{}", served["openapi"]);
}

#[tokio::test]
async fn every_operation_says_what_goes_wrong_and_who_may() {
    let document = serde_json::to_value(vestibule_site::openapi()).unwrap();
    let mut open = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
            match operation.get("security") {
                Some(Value::Array(schemes)) => {
                    let door = ["/v1/call-reports", "/v1/door-checks", "/v1/presence", "/v1/configuration"]
                        .iter()
                        .any(|start| path.starts_with(start));
                    assert_eq!(schemes[0], if door { json!({ "door": [] }) } else { json!({ "user": [] }) });
                }
                _ => open.push(format!("{method} {path}")),
            }
        }
    }
    open.sort();
    assert_eq!(open, ["post /v1/provisioning", "post /v1/session", "post /v1/session/refresh"]);
}

/// A reference that leads nowhere would break every generator of clients.
#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(vestibule_site::openapi()).unwrap();
    let mut open = vec![&document];
    let mut count = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    assert!(document.pointer(to.strip_prefix('#').unwrap()).is_some(), "{to}");
                    count += 1;
                }
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => (),
        }
    }
    assert!(count > 40, "{count}");
}
