//! Two apps of one household do what comes to mind, over networks that fail at any moment. In the end all three, apps
//! and server, have the same visitors: nothing is lost, and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use vestibule_ipc::RenewPin;
use vestibule_model::{Delivery, Visitor};
use vestibule_tests::wait_until;

use crate::building::Building;
use crate::resident::Resident;

/// What one of the two does. Which visitor is a number that is taken modulo how many they see.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Invite,
    Rename(usize),
    RenewPin(usize),
    Revoke(usize),
    Delete(usize),
    Cut,
    Mend,
    Restart,
    /// Waits until everything that can be sent now is.
    Settle,
}

fn deeds() -> impl Strategy<Value = Vec<(usize, Deed)>> {
    let which = 0..8_usize;
    let deed = prop_oneof![
        5 => Just(Deed::Invite),
        4 => which.clone().prop_map(Deed::Rename),
        1 => which.clone().prop_map(Deed::RenewPin),
        2 => which.clone().prop_map(Deed::Revoke),
        2 => which.prop_map(Deed::Delete),
        2 => Just(Deed::Cut),
        3 => Just(Deed::Mend),
        1 => Just(Deed::Restart),
        3 => Just(Deed::Settle),
    ];
    // One user gets 20 PINs at once.
    prop::collection::vec((0..2_usize, deed), 8..18)
}

#[test]
fn two_apps_and_the_server_come_to_the_same_visitors() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 6, failure_persistence: None, max_shrink_iters: 12, ..Config::default() };
    let strategy = (deeds(), any::<u64>(), 0..120_u64);
    let ran = TestRunner::new(config).run(&strategy, |(deeds, seed, bad)| {
        runtime.block_on(live(&deeds, seed, bad));
        Ok(())
    });
    ran.unwrap();
}

/// The number that an invitation had; its visitor keeps it in every name.
fn number(name: &str) -> usize {
    name.split(' ').nth(1).unwrap().parse().unwrap()
}

#[derive(Default)]
struct Done {
    invited: usize,
    revoked: BTreeSet<usize>,
    deleted: BTreeSet<usize>,
}

async fn live(deeds: &[(usize, Deed)], seed: u64, bad: u64) {
    let building = Building::new().await;
    let mut apps =
        [Resident::signed_in(&building, "resident").await, Resident::signed_in(&building, "housemate").await];
    for (app, seed) in apps.iter().zip([seed, !seed]) {
        app.wire.fail(bad, seed);
    }
    let mut done = Done::default();
    for (step, (who, deed)) in deeds.iter().enumerate() {
        act(&building, &mut apps[*who], *deed, step, &mut done).await;
    }
    for app in &apps {
        app.wire.fail(0, 1);
        app.wire.mend(building.address);
        // Whoever does something does not wait for the next try.
        app.invite(building.flat, &format!("Guest {} last", done.invited)).await;
        done.invited += 1;
    }
    judge(&building, &apps, &done).await;
}

async fn act(building: &Building, app: &mut Resident, deed: Deed, step: usize, done: &mut Done) {
    let all = app.visitors().await;
    let pick = |which: usize| all.get(which % all.len().max(1));
    match deed {
        Deed::Invite => {
            app.invite(building.flat, &format!("Guest {}", done.invited)).await;
            done.invited += 1;
        }
        Deed::Cut => app.wire.cut(),
        Deed::Mend => app.wire.mend(building.address),
        Deed::Restart => app.restart().await,
        Deed::Settle => {
            for _ in 0..50 {
                let waits = app.visitors().await.iter().any(|visitor| visitor.delivery == Delivery::Waiting);
                if !waits {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        }
        Deed::Rename(which) => {
            if let Some(visitor) = pick(which) {
                let name = format!("Guest {} at {step}", number(&visitor.name));
                // It may have gone since it was seen.
                let _ = app.save(Visitor { name, ..visitor.clone() }).await;
            }
        }
        Deed::RenewPin(which) => {
            if let Some(visitor) = pick(which) {
                let _ = app.app.renew_pin(RenewPin { visitor: visitor.id }).await;
            }
        }
        Deed::Revoke(which) => {
            if let Some(visitor) = pick(which)
                && app.revoke(visitor.id).await.is_ok()
            {
                done.revoked.insert(number(&visitor.name));
            }
        }
        Deed::Delete(which) => {
            if let Some(visitor) = pick(which)
                && app.delete(visitor.id).await.is_ok()
            {
                done.deleted.insert(number(&visitor.name));
            }
        }
    }
}

/// Name, whether it is revoked, and PIN of every visitor that the server has, as an app sees it.
fn seen(visitors: &[Visitor]) -> Option<BTreeSet<(String, bool, String)>> {
    let mut seen = BTreeSet::new();
    for visitor in visitors {
        match (&visitor.codes, visitor.delivery) {
            (_, Delivery::Waiting) => return None,
            // Refused, and so not there.
            (None, _) => (),
            (Some(codes), _) => {
                seen.insert((visitor.name.clone(), visitor.revoked, codes.pin.reveal().to_owned()));
            }
        }
    }
    Some(seen)
}

async fn judge(building: &Building, apps: &[Resident; 2], done: &Done) {
    let somebody = building.somebody("household", "somebody-elses-device").await;
    let at_server = async || {
        let visitors = somebody.visitors().await;
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let all: BTreeSet<_> = visitors
            .iter()
            .map(|visitor| {
                let revoked = visitor["revoked"].as_bool().unwrap();
                (text(&visitor["name"]), revoked, text(&visitor["codes"]["pin"]))
            })
            .collect();
        assert_eq!(all.len(), visitors.len(), "something is there twice");
        all
    };
    wait_until("all have the same", async || {
        let there = at_server().await;
        let [one, other] = [&apps[0], &apps[1]];
        seen(&one.visitors().await).as_ref() == Some(&there)
            && seen(&other.visitors().await).as_ref() == Some(&there)
    })
    .await;
    let mut counts = BTreeMap::new();
    for (name, revoked, _) in at_server().await {
        let number = number(&name);
        *counts.entry(number).or_insert(0) += 1;
        // Who was removed and made anew was not revoked as the new one.
        assert!(revoked || !done.revoked.contains(&number) || done.deleted.contains(&number), "{name}");
    }
    for number in 0..done.invited {
        let count = counts.get(&number).copied().unwrap_or(0);
        assert!(count <= 1, "visitor {number} is there {count} times");
        assert!(count == 1 || done.deleted.contains(&number), "visitor {number} is lost");
    }
}
