//! What lies on plates and in bowls, seen from above; each part fits a circle of radius 12.

use super::canvas::{CREAM, Canvas, Color, GOLDEN, LEAF, RED, WHITE};

/// The parts there are.
pub(super) const NAMES: [&str; 34] = [
    "rice",
    "fried",
    "noodles",
    "egg",
    "halfegg",
    "drumstick",
    "chunks",
    "skewers",
    "greens",
    "cucumber",
    "tomato",
    "crackers",
    "sambal",
    "prawn",
    "slabs",
    "cubes",
    "balls",
    "fries",
    "rings",
    "rolls",
    "dumplings",
    "wings",
    "fritters",
    "cheese",
    "berries",
    "banana",
    "citrus",
    "avocado",
    "sprouts",
    "bone",
    "sauce",
    "coconut",
    "icecubes",
    "granola",
];

/// Draws a part around a place.
pub(super) fn put(c: &mut Canvas, name: &str, color: Option<Color>, x: i32, y: i32, size_percent: i32) {
    let (whole, rest) = (size_percent / 100, size_percent % 100);
    c.group(&format!("translate({x} {y}) scale({whole}.{rest:02})"), |c| draw(c, name, color));
}

fn draw(c: &mut Canvas, name: &str, color: Option<Color>) {
    let or = |otherwise: u32| color.unwrap_or(Color(otherwise));
    match name {
        "rice" => {
            c.circle(Color(0xe9e2d2), 0, 1, 12);
            c.circle(or(0xffffff), 0, 0, 11);
            c.line(Color(0xe3dccb), 1, "M-5-4l2 1M2-6l2 1M5 1l-2 1M-3 3l2 1M-7 2l1 1M1-1l2 1M2 6l2-1");
        }
        "fried" => {
            let rice = or(0xd98b3a);
            c.circle(rice.darker(14), 0, 1, 12);
            c.circle(rice, 0, 0, 11);
            c.line(rice.lighter(45), 1, "M-6-4l2 1M1-7l2 1M6 1l-2 1M-4 4l2 1M1 1l2-1M4 6l1-1M-8 1l1 1");
            c.dots(LEAF, 1, &[(-2, -6), (5, -3), (-6, 1), (2, 5)]);
            c.dots(RED, 1, &[(-4, -1), (3, -1), (-2, 7)]);
        }
        "noodles" => {
            let noodle = or(0xf2c75c);
            c.circle(noodle.darker(22), 0, 0, 11);
            c.line(noodle, 2, "M-9-3c4-7 14-7 18 0M-10 2c5-7 15-6 20 1M-8 6c4-6 12-6 16 0M-4 9c3-3 6-3 9 0M-5-7c3-3 8-3 10 0");
        }
        "egg" => {
            c.path(WHITE, "M-10-2c0-8 8-10 13-7s9 4 8 10-8 10-13 9-8-4-8-12z");
            c.circle(Color(0xf7b531), 0, 0, 5);
            c.gloss("M-3-2q2-2 4-1-3 1-3 4-2-1-1-3z");
        }
        "halfegg" => {
            c.ellipse(or(0xfff6e6).darker(8), 0, 1, 7, 9);
            c.ellipse(or(0xfff6e6), 0, 0, 7, 9);
            c.circle(Color(0xf4a828), 0, 1, 4);
        }
        "drumstick" => {
            let meat = or(0xb9642d);
            c.line(CREAM, 4, "M5 5l6 6M10 12l2-2");
            c.path(meat, "M7 6c-2 4-7 5-12 1s-7-11-3-15 11-2 14 3 3 8 1 11z");
            c.gloss("M-8-3c1-4 4-5 7-4-4 1-5 4-4 8-2 0-3-2-3-4z");
        }
        "chunks" => {
            let meat = or(0x6d3a1c);
            c.path(meat.darker(25), "M-10 2l3-7 6 2 2 7-5 5zM0-9l8 1 3 7-6 4-6-5zM1 4l7 0 2 6-8 1z");
            c.path(meat, "M-10 0l3-7 6 2 2 7-5 5zM0-11l8 1 3 7-6 4-6-5zM1 2l7 0 2 6-8 1z");
        }
        "skewers" => {
            let meat = or(0x8e4a21);
            c.line(Color(0xe3c48d), 1, "M-12 9L11-8M-9 13L13-3M-14 4L8-12");
            c.line(meat, 5, "M-5 4l0 0M-1 1l0 0M3-2l0 0M7-5l0 0M-2 8l0 0M2 5l0 0M6 2l0 0M10-1l0 0M-8 0l0 0M-4-3l0 0M0-6l0 0M4-9l0 0");
        }
        "greens" => {
            let leaf = or(0x5aa552);
            c.path(leaf.darker(18), "M-9 3c-2-7 4-12 9-9 6-4 11 2 8 7 2 6-5 10-9 6-4 3-9 0-8-4z");
            c.path(leaf.lighter(18), "M-6 1c0-5 4-7 7-4-1 5-4 7-7 4zM1 4c0-4 4-6 6-3 0 4-3 5-6 3z");
        }
        "cucumber" => {
            c.dots(LEAF.darker(10), 6, &[(-4, -2), (4, 3)]);
            c.dots(Color(0xd9efb8), 5, &[(-4, -2), (4, 3)]);
            c.dots(Color(0xa9cf82), 1, &[(-4, -4), (-6, -1), (-2, -1), (4, 1), (2, 4), (6, 4)]);
        }
        "tomato" => {
            c.circle(or(0xdf4534), 0, 0, 8);
            c.circle(or(0xdf4534).lighter(30), 0, 0, 6);
            c.line(or(0xdf4534), 2, "M0-6V6M-5-3L5 3M-5 3l10-6");
        }
        "crackers" => {
            let chip = or(0xf7dfa8);
            c.ellipse(chip.darker(14), 1, 1, 10, 8);
            c.ellipse(chip, 0, 0, 10, 7);
            c.dots(chip.darker(10), 1, &[(-4, -2), (2, -3), (5, 1), (-1, 2)]);
        }
        "sambal" => {
            c.circle(WHITE, 0, 0, 9);
            c.circle(or(0xc8321f), 0, 0, 7);
            c.gloss("M-4-3q3-3 6-1-4 0-5 3z");
            c.dots(Color(0xf3b545), 1, &[(2, 1), (-1, 3), (3, -2)]);
        }
        "prawn" => {
            let shell = or(0xf0834f);
            c.line(shell, 6, "M-5 6c9 2 13-4 10-11");
            c.line(shell.lighter(45), 2, "M-3 4l1 4M2 3l2 3M4-1l4 1");
            c.path(shell.darker(14), "M-5 4l-6-1 2 4-2 3z");
        }
        "slabs" => {
            let slab = or(0xc98a3c);
            c.group("rotate(-18)", |c| {
                c.rect(slab.darker(22), -10, -7, 19, 8, 2);
                c.rect(slab, -10, -8, 19, 8, 2);
                c.rect(slab.darker(22), -7, 3, 19, 8, 2);
                c.rect(slab, -7, 2, 19, 8, 2);
                c.dots(slab.lighter(40), 1, &[(-6, -5), (0, -3), (5, -5), (-3, 6), (3, 5), (8, 7)]);
            });
        }
        "cubes" => {
            let cube = or(0xeec066);
            c.path(cube.darker(24), "M-10-4h8v8h-8zM0-7h8v8H0zM-4 4h8v8h-8zM5 2h8v8H5z");
            c.path(cube, "M-10-6h8v7h-8zM0-9h8v7H0zM-4 2h8v7h-8zM5 0h8v7H5z");
        }
        "balls" => {
            let ball = or(0xa9876c);
            for (x, y) in [(-5, -4), (5, -3), (0, 5)] {
                c.circle(ball.darker(20), x, y + 1, 6);
                c.circle(ball, x, y, 6);
            }
            c.dots(ball.lighter(50), 1, &[(-7, -6), (3, -5), (-2, 3)]);
        }
        "fries" => {
            let fry = or(0xf4c64d);
            c.line(fry.darker(16), 3, "M-9 6l5-14M-2 9l-1-17M5 8l4-15M-10-1l18 5");
            c.line(fry, 3, "M-7 8l8-16M2 9l4-17M-9 3l16-6M-5-7l13 14");
        }
        "rings" => {
            let ring = or(0xe0a045);
            c.line(ring.darker(18), 4, "M-11-2a6 6 0 1 0 12 0a6 6 0 1 0-12 0");
            c.line(ring, 4, "M-1-4a6 6 0 1 0 12 0a6 6 0 1 0-12 0M-5 6a5 5 0 1 0 10 0a5 5 0 1 0-10 0");
        }
        "rolls" => {
            let roll = or(0xd99a45);
            c.line(roll.darker(22), 7, "M-7-4L5-9M-6 4L8-2M-3 11l11-5");
            c.line(roll, 6, "M-7-5L5-10M-6 3L8-3M-3 10l11-5");
            c.dots(roll.lighter(55), 2, &[(-7, -5), (-6, 3), (-3, 10)]);
        }
        "dumplings" => {
            let skin = or(0xf7e3bd);
            for (x, y) in [(-6, -4), (6, -3), (0, 6)] {
                c.circle(skin.darker(12), x, y + 1, 6);
                c.circle(skin, x, y, 6);
                c.circle(Color(0xef9b57), x, y, 3);
            }
        }
        "wings" => {
            let wing = or(0xa94c1e);
            c.line(wing.darker(22), 7, "M-9 3l7-7 6 6");
            c.line(wing, 6, "M-9 1l7-7 6 6M0 9l7-4 3-7");
            c.gloss("M-8 0l6-6 1 2-5 5z");
        }
        "fritters" => {
            let batter = or(0xe0a045);
            c.path(
                batter.darker(22),
                "M-11-1c2-5 8-6 11-2s-1 8-5 8-8-1-6-6zM1 4c0-6 6-7 9-3s0 9-5 9-5-3-4-6z",
            );
            c.path(batter, "M-11-3c2-5 8-6 11-2s-1 8-5 8-8-1-6-6zM1 2c0-6 6-7 9-3s0 9-5 9-5-3-4-6zM0-9c4-3 10-1 9 2s-8 4-9-2z");
            c.dots(batter.lighter(40), 1, &[(-7, -3), (-4, 0), (5, 2), (5, -7), (7, 4)]);
        }
        "cheese" => c.line(or(0xffd95a), 2, "M-7-3l6-3M-3 2l6-4M3-6l5 2M2 4l6-2M-6 5l5 2M-9 1l3 1M4 8l-3 1"),
        "berries" => {
            let berry = or(0xd6335c);
            c.dots(berry, 4, &[(-4, -3), (4, -2), (0, 4)]);
            c.dots(berry.lighter(50), 1, &[(-5, -4), (3, -3), (-1, 3)]);
        }
        "banana" => {
            let fruit = or(0xfbe6a2);
            c.dots(fruit.darker(14), 5, &[(-6, -2), (1, 1), (7, 5)]);
            c.dots(fruit, 5, &[(-6, -3), (1, 0), (7, 4)]);
            c.dots(fruit.darker(28), 1, &[(-6, -3), (1, 0), (7, 4)]);
        }
        "citrus" => {
            c.circle(or(0x8bbf3f), 0, 0, 8);
            c.circle(or(0x8bbf3f).lighter(70), 0, 0, 6);
            c.line(or(0x8bbf3f).lighter(25), 2, "M0-5V5M-5 0H5M-3-3l6 6M3-3l-6 6");
        }
        "avocado" => {
            c.line(LEAF.darker(20), 5, "M-8-5q7-5 14 0M-8 1q7-5 15 0M-7 7q6-4 13 0");
            c.line(Color(0xcfe08a), 4, "M-7-4q6-4 12 0M-7 2q6-4 13 0M-6 8q5-4 11 0");
        }
        "sprouts" => {
            c.line(or(0xf5efd9), 2, "M-9 3c3-6 6-6 8-2M-5 7c2-7 7-7 9-2M-4-5c4-3 7-1 8 3M2 0c3-4 6-3 8 1");
            c.dots(Color(0xd6c35a), 1, &[(-9, 3), (-5, 7), (-4, -5), (2, 0)]);
        }
        "bone" => {
            let meat = or(0x8a4420);
            c.line(CREAM, 4, "M-12-4l22 0M-11 5l21 0");
            c.rect(meat.darker(20), -7, -8, 15, 9, 3);
            c.rect(meat, -7, -9, 15, 9, 3);
            c.rect(meat, -6, 1, 15, 9, 3);
        }
        "sauce" => c.path(or(0x6b3a1c), "M-9-3c3-5 7-2 10-5s9 0 8 4-5 3-6 6-6 6-9 3-5-4-3-8z"),
        "coconut" => c.line(
            or(0xffffff),
            1,
            "M-7-3l3-2M-2 2l3-2M3-6l3 2M2 5l4-1M-6 5l3 2M-3-7l3 1M6 1l3 1M-9 1l2 1M0-3l2 1",
        ),
        "icecubes" => {
            c.faint(|c| {
                c.path(WHITE, "M-10-3l6-5 5 5-5 6zM0 3l6-5 5 5-6 6zM2-10l6 1-1 6-6-1z");
            });
        }
        "granola" => {
            c.dots(GOLDEN, 2, &[(-5, -4), (0, -6), (5, -3), (-6, 2), (0, 0), (6, 3), (-2, 5), (3, 6)]);
            c.dots(Color(0x8e5a2b), 1, &[(-3, -1), (3, -4), (3, 2), (-5, 6), (7, -1)]);
        }
        _ => {}
    }
}
