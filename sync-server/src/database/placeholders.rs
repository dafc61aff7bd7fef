//! Numbered placeholders for statements of many rows: both engines read `$1`, PostgreSQL reads no `?`.

/// How many parameters a statement of many rows has at most. Both engines take tens of thousands, but SQLite finds the name
/// of each by walking a list, so a statement of thousands spends its time there; more rows gain nothing on PostgreSQL.
const PARAMETERS: usize = 480;

/// Cuts rows into statements: as many as fit, then powers of two. So few texts of each statement exist, and every one of
/// them comes often enough to be kept prepared.
pub fn batches<T>(rows: &[T], columns: usize) -> impl Iterator<Item = &[T]> {
    cut(rows, PARAMETERS / columns.max(1))
}

fn cut<T>(rows: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let most = if most == 0 { 1 } else { 1 << most.ilog2() };
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = if rest.len() >= most { most } else { 1 << rest.len().checked_ilog2()? };
        let (batch, after) = rest.split_at(size);
        rest = after;
        Some(batch)
    })
}

/// How many parameters a statement of [`values`] has at most.
const MANY_PARAMETERS: usize = 6_000;

/// As [`batches`], for the larger statements of [`values`].
pub fn large_batches<T>(rows: &[T], columns: usize) -> impl Iterator<Item = &[T]> {
    cut(rows, MANY_PARAMETERS / columns.max(1))
}

/// As [`placeholders`] from 1, for statements on SQLite that hold nothing else: without numbers, which it would have to look
/// up one by one.
pub fn values(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row; rows].join(", ")
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
    fn rows_are_cut_into_powers_of_two_and_none_is_lost() {
        let rows: Vec<u32> = (0..75).collect();
        let sizes: Vec<usize> = batches(&rows, 15).map(<[u32]>::len).collect();
        assert_eq!(sizes, [32, 32, 8, 2, 1]);
        assert_eq!(batches(&rows, 15).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(batches(&rows[..0], 15).count(), 0);
        assert_eq!(batches(&rows[..3], 1_000).count(), 3, "at least one row goes into a statement");
    }
}
