//! Lists: conditions with numbered placeholders, and pages that stay stable while rows are added.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Row as _};

use super::{DatabaseError, Tx};
use crate::error::ApiError;

/// The most rows of one page.
const MAX_PAGE: i64 = 200;
/// The rows of a page when nobody says.
const DEFAULT_PAGE: i64 = 50;

/// The rows that a page shall have.
///
/// # Errors
/// A limit below 1 or above what a page can have.
pub fn page_limit(limit: Option<i64>) -> Result<i64, ApiError> {
    match limit.unwrap_or(DEFAULT_PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        _ => Err(ApiError::invalid("limit", format!("a page has 1 to {MAX_PAGE} rows"))),
    }
}

/// Where a list ordered by time and id, newest first, goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PageCursor {
    /// The time of the last row shown, milliseconds UTC.
    millis: i64,
    /// Its id.
    id: String,
}

impl PageCursor {
    /// Reads a cursor that was given out.
    fn parse(text: &str) -> Result<Self, ApiError> {
        let fail = || ApiError::invalid("cursor", "this cursor was not given out by this server");
        let (millis, id) = text.split_once('.').ok_or_else(fail)?;
        let millis = millis.parse().map_err(|_| fail())?;
        let plain =
            !id.is_empty() && id.len() <= 80 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if plain { Ok(Self { millis, id: id.to_owned() }) } else { Err(fail()) }
    }

    /// The place of a row that [`Newest::page`] read.
    fn of(row: &AnyRow) -> Result<Self, DatabaseError> {
        let at = row.len() - 2;
        Ok(Self { millis: row.try_get(at)?, id: row.try_get(at + 1)? })
    }
}

impl std::fmt::Display for PageCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.millis, self.id)
    }
}

/// Which page of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAsked {
    cursor: Option<PageCursor>,
    limit: i64,
}

impl PageAsked {
    /// The first page, as long as a page can be.
    pub const FIRST: Self = Self { cursor: None, limit: MAX_PAGE };

    /// Reads where a list shall go on, and how many rows are wanted.
    ///
    /// # Errors
    /// As [`page_limit`], or a cursor that was not given out.
    pub fn read(cursor: Option<&str>, limit: Option<i64>) -> Result<Self, ApiError> {
        let limit = page_limit(limit)?;
        let cursor = cursor.map(PageCursor::parse).transpose()?;
        Ok(Self { cursor, limit })
    }
}

/// A list ordered by time and id, newest first.
#[derive(Debug, Clone, Copy)]
pub struct Newest {
    /// Where its rows are.
    pub table: &'static str,
    /// What is read of each.
    pub columns: &'static str,
    /// When a row is from, milliseconds UTC.
    pub time: &'static str,
    /// What tells rows of one time apart: letters, digits and `-`.
    pub id: &'static str,
}

impl Newest {
    /// The rows of a page that pass the filters, and where the list goes on; None at its end.
    ///
    /// # Errors
    /// A failed statement, or a row that cannot be read.
    pub async fn page<T>(
        &self,
        tx: &mut Tx,
        mut filters: Filters,
        asked: PageAsked,
        read: impl Fn(&AnyRow) -> Result<T, DatabaseError>,
    ) -> Result<(Vec<T>, Option<String>), DatabaseError> {
        let Self { table, columns, time, id } = *self;
        filters.after(time, id, asked.cursor.as_ref());
        // The place of a row stands behind its columns; one row more than asked for says that the list goes on.
        let sql = format!(
            "SELECT {columns}, {time}, {id} FROM {table} WHERE {} ORDER BY {time} DESC, {id} DESC LIMIT {}",
            filters.sql(),
            asked.limit + 1
        );
        let query = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false));
        let mut rows = query.fetch_all(&mut **tx).await?;
        let next_cursor = cut(&mut rows, asked.limit).map(PageCursor::of).transpose()?;
        let rows = rows.iter().map(read).collect::<Result<Vec<T>, DatabaseError>>()?;
        Ok((rows, next_cursor.map(|cursor| cursor.to_string())))
    }
}

/// Cuts a list that was read with one row more than `limit`; its last row then, when it goes on.
fn cut<T>(rows: &mut Vec<T>, limit: i64) -> Option<&T> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| more)
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Number(i64),
}

/// Conditions joined by AND, with their values.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    sql: String,
    values: Vec<Value>,
}

impl Filters {
    /// Begins with a text that must be equal: the business.
    pub fn of(column: &'static str, text: impl ToString) -> Self {
        let mut filters = Self::default();
        filters.text(column, "=", Some(text));
        filters
    }

    fn push(&mut self, column: &'static str, operator: &'static str, value: Value) {
        let number = self.values.len() + 1;
        let and = if self.sql.is_empty() { "" } else { " AND " };
        self.sql.push_str(&format!("{and}{column} {operator} ${number}"));
        self.values.push(value);
    }

    /// `column operator text`, when there is one.
    pub fn text(&mut self, column: &'static str, operator: &'static str, text: Option<impl ToString>) {
        if let Some(text) = text {
            self.push(column, operator, Value::Text(text.to_string()));
        }
    }

    /// `column operator number`, when there is one.
    pub fn number(&mut self, column: &'static str, operator: &'static str, number: Option<i64>) {
        if let Some(number) = number {
            self.push(column, operator, Value::Number(number));
        }
    }

    /// `column` is like `pattern`, in which a letter after `\` stands for itself.
    pub fn like(&mut self, column: &'static str, pattern: String) {
        self.push(column, "LIKE", Value::Text(pattern));
        self.sql.push_str(" ESCAPE '\\'");
    }

    /// A condition without a value.
    pub fn fixed(&mut self, condition: &'static str) {
        let and = if self.sql.is_empty() { "" } else { " AND " };
        self.sql.push_str(&format!("{and}{condition}"));
    }

    /// `column` is one of `texts`; nothing passes when there are none.
    pub fn one_of(&mut self, column: &'static str, texts: &[String]) {
        let first = self.values.len() + 1;
        let numbers: Vec<String> = (first..first + texts.len()).map(|number| format!("${number}")).collect();
        let and = if self.sql.is_empty() { "" } else { " AND " };
        let list = if numbers.is_empty() { "NULL".to_owned() } else { numbers.join(", ") };
        self.sql.push_str(&format!("{and}{column} IN ({list})"));
        self.values.extend(texts.iter().cloned().map(Value::Text));
    }

    /// Rows after the cursor in the order `time DESC, id DESC`.
    fn after(&mut self, time: &'static str, id: &'static str, cursor: Option<&PageCursor>) {
        let Some(cursor) = cursor else { return };
        let (first, second) = (self.values.len() + 1, self.values.len() + 2);
        self.sql.push_str(&format!(" AND ({time} < ${first} OR ({time} = ${first} AND {id} < ${second}))"));
        self.values.push(Value::Number(cursor.millis));
        self.values.push(Value::Text(cursor.id.clone()));
    }

    /// Rows after a place in the order `time, id`.
    pub fn beyond(&mut self, time: &'static str, id: &'static str, place: Option<(i64, String)>) {
        let Some((millis, text)) = place else { return };
        let (first, second) = (self.values.len() + 1, self.values.len() + 2);
        self.sql.push_str(&format!(" AND ({time} > ${first} OR ({time} = ${first} AND {id} > ${second}))"));
        self.values.push(Value::Number(millis));
        self.values.push(Value::Text(text));
    }

    /// The conditions, to stand after WHERE.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The first value when it is a text: the business, by [`Filters::of`].
    pub fn first_text(&self) -> &str {
        match self.values.first() {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Binds the values in their order.
    pub fn bind<'q>(&self, mut query: Query<'q, Any, AnyArguments>) -> Query<'q, Any, AnyArguments> {
        for value in &self.values {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Number(number) => query.bind(*number),
            };
        }
        query
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn conditions_are_numbered_in_the_order_of_their_values() {
        let mut filters = Filters::of("tenant_id", "t");
        filters.text("outlet_id", "=", None::<&str>);
        filters.number("total", ">=", Some(5));
        filters.one_of("staff_id", &["a".into(), "b".into()]);
        filters.after("occurred_at", "order_id", Some(&PageCursor { millis: 7, id: "x".into() }));
        assert_eq!(
            filters.sql(),
            "tenant_id = $1 AND total >= $2 AND staff_id IN ($3, $4) AND (occurred_at < $5 OR (occurred_at = $5 AND order_id < $6))"
        );
        assert_eq!(filters.values.len(), 6);
    }

    #[test]
    fn a_cursor_is_read_back_as_it_was_given_out() {
        let cursor = PageCursor { millis: -5, id: "019a-b".into() };
        assert_eq!(cursor.to_string(), "-5.019a-b");
        assert_eq!(PageCursor::parse(&cursor.to_string()).unwrap(), cursor);
        for forged in ["", "5", "x.y", "5.", "5.a'b"] {
            assert!(PageCursor::parse(forged).is_err(), "{forged}");
        }
    }

    #[test]
    fn a_list_goes_on_only_when_there_was_a_row_more() {
        let mut rows = vec![(9, "a"), (7, "b"), (5, "c")];
        assert_eq!(cut(&mut rows, 2), Some(&(7, "b")));
        assert_eq!(rows, [(9, "a"), (7, "b")]);
        assert_eq!(cut(&mut rows, 2), None);
    }

    #[test]
    fn a_page_has_a_bounded_number_of_rows() {
        assert_eq!(page_limit(None).unwrap(), 50);
        assert_eq!(page_limit(Some(200)).unwrap(), 200);
        assert!(page_limit(Some(0)).is_err() && page_limit(Some(201)).is_err());
    }
}
