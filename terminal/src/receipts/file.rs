//! Receipts as files: the document that is printed, for a screen, a mail or an archive.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hardware::{Document, Paper};

use super::TEXT_COLUMNS;
use crate::views::{FileFormat, FileView};

/// A document as a file; `number` names it, `language` is that of its texts.
pub fn file(document: &Document, number: &str, language: &str, format: FileFormat) -> FileView {
    let paper = Paper { title: number, language, columns: TEXT_COLUMNS };
    let (ending, mime, bytes) = match format {
        FileFormat::Html => ("html", "text/html;charset=utf-8", document.to_html(&paper).into_bytes()),
        FileFormat::Pdf => ("pdf", "application/pdf", document.to_pdf(&paper)),
        FileFormat::Text => {
            ("txt", "text/plain;charset=utf-8", document.to_plain_text(TEXT_COLUMNS).into_bytes())
        }
    };
    FileView {
        name: format!("{}.{ending}", file_name(number)),
        mime: mime.to_owned(),
        base64: BASE64.encode(bytes),
    }
}

/// A number as part of a file's name: nothing in it leads to another folder.
fn file_name(number: &str) -> String {
    let safe = number.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' });
    safe.take(80).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_file_is_called_by_its_number_and_says_what_the_paper_says() {
        let mut document = Document::new();
        document.left_right("Cà phê sữa đá", "29.000");
        let bytes = |format| BASE64.decode(file(&document, "../KOTA-T3-1", "vi", format).base64).unwrap();
        let name = |format| file(&document, "../KOTA-T3-1", "vi", format).name;
        assert_eq!(name(FileFormat::Pdf), "___KOTA-T3-1.pdf");
        assert_eq!(name(FileFormat::Html), "___KOTA-T3-1.html");
        assert!(bytes(FileFormat::Pdf).starts_with(b"%PDF-"));
        let text = String::from_utf8(bytes(FileFormat::Text)).unwrap();
        assert_eq!(text.split_whitespace().last(), Some("29.000"));
        let page = String::from_utf8(bytes(FileFormat::Html)).unwrap();
        assert!(page.contains("<td>Cà phê sữa đá</td>"), "{page}");
    }
}
