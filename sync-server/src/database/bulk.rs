//! The hottest inserts: many rows of one business by one statement, which the two engines do best in different ways.
//!
//! SQLite binds value by value, in statements of few sizes that are kept prepared. PostgreSQL would read and plan thousands
//! of placeholders; it takes an array for each column instead, by one short text that is prepared once.

use std::fmt::{self, Display, Write as _};

use sqlx::any::AnyArguments;
use sqlx::{Arguments as _, AssertSqlSafe};

use super::placeholders::{large_batches, values};
use super::{DatabaseError, Tx};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TEXT.
    Text,
    /// BIGINT.
    Number,
}

/// Where rows go.
#[derive(Debug, Clone, Copy)]
pub struct Bulk {
    /// The table.
    pub table: &'static str,
    /// Its columns behind `tenant_id`, which is the first of every table.
    pub columns: &'static [(&'static str, Kind)],
    /// What becomes of a row that is there already; empty makes it an error.
    pub conflict: &'static str,
}

/// The most rows of a statement on PostgreSQL, so that neither side holds more at once.
const MOST_ROWS: usize = 4_000;

impl Bulk {
    /// Inserts the rows of a business, each put down by `put` in the order of the columns; how many were written.
    ///
    /// # Errors
    /// A failed statement.
    pub async fn insert<T>(
        &self,
        tx: &mut Tx,
        tenant: &str,
        rows: &[T],
        put: impl Fn(&T, &mut Cells),
    ) -> Result<u64, DatabaseError> {
        let mut written = 0;
        if tx.is_sqlite() {
            let columns = self.columns.len() + 1;
            for chunk in large_batches(rows, columns) {
                let sql = self.by_values(&values(chunk.len(), columns));
                let mut cells = Cells::values(chunk.len() * columns);
                for row in chunk {
                    cells.text(tenant);
                    put(row, &mut cells);
                }
                written += self.execute(tx, sql, cells).await?;
            }
        } else {
            for chunk in rows.chunks(MOST_ROWS) {
                let mut cells = Cells::arrays(self.columns.len(), chunk.len());
                for row in chunk {
                    put(row, &mut cells);
                }
                written += self.execute(tx, self.by_arrays(), cells.under(tenant)).await?;
            }
        }
        Ok(written)
    }

    async fn execute(&self, tx: &mut Tx, sql: String, cells: Cells) -> Result<u64, DatabaseError> {
        let arguments = cells.arguments().map_err(|error| DatabaseError::corrupt(self.table, error))?;
        Ok(sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut **tx).await?.rows_affected())
    }

    fn names(&self) -> String {
        self.columns.iter().fold("tenant_id".to_owned(), |names, (name, _)| names + ", " + name)
    }

    fn by_values(&self, values: &str) -> String {
        format!("INSERT INTO {} ({}) VALUES {values} {}", self.table, self.names(), self.conflict)
    }

    /// The arrays travel as text: `sqlx::Any` knows no others.
    fn by_arrays(&self) -> String {
        let array = |((_, kind), number): (&(&str, Kind), i32)| match kind {
            Kind::Text => format!("CAST(${number} AS TEXT[])"),
            Kind::Number => format!("CAST(${number} AS BIGINT[])"),
        };
        let arrays: Vec<String> = self.columns.iter().zip(2..).map(array).collect();
        format!(
            "INSERT INTO {} ({}) SELECT $1, rows.* FROM UNNEST({}) AS rows {}",
            self.table,
            self.names(),
            arrays.join(", "),
            self.conflict
        )
    }
}

type Encoded = Result<AnyArguments, sqlx::error::BoxDynError>;

/// The values of a statement, put down one after the other.
pub struct Cells(Form);

enum Form {
    Values(Encoded),
    Arrays { columns: Vec<String>, at: usize },
}

impl Cells {
    fn values(count: usize) -> Self {
        let mut arguments = AnyArguments::default();
        arguments.reserve(count, 0);
        Self(Form::Values(Ok(arguments)))
    }

    fn arrays(columns: usize, rows: usize) -> Self {
        /// About what a value takes; more is found as it comes.
        const BYTES: usize = 24;
        let columns = (0..columns).map(|_| String::with_capacity(rows * BYTES)).collect();
        Self(Form::Arrays { columns, at: 0 })
    }

    /// The text of a value.
    pub fn text(&mut self, text: impl Display) {
        match &mut self.0 {
            Form::Values(encoded) => add(encoded, text.to_string()),
            Form::Arrays { .. } => self.element(|array| {
                array.push('"');
                // Writing to a String does not fail.
                let _ = write!(Quoted(array), "{text}");
                array.push('"');
            }),
        }
    }

    /// The text of a value, or none.
    pub fn text_or_null(&mut self, text: Option<impl Display>) {
        match (text, &mut self.0) {
            (Some(text), _) => self.text(text),
            (None, Form::Values(encoded)) => add(encoded, None::<String>),
            (None, Form::Arrays { .. }) => self.element(|array| array.push_str("NULL")),
        }
    }

    /// A number.
    pub fn number(&mut self, number: i64) {
        match &mut self.0 {
            Form::Values(encoded) => add(encoded, number),
            Form::Arrays { .. } => self.element(|array| {
                let _ = write!(array, "{number}");
            }),
        }
    }

    /// A number, or none.
    pub fn number_or_null(&mut self, number: Option<i64>) {
        match (number, &mut self.0) {
            (Some(number), _) => self.number(number),
            (None, Form::Values(encoded)) => add(encoded, None::<i64>),
            (None, Form::Arrays { .. }) => self.element(|array| array.push_str("NULL")),
        }
    }

    fn element(&mut self, write: impl FnOnce(&mut String)) {
        let Form::Arrays { columns, at } = &mut self.0 else { return };
        let place = *at % columns.len().max(1);
        *at += 1;
        if let Some(array) = columns.get_mut(place) {
            array.push(if array.is_empty() { '{' } else { ',' });
            write(array);
        }
    }

    /// Closes the arrays and puts the business before them.
    fn under(self, tenant: &str) -> Self {
        let Form::Arrays { columns, .. } = self.0 else { return self };
        let mut cells = Self::values(columns.len() + 1);
        cells.text(tenant);
        for mut array in columns {
            array.push('}');
            cells.text(array);
        }
        cells
    }

    fn arguments(self) -> Encoded {
        match self.0 {
            Form::Values(encoded) => encoded,
            Form::Arrays { .. } => Err("arrays that are not closed".into()),
        }
    }
}

fn add<'t, T>(encoded: &mut Encoded, value: T)
where
    T: sqlx::Encode<'t, sqlx::Any> + sqlx::Type<sqlx::Any>,
{
    if let Ok(arguments) = encoded
        && let Err(error) = arguments.add(value)
    {
        *encoded = Err(error);
    }
}

/// An array of these texts as PostgreSQL reads it.
pub fn text_array<T: Display>(texts: impl Iterator<Item = T>) -> String {
    let mut array = "{".to_owned();
    for text in texts {
        array.push_str(if array.len() > 1 { ",\"" } else { "\"" });
        let _ = write!(Quoted(&mut array), "{text}");
        array.push('"');
    }
    array.push('}');
    array
}

/// What is written comes out as it must stand between the quotes of an array's element.
struct Quoted<'a>(&'a mut String);

impl fmt::Write for Quoted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.split_inclusive(['"', '\\']) {
            match piece.as_bytes().last() {
                Some(b'"' | b'\\') => {
                    let (plain, mark) = piece.split_at(piece.len() - 1);
                    self.0.push_str(plain);
                    self.0.push('\\');
                    self.0.push_str(mark);
                }
                _ => self.0.push_str(piece),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELVES: Bulk = Bulk {
        table: "shelves",
        columns: &[("name", Kind::Text), ("note", Kind::Text), ("places", Kind::Number)],
        conflict: "ON CONFLICT DO NOTHING",
    };

    #[test]
    fn each_engine_gets_its_own_text() {
        assert_eq!(
            SHELVES.by_values("(?, ?, ?, ?)"),
            "INSERT INTO shelves (tenant_id, name, note, places) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        );
        assert_eq!(
            SHELVES.by_arrays(),
            "INSERT INTO shelves (tenant_id, name, note, places) SELECT $1, rows.* FROM \
             UNNEST(CAST($2 AS TEXT[]), CAST($3 AS TEXT[]), CAST($4 AS BIGINT[])) AS rows ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn texts_keep_their_quotes_commas_and_braces_in_an_array() {
        let mut cells = Cells::arrays(3, 2);
        for (name, note, places) in [("a \"b\" \\ {c},", None, -7), ("", Some("NULL"), i64::MAX)] {
            cells.text(name);
            cells.text_or_null(note);
            cells.number(places);
        }
        let Form::Arrays { columns, .. } = cells.0 else { panic!("arrays") };
        assert_eq!(columns, [r#"{"a \"b\" \\ {c},","""#, r#"{NULL,"NULL""#, "{-7,9223372036854775807"]);
        assert_eq!(text_array(["x\"", "y"].into_iter()), r#"{"x\"","y"}"#);
        assert_eq!(text_array([""; 0].into_iter()), "{}");
    }
}
