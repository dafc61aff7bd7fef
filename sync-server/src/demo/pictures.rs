//! The demo's pictures: a motif, its colours and its details, written in one line of the demo files, become an SVG.
//!
//! `glass #5a3320 #ecd9bd ice straw` is a tall glass with two layers, ice and a straw. A detail may carry a colour of its
//! own: `balls#6fae4f`. To add a motif: a function in one of the files below and a line in its `MOTIFS`; to add something
//! that lies on plates, in bowls or in trays: an arm in `parts.rs`. No picture holds text, script or a reference.

mod baked;
mod canvas;
mod care;
mod dishes;
mod drinks;
mod emblems;
mod fruit;
mod goods;
mod meats;
mod parts;
mod vegetables;

use canvas::Canvas;
pub use canvas::Color;

/// Draws one motif.
type Draw = fn(&mut Canvas, &Look);

/// A name and what draws it.
type Motif = (&'static str, Draw);

/// Why a line is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No such motif.
    #[error("there is no motif `{0}`")]
    Motif(String),
    /// No such detail.
    #[error("there is no detail `{0}`")]
    Detail(String),
    /// Not `#rrggbb`.
    #[error("`{0}` is no colour")]
    Color(String),
}

/// Details that a motif asks for by name; parts and emblems have lists of their own.
const DETAILS: [&str; 26] = [
    "art",
    "boba",
    "cocoa",
    "cream",
    "crown",
    "dome",
    "dots",
    "foam",
    "half",
    "ice",
    "jug",
    "lemon",
    "long",
    "mint",
    "pair",
    "pump",
    "seeds",
    "short",
    "slim",
    "small",
    "sprinkles",
    "steam",
    "straw",
    "stripe",
    "tall",
    "wave",
];

/// A detail and the colour it may carry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Detail {
    name: String,
    color: Option<Color>,
}

/// How a motif is to look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Look {
    colors: Vec<Color>,
    details: Vec<Detail>,
}

impl Look {
    /// The colour at a place, or the motif's own.
    fn color(&self, place: usize, otherwise: u32) -> Color {
        self.colors.get(place).copied().unwrap_or(Color(otherwise))
    }
    /// Whether a detail is asked for.
    fn has(&self, name: &str) -> bool {
        self.details.iter().any(|detail| detail.name == name)
    }
    /// The first detail among `names`.
    fn any_of<'a>(&'a self, names: &[&str]) -> Option<&'a Detail> {
        self.details.iter().find(|detail| names.contains(&detail.name.as_str()))
    }
}

/// Draws the picture that a line of the demo files describes, on a ground of the given colour.
///
/// # Errors
/// See [`PictureError`].
pub fn draw(line: &str, ground: Color) -> Result<String, PictureError> {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let motif = motifs().find(|(known, _)| *known == name);
    let (_, draw) = motif.ok_or_else(|| PictureError::Motif(name.to_owned()))?;
    let mut look = Look::default();
    for word in words {
        match word.split_once('#') {
            Some(("", hex)) => look.colors.push(color(hex)?),
            Some((detail, hex)) => look.details.push(known(detail, Some(color(hex)?))?),
            None => look.details.push(known(word, None)?),
        }
    }
    let mut canvas = Canvas::on(ground);
    draw(&mut canvas, &look);
    Ok(canvas.finish())
}

fn motifs() -> impl Iterator<Item = Motif> {
    [
        drinks::MOTIFS,
        dishes::MOTIFS,
        baked::MOTIFS,
        goods::MOTIFS,
        care::MOTIFS,
        fruit::MOTIFS,
        vegetables::MOTIFS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

fn color(hex: &str) -> Result<Color, PictureError> {
    hex.parse().map_err(|()| PictureError::Color(hex.to_owned()))
}

fn known(name: &str, color: Option<Color>) -> Result<Detail, PictureError> {
    let lists = [&DETAILS[..], &parts::NAMES, &meats::NAMES, &emblems::NAMES];
    if lists.iter().any(|list| list.contains(&name)) {
        Ok(Detail { name: name.to_owned(), color })
    } else {
        Err(PictureError::Detail(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn every_motif_draws_within_two_kilobytes_with_no_wish_at_all() {
        let mut seen = std::collections::HashSet::new();
        for (name, _) in motifs() {
            assert!(seen.insert(name), "{name} stands twice");
            let svg = draw(name, Color(0xffffff)).unwrap();
            assert!(svg.len() <= 2048, "{name}: {} bytes", svg.len());
        }
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        assert_eq!(draw("", Color(0)), Err(PictureError::Motif(String::new())));
        assert_eq!(draw("spaceship", Color(0)), Err(PictureError::Motif("spaceship".into())));
        assert_eq!(draw("cup sparkle", Color(0)), Err(PictureError::Detail("sparkle".into())));
        assert_eq!(draw("cup #12345", Color(0)), Err(PictureError::Color("12345".into())));
        assert_eq!(draw("cup #ééé", Color(0)), Err(PictureError::Color("ééé".into())));
    }

    #[test]
    fn colours_of_a_line_are_in_its_picture() {
        let svg = draw("plate balls#123456", Color(0xfedcba)).unwrap();
        assert!(svg.contains("#123456") && svg.contains("#fedcba"), "{svg}");
    }
}
