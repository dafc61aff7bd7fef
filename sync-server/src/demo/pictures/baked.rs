//! Bread, cakes and other things from the oven and the counter.

use super::canvas::{CREAM, Canvas, Color, GOLDEN, LEAF, RED, WHITE};
use super::{Look, Motif, parts};

pub(super) const MOTIFS: &[Motif] = &[
    ("croissant", croissant),
    ("donut", donut),
    ("muffin", muffin),
    ("slice", slice),
    ("square", square),
    ("cookie", cookie),
    ("pancakes", pancakes),
    ("waffle", waffle),
    ("toast", toast),
    ("loaf", loaf),
    ("bun", bun),
    ("baguette", baguette),
    ("burger", burger),
    ("sandwich", sandwich),
    ("swirl", swirl),
    ("pudding", pudding),
    ("tart", tart),
];

/// Dough, filling (drawn when given).
fn croissant(c: &mut Canvas, look: &Look) {
    let dough = look.color(0, 0xd98f3f);
    c.shadow(48, 74, 36);
    c.path(dough.darker(22), "M8 66c-2-10 6-20 14-24 8-12 44-12 52 0 8 4 16 14 14 24-2 6-10 6-14 2-6-6-10-8-14-8H36c-4 0-8 2-14 8-4 4-12 4-14-2z");
    c.path(dough, "M10 60c0-8 6-14 12-18l8 16c-6 2-10 8-14 10-4 0-6-4-6-8zM86 60c0-8-6-14-12-18l-8 16c6 2 10 8 14 10 4 0 6-4 6-8z");
    c.path(
        dough.lighter(12),
        "M24 40c4-6 8-8 14-9l4 25c-4 0-7 1-10 2zM72 40c-4-6-8-8-14-9l-4 25c4 0 7 1 10 2z",
    );
    c.path(dough.lighter(24), "M40 31q8-2 16 0l-4 25h-8z");
    if look.colors.len() > 1 {
        let filling = look.color(1, 0x5a2f1c);
        c.line(filling, 3, "M20 50q6 4 8-4t10 0 6-8 8 4 8-2 8 8 10 2");
    }
    c.gloss("M42 34q6-2 12 0-6 2-12 0zM29 41q3-5 7-6-3 4-4 8z");
}

/// Icing, dough.
fn donut(c: &mut Canvas, look: &Look) {
    let (icing, dough) = (look.color(0, 0xf28cab), look.color(1, 0xd99a52));
    c.shadow(48, 82, 30);
    c.circle(dough.darker(10), 48, 50, 34);
    c.circle(dough, 48, 48, 33);
    c.path(icing, "M48 17c18 0 30 13 30 29 0 7-6 6-8 11s-8 3-11 8-9 2-12 5-8-3-13-4-6-6-10-10-8-4-8-11c1-15 14-28 32-28z");
    c.circle(dough.darker(20), 48, 46, 10);
    c.circle(look.color(2, 0xffffff).darker(6), 48, 48, 8);
    c.gloss("M24 42c2-10 9-17 18-19-7 5-11 11-12 20-3 3-6 2-6-1z");
    if look.has("sprinkles") {
        c.line(Color(0xffd95a), 3, "M32 34l3 3M62 58l3-2M66 36l2 3");
        c.line(Color(0x4fb3d9), 3, "M46 26l4-1M30 50l1 4M58 30l3 2");
        c.line(WHITE, 3, "M38 62l3 2M54 66l3-3M70 48l1-3M40 29l-2 2");
    }
    if look.has("dots") {
        c.dots(
            WHITE,
            1,
            &[
                (30, 36),
                (36, 28),
                (46, 24),
                (58, 26),
                (66, 36),
                (70, 46),
                (62, 58),
                (50, 66),
                (38, 62),
                (29, 52),
                (34, 44),
                (62, 46),
                (56, 34),
                (42, 33),
            ],
        );
    }
    if look.has("stripe") {
        c.line(icing.lighter(60), 2, "M24 40L44 21M26 52L58 20M34 62L40 56M56 40L70 27M50 68L77 42");
    }
}

/// Cake, case.
fn muffin(c: &mut Canvas, look: &Look) {
    let (cake, case) = (look.color(0, 0xd9a35b), look.color(1, 0xe8e0d0));
    c.shadow(48, 85, 22);
    c.path(case, "M26 50h44l-6 32q0 3-3 3H35q-3 0-3-3z");
    c.line(case.darker(16), 2, "M35 54l3 30M44 54l1 30M53 54l-1 30M62 54l-4 30");
    c.path(cake, "M22 52c-6-8 0-16 6-17 1-10 11-15 20-14s18 5 19 14c8 1 12 9 7 17z");
    c.shade("M62 26c3 3 5 6 5 9 8 1 12 9 7 17H60c6-8 6-18 2-26z");
    c.gloss("M30 36c2-7 7-10 12-11-5 4-7 8-7 13-3 1-6 0-5-2z");
    if look.colors.len() > 2 {
        c.dots(
            look.color(2, 0x5a2f1c),
            3,
            &[(34, 44), (44, 34), (54, 43), (63, 36), (46, 47), (66, 47), (55, 28)],
        );
    }
    if look.has("cream") {
        c.path(CREAM, "M28 42c-4-8 4-12 9-10 2-9 18-10 21-1 7-1 12 5 8 11-12 5-26 5-38 0z");
        c.circle(RED, 48, 22, 5);
    }
}

/// A slice of cake: layers from the bottom up, the last one on top.
fn slice(c: &mut Canvas, look: &Look) {
    let plain = [Color(0x8b5a3c), Color(0xfff3df), Color(0x8b5a3c), Color(0x5a2f1c)];
    let colors = if look.colors.len() > 1 { &look.colors[..] } else { &plain[..] };
    let top = colors.last().copied().unwrap_or(CREAM);
    c.ellipse(Color(0xdcd4c8), 48, 78, 38, 8);
    c.ellipse(WHITE, 48, 75, 38, 8);
    c.path(top, "M12 40L74 26q10 2 10 10L14 46z");
    let sides = colors.len().saturating_sub(1).max(1);
    let step = 32 / i32::try_from(sides).unwrap_or(1);
    for (i, color) in (0..).zip(colors[..sides].iter().rev()) {
        let (left, right) = (43 + i * step, 36 + i * step);
        c.path(*color, &format!("M12 {left}L84 {right}V70L12 76z"));
    }
    c.path(top, "M12 40L84 33v7L12 47z");
    c.shade("M76 34l8-1v37l-8 1z");
    if look.has("cream") {
        c.path(CREAM, "M56 30c-4-6 2-9 5-8 1-6 11-6 12 0 5 0 7 5 3 8-6 3-14 3-20 0z");
    }
    if look.has("cocoa") {
        c.dots(
            Color(0x6b3f22),
            1,
            &[(30, 38), (38, 36), (46, 37), (52, 34), (60, 33), (68, 31), (24, 41), (42, 40)],
        );
    }
    if let Some(part) = look.any_of(&["berries", "citrus", "coconut", "cheese", "greens"]) {
        parts::put(c, &part.name, part.color, 64, 26, 75);
    }
}

/// Pieces cut square or as diamonds: colour, upper layer.
fn square(c: &mut Canvas, look: &Look) {
    let (body, upper) = (look.color(0, 0x7cb35c), look.color(1, 0xffffff));
    c.ellipse(Color(0xdcd4c8), 48, 70, 40, 14);
    c.ellipse(WHITE, 48, 67, 40, 14);
    for (x, y) in [(28, 44), (50, 36), (48, 54)] {
        c.path(body, &format!("M{} {y}l18-7 16 6v16l-17 8-17-7z", x - 10));
        c.path(body.darker(16), &format!("M{} {}l17-7v16l-17 8z", x + 7, y + 6));
        c.path(upper, &format!("M{} {y}l18-7 16 6-17 7z", x - 10));
        c.path(upper.darker(8), &format!("M{} {y}l17 6v4l-17-6z", x - 10));
        c.path(upper.darker(18), &format!("M{} {}l17-7v4l-17 7z", x + 7, y + 6));
    }
    if let Some(part) = look.any_of(&["coconut", "berries", "cheese"]) {
        parts::put(c, &part.name, part.color, 52, 34, 80);
    }
}

/// Dough, chips.
fn cookie(c: &mut Canvas, look: &Look) {
    let (dough, chips) = (look.color(0, 0xd9a35b), look.color(1, 0x5a2f1c));
    let one = |c: &mut Canvas| {
        c.circle(dough.darker(20), 0, 2, 24);
        c.circle(dough, 0, 0, 24);
        c.circle(dough.lighter(14), -1, -1, 20);
        c.dots(chips, 3, &[(-10, -8), (2, -13), (12, -4), (-4, 2), (8, 10), (-12, 9), (-1, 15)]);
        c.dots(chips.lighter(40), 1, &[(-11, -9), (1, -14), (11, -5), (7, 9)]);
    };
    c.shadow(48, 84, 34);
    c.group("translate(60 38) rotate(30)", one);
    c.group("translate(36 54)", one);
}

/// Dough, sauce.
fn pancakes(c: &mut Canvas, look: &Look) {
    let (dough, sauce) = (look.color(0, 0xe2a650), look.color(1, 0xb9641d));
    c.ellipse(Color(0xdcd4c8), 48, 77, 40, 10);
    c.ellipse(WHITE, 48, 74, 40, 10);
    for y in [68, 59, 50] {
        c.rect(dough.darker(24), 18, y, 60, 10, 5);
        c.rect(dough.lighter(22), 18, y, 60, 6, 3);
    }
    c.ellipse(dough, 48, 47, 31, 10);
    c.path(sauce, "M26 45c4-6 38-8 45-1 3 5-1 5-2 14-1 6-6 5-6 0 0-4-4-4-4 0 1 12-7 14-7 4 0-6-4-8-8-6s-3 10-7 8c-4-1 0-10-4-12-5-2-9-3-7-7z");
    c.gloss("M34 44c5-3 14-3 20-3-7 2-13 2-18 5z");
    c.group("translate(48 40)", |c| {
        c.path(Color(0xfff0a8), "M-8-2L2-6l8 4v6L0 8l-8-4z");
        c.path(Color(0xffe27a), "M-8-2l8 4v6l-8-4z");
    });
    if let Some(part) = look.any_of(&["berries", "banana"]) {
        parts::put(c, &part.name, part.color, 64, 40, 90);
    }
}

/// Dough, scoop.
fn waffle(c: &mut Canvas, look: &Look) {
    let dough = look.color(0, 0xe0a045);
    c.ellipse(Color(0xdcd4c8), 48, 56, 41, 33);
    c.ellipse(WHITE, 48, 53, 41, 33);
    c.rect(dough.darker(22), 21, 27, 54, 54, 10);
    c.rect(dough, 21, 24, 54, 54, 10);
    c.line(dough.darker(24), 3, "M34 28v46M48 28v46M62 28v46M25 37h46M25 51h46M25 65h46");
    let scoop = look.color(1, 0xfff3df);
    c.circle(scoop.darker(10), 48, 49, 17);
    c.circle(scoop, 48, 47, 16);
    c.path(look.color(2, 0x5a2f1c), "M33 42c4-13 26-13 30 0 0 6-4 3-6 7s-5-2-8 3-7-4-9-2-6-2-7-8z");
    c.gloss("M40 37c3-3 7-4 10-4-4 2-6 4-7 7-3 1-4-1-3-3z");
    if let Some(part) = look.any_of(&["berries", "banana"]) {
        parts::put(c, &part.name, part.color, 64, 66, 85);
    }
}

/// A slice of bread: bread, spread.
fn toast(c: &mut Canvas, look: &Look) {
    let (bread, spread) = (look.color(0, 0xd9a25a), look.color(1, 0xf6dfae));
    let one = |c: &mut Canvas| {
        c.path(
            bread.darker(20),
            "M16 32c-4-12 6-18 14-17h36c8-1 18 5 14 17-1 4-5 6-5 9v34q0 6-6 6H27q-6 0-6-6V41c0-3-4-5-5-9z",
        );
        c.path(
            bread.lighter(42),
            "M20 32c-3-9 5-13 11-12h34c6-1 14 3 11 12-1 3-5 5-5 9v32q0 4-4 4H29q-4 0-4-4V41c0-4-4-6-5-9z",
        );
        c.path(spread, "M26 32c-2-6 4-8 8-7h28c5-1 10 3 8 8-1 3-4 5-4 9v24c0 6-4 4-8 4s-4 3-9 2-4-2-9-1-10 1-9-5V42c0-4-4-6-5-10z");
    };
    c.shadow(48, 85, 34);
    if look.has("pair") {
        c.group("translate(24 2) rotate(12 48 48) scale(.84)", one);
        c.group("translate(-4 14) rotate(-8 48 48) scale(.84)", one);
    } else {
        one(c);
    }
    let at = if look.has("pair") { (36, 54, 120) } else { (48, 48, 165) };
    let places = [at, (at.0 + 12, at.1 + 14, 80), (at.0 - 10, at.1 + 14, 70)];
    let wanted = look.details.iter().filter(|detail| parts::NAMES.contains(&detail.name.as_str()));
    for (detail, (x, y, size)) in wanted.zip(places) {
        parts::put(c, &detail.name, detail.color, x, y, size);
    }
}

/// A loaf with slices cut: crust, crumb.
fn loaf(c: &mut Canvas, look: &Look) {
    let (crust, crumb) = (look.color(0, 0xc98540), look.color(1, 0xf6dfae));
    c.shadow(48, 78, 40);
    c.path(crust.darker(12), "M34 30h36c14 0 20 8 17 15-1 4-4 4-4 8v18q0 6-6 6H34z");
    c.path(crust.lighter(12), "M36 30h34c10 0 15 4 16 9-14-5-32-5-50-3z");
    c.line(crust.darker(30), 2, "M52 35q6 3 6 9M66 35q6 3 6 9");
    c.path(
        crust,
        "M10 44c-3-10 6-15 14-15h10c10 0 17 6 14 15-1 4-4 5-4 8v19q0 6-6 6H20q-6 0-6-6V52c0-3-3-4-4-8z",
    );
    c.path(
        crumb,
        "M14 44c-2-7 4-11 10-11h10c7 0 12 4 10 11-1 4-4 5-4 8v17q0 4-4 4H22q-4 0-4-4V52c0-3-3-4-4-8z",
    );
    if look.colors.len() > 2 {
        c.dots(
            look.color(2, 0x5a2f1c),
            2,
            &[(22, 42), (30, 38), (36, 46), (24, 54), (34, 58), (28, 66), (29, 49)],
        );
    } else {
        c.dots(crumb.darker(10), 1, &[(22, 42), (30, 38), (36, 46), (24, 54), (34, 58), (28, 66), (29, 49)]);
    }
}

/// Crust, filling; `pair` shows one opened.
fn bun(c: &mut Canvas, look: &Look) {
    let (crust, filling) = (look.color(0, 0xd9964a), look.color(1, 0xfff3df));
    c.shadow(48, 80, 36);
    c.path(crust.darker(16), "M12 62c-2-22 16-38 36-38s38 16 36 38c-1 12-8 16-18 16H30c-10 0-17-4-18-16z");
    c.path(crust, "M14 58c0-20 16-33 34-33s34 13 34 33c-8 8-60 8-68 0z");
    c.gloss("M26 46c3-10 10-15 18-16-7 5-11 10-12 18-3 2-7 1-6-2z");
    if look.has("half") {
        c.path(crust.lighter(45), "M40 58c2-14 14-20 24-18s18 10 18 20-8 16-20 16-23-6-22-18z");
        c.ellipse(filling, 62, 60, 13, 10);
    }
    if look.has("seeds") {
        c.dots(CREAM, 1, &[(36, 38), (44, 33), (52, 36), (60, 40), (42, 44), (52, 45), (64, 50), (32, 50)]);
    }
    if look.has("stripe") {
        c.line(filling, 3, "M30 36q8 10 4 20M46 28q6 14 2 30M62 34q2 12-2 22");
    }
    if look.has("dots") {
        c.circle(filling, 48, 44, 9);
    }
}

/// A filled baguette: crust.
fn baguette(c: &mut Canvas, look: &Look) {
    let crust = look.color(0, 0xd9964a);
    c.shadow(48, 76, 38);
    c.group("rotate(-20 48 48)", |c| {
        c.path(crust.darker(22), "M6 56c2-8 20-10 42-10s40 2 42 10c-2 12-20 15-42 15S8 68 6 56z");
        if !look.has("long") {
            c.path(LEAF.lighter(10), "M8 50q6-6 11 0t11-1 11 0 11-1 11 1 11-1 12 2l-3 8H12z");
            c.path(look.color(1, 0xb65a4a), "M11 52h74l-4 7H15z");
            c.line(Color(0xf08a3c), 3, "M22 53l10 4M44 54l10 3M64 53l9 4");
            c.line(Color(0xd9efb8), 3, "M34 53l8 4M56 54l6 3");
        }
        c.path(crust, "M6 46c1-14 20-19 42-19s41 5 42 19c-12 7-72 7-84 0z");
        c.line(crust.lighter(48), 4, "M24 38l8-8M40 38l8-10M56 38l8-9M71 38l5-6");
    });
}

/// Bun, patty.
fn burger(c: &mut Canvas, look: &Look) {
    let bread = look.color(0, 0xd9964a);
    c.shadow(48, 84, 34);
    c.path(bread.darker(8), "M16 70h64v4q0 9-9 9H25q-9 0-9-9z");
    c.rect(look.color(1, 0x6d3a1c), 13, 60, 70, 11, 5);
    c.path(Color(0xffc93c), "M14 57h68l-12 6-8 8-10-8-38-2z");
    c.rect(RED, 16, 52, 64, 6, 3);
    c.path(LEAF.lighter(10), "M12 51q6-7 12 0t12 0 12 0 12 0 12 0 12 0q0 5-6 5H18q-6 0-6-5z");
    c.path(bread, "M14 48c0-20 16-31 34-31s34 11 34 31z");
    c.gloss("M24 40c2-9 9-15 17-17-6 5-10 11-11 18-3 2-6 1-6-1z");
    c.dots(CREAM, 1, &[(40, 27), (50, 24), (58, 30), (66, 38), (46, 34), (56, 40)]);
}

/// Slices of bread on top of each other: bread, filling.
fn sandwich(c: &mut Canvas, look: &Look) {
    let (bread, filling) = (look.color(0, 0xe6b877), look.color(1, 0xe98a7a));
    c.line(Color(0xb98a4a), 2, "M48 20V6");
    c.circle(RED, 48, 8, 4);
    c.shadow(48, 82, 36);
    for y in [66, 42, 18] {
        c.rect(bread.darker(12), 15, y, 66, 15, 6);
        c.rect(bread.lighter(48), 17, y + 3, 62, 10, 4);
    }
    for y in [33, 57] {
        c.path(LEAF.lighter(14), &format!("M12 {}q6-6 12 0t12 0 12 0 12 0 12 0 12 0l-2 5H14z", y + 1));
        c.rect(filling, 16, y + 3, 64, 4, 2);
        c.path(Color(0xffd95a), &format!("M18 {}h60l-10 5-8-3-10 4-9-4-12 3z", y + 6));
    }
    c.gloss("M20 20h30q3 0 3 2t-3 2H20q-3 0-3-2t3-2z");
}

/// A rolled pastry: dough, filling.
fn swirl(c: &mut Canvas, look: &Look) {
    let (dough, filling) = (look.color(0, 0xdfa55c), look.color(1, 0x8b4f24));
    c.shadow(48, 82, 32);
    c.circle(dough.darker(18), 48, 51, 33);
    c.circle(dough, 48, 48, 33);
    c.line(filling, 5, "M48 50c2-5 9-3 9 3 0 8-9 12-17 8-11-5-11-21 0-28 14-8 32 1 33 18");
    c.line(dough.lighter(35), 2, "M44 54c-4-7 3-14 10-12 10 3 12 15 5 22");
    if look.has("cream") {
        c.line(WHITE, 4, "M24 40q8-10 14-2t12-4 14 4 8 6M26 58q8-8 12 0t12-2 12 2 8-2");
    }
}

/// A turned-out custard: custard, sauce.
fn pudding(c: &mut Canvas, look: &Look) {
    let (custard, sauce) = (look.color(0, 0xf7d77c), look.color(1, 0x9a4a12));
    c.ellipse(Color(0xdcd4c8), 48, 77, 40, 9);
    c.ellipse(WHITE, 48, 74, 40, 9);
    c.ellipse(sauce, 48, 73, 32, 6);
    c.path(custard, "M30 34h36l10 36q-28 8-56 0z");
    c.shade("M56 34h10l10 36q-6 3-14 3z");
    c.path(sauce, "M30 32h36l3 11c-3 6-6 0-8 5s-5-2-8 3-6-4-9-1-6-3-8 0-5-4-9-6z");
    c.ellipse(sauce.lighter(16), 48, 32, 18, 5);
    c.gloss("M33 48h5l-3 20h-7z");
    if let Some(part) = look.any_of(&["berries", "citrus", "coconut"]) {
        parts::put(c, &part.name, part.color, 48, 26, 80);
    }
}

/// A round tart or pie from above: crust, filling.
fn tart(c: &mut Canvas, look: &Look) {
    let (crust, filling) = (look.color(0, 0xd9a25a), look.color(1, 0xf7c948));
    c.circle(crust.darker(22), 48, 52, 35);
    c.circle(crust, 48, 49, 35);
    c.dots(
        GOLDEN.lighter(20),
        4,
        &[
            (48, 18),
            (64, 23),
            (75, 34),
            (79, 50),
            (74, 66),
            (63, 76),
            (48, 80),
            (32, 76),
            (21, 66),
            (17, 50),
            (21, 34),
            (32, 23),
        ],
    );
    c.circle(filling.darker(14), 48, 49, 27);
    c.circle(filling, 48, 50, 26);
    c.gloss("M28 44c2-8 8-13 15-14-5 4-9 9-9 16-3 2-6 0-6-2z");
    if let Some(part) = look.any_of(&parts::NAMES) {
        parts::put(c, &part.name, part.color, 50, 52, 130);
    }
}
