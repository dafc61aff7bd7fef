//! Plates, bowls, boards, baskets and trays, with what lies in them.

use super::canvas::{CREAM, Canvas, Color, GOLDEN, LEAF, WHITE};
use super::{Look, Motif, meats, parts};

pub(super) const MOTIFS: &[Motif] = &[
    ("plate", plate),
    ("bowl", bowl),
    ("leafplate", leafplate),
    ("basket", basket),
    ("icecup", icecup),
    ("tray", tray),
    ("steamer", steamer),
];

/// Puts the parts asked for at the places given, the first one large.
fn fill(c: &mut Canvas, look: &Look, places: &[(i32, i32, i32)]) {
    let wanted = look.details.iter().filter(|detail| parts::NAMES.contains(&detail.name.as_str()));
    for (detail, (x, y, size)) in wanted.zip(places) {
        parts::put(c, &detail.name, detail.color, *x, *y, *size);
    }
}

fn count(look: &Look) -> usize {
    look.details.iter().filter(|detail| parts::NAMES.contains(&detail.name.as_str())).count()
}

/// A plate from above: crockery.
fn plate(c: &mut Canvas, look: &Look) {
    let china = look.color(0, 0xffffff);
    c.ellipse(Color(0).towards(china, 78), 48, 51, 38, 38);
    c.circle(china, 48, 48, 38);
    c.circle(china.darker(7), 48, 48, 29);
    c.circle(china.lighter(30), 48, 49, 28);
    match count(look) {
        0 | 1 => fill(c, look, &[(48, 48, 205)]),
        2 => fill(c, look, &[(40, 44, 175), (62, 59, 130)]),
        _ => fill(
            c,
            look,
            &[(39, 43, 165), (62, 38, 120), (57, 62, 125), (35, 65, 100), (71, 52, 80), (48, 26, 60)],
        ),
    }
}

/// A banana leaf on a plate.
fn leafplate(c: &mut Canvas, look: &Look) {
    let wood = look.color(0, 0x9c6b3f);
    c.circle(wood.darker(22), 48, 51, 38);
    c.circle(wood, 48, 48, 38);
    c.circle(wood.lighter(14), 48, 48, 33);
    c.path(LEAF, "M16 56C18 30 44 16 78 22c4 28-14 52-50 54-6-5-10-12-12-20z");
    c.line(LEAF.darker(22), 1, "M22 68L76 26M38 55l-8-14M52 44l-5-18M48 48l22 10M34 59l20 14");
    match count(look) {
        0 | 1 => fill(c, look, &[(48, 48, 170)]),
        2 => fill(c, look, &[(41, 45, 140), (60, 57, 110)]),
        _ => fill(c, look, &[(39, 44, 130), (60, 38, 100), (57, 60, 100), (36, 63, 75), (72, 50, 60)]),
    }
}

/// A bowl from the side: crockery, broth.
fn bowl(c: &mut Canvas, look: &Look) {
    let (china, broth) = (look.color(0, 0xffffff), look.color(1, 0xe9b45c));
    if look.has("steam") {
        c.line(WHITE, 3, "M36 22c-5-5 5-7 0-13M48 20c-5-5 5-7 0-13M60 22c-5-5 5-7 0-13");
    }
    c.shadow(48, 84, 26);
    c.path(china.darker(16), "M36 78h24l2 6H34z");
    c.path(china, "M10 44h76c0 22-14 36-28 36H38C24 80 10 66 10 44z");
    c.shade("M70 46h16c0 21-14 34-28 34h-6c12-6 18-18 18-34z");
    if look.has("stripe") {
        c.line(look.color(2, 0x3f74b5), 3, "M13 56q8 6 35 6t35-6");
    }
    c.ellipse(china.darker(9), 48, 44, 38, 15);
    c.ellipse(broth, 48, 45, 34, 12);
    c.group("translate(0 15) scale(1 .62)", |c| match count(look) {
        0 => {}
        1 => fill(c, look, &[(48, 44, 160)]),
        2 => fill(c, look, &[(39, 44, 130), (60, 47, 110)]),
        _ => fill(
            c,
            look,
            &[(36, 44, 120), (58, 38, 105), (54, 55, 95), (70, 48, 70), (26, 52, 70), (46, 34, 70)],
        ),
    });
    c.gloss("M17 52c2 12 8 20 14 24-8-3-15-12-17-24z");
}

/// A basket lined with paper: paper.
fn basket(c: &mut Canvas, look: &Look) {
    let paper = look.color(0, 0xfff3df);
    c.shadow(48, 84, 32);
    c.path(paper.darker(6), "M14 40l14-14 12 8 12-10 12 9 14-6 6 16z");
    c.group("translate(0 -10)", |c| match count(look) {
        0 | 1 => fill(c, look, &[(48, 50, 190)]),
        _ => fill(c, look, &[(38, 48, 150), (60, 50, 130), (49, 38, 90), (72, 44, 70)]),
    });
    c.path(GOLDEN.darker(18), "M14 48h68l-8 32q-1 4-5 4H27q-4 0-5-4z");
    c.line(GOLDEN.lighter(12), 4, "M19 56h58M21 66h54M24 76h48");
    c.line(GOLDEN.darker(34), 3, "M30 50l4 32M42 50l2 32M54 50l-2 32M66 50l-4 32");
    c.rect(GOLDEN, 11, 45, 74, 7, 3);
}

/// A stemmed dish with scoops of ice cream in the colours given.
fn icecup(c: &mut Canvas, look: &Look) {
    let scoop = |i, otherwise| look.color(i, otherwise);
    c.shadow(48, 86, 20);
    c.faint(|c| c.path(WHITE, "M45 66h6v14h10q3 0 3 5H32q0-5 3-5h10z"));
    if look.has("half") {
        c.path(Color(0xd89b57), "M66 12l8 3-14 34-7-3z");
    }
    c.circle(scoop(2, 0xfff3df).darker(6), 48, 27, 14);
    c.circle(scoop(2, 0xfff3df), 47, 26, 13);
    c.circle(scoop(0, 0xf6d7c3), 36, 40, 14);
    c.circle(scoop(1, 0x8b5a3c), 60, 40, 14);
    c.gloss("M27 37c2-5 6-7 10-6-5 2-6 6-6 10-3 0-5-2-4-4zM39 22c2-4 6-6 9-5-4 2-5 5-5 8-3 0-5-1-4-3z");
    if look.has("cocoa") {
        c.path(Color(0x5a2f1c), "M35 22c2-8 24-8 26 2-3 6-5-1-8 4s-5-2-8 1-8-1-10-7z");
    }
    c.path(Color(0xdff0f5), "M18 44h60c-1 16-14 25-30 25S19 60 18 44z");
    c.gloss("M24 48h7c1 8 5 13 10 17-9-2-16-8-17-17z");
    fill(c, look, &[(48, 16, 75), (48, 54, 120)]);
}

/// Goods of a cold counter in a tray under film: tray.
fn tray(c: &mut Canvas, look: &Look) {
    let foam = look.color(0, 0xffffff);
    c.rect(foam.darker(28), 9, 23, 78, 56, 9);
    c.rect(foam, 9, 20, 78, 56, 9);
    c.rect(foam.darker(9), 15, 26, 66, 44, 6);
    for detail in &look.details {
        meats::draw(c, &detail.name, detail.color);
    }
    let wanted = look.details.iter().filter(|detail| parts::NAMES.contains(&detail.name.as_str()));
    for (detail, (x, y)) in wanted.cycle().zip([(34, 48), (62, 48)]) {
        parts::put(c, &detail.name, detail.color, x, y, 135);
    }
    c.gloss("M20 26h14L18 58V32q0-6 2-6zM42 26h6L26 70h-6z");
    c.rect(CREAM, 62, 58, 20, 14, 2);
    c.line(Color(0x7a7a7a), 1, "M65 62h14M65 65h9");
    c.line(Color(0x3a3a3a), 2, "M65 69h14");
}

/// A bamboo steamer.
fn steamer(c: &mut Canvas, look: &Look) {
    let bamboo = look.color(0, 0xcf9a55);
    c.circle(bamboo.darker(30), 48, 52, 38);
    c.circle(bamboo, 48, 48, 38);
    c.circle(bamboo.darker(18), 48, 48, 32);
    c.circle(bamboo.lighter(35), 48, 49, 31);
    c.line(bamboo.lighter(5), 1, "M20 38h56M18 48h60M20 58h56M26 68h44M28 30h40");
    match count(look) {
        0 | 1 => fill(c, look, &[(48, 48, 200)]),
        _ => fill(c, look, &[(42, 45, 165), (66, 62, 80), (30, 66, 80)]),
    }
}
