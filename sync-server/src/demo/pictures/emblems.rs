//! Small signs stamped on labels, packets and boxes; each fits a square of 18 units.

use super::Detail;
use super::canvas::{Canvas, Color, LEAF, WHITE};

/// The signs there are.
pub(super) const NAMES: [&str; 22] = [
    "apple",
    "bean",
    "chili",
    "cow",
    "drop",
    "fish",
    "flower",
    "grain",
    "heart",
    "leaf",
    "lime",
    "nut",
    "onion",
    "pig",
    "prawnsign",
    "star",
    "sun",
    "tooth",
    "cornsign",
    "bubble",
    "coco",
    "bolt",
];

/// Puts a sign with its middle at a place, in its own colour or the one given.
pub(super) fn stamp(c: &mut Canvas, sign: &Detail, x: i32, y: i32, otherwise: Color) {
    let color = sign.color.unwrap_or(otherwise);
    c.group(&format!("translate({x} {y})"), |c| draw(c, &sign.name, color));
}

fn draw(c: &mut Canvas, name: &str, color: Color) {
    match name {
        "apple" => {
            c.path(color, "M0-4c5-4 9 0 8 5S3 9 0 8c-3 1-7-2-8-7s3-9 8-5z");
            c.line(LEAF, 2, "M0-5q1-4 4-4");
        }
        "bean" => {
            c.group("rotate(-30)", |c| {
                c.ellipse(color, 0, 0, 6, 9);
                c.line(color.lighter(50), 2, "M0-8q-4 8 0 16");
            });
        }
        "chili" => {
            c.path(color, "M-8-5c2 8 7 11 16 12 1-3-9-5-11-13z");
            c.line(LEAF, 3, "M-6-6l-2-3");
        }
        "cow" => {
            c.path(color, "M-9-5l4 1q5-4 10 0l4-1-3 5q1 8-6 8t-6-8z");
            c.ellipse(color.lighter(50), 0, 5, 4, 3);
            c.dots(color.darker(40), 1, &[(-3, 0), (3, 0)]);
        }
        "drop" => {
            c.path(color, "M0-9c5 6 7 9 7 12a7 6 0 0 1-14 0c0-3 2-6 7-12z");
            c.gloss("M-4 3c0-2 1-4 2-5v8q-2-1-2-3z");
        }
        "fish" => {
            c.path(color, "M-9 0c4-7 10-7 13-1l5-5v12l-5-5c-3 6-9 6-13-1z");
            c.circle(WHITE, -4, -1, 1);
        }
        "flower" => {
            c.dots(color, 4, &[(0, -5), (5, -1), (3, 4), (-3, 4), (-5, -1)]);
            c.circle(Color(0xffd95a), 0, 0, 3);
        }
        "grain" => {
            c.line(color, 2, "M0 9V-6");
            c.line(color, 4, "M0-8v2M-4-3l3 3M4-3L1 0M-5 3l4 3M5 3L1 6");
        }
        "heart" => c.path(color, "M0 8C-9 2-9-3-7-6s6-2 7 1c1-3 5-4 7-1s2 8-7 14z"),
        "leaf" => {
            c.path(color, "M-8 7C-9-4-2-8 8-8 9 3 3 9-8 7z");
            c.line(color.lighter(45), 1, "M-7 7L4-4");
        }
        "lime" => {
            c.circle(color, 0, 0, 9);
            c.circle(color.lighter(65), 0, 0, 7);
            c.line(color, 2, "M0-6V6M-6 0H6M-4-4l8 8M4-4l-8 8");
        }
        "nut" => {
            c.path(color, "M0-9c5 0 4 5 3 8 4 2 4 9-3 9s-7-7-3-9c-1-3-2-8 3-8z");
            c.line(color.darker(30), 1, "M-2-5h4M-3 3h6M-2 6h4");
        }
        "onion" => c.path(color, "M0-9c1 4 8 5 8 11q0 6-8 6t-8-6c0-6 7-7 8-11z"),
        "pig" => {
            c.path(color, "M-8-8l5 2h6l5-2-1 6q3 10-7 10T-7-2z");
            c.ellipse(color.darker(22), 0, 3, 4, 3);
        }
        "prawnsign" => {
            c.line(color, 5, "M-5 7c9 0 12-6 9-12");
            c.line(color, 2, "M4-5l-8-3M-6 7l-3-3M-6 7l-2 3");
        }
        "star" => c.path(color, "M0-9l3 6 6 1-5 4 2 7-6-4-6 4 2-7-5-4 6-1z"),
        "sun" => {
            c.circle(color, 0, 0, 5);
            c.line(color, 2, "M0-9v1M0 8v1M-9 0h1M8 0h1M-6-6l1 1M6-6L5-5M-6 6l1-1M6 6L5 5");
        }
        "tooth" => c.path(color, "M-7-6q4-4 7-1 3-3 7 1c2 4-1 7-2 14-3 1-2-6-5-6s-2 7-5 6c-1-7-4-10-2-14z"),
        "cornsign" => {
            c.ellipse(color, 0, -1, 5, 8);
            c.path(LEAF, "M-8 0c2 5 4 8 8 9 4-1 6-4 8-9-5 1-7 3-8 6-1-3-3-5-8-6z");
        }
        "bubble" => {
            c.dots(color, 5, &[(-3, 2)]);
            c.dots(color.lighter(35), 3, &[(5, -3)]);
            c.dots(color.lighter(20), 2, &[(-4, -7), (6, 6)]);
        }
        "coco" => {
            c.circle(color, 0, 0, 9);
            c.circle(WHITE, 1, 0, 6);
        }
        "bolt" => c.path(color, "M2-10L-7 2h5l-2 9L7-3H1z"),
        _ => {}
    }
}
