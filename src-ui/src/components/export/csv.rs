//! Tables as text: RFC 4180, for spreadsheets.

/// Tells spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A table that grows row by row.
#[derive(Debug)]
pub(super) struct Table {
    text: String,
    rows: usize,
}

impl Table {
    /// A table with its column names.
    pub(super) fn new(head: &[String]) -> Self {
        let mut table = Self { text: BYTE_ORDER_MARK.to_string(), rows: 0 };
        table.line(head);
        table
    }

    pub(super) fn push(&mut self, row: &[String]) {
        self.line(row);
        self.rows += 1;
    }

    /// Rows apart from the column names.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn line(&mut self, fields: &[String]) {
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            self.field(field);
        }
        self.text.push_str("\r\n");
    }

    fn field(&mut self, field: &str) {
        let quoted = field.contains([',', '"', '\r', '\n']);
        if quoted {
            self.text.push('"');
        }
        if is_formula(field) {
            self.text.push('\'');
        }
        for character in field.chars() {
            if character == '"' {
                self.text.push('"');
            }
            self.text.push(character);
        }
        if quoted {
            self.text.push('"');
        }
    }
}

/// Whether a spreadsheet would calculate it rather than show it (OWASP, CSV injection). Callers and visitors choose
/// their names themselves.
fn is_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(fields: &[&str]) -> String {
        let mut table = Table::new(&[]);
        table.push(&fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>());
        table.into_text().trim_start_matches("\u{feff}\r\n").to_owned()
    }

    #[test]
    fn a_table_has_its_mark_its_names_and_its_rows() {
        let mut table = Table::new(&["Door".to_owned(), "Who".to_owned()]);
        table.push(&["Cellar".to_owned(), String::new()]);
        assert_eq!(table.rows(), 1);
        assert_eq!(table.into_text(), "\u{feff}Door,Who\r\nCellar,\r\n");
    }

    #[test]
    fn what_would_break_a_line_is_quoted() {
        assert_eq!(
            line(&["a,b", "say \"hi\"", "two\nlines"]),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n"
        );
        assert_eq!(line(&["Übergang 👪", "ضيف"]), "Übergang 👪,ضيف\r\n");
    }

    #[test]
    fn formulas_are_defused() {
        for (field, written) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("a=b", "a=b"),
            ("0:42", "0:42"),
        ] {
            assert_eq!(line(&[field]), format!("{written}\r\n"));
        }
    }
}
