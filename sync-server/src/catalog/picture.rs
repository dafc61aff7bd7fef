//! What a picture may be: small, of a known kind, and for SVG only shapes; never anything that acts or reaches out.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The most bytes of a picture.
pub const MAX_PICTURE_BYTES: usize = 200 * 1024;
/// The deepest nesting and the most elements of an SVG that are looked at.
const MAX_DEPTH: usize = 64;
const MAX_ELEMENTS: usize = 20_000;

/// Why a picture was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Too many bytes.
    #[error("the picture has {0} bytes; at most 204800 are allowed")]
    TooLarge(usize),
    /// Not one of the three kinds, or not what it says it is.
    #[error("the picture is not {0}; image/svg+xml, image/png and image/webp are allowed")]
    Kind(String),
    /// The SVG is no well-formed XML.
    #[error("the SVG cannot be read: {0}")]
    Malformed(String),
    /// The SVG holds something that acts or reaches out.
    #[error("the SVG holds {0}, which is not allowed: only shapes, gradients and text are")]
    Forbidden(String),
}

/// Elements that only draw.
const ELEMENTS: [&str; 25] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "metadata",
    "switch",
];

/// Checks a picture by its content, not by its name.
///
/// # Errors
/// See [`PictureError`].
pub fn check_picture(media_type: &str, content: &[u8]) -> Result<(), PictureError> {
    if content.len() > MAX_PICTURE_BYTES {
        return Err(PictureError::TooLarge(content.len()));
    }
    let fits = match media_type {
        "image/svg+xml" => return check_svg(content),
        "image/png" => content.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/webp" => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        _ => false,
    };
    if fits { Ok(()) } else { Err(PictureError::Kind(media_type.chars().take(60).collect())) }
}

fn check_svg(content: &[u8]) -> Result<(), PictureError> {
    let malformed = |error: &dyn std::fmt::Display| PictureError::Malformed(error.to_string());
    let text = std::str::from_utf8(content).map_err(|error| malformed(&error))?;
    let mut reader = Reader::from_str(text);
    let (mut depth, mut elements, mut root_closed) = (0_usize, 0_usize, false);
    loop {
        let event = reader.read_event().map_err(|error| malformed(&error))?;
        match event {
            Event::Start(element) => {
                check_element(&element, depth, root_closed)?;
                depth += 1;
                elements += 1;
            }
            Event::Empty(element) => {
                check_element(&element, depth, root_closed)?;
                root_closed |= depth == 0;
                elements += 1;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                root_closed |= depth == 0;
            }
            // A document type could define entities that hide anything.
            Event::DocType(_) => return Err(PictureError::Forbidden("a document type".to_owned())),
            Event::PI(_) => return Err(PictureError::Forbidden("a processing instruction".to_owned())),
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {}
        }
        if depth > MAX_DEPTH || elements > MAX_ELEMENTS {
            return Err(PictureError::Forbidden("more or deeper elements than a picture needs".to_owned()));
        }
    }
    if depth == 0 && root_closed { Ok(()) } else { Err(malformed(&"it has no whole svg element")) }
}

fn check_element(element: &BytesStart<'_>, depth: usize, root_closed: bool) -> Result<(), PictureError> {
    let name = element.name();
    let name = name.as_ref();
    if depth == 0 && (name != "svg" || root_closed) {
        return Err(PictureError::Malformed("its root is not one svg element".to_owned()));
    }
    if !ELEMENTS.contains(&name) {
        return Err(PictureError::Forbidden(format!("<{}>", name.chars().take(40).collect::<String>())));
    }
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| PictureError::Malformed(error.to_string()))?;
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Explicit1_0)
            .map_err(|error| PictureError::Malformed(error.to_string()))?;
        let key = attribute.key.as_ref().to_lowercase();
        check_attribute(&key, &value)?;
    }
    Ok(())
}

fn check_attribute(key: &str, value: &str) -> Result<(), PictureError> {
    let forbidden = || {
        Err(PictureError::Forbidden(format!("the attribute {}", key.chars().take(40).collect::<String>())))
    };
    if key.starts_with("on") {
        return forbidden();
    }
    let plain: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let plain = plain.to_lowercase();
    if key == "href" || key.ends_with(":href") || key == "src" {
        return if plain.starts_with('#') { Ok(()) } else { forbidden() };
    }
    if key == "xmlns" || key.starts_with("xmlns:") {
        return Ok(());
    }
    let reaches_out =
        plain.split("url(").skip(1).any(|rest| !rest.trim_start_matches(['"', '\'']).starts_with('#'));
    // A backslash in CSS can spell any word another way.
    let hides =
        key == "style" && (plain.contains('\\') || plain.contains('@') || plain.contains("expression("));
    if reaches_out || hides || plain.contains("javascript:") || plain.contains("image-set(") {
        return forbidden();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inner: &str) -> Result<(), PictureError> {
        let text = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inner}</svg>"#);
        check_picture("image/svg+xml", text.as_bytes())
    }

    #[test]
    fn shapes_gradients_and_text_are_taken() {
        let inner = r##"<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>
            <rect width="9" height="9" fill="url(#a)" style="opacity:0.5"/><use href="#b"/><text x="1">Kopi &amp; susu</text>"##;
        assert_eq!(svg(inner), Ok(()));
        let with_declaration = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><svg><path d=\"M0 0\"/></svg>";
        assert_eq!(check_picture("image/svg+xml", with_declaration), Ok(()));
    }

    #[test]
    fn whatever_acts_or_reaches_out_is_refused() {
        let cases = [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<foreignObject><p/></foreignObject>",
            r#"<rect onload="x()"/>"#,
            r#"<rect ONCLICK="x()"/>"#,
            r#"<image href="https://example.com/a.png"/>"#,
            r#"<use href="https://example.com/a.svg#b"/>"#,
            r##"<use xlink:href="data:image/svg+xml,x"/>"##,
            r#"<use href=" java&#10;script:x()"/>"#,
            r#"<rect fill="url(https://example.com/#a)"/>"#,
            r#"<rect style="background:u\72l(x)"/>"#,
            "<style>@import 'https://example.com/a.css'</style>",
            r##"<set attributeName="href" to="x"/>"##,
            r##"<animate attributeName="href" values="x"/>"##,
            "<a href='#x'><rect/></a>",
            "<?xml-stylesheet href='a.css'?>",
        ];
        for case in cases {
            assert!(svg(case).is_err(), "{case}");
        }
    }

    #[test]
    fn entities_and_broken_files_are_refused() {
        let entity = br#"<!DOCTYPE svg [<!ENTITY x "y">]><svg>&x;</svg>"#;
        assert!(check_picture("image/svg+xml", entity).is_err());
        for broken in ["", "kopi", "<svg>", "<p/>", "<svg/><svg/>", "<svg></p>"] {
            assert!(check_picture("image/svg+xml", broken.as_bytes()).is_err(), "{broken}");
        }
        let deep = format!("<svg>{}{}</svg>", "<g>".repeat(200), "</g>".repeat(200));
        assert!(check_picture("image/svg+xml", deep.as_bytes()).is_err());
    }

    #[test]
    fn a_picture_must_be_what_it_says_and_small() {
        assert_eq!(check_picture("image/png", b"\x89PNG\r\n\x1a\n..."), Ok(()));
        assert!(check_picture("image/png", b"GIF89a").is_err());
        assert!(check_picture("text/html", b"<p>").is_err());
        let large = vec![0; MAX_PICTURE_BYTES + 1];
        assert_eq!(check_picture("image/png", &large), Err(PictureError::TooLarge(large.len())));
    }
}
