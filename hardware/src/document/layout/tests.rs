//! Tests of the layout.

use super::*;

fn text(build: impl FnOnce(&mut Document), columns: usize) -> String {
    let mut doc = Document::new();
    build(&mut doc);
    doc.to_plain_text(columns)
}

#[test]
fn a_long_name_wraps_beside_its_amount() {
    let out = text(
        |doc| {
            doc.left_right("Nasi Goreng Kampung Spesial", "45.000");
        },
        20,
    );
    assert_eq!(out, "Nasi Goreng   45.000\nKampung\nSpesial\n");
}

#[test]
fn a_word_wider_than_the_paper_is_broken() {
    let out = text(
        |doc| {
            doc.text("https://example.test/receipt");
        },
        10,
    );
    assert_eq!(out, "https://ex\nample.test\n/receipt\n");
}

#[test]
fn double_size_counts_two_columns_a_character() {
    let out = text(
        |doc| {
            doc.text("TOTAL").double().center();
            doc.text("TOTAL 36.000").double();
        },
        16,
    );
    assert_eq!(out, "     TOTAL\nTOTAL\n36.000\n");
}

#[test]
fn cells_keep_their_columns() {
    let out = text(
        |doc| {
            doc.row(&[
                ("2", Align::Right, Width::Columns(3)),
                ("Cà phê sữa đá", Align::Left, Width::Rest),
                ("58.000", Align::Right, Width::Columns(8)),
            ]);
        },
        21,
    );
    assert_eq!(out, "  2 Cà phê     58.000\n    sữa đá\n");
}

#[test]
fn cells_that_cannot_stand_beside_each_other_stand_under_each_other() {
    let out = text(
        |doc| {
            doc.left_right("Total", "1.234.567.890,00");
        },
        16,
    );
    assert_eq!(out, "Total\n1.234.567.890,00\n");
}

#[test]
fn what_fits_is_laid_out_as_if_it_had_been_broken() {
    let texts = ["", " ", "Kopi", " Cà phê ", "茶", "a b  c  "];
    for (at, left) in texts.into_iter().enumerate() {
        for right in texts {
            let mut doc = Document::new();
            let text = doc.text(left).and(right);
            match at % 3 {
                0 => text.center().double(),
                1 => text.right().bold(),
                _ => text.inverse(),
            };
            let cells = [(left, Align::Center, Width::Rest), (right, Align::Right, Width::Columns(9))];
            let row = doc.row(&cells);
            if at % 2 == 0 {
                row.inverse();
            }
            for block in doc.blocks() {
                match block {
                    Block::Text(text) => assert_eq!(text_lines(text, 30), broken_text(text, 30)),
                    Block::Row(row) => {
                        let widths = cell_widths(&row.cells, 30).unwrap();
                        assert_eq!(row_lines(row, 30), broken_row(row, &widths, 30));
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn a_combining_mark_takes_no_column() {
    assert_eq!("ê\u{301}".chars().map(char_columns).sum::<usize>(), 1);
}
