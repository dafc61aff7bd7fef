//! Fruit.

use super::canvas::{CREAM, Canvas, Color, LEAF, WHITE};
use super::{Look, Motif};

pub(super) const MOTIFS: &[Motif] = &[
    ("apple", apple),
    ("citrus2", citrus),
    ("bananas", bananas),
    ("mango", mango),
    ("dragonfruit", dragonfruit),
    ("watermelon", watermelon),
    ("grapes", grapes),
    ("pineapple", pineapple),
    ("papaya", papaya),
    ("rambutan", rambutan),
    ("avocado2", avocado),
    ("coconut2", coconut),
    ("mangosteen", mangosteen),
    ("durian", durian),
    ("melon", melon),
];

fn leaf(c: &mut Canvas, x: i32, y: i32) {
    c.path(LEAF, &format!("M{x} {y}c2-9 11-13 20-10 1 9-10 15-20 10z"));
    c.line(LEAF.darker(25), 1, &format!("M{x} {y}q8-7 16-8"));
}

/// Apple, pear (`long`), guava: skin, cheek.
fn apple(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0xd8402f);
    c.shadow(48, 84, 28);
    c.line(Color(0x6b4a2b), 4, "M48 30c0-8 1-12 5-16");
    leaf(c, 52, 22);
    if look.has("long") {
        c.path(skin, "M48 26c9 0 10 10 12 18 4 8 14 14 14 25 0 12-12 16-26 16s-26-4-26-16c0-11 10-17 14-25 2-8 3-18 12-18z");
        c.gloss("M30 66c0-8 7-12 10-19 1 9-4 14-2 24-4 1-8-1-8-5z");
    } else {
        c.path(skin, "M48 32c10-7 30-4 31 17 1 18-11 36-22 36-4 0-6-2-9-2s-5 2-9 2c-11 0-23-18-22-36 1-21 21-24 31-17z");
        c.path(
            look.color(1, skin.lighter(14).0),
            "M20 46c2-12 12-16 20-14-10 8-10 30-2 50-10-4-19-20-18-36z",
        );
        c.gloss("M26 48c1-7 5-11 11-11-4 5-6 12-5 19-4 0-7-3-6-8z");
        c.path(skin.darker(20), "M40 33q8 5 16 0-8 9-16 0z");
    }
    if look.has("seeds") {
        c.dots(skin.darker(16), 1, &[(58, 50), (64, 60), (54, 66), (46, 74), (60, 74), (42, 60), (68, 52)]);
    }
}

/// Orange, mandarin, lime, pomelo: skin, flesh.
fn citrus(c: &mut Canvas, look: &Look) {
    let (skin, flesh) = (look.color(0, 0xf28c28), look.color(1, 0xffb84d));
    c.shadow(48, 83, 36);
    if look.has("tall") {
        c.path(skin, "M40 16c20 0 30 22 30 40S58 84 40 84 10 74 10 56s10-40 30-40z");
    } else {
        c.circle(skin, 38, 48, 30);
    }
    c.dots(skin.darker(12), 1, &[(24, 40), (30, 54), (22, 58), (36, 36), (42, 68), (30, 70), (18, 48)]);
    c.gloss("M17 42c2-8 8-14 16-16-6 6-8 12-8 20-4 2-9 1-8-4z");
    leaf(c, 38, 20);
    c.circle(skin.darker(10), 64, 62, 23);
    c.circle(CREAM, 64, 62, 21);
    c.circle(flesh, 64, 62, 18);
    c.line(CREAM, 2, "M64 44v36M46 62h36M51 49l26 26M77 49L51 75");
    c.circle(CREAM, 64, 62, 3);
}

/// Skin.
fn bananas(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0xf7cf3c);
    c.shadow(50, 82, 34);
    c.path(skin.darker(18), "M22 18c-2 26 14 54 54 52 6-1 8-6 4-8-30-2-44-22-50-46z");
    c.path(skin, "M20 18c-10 28 4 62 46 62 6 0 8-5 4-8-30-6-42-28-42-56z");
    c.path(skin.lighter(25), "M28 16c6 22 22 36 50 34 6-1 8-6 3-9-22-2-36-12-45-28z");
    c.path(Color(0x7a5a2b), "M18 20c2-6 6-10 12-11l6 4c-4 4-10 7-18 7z");
    c.path(Color(0x5a4326), "M66 80c4 0 6-3 5-7l-3 1zM77 50c4-1 6-4 5-8l-3 1z");
    c.line(skin.darker(16), 2, "M24 34c4 18 16 34 36 40");
}

/// Skin, cheek, flesh.
fn mango(c: &mut Canvas, look: &Look) {
    let (skin, cheek, flesh) = (look.color(0, 0xf5b731), look.color(1, 0xe2643c), look.color(2, 0xffcf4a));
    c.shadow(48, 82, 36);
    c.line(Color(0x6b4a2b), 4, "M30 22l-3-9");
    leaf(c, 30, 18);
    c.path(skin, "M30 22c18-8 40 8 42 30 1 16-10 28-26 28-18 0-34-10-36-28-1-12 8-24 20-30z");
    c.path(cheek, "M30 22c-12 6-21 18-20 30 2 10 8 17 16 22-6-18-4-36 14-54-4 0-7 1-10 2z");
    c.gloss("M34 30c8-2 16 2 20 8-8-2-14-2-20 0-4-2-4-6 0-8z");
    c.path(cheek.lighter(20), "M52 84c-6-14 2-32 18-34 14 0 20 10 18 20-2 10-16 18-36 14z");
    c.path(flesh, "M55 80c-4-10 2-24 15-26 11 0 15 8 14 15-2 8-13 14-29 11z");
    c.line(flesh.darker(16), 2, "M62 60l14 16M70 56l11 13M58 70l9 10M80 58L64 78M72 55L58 72");
}

/// Skin, flesh.
fn dragonfruit(c: &mut Canvas, look: &Look) {
    let (skin, flesh) = (look.color(0, 0xe0407a), look.color(1, 0xffffff));
    c.shadow(48, 84, 36);
    c.path(skin, "M36 14c20 0 30 20 30 38S54 84 36 84 8 70 8 52s10-38 28-38z");
    c.path(Color(0x9fc25a), "M36 16l-6-12 10 6 4-8 4 10-8 6zM14 40L4 30l14 2zM10 60L0 58l12-6zM22 24l-8-10 12 6zM16 74l-8 4 4-10z");
    c.path(skin.lighter(22), "M22 40l-8-8 14 2zM26 62l-10-4 12-4zM30 76l-8 2 6-8z");
    c.ellipse(skin.darker(8), 64, 58, 24, 27);
    c.ellipse(skin.lighter(45), 64, 58, 21, 24);
    c.ellipse(flesh, 64, 58, 19, 22);
    c.dots(
        Color(0x2b2b2f),
        1,
        &[
            (58, 46),
            (66, 44),
            (72, 52),
            (54, 54),
            (62, 53),
            (68, 60),
            (56, 62),
            (74, 64),
            (62, 68),
            (68, 72),
            (55, 71),
            (62, 61),
            (70, 46),
        ],
    );
}

/// Flesh, rind.
fn watermelon(c: &mut Canvas, look: &Look) {
    let (flesh, rind) = (look.color(0, 0xe8474c), look.color(1, 0x3f8f4a));
    c.shadow(48, 82, 36);
    c.circle(rind, 36, 42, 30);
    c.line(rind.darker(28), 4, "M36 12c-14 16-14 42 0 60M24 16c-14 16-14 34-4 50M48 16c12 12 12 34 2 52");
    c.path(rind.darker(10), "M14 56l76-12c2 26-14 40-34 40S18 74 14 56z");
    c.path(Color(0xdff0c0), "M17 57l70-11c1 22-13 34-31 34S21 72 17 57z");
    c.path(flesh, "M21 57l62-10c0 18-11 29-27 29S25 69 21 57z");
    c.dots(Color(0x2b2523), 2, &[(36, 62), (48, 66), (58, 58), (68, 64), (72, 54), (58, 71)]);
}

/// A bunch: berries, gaps. `small` makes longans of it, with a twig.
fn grapes(c: &mut Canvas, look: &Look) {
    let berry = look.color(0, 0x7b4fa3);
    c.shadow(48, 88, 22);
    c.line(Color(0x7a5a36), 4, "M48 24V8l8-2");
    if !look.has("small") {
        leaf(c, 49, 18);
    } else {
        c.line(Color(0x7a5a36), 2, "M48 14L30 28M48 14l18 14M48 14v30");
    }
    let places = [
        (30, 32),
        (42, 28),
        (54, 28),
        (66, 32),
        (36, 43),
        (48, 40),
        (60, 43),
        (42, 54),
        (54, 54),
        (48, 66),
        (38, 65),
        (58, 65),
        (48, 78),
    ];
    c.dots(berry.darker(22), 9, &places.map(|(x, y)| (x + 1, y + 1)));
    c.dots(berry, 8, &places);
    c.dots(berry.lighter(50), 2, &places.map(|(x, y)| (x - 2, y - 3)));
}

/// Skin.
fn pineapple(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0xe8a83c);
    c.shadow(48, 90, 20);
    c.path(LEAF, "M48 34c-4-6-14-8-20-16 8-1 12 2 15 5-2-6-4-10-1-18 5 4 6 10 6 14 1-4 2-10 7-13 2 7 0 12-1 17 3-4 8-6 14-5-5 9-16 10-20 16z");
    c.path(LEAF.darker(20), "M48 34c-3-8-2-14 0-20 3 6 3 12 0 20z");
    c.ellipse(skin, 48, 61, 23, 28);
    c.line(
        skin.darker(24),
        2,
        "M29 46l34 38M38 36l32 36M50 33l20 22M26 58l26 30M67 46L33 84M58 36L26 72M46 33L26 55M70 58L44 88",
    );
    c.gloss("M30 56c1-8 5-14 10-17-4 8-5 18-3 28-4-1-8-6-7-11z");
}

/// A half: skin, flesh.
fn papaya(c: &mut Canvas, look: &Look) {
    let (skin, flesh) = (look.color(0, 0xe9a23b), look.color(1, 0xf2703c));
    c.shadow(48, 86, 34);
    c.path(
        skin,
        "M30 10c12 0 12 14 17 24 5 11 10 18 8 30-2 14-14 20-26 18S10 68 12 52c1-12 7-16 9-26 1-8 2-16 9-16z",
    );
    c.gloss("M20 50c1-8 5-12 7-18 1 10-4 18-2 30-4-1-6-6-5-12z");
    c.path(skin.darker(10), "M64 18c12 2 10 16 13 26 4 11 10 16 9 26-2 12-13 17-24 15s-19-10-17-24c2-11 8-15 11-26 1-9 2-18 8-17z");
    c.path(flesh, "M64 24c7 2 6 13 9 22s9 16 8 24c-1 8-9 12-18 11s-14-8-12-19c2-9 8-14 10-24 1-7 0-15 3-14z");
    c.path(flesh.darker(22), "M64 44c5 4 8 12 8 18s-5 10-9 9-6-6-5-12 3-12 6-15z");
    c.dots(Color(0x2f2a2a), 2, &[(64, 52), (62, 59), (68, 60), (63, 66), (68, 67)]);
}

/// Hairy fruit: skin, hair.
fn rambutan(c: &mut Canvas, look: &Look) {
    let (skin, hair) = (look.color(0, 0xd63a3a), look.color(1, 0x9fb84a));
    let one = |c: &mut Canvas| {
        c.line(hair, 2, "M-18-6l-6-3M-15-13l-4-5M-8-18l-2-6M0-20l1-6M8-18l4-5M15-12l5-4M19-4l6-2M19 5l6 1M15 13l5 4M8 18l2 6M0 20v5M-8 18l-3 5M-15 12l-5 4M-19 3l-6 1");
        c.circle(skin, 0, 0, 19);
        c.line(
            hair.towards(skin, 30),
            2,
            "M-8-8l-3-4M2-10l1-5M9-3l5-2M-10 4l-5 1M-2 0l-4-2M6 8l4 3M-4 10l-2 4",
        );
    };
    c.shadow(48, 84, 34);
    c.line(Color(0x7a5a36), 3, "M48 34L54 8M36 32l16-16M64 34L53 16");
    leaf(c, 53, 14);
    c.group("translate(30 44)", one);
    c.group("translate(66 46)", one);
    c.group("translate(46 62)", |c| {
        c.circle(skin.darker(12), 0, 0, 20);
        c.circle(WHITE, 0, -2, 16);
        c.gloss("M-8-4c1-5 4-7 8-7-4 3-5 7-4 12-3 0-5-2-4-5z");
        c.path(skin, "M-20 0c2 28 38 28 40 0-6 8-10 2-16 8s-8-2-12 0-8-2-12-8z");
    });
}

/// Skin, flesh.
fn avocado(c: &mut Canvas, look: &Look) {
    let (skin, flesh) = (look.color(0, 0x3f6b33), look.color(1, 0xdfe38f));
    c.shadow(48, 85, 36);
    c.path(
        skin,
        "M30 12c11 0 12 12 16 22 4 9 10 16 9 27-1 14-12 21-25 21S6 74 6 60c0-11 6-18 9-26 4-10 4-22 15-22z",
    );
    c.dots(skin.lighter(22), 1, &[(20, 44), (28, 34), (24, 60), (32, 52), (18, 66), (30, 70)]);
    c.path(
        skin.darker(16),
        "M64 20c10 0 11 10 15 19s10 14 10 25c-1 13-12 20-25 20s-24-7-24-20c0-11 5-16 9-25s5-19 15-19z",
    );
    c.path(
        flesh.towards(LEAF, 35),
        "M64 24c8 0 9 9 12 17s9 14 9 23c-1 10-10 16-21 16s-20-6-20-16c0-9 5-15 8-23s4-17 12-17z",
    );
    c.path(flesh, "M64 29c5 0 7 8 10 15s7 12 7 19c-1 8-8 13-17 13s-16-5-16-13c0-7 4-12 6-19s5-15 10-15z");
    c.circle(Color(0x8a5a33), 64, 61, 10);
    c.gloss("M58 59c1-4 3-6 7-6-3 2-4 4-4 8-2 0-3-1-3-2z");
}

/// Husk; `half` shows the flesh, otherwise a young one with a straw.
fn coconut(c: &mut Canvas, look: &Look) {
    let husk = look.color(0, 0x7cb342);
    c.shadow(48, 85, 32);
    if look.has("half") {
        c.circle(Color(0x7a4f2e), 38, 42, 29);
        c.line(Color(0x5a3820), 1, "M20 30l8 4M16 44l8 2M30 18l4 6M44 16l0 6");
        c.circle(Color(0x6b4426), 60, 58, 27);
        c.circle(WHITE, 60, 58, 24);
        c.circle(Color(0xe6edf0), 60, 60, 17);
        c.gloss("M46 56c2-8 8-12 14-12-6 4-8 8-9 14-3 1-5 0-5-2z");
    } else {
        c.line(Color(0xe2574c), 4, "M54 30L64 4");
        c.path(husk, "M48 22c22 0 34 16 32 34-2 20-16 30-32 30S18 76 16 56c-2-18 10-34 32-34z");
        c.path(husk.darker(16), "M66 28c10 6 15 16 14 28-2 20-16 30-32 30 20-12 26-36 18-58z");
        c.ellipse(CREAM, 48, 28, 22, 8);
        c.ellipse(Color(0xd9e8ea), 48, 28, 12, 4);
        c.line(husk.lighter(25), 2, "M26 48c0 12 4 22 10 30M38 42c-1 14 1 28 6 40");
    }
}

/// Skin, flesh.
fn mangosteen(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0x5b2a4e);
    c.shadow(48, 84, 36);
    c.circle(skin, 36, 44, 27);
    c.path(LEAF, "M36 24c-6-8-16-6-18 0 6 6 12 6 18 0zM36 24c6-8 16-6 18 0-6 6-12 6-18 0zM36 24c-4-8 0-14 4-15 3 5 2 11-4 15z");
    c.gloss("M16 44c1-7 5-12 10-15-3 7-4 13-3 20-4 1-7-1-7-5z");
    c.circle(skin.lighter(10), 62, 60, 25);
    c.circle(Color(0xa84a62), 62, 60, 22);
    c.dots(WHITE, 7, &[(62, 50), (72, 57), (68, 69), (56, 69), (52, 57)]);
    c.dots(Color(0xe8dfe6), 3, &[(62, 60)]);
}

/// Skin, flesh.
fn durian(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0x9aa83c);
    c.shadow(48, 86, 34);
    c.line(Color(0x7a5a36), 6, "M46 20V8");
    c.path(skin, "M46 14l5 5 7-3 3 7 8 0 0 8 8 2-3 7 6 5-5 6 5 6-7 4 2 8-8 1-2 7-7-2-5 6-6-5-7 5-4-7-7 3-2-8-8 0 1-8-7-3 5-6-6-6 7-4-3-7 8-3 0-8 8 0 3-7 7 4z");
    c.path(skin.darker(26), "M30 34l3-6 3 6zM44 30l3-6 3 6zM58 34l3-6 3 6zM26 48l3-6 3 6zM66 48l3-6 3 6zM28 62l3-6 3 6zM62 66l3-6 3 6zM40 74l3-6 3 6z");
    c.path(CREAM, "M48 38c12 2 16 14 12 24-4 8-14 10-19 3-5-8-3-24 7-27z");
    c.path(look.color(1, 0xf7cf5a), "M48 43c8 2 11 10 8 17-3 6-10 7-13 2-3-6-2-17 5-19z");
    c.gloss("M45 50c1-3 2-5 5-5-2 4-3 8-2 12-3 0-4-4-3-7z");
}

/// A round melon with a net: skin, net.
fn melon(c: &mut Canvas, look: &Look) {
    let (skin, flesh) = (look.color(0, 0xb8c77a), look.color(1, 0xf7b267));
    c.shadow(48, 84, 36);
    c.line(Color(0x7a8a4a), 5, "M38 16l2-8 6-1");
    c.circle(skin, 38, 46, 32);
    c.line(skin.lighter(45), 1, "M12 34l20 40M20 22l30 50M34 15l26 42M64 34L42 76M54 20L20 70M38 15L8 56");
    c.path(skin.darker(14), "M30 78c2-28 26-44 58-34-2 28-26 44-58 34z");
    c.path(Color(0xe6edb0), "M33 77c3-25 25-39 53-31-3 24-25 38-53 31z");
    c.path(flesh, "M37 75c4-20 24-32 46-26-4 19-23 31-46 26z");
    c.path(flesh.darker(14), "M50 70c4-9 13-14 23-13-3 9-12 15-23 13z");
    c.dots(CREAM, 1, &[(58, 66), (63, 62), (67, 60), (62, 67)]);
}
