//! Which door is the large one.

use vestibule_model::{DoorId, DoorState, NearbyDoor};

/// The nearest door, but not a new one with every swing of the signal: what is under the finger must not change.
/// The one before stays while it is opened or tells what came of it, and while no other is clearly nearer.
pub(super) fn nearest(
    before: Option<DoorId>,
    pressed: Option<DoorId>,
    doors: &[NearbyDoor],
) -> Option<DoorId> {
    let first = doors.first()?;
    let Some(before) = before.and_then(|id| doors.iter().find(|door| door.id == id)) else {
        return Some(first.id);
    };
    let busy = pressed == Some(before.id)
        || matches!(
            before.state,
            DoorState::Opening | DoorState::Granted { .. } | DoorState::Denied { .. } | DoorState::TimedOut
        );
    Some(if busy || first.strength <= before.strength { before.id } else { first.id })
}

#[cfg(test)]
mod tests {
    use vestibule_model::Timestamp;

    use super::*;

    fn door(id: i64, strength: u8, state: DoorState) -> NearbyDoor {
        NearbyDoor { id: DoorId(id), name: String::new(), strength, state }
    }

    #[test]
    fn a_door_stays_until_another_is_clearly_nearer() {
        let at = Timestamp(0);
        let ready = DoorState::Ready;
        for (before, pressed, doors, expected) in [
            (None, None, vec![], None),
            (None, None, vec![door(1, 3, ready), door(2, 2, ready)], Some(1)),
            (Some(2), None, vec![door(1, 3, ready), door(2, 3, ready)], Some(2)),
            (Some(2), None, vec![door(1, 4, ready), door(2, 3, ready)], Some(1)),
            (Some(2), Some(2), vec![door(1, 4, ready), door(2, 1, ready)], Some(2)),
            (Some(2), None, vec![door(1, 4, ready), door(2, 1, DoorState::Opening)], Some(2)),
            (Some(2), None, vec![door(1, 4, ready), door(2, 1, DoorState::Granted { at })], Some(2)),
            (Some(2), None, vec![door(1, 4, ready), door(2, 0, DoorState::OutOfRange)], Some(1)),
            (Some(9), None, vec![door(1, 0, ready)], Some(1)),
        ] {
            let found = nearest(before.map(DoorId), pressed.map(DoorId), &doors);
            assert_eq!(found, expected.map(DoorId), "{before:?} {pressed:?} {doors:?}");
        }
    }
}
