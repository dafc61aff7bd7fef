//! Numbered placeholders for statements of many rows: both engines read `$1`, PostgreSQL reads no `?`.

/// The most parameters of one statement that both engines take (SQLite 32,766, PostgreSQL 65,535).
pub const MAX_PARAMETERS: usize = 32_000;

/// How many rows of `columns` parameters go into one statement, at most `limit`.
pub fn rows_per_statement(columns: usize, limit: usize) -> usize {
    (MAX_PARAMETERS / columns.max(1)).clamp(1, limit.max(1))
}

/// `($1, $2), ($3, $4), …`: `rows` groups of `columns` placeholders, counted on from `first`.
pub fn placeholders(first: usize, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    let mut number = first;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&number.to_string());
            number += 1;
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(placeholders(1, 2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(placeholders(4, 1, 2), "($4, $5)");
    }

    #[test]
    fn a_statement_never_takes_more_parameters_than_both_engines_allow() {
        assert_eq!(rows_per_statement(16, 10_000) * 16, 32_000);
        assert_eq!(rows_per_statement(16, 100), 100);
    }
}
