//! A square of 96 units on which shapes are put, and colours.

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// A colour, `0xrrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub u32);

impl Color {
    fn channels(self) -> [u32; 3] {
        [(self.0 >> 16) & 0xff, (self.0 >> 8) & 0xff, self.0 & 0xff]
    }
    /// `percent` of the way to another colour.
    pub(super) fn towards(self, other: Color, percent: u32) -> Color {
        let percent = percent.min(100);
        let mixed = self.channels().into_iter().zip(other.channels());
        Color(mixed.fold(0, |all, (a, b)| (all << 8) | ((a * (100 - percent) + b * percent) / 100)))
    }
    /// Nearer to black.
    pub(super) fn darker(self, percent: u32) -> Color {
        self.towards(Color(0x1a0f0a), percent)
    }
    /// Nearer to white.
    pub(super) fn lighter(self, percent: u32) -> Color {
        self.towards(Color(0xffffff), percent)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06x}", self.0 & 0xff_ffff)
    }
}

/// Six hexadecimal digits.
impl FromStr for Color {
    type Err = ();
    fn from_str(hex: &str) -> Result<Self, ()> {
        let fits = hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        if fits { u32::from_str_radix(hex, 16).map(Self).map_err(|_| ()) } else { Err(()) }
    }
}

/// White, for what shines.
pub(super) const WHITE: Color = Color(0xffffff);
/// Cream, milk and dough.
pub(super) const CREAM: Color = Color(0xfff3df);
/// Leaves.
pub(super) const LEAF: Color = Color(0x5aa552);
/// What was fried.
pub(super) const GOLDEN: Color = Color(0xe0a045);
/// Chilli.
pub(super) const RED: Color = Color(0xd8402f);

/// The picture being drawn.
pub(super) struct Canvas {
    svg: String,
}

impl Canvas {
    /// An empty picture on a ground with a lighter disc.
    pub(super) fn on(ground: Color) -> Self {
        let mut canvas = Self {
            svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\" stroke-linecap=\"round\" stroke-linejoin=\"round\">".to_owned(),
        };
        canvas.put(format_args!("<path fill=\"{ground}\" d=\"M0 0h96v96H0z\"/>"));
        canvas.circle(ground.lighter(45), 48, 48, 40);
        canvas
    }

    /// The whole text.
    pub(super) fn finish(mut self) -> String {
        self.svg.push_str("</svg>");
        self.svg
    }

    fn put(&mut self, shape: fmt::Arguments<'_>) {
        // Writing to a text in memory does not fail.
        let _ = self.svg.write_fmt(shape);
    }

    /// A filled path.
    pub(super) fn path(&mut self, fill: Color, d: &str) {
        self.put(format_args!("<path fill=\"{fill}\" d=\"{d}\"/>"));
    }
    /// A line with round ends.
    pub(super) fn line(&mut self, color: Color, width: impl fmt::Display, d: &str) {
        self.put(format_args!("<path fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" d=\"{d}\"/>"));
    }
    /// A filled circle.
    pub(super) fn circle(
        &mut self,
        fill: Color,
        x: impl fmt::Display,
        y: impl fmt::Display,
        r: impl fmt::Display,
    ) {
        self.put(format_args!("<circle fill=\"{fill}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"));
    }
    /// A filled ellipse.
    pub(super) fn ellipse(&mut self, fill: Color, x: i32, y: i32, rx: i32, ry: i32) {
        self.put(format_args!("<ellipse fill=\"{fill}\" cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"{ry}\"/>"));
    }
    /// A filled rectangle with round corners.
    pub(super) fn rect(&mut self, fill: Color, x: i32, y: i32, width: i32, height: i32, round: i32) {
        self.put(format_args!(
            "<rect fill=\"{fill}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>"
        ));
    }
    /// A see-through shadow over what is there.
    pub(super) fn shade(&mut self, d: &str) {
        self.put(format_args!("<path opacity=\".13\" d=\"{d}\"/>"));
    }
    /// A see-through light over what is there.
    pub(super) fn gloss(&mut self, d: &str) {
        self.put(format_args!("<path fill=\"#fff\" opacity=\".4\" d=\"{d}\"/>"));
    }
    /// The shadow that a thing throws on its ground.
    pub(super) fn shadow(&mut self, x: i32, y: i32, rx: i32) {
        self.put(format_args!("<ellipse opacity=\".12\" cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"4\"/>"));
    }
    /// Shapes moved, turned or scaled together.
    pub(super) fn group(&mut self, transform: &str, shapes: impl FnOnce(&mut Self)) {
        self.put(format_args!("<g transform=\"{transform}\">"));
        shapes(self);
        self.svg.push_str("</g>");
    }
    /// See-through shapes.
    pub(super) fn faint(&mut self, shapes: impl FnOnce(&mut Self)) {
        self.svg.push_str("<g opacity=\".55\">");
        shapes(self);
        self.svg.push_str("</g>");
    }
    /// Many circles of one colour as one path; `r` in whole units.
    pub(super) fn dots(&mut self, fill: Color, r: i32, places: &[(i32, i32)]) {
        let mut d = String::new();
        for (x, y) in places {
            let _ = write!(d, "M{} {y}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0-{} 0", x - r, 2 * r, 2 * r);
        }
        self.path(fill, &d);
    }
}
