//! How high the rows are: measured where they were drawn, guessed where not.
//!
//! Sums are kept in a Fenwick tree (Fenwick 1994), so that a list of 100,000 rows costs no more to scroll than a
//! short one.

/// Pixels of a row that nobody has measured, until one was.
const ROW: f64 = 76.0;
/// What the name of a day adds to the row under it.
const HEADING: f64 = 44.0;

/// The heights of all rows, from the first one down.
#[derive(Debug, Default)]
pub(super) struct Heights {
    rows: Vec<Row>,
    /// At place `n - 1` the sum of the rows that end with row `n`, as many as the lowest bit of `n` says.
    tree: Vec<f64>,
    plain: Average,
    headed: Average,
}

/// Whether the name of a day stands over a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    Headed,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    shape: Shape,
    height: f64,
    measured: bool,
}

#[derive(Debug, Default)]
struct Average {
    sum: f64,
    count: f64,
}

impl Average {
    fn or(&self, guess: f64) -> f64 {
        if self.count > 0.0 { self.sum / self.count } else { guess }
    }
}

impl Heights {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row was measured so far.
    pub(super) fn is_guessed(&self) -> bool {
        self.plain.count + self.headed.count < 1.0
    }

    /// Adds a row at the end: with its height, if that is known.
    pub(super) fn push(&mut self, shape: Shape, known: Option<f64>) {
        let height = known.unwrap_or_else(|| self.guess(shape));
        self.rows.push(Row { shape, height, measured: known.is_some() });
        self.grow(height);
    }

    /// Takes what was measured, and tells by how much the row is higher than was thought.
    pub(super) fn measure(&mut self, row: usize, height: f64) -> f64 {
        let Some(known) = self.rows.get_mut(row) else { return 0.0 };
        let more = height - known.height;
        if !known.measured {
            let average = if known.shape == Shape::Headed { &mut self.headed } else { &mut self.plain };
            average.sum += height;
            average.count += 1.0;
        }
        (known.height, known.measured) = (height, true);
        let mut place = row + 1;
        while let Some(sum) = self.tree.get_mut(place - 1) {
            *sum += more;
            place += lowest_bit(place);
        }
        more
    }

    /// Has no rows any more, and remembers how high rows are.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.tree.clear();
    }

    /// Forgets everything that was measured, as when lines break elsewhere in a wider window.
    pub(super) fn forget(&mut self) {
        (self.plain, self.headed) = (Average::default(), Average::default());
        for row in &mut self.rows {
            row.measured = false;
        }
    }

    /// Guesses anew what was not measured, by what was.
    pub(super) fn guess_anew(&mut self) {
        let (plain, headed) = (self.guess(Shape::Plain), self.guess(Shape::Headed));
        self.tree.clear();
        for place in 0..self.rows.len() {
            let Some(row) = self.rows.get_mut(place) else { return };
            if !row.measured {
                row.height = if row.shape == Shape::Headed { headed } else { plain };
            }
            let height = row.height;
            self.grow(height);
        }
    }

    /// The height of a row, if it was measured.
    pub(super) fn known(&self, row: usize) -> Option<f64> {
        self.rows.get(row).filter(|row| row.measured).map(|row| row.height)
    }

    /// Where a row begins; past the last row, where the list ends.
    pub(super) fn top(&self, row: usize) -> f64 {
        let mut place = row.min(self.rows.len());
        let mut sum = 0.0;
        while place > 0 {
            sum += self.tree.get(place - 1).copied().unwrap_or_default();
            place -= lowest_bit(place);
        }
        sum
    }

    /// How high the whole list is.
    pub(super) fn total(&self) -> f64 {
        self.top(self.rows.len())
    }

    /// The row that lies so far below the top: the first one above the list, the last one below it.
    pub(super) fn at(&self, y: f64) -> usize {
        let mut step = self.rows.len().checked_next_power_of_two().unwrap_or(0);
        let (mut place, mut rest) = (0, y);
        while step > 0 {
            let next = place + step;
            if let Some(sum) = self.tree.get(next - 1).filter(|sum| **sum <= rest) {
                (place, rest) = (next, rest - sum);
            }
            step /= 2;
        }
        place.min(self.rows.len().saturating_sub(1))
    }

    fn guess(&self, shape: Shape) -> f64 {
        let plain = self.plain.or(ROW);
        match shape {
            Shape::Plain => plain,
            Shape::Headed => self.headed.or(plain + HEADING),
        }
    }

    fn grow(&mut self, height: f64) {
        let end = self.tree.len() + 1;
        let mut sum = height;
        let mut place = end - 1;
        while place > end - lowest_bit(end) {
            sum += self.tree.get(place - 1).copied().unwrap_or_default();
            place -= lowest_bit(place);
        }
        self.tree.push(sum);
    }
}

fn lowest_bit(place: usize) -> usize {
    place & place.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(heights: &[f64]) -> Heights {
        let mut all = Heights::default();
        for height in heights {
            all.push(Shape::Plain, Some(*height));
        }
        all
    }

    #[test]
    fn rows_begin_where_those_before_them_end() {
        let heights: Vec<f64> = (1..=37).map(f64::from).collect();
        let all = of(&heights);
        for row in 0..=37 {
            assert!((all.top(row) - heights.iter().take(row).sum::<f64>()).abs() < 1e-9, "row {row}");
        }
        assert!((all.total() - 703.0).abs() < 1e-9);
        assert!((all.top(99) - 703.0).abs() < 1e-9);
    }

    #[test]
    fn every_place_has_its_row() {
        let all = of(&[10.0, 20.0, 30.0]);
        for (y, row) in [(-5.0, 0), (0.0, 0), (9.9, 0), (10.0, 1), (29.0, 1), (30.0, 2), (59.0, 2), (99.0, 2)]
        {
            assert_eq!(all.at(y), row, "{y}");
        }
        assert_eq!(Heights::default().at(5.0), 0);
    }

    #[test]
    fn what_is_measured_moves_what_is_below() {
        let mut all = of(&[10.0, 10.0, 10.0, 10.0, 10.0]);
        assert!((all.measure(1, 25.0) - 15.0).abs() < 1e-9);
        assert!((all.top(1) - 10.0).abs() < 1e-9);
        assert!((all.top(2) - 35.0).abs() < 1e-9);
        assert!((all.total() - 65.0).abs() < 1e-9);
        assert!(all.measure(9, 5.0).abs() < 1e-9);
    }

    #[test]
    fn what_was_not_measured_is_guessed_by_what_was() {
        let mut all = Heights::default();
        for row in 0..100 {
            all.push(if row % 10 == 0 { Shape::Headed } else { Shape::Plain }, None);
        }
        assert!(all.is_guessed());
        all.measure(0, 90.0);
        all.measure(1, 50.0);
        all.measure(2, 54.0);
        all.guess_anew();
        assert!(!all.is_guessed());
        assert_eq!((all.known(1), all.known(3)), (Some(50.0), None));
        assert!((all.total() - (90.0 * 10.0 + 52.0 * 88.0 + 50.0 + 54.0)).abs() < 1e-6);
        all.forget();
        assert_eq!(all.known(1), None);
    }
}
