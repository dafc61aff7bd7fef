//! Receipts as HTML and PDF, read by software that is not ours: poppler, qpdf, zbar and a browser.

use std::path::Path;
use std::process::Command;

use hardware::{Align, Document, Paper, Picture, Width};

use crate::oracle::{output, program};
use crate::receipts::{cafe, market, western};

const PAPER: Paper<'static> = Paper { title: "KOTA-T3-000123", language: "vi", columns: 48 };

/// A file of these bytes for a program that reads files.
fn kept(bytes: &[u8], name: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// What poppler reads in a PDF, each line's words with one space between them.
fn words(mut pdftotext: Command, pdf: &Path) -> Vec<String> {
    squeezed(&output(pdftotext.args(["-layout", "-enc", "UTF-8"]).arg(pdf).arg("-")))
}

fn squeezed(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty() && !line.starts_with("[QR")).collect()
}

#[test]
fn every_word_of_a_pdf_can_be_searched() {
    let Some(_) = program("pdftotext") else { return };
    for document in [cafe(), market(), western()] {
        for columns in [32, 48] {
            let (_folder, pdf) = kept(&document.to_pdf(&Paper { columns, ..PAPER }), "r.pdf");
            let read = words(Command::new("pdftotext"), &pdf);
            assert_eq!(read, squeezed(&document.to_plain_text(columns)), "{columns}");
        }
    }
}

#[test]
fn letters_that_the_typeface_lacks_can_be_searched_too() {
    let Some(pdftotext) = program("pdftotext") else { return };
    let mut doc = Document::new();
    doc.left_right("拿鐵咖啡 Cà phê", "₫ 29.000 €");
    doc.text("Cafe\u{301} wide").double();
    let (_folder, pdf) = kept(&doc.to_pdf(&PAPER), "r.pdf");
    let read = words(pdftotext, &pdf).join("\n").replace(' ', "");
    for word in ["拿鐵咖啡", "Càphê", "₫29.000€"] {
        assert!(read.contains(word), "{word} is not in {read:?}");
    }
}

#[test]
fn a_pdf_is_whole_has_one_page_as_wide_as_the_paper_and_brings_its_typeface() {
    let (Some(mut qpdf), Some(mut pdfinfo), Some(mut pdffonts)) =
        (program("qpdf"), program("pdfinfo"), program("pdffonts"))
    else {
        return;
    };
    let (_folder, pdf) = kept(&market().to_pdf(&PAPER), "r.pdf");
    let checked = output(qpdf.arg("--check").arg(&pdf));
    assert!(checked.contains("No syntax or stream encoding errors found"), "{checked}");
    let said = output(pdfinfo.arg(&pdf));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    // 80 mm are 226.8 points.
    for word in ["Title: KOTA-T3-000123", "Pages: 1", "Page size: 226.77", "JavaScript: no"] {
        assert!(said.contains(word), "{word} is not in {said}");
    }
    let fonts = output(pdffonts.arg(&pdf));
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert_eq!(rows.len(), 2, "{fonts}");
    for row in rows {
        // Embedded, a part of it, with what its codes mean.
        let flags: Vec<&str> = row.split_whitespace().filter(|word| matches!(*word, "yes" | "no")).collect();
        assert_eq!(flags, ["yes", "yes", "yes"], "{fonts}");
    }
}

#[test]
fn a_receipt_longer_than_a_page_can_be_goes_on_on_the_next_one() {
    let (Some(mut pdfinfo), Some(pdftotext)) = (program("pdfinfo"), program("pdftotext")) else { return };
    let mut doc = Document::new();
    for line in 0..3_000 {
        doc.left_right(format!("Nr {line}"), "1.000");
    }
    let (_folder, pdf) = kept(&doc.to_pdf(&PAPER), "r.pdf");
    let said = output(pdfinfo.args(["-l", "9"]).arg(&pdf));
    let sizes: Vec<f32> = said
        .lines()
        .filter(|line| line.starts_with("Page ") && line.contains(" size:"))
        .map(|line| line.split_whitespace().nth(5).unwrap().parse().unwrap())
        .collect();
    assert_eq!(sizes.len(), 3, "{said}");
    assert!(sizes.iter().all(|&height| height <= 14_400.0), "{said}");
    assert_eq!(words(pdftotext, &pdf).iter().filter(|line| line.starts_with("Nr ")).count(), 3_000);
}

/// What a scanner reads in the pages of a PDF.
fn scanned(pdf: &Path) -> Option<String> {
    let picture = pdf.with_extension("");
    output(program("pdftoppm")?.args(["-png", "-singlefile", "-r", "203"]).arg(pdf).arg(&picture));
    let mut zbar = program("zbarimg")?;
    Some(output(zbar.args(["--quiet", "-Sean8.enable"]).arg(picture.with_extension("png"))))
}

fn codes() -> Document {
    let mut doc = Document::new();
    doc.qr("https://kedai.example/r/KOTA-T3-000123");
    doc.feed(2);
    doc.barcode("KOTA-T3-000123");
    doc.feed(3);
    doc.ean("4006381333931");
    doc
}

const SCANNED: [&str; 3] =
    ["QR-Code:https://kedai.example/r/KOTA-T3-000123", "CODE-128:KOTA-T3-000123", "EAN-13:4006381333931"];

#[test]
fn codes_of_a_pdf_are_scanned() {
    let (_folder, pdf) = kept(&codes().to_pdf(&PAPER), "r.pdf");
    let Some(read) = scanned(&pdf) else { return };
    for code in SCANNED {
        assert!(read.lines().any(|line| line == code), "{code} is not in {read:?}");
    }
}

/// A page printed by a browser.
fn printed(html: &str) -> Option<(tempfile::TempDir, std::path::PathBuf)> {
    let mut chromium = program("chromium")?;
    let (folder, page) = kept(html.as_bytes(), "r.html");
    let pdf = folder.path().join("r.pdf");
    let out = chromium
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-pdf-header-footer",
        ])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(page)
        .output()
        .unwrap();
    assert!(pdf.exists(), "{}", String::from_utf8_lossy(&out.stderr));
    Some((folder, pdf))
}

#[test]
fn a_browser_prints_a_page_on_one_sheet_as_wide_as_the_paper_with_every_word_and_code() {
    let mut doc = market();
    doc.append(codes());
    let Some((_folder, pdf)) = printed(&doc.to_html(&PAPER)) else { return };
    let (Some(mut pdfinfo), Some(pdftotext)) = (program("pdfinfo"), program("pdftotext")) else { return };
    let said = output(pdfinfo.arg(&pdf));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    // The browser rounds to whole pixels.
    let wide = ["Page size: 226.", "Page size: 227."].iter().any(|size| said.contains(size));
    assert!(said.contains("Pages: 1 ") && wide, "{said}");
    // Letters of another typeface of the machine part words.
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let read = bare(&words(pdftotext, &pdf).join("\n"));
    for line in ["Siêu thị mini Hoa Sen", "Cà phê sữa đá 29.000", "TỔNG CỘNG 80.500 ₫", "4006381333931"]
    {
        assert!(read.contains(&bare(line)), "{line} is not in {read}");
    }
    let Some(read) = scanned(&pdf) else { return };
    for code in SCANNED {
        assert!(read.lines().any(|line| line == code), "{code} is not in {read:?}");
    }
}

#[test]
fn nothing_in_a_name_becomes_markup() {
    let evil = "</p><script>alert(1)</script><img src=x onerror=alert(1)>&lt;\"'";
    let mut doc = Document::new();
    doc.text(evil).bold().inverse();
    doc.row(&[(evil, Align::Center, Width::Columns(9)), (evil, Align::Right, Width::Rest)]);
    doc.qr(evil);
    doc.barcode(evil);
    let html = doc.to_html(&Paper { title: evil, language: "\"><script>", columns: 48 });
    // Every tag of the page is one that we write.
    let tags = html.split('<').skip(1).map(|rest| {
        rest.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric() && c != '!').next().unwrap()
    });
    let known = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "b", "mark", "span",
        "table", "tbody", "tr", "td", "hr", "br", "figure", "svg", "path", "img",
    ];
    tags.for_each(|tag| assert!(known.contains(&tag), "<{tag}> in {html}"));
    assert!(!html.contains("<img") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    if let Some(mut chromium) = program("chromium") {
        let (folder, page) = kept(html.as_bytes(), "r.html");
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let dom = output(
            chromium
                .args([
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--dump-dom",
                ])
                .arg(profile)
                .arg(page),
        );
        assert!(!dom.contains("<script") && !dom.contains("<img"), "{dom}");
        assert_eq!(dom.matches("<td").count(), 2, "{dom}");
    }
}

#[test]
fn a_page_needs_nothing_beside_itself() {
    let mut doc = cafe();
    doc.picture(Picture::from_grey(8, vec![0; 64]).unwrap());
    let html = doc.to_html(&PAPER);
    // The only addresses are what the QR code says and the picture in the page.
    assert_eq!(html.matches("http").count(), 1, "{html}");
    assert_eq!(html.matches("src=\"data:image/png;base64,").count(), html.matches("src=").count());
    assert!(!html.contains("href") && !html.contains("url(") && !html.contains("@import"));
    insta::assert_snapshot!("cafe_html", cafe().to_html(&Paper { language: "id", ..PAPER }));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let mut doc = cafe();
    doc.picture(Picture::from_grey(100, vec![90; 10_000]).unwrap());
    assert_eq!(doc.to_pdf(&PAPER), doc.to_pdf(&PAPER));
    assert_ne!(doc.to_pdf(&PAPER), cafe().to_pdf(&PAPER));
    assert_eq!(doc.to_html(&PAPER), doc.to_html(&PAPER));
    // An empty one is a file, too.
    assert!(Document::new().to_pdf(&PAPER).starts_with(b"%PDF-1.7"));
}
