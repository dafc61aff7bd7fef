//! The files of the screens, built into the program (while developing, read from `ui/dist` anew each time).

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// What a page may load and where it may talk to: this program only. Styles are set on elements by the screens' framework.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data: blob:; font-src 'self'; media-src 'self' data:; connect-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "../ui/dist"]
#[allow_missing = true]
struct Files;

/// A file of the screens.
#[derive(Debug)]
pub struct ScreenFile {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub media_type: String,
    /// Whether its name changes with its content, so that it can be kept for good.
    pub immutable: bool,
}

/// The file at a path of the address bar; `/` is the register.
pub fn file(path: &str) -> Option<ScreenFile> {
    let name = path.trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    if let Some(found) = Files::get(name) {
        let media_type = found.metadata.mimetype().to_owned();
        let media_type =
            if media_type.starts_with("text/") { format!("{media_type}; charset=utf-8") } else { media_type };
        return Some(ScreenFile { bytes: found.data, media_type, immutable: name.starts_with("assets/") });
    }
    (name == "index.html").then(|| ScreenFile {
        bytes: Cow::Borrowed(NOT_BUILT.as_bytes()),
        media_type: "text/html; charset=utf-8".to_owned(),
        immutable: false,
    })
}

/// What stands in the place of the screens until they are built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Kedai</title>\
<body style=\"font:18px system-ui;max-width:40em;margin:4em auto\"><h1>The screens are not built yet</h1>\
<p>The engine runs. Build its screens with <code>npm ci &amp;&amp; npm run build</code> in the folder <code>ui</code>, \
then load this page again.</p></body></html>";

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_first_page() {
        let page = file("/").unwrap();
        assert_eq!(page.media_type, "text/html; charset=utf-8");
        assert!(String::from_utf8_lossy(&page.bytes).contains("Kedai"));
    }

    #[test]
    fn files_outside_the_screens_are_out_of_reach() {
        for path in ["/../Cargo.toml", "/..%2fCargo.toml", "//etc/passwd", "/../../terminal/Cargo.toml"] {
            assert!(file(path).is_none(), "{path}");
        }
    }
}
