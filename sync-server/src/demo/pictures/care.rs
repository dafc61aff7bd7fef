//! Household goods and things for the bathroom.

use super::canvas::{CREAM, Canvas, Color, WHITE};
use super::emblems::{self, stamp};
use super::{Look, Motif};

pub(super) const MOTIFS: &[Motif] = &[
    ("soap", soap),
    ("tube", tube),
    ("brush", brush),
    ("spray", spray),
    ("tissue", tissue),
    ("rolls2", paper_rolls),
    ("sponge", sponge),
    ("bulb", bulb),
    ("batteries", batteries),
    ("bags", bags),
    ("chopsticks", chopsticks),
    ("lighter", lighter),
    ("mask", mask),
    ("candles", candles),
    ("umbrella", umbrella),
];

fn sign(c: &mut Canvas, look: &Look, x: i32, y: i32, otherwise: Color) {
    if let Some(emblem) = look.any_of(&emblems::NAMES) {
        stamp(c, emblem, x, y, otherwise);
    }
}

/// A bar in front of its box: bar, box.
fn soap(c: &mut Canvas, look: &Look) {
    let (bar, wrap) = (look.color(0, 0xf6b7c8), look.color(1, 0x6fa8dc));
    c.shadow(48, 82, 38);
    c.rect(wrap, 12, 22, 60, 36, 3);
    c.path(wrap.darker(22), "M72 22l8-5v36l-8 5z");
    c.path(wrap.lighter(28), "M12 22l8-5h60l-8 5z");
    c.rect(WHITE, 20, 28, 28, 5, 2);
    sign(c, look, 30, 43, WHITE);
    c.rect(bar.darker(18), 34, 53, 52, 29, 13);
    c.rect(bar, 34, 50, 52, 28, 13);
    c.rect(bar.lighter(25), 42, 56, 36, 16, 8);
    c.faint(|c| c.dots(WHITE, 5, &[(28, 74), (84, 46)]));
    c.faint(|c| c.dots(WHITE, 3, &[(22, 66), (35, 81), (78, 40)]));
}

/// Body, accent.
fn tube(c: &mut Canvas, look: &Look) {
    let (body, accent) = (look.color(0, 0xffffff), look.color(1, 0x2f8fd0));
    c.shadow(48, 84, 34);
    c.group("rotate(-24 48 50)", |c| {
        c.path(body, "M8 32h6l58 8v20l-58 8H8z");
        c.path(accent, "M26 34l24 3c-8 10-8 16 0 26l-24 4c6-12 6-22 0-33z");
        c.path(accent.lighter(45), "M52 37l8 1c-5 8-5 16 0 24l-8 1c-8-9-8-17 0-26z");
        c.rect(body.darker(20), 5, 31, 5, 38, 1);
        c.rect(accent.darker(16), 72, 41, 14, 18, 3);
        c.gloss("M12 36l58 7v4l-58-6z");
        sign(c, look, 21, 50, accent);
    });
}

/// Toothbrushes: handles.
fn brush(c: &mut Canvas, look: &Look) {
    c.shadow(48, 84, 34);
    for (i, turn) in (0..).zip([-34, -12]) {
        let handle = look.color(i, if i == 0 { 0x2f8fd0 } else { 0xf07a9a });
        c.group(&format!("rotate({turn} 48 84)"), |c| {
            c.rect(handle, 45, 26, 7, 58, 3);
            c.rect(handle.lighter(30), 44, 6, 9, 24, 4);
            c.line(WHITE, 2, "M54 9h7M54 13h7M54 17h7M54 21h7M54 25h7");
            c.line(handle.lighter(50), 2, "M48 54v20");
        });
    }
}

/// Liquid, head, label.
fn spray(c: &mut Canvas, look: &Look) {
    let (body, head, label) = (look.color(0, 0x4fb3d9), look.color(1, 0xe2574c), look.color(2, 0xffffff));
    c.shadow(48, 88, 22);
    c.path(body, "M40 32h16c4 8 14 12 14 24v26q0 6-6 6H34q-6 0-6-6V56c0-12 10-16 12-24z");
    c.path(head, "M36 10h24q8 1 10 10l-8 1-2-3v14H40V22h-8V12z");
    c.path(head.darker(22), "M60 20l10 14-5 2-7-10z");
    c.rect(label, 28, 56, 42, 22, 0);
    sign(c, look, 49, 67, body);
    c.faint(|c| c.dots(WHITE, 2, &[(24, 12), (18, 17), (25, 22), (16, 8)]));
    c.gloss("M33 54c1-5 4-8 7-11v43h-5q-2 0-2-3z");
}

/// A box of tissues: box, pattern.
fn tissue(c: &mut Canvas, look: &Look) {
    let (body, accent) = (look.color(0, 0x8fc1e3), look.color(1, 0xffffff));
    c.shadow(48, 82, 40);
    c.path(WHITE, "M32 42c2-16-4-22 6-28 6 8 10-2 16-4 8 8 0 18 8 32z");
    c.path(Color(0xe4ebf0), "M46 42c-4-12 2-20 8-30 4 8 0 20 4 30z");
    c.path(body.lighter(28), "M10 46l10-10h56l10 10z");
    c.ellipse(body.darker(26), 48, 41, 20, 3);
    c.path(WHITE, "M33 42c2-8 2-14 4-20l20 0c0 8 2 14 4 20-9 2-18 2-28 0z");
    c.rect(body, 10, 46, 76, 34, 3);
    c.line(accent, 4, "M10 70q10-12 19 0t19 0 19 0 19 0");
    sign(c, look, 48, 58, accent);
    c.gloss("M10 46h6v34h-6z");
}

/// Rolls of paper: paper, wrap.
fn paper_rolls(c: &mut Canvas, look: &Look) {
    let (paper, wrap) = (look.color(0, 0xffffff), look.color(1, 0x9fd0c0));
    c.shadow(48, 84, 34);
    for (x, y) in [(31, 26), (65, 26), (31, 56), (65, 56)] {
        c.path(paper.darker(9), &format!("M{} {y}h30v22q-15 9-30 0z", x - 15));
        c.ellipse(paper, x, y, 15, 6);
        c.ellipse(paper.darker(34), x, y, 5, 2);
        c.line(wrap, 3, &format!("M{} {}q15 8 30 0", x - 15, y + 14));
    }
    c.gloss("M18 28h5v26h-5zM52 28h5v26h-5z");
}

/// Sponge, scourer.
fn sponge(c: &mut Canvas, look: &Look) {
    let (soft, rough) = (look.color(0, 0xffd54a), look.color(1, 0x3f8f5a));
    c.shadow(48, 78, 38);
    c.group("rotate(-8 48 48)", |c| {
        c.rect(soft.darker(14), 12, 38, 72, 38, 7);
        c.rect(soft, 12, 36, 72, 34, 7);
        c.rect(rough, 12, 27, 72, 17, 6);
        c.dots(soft.darker(22), 2, &[(24, 54), (40, 60), (56, 52), (72, 61), (32, 64), (64, 66), (48, 49)]);
        c.line(rough.lighter(30), 1, "M20 32h8M36 34h8M52 31h8M68 34h8M28 38h8M60 38h8");
    });
    c.faint(|c| c.dots(WHITE, 5, &[(24, 24), (72, 16)]));
    c.faint(|c| c.dots(WHITE, 3, &[(34, 14), (82, 27)]));
}

/// Light.
fn bulb(c: &mut Canvas, look: &Look) {
    let light = look.color(0, 0xffdf6b);
    c.line(light, 4, "M48 6v2M18 18l2 2M78 18l-2 2M8 46h3M85 46h3");
    c.path(light, "M48 14c16 0 26 12 26 26 0 12-8 17-11 28H33c-3-11-11-16-11-28 0-14 10-26 26-26z");
    c.gloss("M29 40c0-9 5-16 13-19-4 8-5 22-1 36-6-3-12-9-12-17z");
    c.line(light.darker(28), 2, "M40 66V48l8 6 8-6v18");
    c.rect(Color(0xaab4bc), 34, 68, 28, 14, 3);
    c.line(Color(0x7d8890), 2, "M34 73h28M34 78h28");
    c.rect(Color(0x5b656c), 41, 82, 14, 6, 3);
}

/// Two cells: colour, accent.
fn batteries(c: &mut Canvas, look: &Look) {
    let (body, accent) = (look.color(0, 0x2c2f36), look.color(1, 0xe0a045));
    c.shadow(48, 86, 32);
    for (x, turn) in [(18, -6), (50, 6)] {
        c.group(&format!("rotate({turn} 48 60)"), |c| {
            c.rect(Color(0xc7ced4), x + 9, 12, 10, 8, 2);
            c.rect(accent, x, 18, 28, 24, 4);
            c.rect(body, x, 34, 28, 50, 4);
            c.rect(accent, x, 34, 28, 5, 0);
            c.path(accent, &format!("M{} 48l-8 14h6l-3 12 11-16h-6l4-10z", x + 15));
            c.gloss(&format!("M{} 20h5v62h-5z", x + 4));
        });
    }
}

/// A roll of bags: colour.
fn bags(c: &mut Canvas, look: &Look) {
    let body = look.color(0, 0x4c5a66);
    c.shadow(48, 82, 34);
    c.path(body.lighter(18), "M30 30h50l6 50-12-4-10 5-10-5-12 4z");
    c.shade("M66 30h14l6 50-10-3z");
    c.line(body.lighter(45), 1, "M44 52l34-1M43 64l38-2");
    c.rect(body, 12, 24, 66, 18, 9);
    c.circle(body.lighter(35), 21, 33, 8);
    c.circle(body.darker(20), 21, 33, 4);
    c.rect(look.color(1, 0xffd95a), 40, 24, 22, 18, 0);
    sign(c, look, 51, 33, body);
}

/// Chopsticks in a sleeve: wood, sleeve.
fn chopsticks(c: &mut Canvas, look: &Look) {
    let (wood, sleeve) = (look.color(0, 0xd9a860), look.color(1, 0xc23a32));
    c.shadow(48, 86, 28);
    c.group("rotate(24 48 48)", |c| {
        c.line(wood.darker(14), 4, "M34 6l2 60M46 6v60M58 6l-2 60M66 8l-4 58");
        c.line(wood.lighter(20), 2, "M34 6l2 40M46 6v40M58 6l-2 40M66 8l-4 38");
        c.rect(sleeve, 28, 40, 40, 48, 3);
        c.line(CREAM, 2, "M34 46h28M34 82h28");
        sign(c, look, 48, 64, CREAM);
    });
}

/// Two lighters: colours.
fn lighter(c: &mut Canvas, look: &Look) {
    c.shadow(48, 88, 28);
    c.path(Color(0xf7931e), "M36 4c6 7 8 11 4 17-8 1-10-9-4-17z");
    c.path(Color(0xffd95a), "M36 12c3 4 4 7 2 9-5 0-5-5-2-9z");
    for (i, x) in (0..).zip([26, 54]) {
        let body = look.color(i, if i == 0 { 0xd8402f } else { 0x2f8fd0 });
        c.rect(Color(0xc7ced4), x + 2, 24, 18, 16, 2);
        c.circle(Color(0x7d8890), x + 15, 27, 5);
        c.rect(body, x, 38, 22, 50, 4);
        c.gloss(&format!("M{} 40h5v46h-5z", x + 3));
        c.shade(&format!("M{x} 60h22v28h-22z"));
    }
}

/// A face mask: colour.
fn mask(c: &mut Canvas, look: &Look) {
    let cloth = look.color(0, 0x8fd0e8);
    c.shadow(48, 80, 34);
    c.line(WHITE, 3, "M22 34C6 34 6 62 22 62M74 34c16 0 16 28 0 28");
    c.path(cloth.darker(10), "M20 30q28-12 56 0v30c-8 16-48 16-56 0z");
    c.path(cloth, "M20 28q28-12 56 0v28c-8 16-48 16-56 0z");
    c.line(cloth.darker(18), 2, "M21 40q27-8 54 0M21 49q27-5 54 0M24 58q24 3 48 0");
    c.line(WHITE, 2, "M36 26q12-3 24 0");
}

/// Birthday or altar candles: wax.
fn candles(c: &mut Canvas, look: &Look) {
    let wax = look.color(0, 0xd8402f);
    c.shadow(48, 86, 30);
    for (x, top) in [(24, 40), (42, 30), (60, 44)] {
        c.path(Color(0xf7931e), &format!("M{} {}c5 6 6 10 3 14-6 1-8-7-3-14z", x + 6, top - 22));
        c.path(Color(0xffe27a), &format!("M{} {}c2 3 3 6 1 8-4 0-4-4-1-8z", x + 6, top - 15));
        c.line(Color(0x3a2a22), 1, &format!("M{} {}v5", x + 7, top - 6));
        c.rect(wax, x, top, 13, 86 - top, 2);
        c.path(wax.lighter(30), &format!("M{x} {top}h13v8q-3 6-5 0-4 8-8 0z"));
        c.gloss(&format!("M{} {}h3v{}h-3z", x + 2, top + 10, 74 - top));
    }
}

/// Two colours of cloth.
fn umbrella(c: &mut Canvas, look: &Look) {
    let (one, two) = (look.color(0, 0x2f6fb0), look.color(1, 0xf2c94c));
    c.line(Color(0x5a4636), 4, "M48 40v38q0 8 8 8t8-8");
    c.line(Color(0x5a4636), 3, "M48 8v8");
    c.path(one, "M8 52c2-24 20-40 40-40s38 16 40 40q-10-8-20 0-10-8-20 0-10-8-20 0-10-8-20 0z");
    c.path(two, "M28 52c0-20 8-34 20-40 12 6 20 20 20 40q-10-8-20 0-10-8-20 0z");
    c.shade("M68 52c0-20-8-34-20-40 20 0 38 16 40 40q-10-8-20 0z");
    c.gloss("M16 42c4-10 10-18 18-22-6 8-9 16-10 24-3 2-8 1-8-2z");
}
