//! The rows of a list in groups.

use vestibule_model::Timestamp;

/// A row of a list, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Tells the row from all others.
    pub(crate) id: i64,
    /// Tells its group from the ones beside it: of a day, when its first row was, in milliseconds since 1970.
    pub(crate) group: i64,
    /// Where it stands in its group.
    pub(crate) place: Place,
}

/// Where a row stands among the neighbours of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name of the group stands over it.
    pub(crate) first: bool,
    /// The next row is of another group.
    pub(crate) last: bool,
}

/// Rows by day. They keep their order whatever their clocks said, so that a day can come twice.
///
/// `day` tells when the day of a time begins and when the next one does, and is asked once for each day only:
/// calendars are slow.
pub(crate) fn by_day(
    rows: impl Iterator<Item = (i64, Timestamp)>,
    day: impl Fn(Timestamp) -> (Timestamp, Timestamp),
) -> Vec<Line> {
    let mut now = None;
    let grouped = rows.map(|(id, at)| {
        let (_, _, first) = match now {
            Some(day @ (begin, end, _)) if at >= begin && at < end => day,
            _ => {
                let (begin, end) = day(at);
                *now.insert((begin, end, at))
            }
        };
        (id, first.0)
    });
    in_groups(grouped)
}

/// Rows with the groups they are in; neighbours of one group stand together.
pub(crate) fn in_groups(rows: impl Iterator<Item = (i64, i64)>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(rows.size_hint().0);
    for (id, group) in rows {
        let mut first = true;
        if let Some(before) = lines.last_mut() {
            first = before.group != group;
            before.place.last = first;
        }
        lines.push(Line { id, group, place: Place { first, last: true } });
    }
    lines
}

/// Where a key leads from a row.
pub(super) fn step(key: &str, from: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (key, from) {
        ("ArrowDown", Some(from)) => (from < last).then_some(from + 1),
        ("ArrowUp", Some(from)) => from.checked_sub(1),
        ("ArrowDown" | "ArrowUp", None) | ("Home", _) => Some(0),
        ("End", _) => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decade(at: Timestamp) -> (Timestamp, Timestamp) {
        let begin = at.0 - at.0.rem_euclid(10);
        (Timestamp(begin), Timestamp(begin + 10))
    }

    fn drawn(times: &[i64]) -> String {
        let rows = times.iter().map(|time| (*time, Timestamp(*time)));
        let mark = |line: Line| match (line.place.first, line.place.last) {
            (true, true) => 'o',
            (true, false) => '(',
            (false, true) => ')',
            (false, false) => '-',
        };
        by_day(rows, decade).into_iter().map(mark).collect()
    }

    #[test]
    fn neighbours_of_a_day_stand_together() {
        assert_eq!(drawn(&[]), "");
        assert_eq!(drawn(&[5]), "o");
        assert_eq!(drawn(&[39, 38, 31, 25, 12, 11]), "(-)o()");
    }

    #[test]
    fn a_clock_that_jumps_leaves_the_order_alone() {
        assert_eq!(drawn(&[39, 38, 999, 37, 36, -4]), "()o()o");
    }

    #[test]
    fn arrows_walk_the_list_and_stop_at_its_ends() {
        for (key, from, to) in [
            ("ArrowDown", Some(0), Some(1)),
            ("ArrowDown", Some(2), None),
            ("ArrowUp", Some(1), Some(0)),
            ("ArrowUp", Some(0), None),
            ("ArrowDown", None, Some(0)),
            ("Home", Some(2), Some(0)),
            ("End", Some(0), Some(2)),
            ("x", Some(0), None),
        ] {
            assert_eq!(step(key, from, 3), to, "{key} from {from:?}");
        }
        assert_eq!(step("End", None, 0), None);
    }
}
