use std::io::Cursor;

use calamine::{Data as Cell, Reader, open_workbook_auto_from_rs};
use thiserror::Error;

/// Bytes and lines of a file, at most.
const LONGEST: usize = 16 << 20;
const LINES: usize = 100_000;
/// What XLSX (a ZIP archive) and XLS (a compound file) begin with.
const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// A table as it was read: the columns are known, the lines are not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub(super) rows: Vec<Row>,
}

/// Why a file cannot be read at all.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SheetError {
    /// More than 16 MiB, or more than 100,000 lines.
    #[error("the file is too long: 16 MiB and 100,000 lines are taken")]
    TooLong,
    /// There is nothing in it.
    #[error("there is nothing in the file")]
    Empty,
    /// It is neither UTF-8 text nor a workbook, or a part of it is missing.
    #[error("the file is damaged, or is neither CSV in UTF-8 nor XLS nor XLSX")]
    Damaged,
    /// The first line names a column that is not known.
    #[error(
        "there is no column {0:?}: floor, apartment number, apartment name, first name, surname, e-mail, comment"
    )]
    UnknownColumn(String),
    /// The first line names a column twice.
    #[error("the column {0:?} is there twice")]
    TwiceColumn(String),
    /// A column is missing that cannot be.
    #[error("the column {0:?} is missing")]
    NoColumn(&'static str),
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Floor,
    Number,
    Apartment,
    First,
    Surname,
    Email,
    Comment,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: usize,
    /// What was wrong before anybody looked at what it says.
    pub(super) wrong: Option<&'static str>,
    cells: [String; Field::ALL.len()],
}

impl Field {
    pub(super) const ALL: [Self; 7] =
        [Self::Floor, Self::Number, Self::Apartment, Self::First, Self::Surname, Self::Email, Self::Comment];

    /// The name of its column.
    fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Number => "apartment number",
            Self::Apartment => "apartment name",
            Self::First => "first name",
            Self::Surname => "surname",
            Self::Email => "e-mail",
            Self::Comment => "comment",
        }
    }

    fn named(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let text = if text == "email" { "e-mail".to_owned() } else { text };
        Self::ALL.into_iter().find(|field| field.name() == text)
    }
}

impl Row {
    /// What stands in a column, without the spaces around it; empty if there is no such column.
    pub(super) fn text(&self, field: Field) -> &str {
        let at = Field::ALL.iter().position(|other| *other == field);
        at.and_then(|at| self.cells.get(at)).map_or("", |text| text.trim())
    }
}

impl Sheet {
    /// Reads CSV (with commas, semicolons or tabs), XLS or XLSX, whichever it is.
    pub fn read(bytes: &[u8]) -> Result<Self, SheetError> {
        if bytes.len() > LONGEST {
            return Err(SheetError::TooLong);
        }
        let lines = if bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND) {
            workbook(bytes)?
        } else {
            text(bytes)?
        };
        Self::of(lines)
    }

    fn of(lines: Vec<Line>) -> Result<Self, SheetError> {
        if lines.len() > LINES {
            return Err(SheetError::TooLong);
        }
        let mut lines = lines.into_iter();
        let columns = columns(&lines.next().ok_or(SheetError::Empty)?.cells)?;
        let mut rows = Vec::new();
        for Line { number, cells, wrong } in lines {
            if cells.iter().all(|cell| cell.trim().is_empty()) && wrong.is_none() {
                continue;
            }
            let mut row = Row { line: number, wrong, ..Row::default() };
            if cells.len() != columns.len() {
                row.wrong = row.wrong.or(Some("there are more or fewer columns than on the first line"));
            }
            for (field, text) in columns.iter().zip(cells) {
                if looks_like_formula(&text) {
                    row.wrong = row.wrong.or(Some(FORMULA));
                }
                let at = Field::ALL.iter().position(|other| other == field);
                if let Some(cell) = at.and_then(|at| row.cells.get_mut(at)) {
                    *cell = text;
                }
            }
            rows.push(row);
        }
        Ok(Self { rows })
    }
}

const FORMULA: &str = "there is a formula where a value should be";

/// A line as it stands in the file, the first being 1.
struct Line {
    number: usize,
    cells: Vec<String>,
    wrong: Option<&'static str>,
}

fn columns(first: &[String]) -> Result<Vec<Field>, SheetError> {
    let mut columns = Vec::new();
    for text in first {
        let field = Field::named(text).ok_or_else(|| SheetError::UnknownColumn(shown(text)))?;
        if columns.contains(&field) {
            return Err(SheetError::TwiceColumn(shown(text)));
        }
        columns.push(field);
    }
    let has = |field: Field| columns.contains(&field);
    if has(Field::Floor) != has(Field::Number) {
        let missing = if has(Field::Floor) { Field::Number } else { Field::Floor };
        return Err(SheetError::NoColumn(missing.name()));
    }
    for needed in [Field::Surname, Field::Email] {
        if !has(needed) {
            return Err(SheetError::NoColumn(needed.name()));
        }
    }
    Ok(columns)
}

/// So much of a text that an error shows.
fn shown(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

/// What a spreadsheet would reckon with, were it exported again. A floor may be below the ground.
fn looks_like_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '@'])
}

fn text(bytes: &[u8]) -> Result<Vec<Line>, SheetError> {
    let text = std::str::from_utf8(bytes).map_err(|_| SheetError::Damaged)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // A quotation mark that is never closed: the file ends too soon.
    if text.contains('\0') || text.matches('"').count() % 2 == 1 {
        return Err(SheetError::Damaged);
    }
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    let mut bytes = text.bytes().enumerate().peekable();
    let mut number = 1;
    for record in reader.records() {
        let record = record.map_err(|_| SheetError::Damaged)?;
        // The reader's own count is of where the record before ended, with empty lines still to come.
        let begin = record.position().map_or(0, |position| position.byte());
        let begin = usize::try_from(begin).unwrap_or(usize::MAX);
        while let Some((_, byte)) = bytes.next_if(|(at, byte)| *at < begin || matches!(byte, b'\r' | b'\n')) {
            number += usize::from(byte == b'\n');
        }
        lines.push(Line { number, cells: record.iter().map(str::to_owned).collect(), wrong: None });
        if lines.len() > LINES {
            return Err(SheetError::TooLong);
        }
    }
    Ok(lines)
}

/// The first sheet of a workbook. Trailing cells that nobody filled in are no cells.
fn workbook(bytes: &[u8]) -> Result<Vec<Line>, SheetError> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    let name = book.sheet_names().first().cloned().ok_or(SheetError::Empty)?;
    let cells = book.worksheet_range(&name).map_err(|_| SheetError::Damaged)?;
    let formulas = book.worksheet_formula(&name).map_err(|_| SheetError::Damaged)?;
    let (first_row, _) = cells.start().ok_or(SheetError::Empty)?;
    let mut lines = Vec::new();
    for (at, row) in cells.rows().enumerate() {
        let number = usize::try_from(first_row).unwrap_or_default() + at + 1;
        let mut texts: Vec<String> = row.iter().map(cell_text).collect();
        if lines.is_empty() {
            while texts.last().is_some_and(|text| text.trim().is_empty()) {
                texts.pop();
            }
        }
        lines.push(Line { number, cells: texts, wrong: None });
        if lines.len() > LINES {
            return Err(SheetError::TooLong);
        }
    }
    // Rows are as wide as the widest; what is beyond the named columns must be empty.
    let width = lines.first().map_or(0, |line| line.cells.len());
    for line in lines.iter_mut().skip(1) {
        if line.cells.iter().skip(width).all(|text| text.trim().is_empty()) {
            line.cells.resize(width, String::new());
        }
    }
    if let Some((begin, _)) = formulas.start() {
        // Both ranges begin where the first thing of theirs is.
        let begin = usize::try_from(begin.saturating_sub(first_row)).unwrap_or_default();
        for (row, _, _) in formulas.used_cells().filter(|(_, _, formula)| !formula.is_empty()) {
            if let Some(line) = lines.get_mut(begin + row) {
                line.wrong = Some(FORMULA);
            }
        }
    }
    Ok(lines)
}

/// A number that is whole has no point: floors and doors are typed as numbers.
fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Cell::Empty => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &str) -> Vec<(usize, String, Option<&'static str>)> {
        let sheet = Sheet::read(bytes.as_bytes()).unwrap();
        let one =
            |row: Row| (row.line, Field::ALL.map(|field| row.text(field).to_owned()).join("|"), row.wrong);
        sheet.rows.into_iter().map(one).collect()
    }

    #[test]
    fn reads_what_spreadsheets_write() {
        for text in [
            "Floor,Apartment number,Surname,E-mail\n-1,12,Guest,a@site.example\n",
            "\u{feff}surname;e-mail;floor;apartment number\r\nGuest;a@site.example;-1;12\r\n",
            "surname\temail\tfloor\tapartment number\n\"Guest\"\ta@site.example\t-1\t12",
        ] {
            assert_eq!(texts(text), [(2, "-1|12|||Guest|a@site.example|".to_owned(), None)]);
        }
    }

    #[test]
    fn lines_keep_their_numbers_and_say_what_is_wrong() {
        let rows = texts("surname,e-mail\n\n\"Two\nlines\",a@b\nShort\n=1+1,b@b\n,,\n");
        let wrong: Vec<_> = rows.into_iter().map(|(line, _, wrong)| (line, wrong.is_some())).collect();
        assert_eq!(wrong, [(3, false), (5, true), (6, true)]);
    }

    #[test]
    fn wrong_columns_are_named() {
        let wrong = |text: &str| Sheet::read(text.as_bytes()).unwrap_err();
        assert_eq!(wrong("surname,e-mail,colour\n"), SheetError::UnknownColumn("colour".into()));
        assert_eq!(wrong("surname,e-mail,E-Mail\n"), SheetError::TwiceColumn("E-Mail".into()));
        assert_eq!(wrong("surname,e-mail,floor\n"), SheetError::NoColumn("apartment number"));
        assert_eq!(wrong("surname\n"), SheetError::NoColumn("e-mail"));
        assert_eq!(wrong(""), SheetError::Empty);
        assert_eq!(wrong("surname,e-mail\n\"Gue"), SheetError::Damaged);
        assert_eq!(Sheet::read(b"surname,e-mail\n\xff").unwrap_err(), SheetError::Damaged);
        assert_eq!(Sheet::read(b"PK\x03\x04half").unwrap_err(), SheetError::Damaged);
        assert_eq!(Sheet::read(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1half").unwrap_err(), SheetError::Damaged);
        assert_eq!(Sheet::read(&vec![b'a'; LONGEST + 1]).unwrap_err(), SheetError::TooLong);
    }
}
