//! The markup between a template and its document: lines, and words that begin with `@`. Reading it never fails.

use std::fmt;

use crate::document::{Align, Cut, Document, Picture, Rule, Style, Width};

/// Stands for `@` and `|` in values while they pass through a template: characters that nobody may write elsewhere, so that a
/// value which passes twice is still itself.
const AT: char = '\u{e000}';
const BAR: char = '\u{e001}';

/// Lines of a document; more empty a roll.
const MOST_LINES: usize = 4_000;
/// Codes and pictures of a document: each is work for the printer.
const MOST_DRAWN: usize = 8;
const MOST_FEED: u8 = 10;
const MOST_CELLS: usize = 8;

/// Writes a value so that the markup takes it for words.
pub(super) fn write_plain(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    let special = |c: char| matches!(c, '@' | '|') || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|&(_, c)| special(c)) {
        out.write_str(&rest[..at])?;
        out.write_char(match c {
            '@' => AT,
            '|' => BAR,
            _ => ' ',
        })?;
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_str(rest)
}

/// What stands on the paper.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            AT => '@',
            BAR => '|',
            c => c,
        })
        .collect()
}

/// The document of a rendered template; `None` when it is too long.
pub(super) fn document(text: &str, logo: Option<&Picture>) -> Option<Document> {
    let mut doc = Document::new();
    let mut drawn = 0;
    for (at, line) in text.lines().enumerate() {
        if at >= MOST_LINES || drawn > MOST_DRAWN {
            return None;
        }
        drawn += usize::from(read_line(&mut doc, line, logo));
    }
    (drawn <= MOST_DRAWN).then_some(doc)
}

/// How the words of a line look.
#[derive(Debug, Default)]
struct Looks {
    style: Style,
    align: Align,
    columns: Option<Vec<(Width, Align)>>,
}

/// Adds what a line says; gives whether that is drawn.
fn read_line(doc: &mut Document, line: &str, logo: Option<&Picture>) -> bool {
    if line.trim().is_empty() {
        doc.feed(1);
        return false;
    }
    let mut looks = Looks::default();
    let mut rest = line;
    while let Some((word, after)) = directive(rest) {
        // One space parts a word from what it is about; more are the text's own.
        let about = after.strip_prefix(' ').unwrap_or(after);
        if looks.take(word) {
            rest = about;
            continue;
        }
        if let Some(drawn) = add_block(doc, word, about.trim(), logo) {
            return drawn;
        }
        // No such word: it is text, as it would be without a template.
        break;
    }
    if rest.trim().is_empty() {
        // Looks of nothing, as of a name that is empty.
        doc.feed(1);
    } else {
        add_words(doc, rest, &looks);
    }
    false
}

/// A word that begins with `@` at the beginning of a line, its arguments in parentheses with it, and what stands after it.
fn directive(line: &str) -> Option<(&str, &str)> {
    let word = line.trim_start_matches(' ').strip_prefix('@')?;
    let letters = word.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(word.len());
    let length = match word[letters..].strip_prefix('(').and_then(|inside| inside.find(')')) {
        Some(inside) => letters + inside + 2,
        None => letters,
    };
    (letters > 0).then(|| word.split_at(length))
}

impl Looks {
    /// Takes a word about looks; gives whether it was one.
    fn take(&mut self, word: &str) -> bool {
        match word {
            "bold" => self.style.bold = true,
            "tall" => self.style.tall = true,
            "wide" => self.style.wide = true,
            "double" => (self.style.wide, self.style.tall) = (true, true),
            "inverse" => self.style.inverse = true,
            "center" => self.align = Align::Center,
            "right" => self.align = Align::Right,
            _ => match word.strip_prefix("columns(").and_then(columns) {
                Some(columns) => self.columns = Some(columns),
                None => return false,
            },
        }
        true
    }
}

/// Widths such as `3> * =>)`; `None` when they are none.
fn columns(list: &str) -> Option<Vec<(Width, Align)>> {
    let widths: Vec<(Width, Align)> = list
        .strip_suffix(')')?
        .split_whitespace()
        .map(|spec| {
            let (width, align) = match spec.char_indices().last()? {
                (at, '<') => (&spec[..at], Align::Left),
                (at, '^') => (&spec[..at], Align::Center),
                (at, '>') => (&spec[..at], Align::Right),
                _ => (spec, Align::Left),
            };
            let width = match width {
                "*" => Width::Rest,
                "=" => Width::Fit,
                width => Width::Columns(width.parse().ok().filter(|width| (1..=96).contains(width))?),
            };
            Some((width, align))
        })
        .collect::<Option<_>>()?;
    (1..=MOST_CELLS).contains(&widths.len()).then_some(widths)
}

/// Adds the block of a word; gives whether it is drawn, or `None` for a word that there is not.
fn add_block(doc: &mut Document, word: &str, about: &str, logo: Option<&Picture>) -> Option<bool> {
    match (word, about) {
        ("rule", "") => drop(doc.rule(Rule::Single)),
        ("rule", "double") => drop(doc.rule(Rule::Double)),
        ("feed", lines) => drop(doc.feed(feed_lines(lines)?)),
        ("cut", "") => drop(doc.cut(Cut::Partial)),
        ("cut", "full") => drop(doc.cut(Cut::Full)),
        ("qr", text) => {
            doc.qr(plain(text));
            return Some(true);
        }
        ("barcode", text) => {
            doc.barcode(plain(text));
            return Some(true);
        }
        ("ean", digits) => {
            doc.ean(plain(digits));
            return Some(true);
        }
        ("logo", "") => {
            if let Some(logo) = logo {
                doc.picture(logo.clone());
            }
            return Some(true);
        }
        _ => return None,
    }
    Some(false)
}

fn feed_lines(lines: &str) -> Option<u8> {
    if lines.is_empty() {
        Some(1)
    } else {
        lines.parse().ok().filter(|lines| (1..=MOST_FEED).contains(lines))
    }
}

fn add_words(doc: &mut Document, words: &str, looks: &Looks) {
    let cells: Vec<&str> = words.split('|').collect();
    if cells.len() == 1 || cells.len() > MOST_CELLS {
        let text = doc.text(plain(words));
        text.align = looks.align;
        text.runs.iter_mut().for_each(|run| run.style = looks.style);
        return;
    }
    // A line of its own beginning keeps its spaces; those around a bar are for the writer's eyes.
    let texts =
        cells.iter().enumerate().map(|(at, cell)| plain(if at == 0 { cell.trim_end() } else { cell.trim() }));
    let given = looks.columns.as_ref().filter(|columns| columns.len() == cells.len());
    let cells: Vec<(String, Align, Width)> = texts
        .enumerate()
        .map(|(at, text)| match given.and_then(|columns| columns.get(at)) {
            Some(&(width, align)) => (text, align, width),
            None if at == 0 => (text, Align::Left, Width::Rest),
            None => (text, Align::Right, Width::Fit),
        })
        .collect();
    let row = doc.row(&cells);
    row.cells.iter_mut().for_each(|cell| cell.run.style = looks.style);
}

/// What is wrong with a line of a template, as far as that can be seen without data.
pub(super) fn fault(line: &str) -> Option<String> {
    let mut rest = line;
    let mut looks = Looks::default();
    while let Some((word, after)) = directive(rest) {
        let about = after.strip_prefix(' ').unwrap_or(after);
        if looks.take(word) {
            rest = about;
            continue;
        }
        let about = about.trim();
        // A value may stand there, and conditions.
        let open = about.contains("{{") || about.contains("{%") || about.contains("{#");
        return match word {
            "rule" | "cut" | "feed" | "logo" if open => None,
            "rule" if !matches!(about, "" | "double") => {
                Some("`@rule` stands alone or with `double`".to_owned())
            }
            "cut" if !matches!(about, "" | "full") => Some("`@cut` stands alone or with `full`".to_owned()),
            "feed" if feed_lines(about).is_none() => Some("`@feed` takes 1 to 10 lines".to_owned()),
            "logo" if !about.is_empty() => Some("`@logo` stands alone".to_owned()),
            "rule" | "cut" | "feed" | "logo" | "qr" | "barcode" | "ean" => None,
            word if word.starts_with("columns") => Some(
                "`@columns(3> * =>)` takes 1 to 8 widths: columns, `*` or `=`, each with `<`, `^` or `>`"
                    .to_owned(),
            ),
            word => Some(format!("there is no word `@{word}`")),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn text(markup: &str) -> String {
        document(markup, None).unwrap().to_plain_text(24)
    }

    #[test]
    fn every_word_makes_its_block() {
        let logo = Picture::from_grey(2, vec![0; 4]).unwrap();
        let markup = "@logo\n@center @bold Hi\n@rule double\n  a | b\n@columns(3> *) 2 | Kopi\n\n@feed 2\n@qr x\n\
                      @barcode A1\n@ean 96385074\n@cut full";
        let mut doc = Document::new();
        doc.picture(logo.clone());
        doc.text("Hi").center().bold();
        doc.rule(Rule::Double);
        doc.left_right("  a", "b");
        doc.row(&[("2", Align::Right, Width::Columns(3)), ("Kopi", Align::Left, Width::Rest)]);
        doc.feed(1).feed(2);
        doc.qr("x");
        doc.barcode("A1").ean("96385074").cut(Cut::Full);
        assert_eq!(document(markup, Some(&logo)).unwrap(), doc);
    }

    #[test]
    fn what_is_no_word_is_text() {
        assert_eq!(
            text("@nobody home\n@feed 99\n@ alone\n@columns(x) a"),
            "@nobody home\n@feed 99\n@ alone\n@columns(x) a\n"
        );
    }

    #[test]
    fn values_are_words_also_when_they_pass_twice() {
        let written = |text: &str| {
            let mut out = String::new();
            write_plain(&mut out, text).unwrap();
            out
        };
        let evil = "@cut full\n@qr x | y\u{2028}z";
        let once = written(evil);
        assert_eq!(text(&once), "@cut full @qr x | y z\n");
        assert_eq!(written(&once), once);
    }

    #[test]
    fn a_document_without_end_is_none() {
        assert!(document(&"x\n".repeat(MOST_LINES), None).is_some());
        assert!(document(&"x\n".repeat(MOST_LINES + 1), None).is_none());
        assert!(document(&"@qr x\n".repeat(MOST_DRAWN), None).is_some());
        assert!(document(&"@qr x\n".repeat(MOST_DRAWN + 1), None).is_none());
    }
}
