//! Lists: conditions with numbered placeholders, and pages that stay stable while rows are added.

use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

use crate::error::ApiError;

/// The most rows of one page.
pub const MAX_PAGE: i64 = 200;
/// The rows of a page when nobody says.
const DEFAULT_PAGE: i64 = 50;

/// The rows that a page shall have.
///
/// # Errors
/// A limit below 1 or above [`MAX_PAGE`].
pub fn page_limit(limit: Option<i64>) -> Result<i64, ApiError> {
    match limit.unwrap_or(DEFAULT_PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        _ => Err(ApiError::invalid("limit", format!("a page has 1 to {MAX_PAGE} rows"))),
    }
}

/// Where a list ordered by time and id, newest first, goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCursor {
    /// The time of the last row shown, milliseconds UTC.
    pub millis: i64,
    /// Its id.
    pub id: String,
}

impl PageCursor {
    /// Reads a cursor that was given out.
    ///
    /// # Errors
    /// It was not.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        let fail = || ApiError::invalid("cursor", "this cursor was not given out by this server");
        let (millis, id) = text.split_once('.').ok_or_else(fail)?;
        let millis = millis.parse().map_err(|_| fail())?;
        let plain =
            !id.is_empty() && id.len() <= 80 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if plain { Ok(Self { millis, id: id.to_owned() }) } else { Err(fail()) }
    }

    /// Cuts a list that was asked for with one row more than `limit`, and says where it goes on; None at its end.
    pub fn cut<T>(rows: &mut Vec<T>, limit: i64, place: impl Fn(&T) -> (i64, &str)) -> Option<String> {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let (millis, id) = rows.last().filter(|_| more).map(place)?;
        Some(Self { millis, id: id.to_owned() }.to_string())
    }
}

impl std::fmt::Display for PageCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.millis, self.id)
    }
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
    pub fn after(&mut self, time: &'static str, id: &'static str, cursor: Option<&PageCursor>) {
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
        assert_eq!(PageCursor::parse(&cursor.to_string()).unwrap(), cursor);
        for forged in ["", "5", "x.y", "5.", "5.a'b"] {
            assert!(PageCursor::parse(forged).is_err(), "{forged}");
        }
    }

    #[test]
    fn a_list_goes_on_only_when_there_was_a_row_more() {
        let mut rows = vec![(9, "a"), (7, "b"), (5, "c")];
        assert_eq!(PageCursor::cut(&mut rows, 2, |row| (row.0, row.1)).as_deref(), Some("7.b"));
        assert_eq!(rows, [(9, "a"), (7, "b")]);
        assert_eq!(PageCursor::cut(&mut rows, 2, |row| (row.0, row.1)), None);
    }

    #[test]
    fn a_page_has_a_bounded_number_of_rows() {
        assert_eq!(page_limit(None).unwrap(), 50);
        assert_eq!(page_limit(Some(200)).unwrap(), 200);
        assert!(page_limit(Some(0)).is_err() && page_limit(Some(201)).is_err());
    }
}
