//! Packed food: packets, pouches, boxes, jars, eggs, sweets.

use super::canvas::{CREAM, Canvas, Color, LEAF, WHITE};
use super::emblems::{self, stamp};
use super::{Look, Motif};

pub(super) const MOTIFS: &[Motif] = &[
    ("packet", packet),
    ("pouch", pouch),
    ("box", carton_box),
    ("sack", sack),
    ("cupnoodle", cupnoodle),
    ("jar", jar),
    ("eggs", eggs),
    ("chocolate", chocolate),
    ("candy", candy),
    ("wedge", wedge),
    ("tumbler", tumbler),
    ("icepop", icepop),
];

fn emblem(c: &mut Canvas, look: &Look, x: i32, y: i32, size_percent: i32, otherwise: Color) {
    if let Some(sign) = look.any_of(&emblems::NAMES) {
        let (whole, rest) = (size_percent / 100, size_percent % 100);
        c.group(&format!("translate({x} {y}) scale({whole}.{rest:02})"), |c| stamp(c, sign, 0, 0, otherwise));
    }
}

/// A pillow bag: colour, band.
fn packet(c: &mut Canvas, look: &Look) {
    let (body, band) = (look.color(0, 0xe2574c), look.color(1, 0xffd95a));
    let tilt = if look.has("wave") { "rotate(6 48 48)" } else { "rotate(-5 48 48)" };
    c.shadow(48, 86, 28);
    c.group(tilt, |c| {
        c.path(body.darker(20), "M20 14l4-3 4 3 4-3 4 3 4-3 4 3 4-3 4 3 4-3 4 3 4-3 4 3 4-3 4 3v6H20z");
        c.path(body.darker(20), "M20 82l4 3 4-3 4 3 4-3 4 3 4-3 4 3 4-3 4 3 4-3 4 3 4-3 4 3 4-3v-6H20z");
        c.path(body, "M20 18h56c-3 14-3 46 0 60H20c3-14 3-46 0-60z");
        if look.has("stripe") {
            c.path(band, "M18 46l60-16v14L18 62z");
        } else if look.has("dots") {
            c.circle(band, 48, 50, 21);
        } else {
            c.path(band, "M22 54c14-10 38-10 52 0-1 10 0 18 2 24H20c2-6 3-14 2-24z");
        }
        c.rect(WHITE, 32, 26, 32, 5, 2);
        c.rect(WHITE.towards(body, 35), 38, 34, 20, 3, 1);
        emblem(c, look, 48, 57, 150, WHITE);
        c.gloss("M24 20h7c-2 14-2 42 0 56h-7c2-14 2-42 0-56z");
        c.shade("M68 20h6c-2 14-2 42 0 56h-6c2-14 2-42 0-56z");
    });
}

/// A bag that stands: colour, label.
fn pouch(c: &mut Canvas, look: &Look) {
    let (body, label) = (look.color(0, 0x4a3228), look.color(1, 0xf2e3cf));
    c.shadow(48, 88, 26);
    c.path(body, "M26 14h44l4 66q0 7-7 7H29q-7 0-7-7z");
    c.path(body.lighter(16), "M26 12h44l1 10H25z");
    c.line(body.darker(30), 1, "M25 22h46");
    c.circle(body.darker(30), 64, 29, 2);
    c.rect(label, 30, 36, 36, 38, 3);
    c.rect(body.lighter(20), 36, 62, 24, 3, 1);
    c.rect(body.lighter(45), 40, 68, 16, 2, 1);
    emblem(c, look, 48, 49, 115, body);
    c.gloss("M28 24h5l-3 60h-2q-3-1-3-6z");
    c.shade("M64 24h7l3 56q0 7-7 7h-3z");
}

/// A box: colour, band.
fn carton_box(c: &mut Canvas, look: &Look) {
    let (body, band) = (look.color(0, 0x3f74b5), look.color(1, 0xffffff));
    if look.has("tall") {
        c.shadow(48, 88, 26);
        c.path(body.darker(28), "M68 20l8-6v66l-8 7z");
        c.path(body.lighter(25), "M24 20l8-6h44l-8 6z");
        c.rect(body, 24, 20, 44, 67, 1);
        c.path(band, "M24 40q22-12 44 0v24q-22 12-44 0z");
        emblem(c, look, 46, 52, 140, body);
        c.rect(band, 32, 26, 28, 5, 2);
        c.rect(body.lighter(45), 32, 76, 28, 3, 1);
        c.gloss("M24 20h6v67h-6z");
    } else {
        c.shadow(48, 80, 40);
        c.path(body.darker(28), "M78 36l8-7v40l-8 8z");
        c.path(body.lighter(25), "M10 36l8-7h68l-8 7z");
        c.rect(body, 10, 36, 68, 41, 1);
        if look.has("stripe") {
            c.path(band, "M10 58l68-16v16L10 74z");
        } else {
            c.circle(band, 44, 56, 17);
        }
        emblem(c, look, 44, 56, 130, body);
        c.rect(band, 14, 40, 22, 4, 1);
        c.gloss("M10 36h5v41h-5z");
    }
}

/// A sack of rice, sugar, flour: cloth, label.
fn sack(c: &mut Canvas, look: &Look) {
    let (cloth, label) = (look.color(0, 0xf2e6cf), look.color(1, 0xc8452f));
    c.shadow(48, 87, 30);
    c.path(cloth.darker(16), "M30 24c-4-6-6-10-2-13 6 3 12-2 20 0s14-3 20 0c4 3 2 7-2 13z");
    c.path(cloth, "M30 22h36c10 12 16 26 14 50-1 10-8 14-18 14H34c-10 0-17-4-18-14-2-24 4-38 14-50z");
    c.shade("M62 22h4c10 12 16 26 14 50-1 10-8 14-18 14h-6c14-14 16-42 6-64z");
    c.line(label, 4, "M30 23h36");
    c.circle(label, 48, 56, 19);
    c.circle(cloth.lighter(30), 48, 56, 16);
    emblem(c, look, 48, 56, 130, label);
}

/// Noodles in a cup: cup, band.
fn cupnoodle(c: &mut Canvas, look: &Look) {
    let (body, band) = (look.color(0, 0xffffff), look.color(1, 0xd8402f));
    c.shadow(48, 86, 24);
    c.path(body, "M24 26h48l-7 56q0 4-4 4H35q-4 0-4-4z");
    c.path(band, "M26 42c14-6 30 6 44 0l-3 24c-13 6-25-6-38 0z");
    c.shade("M62 28h10l-7 54q0 4-4 4h-5q5-30 6-58z");
    c.path(band.lighter(45), "M20 24q0-5 5-5h46q5 0 5 5 0 3-4 3H24q-4 0-4-3z");
    c.path(band.lighter(20), "M70 19l10-4 2 6-9 5z");
    emblem(c, look, 48, 54, 125, WHITE);
    c.gloss("M29 30h5l5 54h-3q-3 0-3-3z");
}

/// Content, lid, label.
fn jar(c: &mut Canvas, look: &Look) {
    let (content, lid, label) = (look.color(0, 0xb9641d), look.color(1, 0xd8402f), look.color(2, 0xfff3df));
    c.shadow(48, 87, 26);
    c.path(content, "M30 30h36c6 4 8 8 8 14v34q0 8-8 8H30q-8 0-8-8V44c0-6 2-10 8-14z");
    c.shade("M64 30h2c6 4 8 8 8 14v34q0 8-8 8h-6c6-16 8-40 4-56z");
    c.rect(lid, 26, 16, 44, 15, 3);
    c.line(lid.darker(24), 1, "M32 19v9M38 19v9M44 19v9M50 19v9M56 19v9M62 19v9");
    c.rect(label, 22, 46, 52, 27, 0);
    emblem(c, look, 48, 59, 120, lid);
    c.gloss("M26 42c1-4 3-6 5-7v49h-1q-4 0-4-5z");
}

/// Eggs in their box: shell, box; `small` shows many.
fn eggs(c: &mut Canvas, look: &Look) {
    let (shell, pulp) = (look.color(0, 0xe8b88a), look.color(1, 0x9aa0a8));
    c.shadow(48, 80, 40);
    c.path(pulp.lighter(22), "M12 52l8-34h56l8 34z");
    let egg = |c: &mut Canvas, x: i32, y: i32, s: i32| {
        c.path(
            shell,
            &format!(
                "M{x} {}c{} 0 {} {} {} {}h-{}c0-{} {}-{} {}-{}z",
                y - s,
                s / 2,
                s - 3,
                s / 2,
                s - 3,
                s,
                2 * (s - 3),
                s / 2,
                s / 2,
                s,
                s - 3,
                s
            ),
        );
        c.gloss(&format!("M{} {y}q0-{} 4-{}-1 5 0 {}z", x - s / 2, s / 2, s - 4, s - 5));
    };
    if look.has("small") {
        for x in [19, 30, 42, 54, 66, 77] {
            egg(c, x, 44, 10);
        }
        for x in [17, 29, 42, 54, 67, 79] {
            egg(c, x, 54, 11);
        }
    } else {
        for x in [24, 48, 72] {
            egg(c, x, 46, 16);
        }
        for x in [22, 48, 74] {
            egg(c, x, 58, 18);
        }
    }
    c.path(pulp, "M8 56h80l-5 20q-1 4-5 4H18q-4 0-5-4z");
    c.path(pulp.darker(14), "M8 56h80l-1 4H9z");
    c.line(pulp.darker(16), 2, "M35 62l1 16M61 62l-1 16");
}

/// A bar: chocolate, wrapper.
fn chocolate(c: &mut Canvas, look: &Look) {
    let (bar, wrapper) = (look.color(0, 0x5a2f1c), look.color(1, 0xb3264a));
    c.shadow(48, 84, 30);
    c.group("rotate(14 48 48)", |c| {
        c.rect(bar.darker(25), 26, 12, 44, 40, 3);
        for (x, y) in [(28, 14), (42, 14), (56, 14), (28, 28), (42, 28), (56, 28)] {
            c.rect(bar.lighter(14), x, y, 12, 12, 2);
        }
        c.path(Color(0xdfe4e8), "M24 42l4-4 5 4 5-5 5 5 5-4 5 4 5-5 5 5 5-4 4 4v8H24z");
        c.rect(wrapper, 23, 46, 50, 38, 2);
        c.path(wrapper.lighter(55), "M23 58h50v5H23z");
        emblem(c, look, 48, 73, 95, wrapper.lighter(70));
        c.gloss("M23 46h6v38h-6z");
    });
}

/// Wrapped sweets in three colours.
fn candy(c: &mut Canvas, look: &Look) {
    let one = |c: &mut Canvas, color: Color| {
        c.path(color.lighter(30), "M-12 0l-11-8 2 8-2 8zM12 0l11-8-2 8 2 8z");
        c.ellipse(color, 0, 0, 14, 11);
        c.line(color.lighter(60), 3, "M-7-7q5 6 0 14M2-10q5 9 0 20");
        c.gloss("M-9-3q3-6 9-6-5 3-6 8-3 1-3-2z");
    };
    c.shadow(48, 82, 34);
    c.group("translate(38 28) rotate(-18)", |c| one(c, look.color(0, 0xe2574c)));
    c.group("translate(60 50) rotate(12)", |c| one(c, look.color(1, 0x4fa3d9)));
    c.group("translate(36 68) rotate(-6)", |c| one(c, look.color(2, 0xf2b92c)));
}

/// Cheese or butter: colour.
fn wedge(c: &mut Canvas, look: &Look) {
    let body = look.color(0, 0xffcf4a);
    c.shadow(48, 80, 38);
    c.path(body.lighter(35), "M10 50L66 22q18 6 20 24z");
    c.path(body, "M10 50l76-4v30l-76 2z");
    if look.has("dots") {
        c.dots(body.darker(20), 5, &[(28, 63), (66, 58)]);
        c.dots(body.darker(20), 3, &[(46, 56), (50, 70), (76, 68)]);
    } else {
        c.line(body.darker(14), 1, "M30 50v27M50 49v28M70 47v29");
    }
    c.gloss("M10 50l40-2v4l-40 2z");
}

/// A drinking bottle to take along: colour, lid.
fn tumbler(c: &mut Canvas, look: &Look) {
    let (body, lid) = (look.color(0, 0x2f5d50), look.color(1, 0x2a2a2e));
    c.shadow(48, 89, 20);
    c.path(body, "M30 26h36l-4 58q0 4-4 4H38q-4 0-4-4z");
    c.path(body.lighter(20), "M32 56h32l-1 12H33z");
    c.rect(lid, 27, 18, 42, 9, 3);
    c.rect(lid.lighter(16), 32, 12, 32, 7, 3);
    c.rect(lid, 52, 8, 8, 5, 2);
    emblem(c, look, 48, 43, 110, CREAM);
    c.gloss("M33 28h5l3 58h-2q-3 0-3-3z");
    c.shade("M58 28h8l-4 56q0 4-4 4h-3z");
}

/// Ice on a stick: ice, coat.
fn icepop(c: &mut Canvas, look: &Look) {
    let (ice, coat) = (look.color(0, 0xf6a6b8), look.color(1, 0xd8405f));
    c.shadow(48, 89, 16);
    c.rect(Color(0xe6c48f), 44, 66, 8, 23, 4);
    c.rect(ice, 28, 8, 40, 62, 18);
    c.path(coat, "M28 26c0-12 8-18 20-18s20 6 20 18v14c-4 7-7-1-10 4s-7-2-10 2-7-4-10-1-7 2-10-5z");
    c.gloss("M33 26c0-7 3-11 8-13-3 6-3 26-1 44-5 0-7-3-7-7z");
    if look.has("dots") {
        c.dots(CREAM, 1, &[(40, 20), (52, 16), (58, 26), (46, 30), (60, 36), (50, 38), (38, 34)]);
    }
    if look.has("mint") {
        c.path(LEAF, "M50 52c0-6 5-9 11-8 0 6-5 10-11 8z");
    }
}
