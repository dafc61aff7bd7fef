//! Cups, glasses, bottles, cans and cartons.

use super::canvas::{CREAM, Canvas, Color, LEAF, WHITE};
use super::emblems::stamp;
use super::{Look, Motif};

pub(super) const MOTIFS: &[Motif] = &[
    ("cup", cup),
    ("glass", glass),
    ("togo", togo),
    ("mug", mug),
    ("teapot", teapot),
    ("dripper", dripper),
    ("bottle", bottle),
    ("can", can),
    ("carton", carton),
    ("tub", tub),
];

fn steam(c: &mut Canvas) {
    c.line(WHITE, 3, "M36 28c-5-6 5-8 0-15M47 26c-5-6 5-8 0-15M58 28c-5-6 5-8 0-15");
}

/// Crockery, drink.
fn cup(c: &mut Canvas, look: &Look) {
    let (china, drink) = (look.color(0, 0xffffff), look.color(1, 0x6b3f22));
    if look.has("steam") {
        steam(c);
    }
    let scale = if look.has("small") { "translate(11 18) scale(.77)" } else { "translate(0 0)" };
    c.group(scale, |c| {
        c.shadow(47, 81, 34);
        c.ellipse(china.darker(14), 47, 77, 34, 6);
        c.ellipse(china.lighter(20), 47, 75, 34, 6);
        c.line(china.darker(8), 5, "M69 47c15-4 16 15-3 17");
        c.path(china, "M21 41h50c0 22-7 34-18 34H39c-11 0-18-12-18-34z");
        c.shade("M60 41h11c0 22-7 34-18 34h-6c9-5 13-18 13-34z");
        c.ellipse(china.darker(6), 46, 41, 25, 8);
        c.ellipse(drink, 46, 42, 22, 6);
        if look.has("foam") {
            c.ellipse(CREAM, 46, 41, 17, 4);
        }
        if look.has("art") {
            c.path(CREAM, "M46 47c-9-2-12-5-9-8 3-2 7-1 9 2 2-3 6-4 9-2 3 3 0 6-9 8z");
            c.line(drink.lighter(20), 1, "M46 46v-5M42 42l4 2 4-2");
        }
        if look.has("cocoa") {
            c.dots(drink.darker(25), 1, &[(39, 41), (44, 39), (50, 41), (46, 43), (54, 42), (42, 44)]);
        }
    });
}

/// Layers of a drink between two slanted walls, from the bottom up, with a wave between them.
fn layers(c: &mut Canvas, colors: &[Color], top: i32, bottom: i32, left: i32, right: i32, slant: i32) {
    let count = i32::try_from(colors.len()).unwrap_or(1).max(1);
    let height = bottom - top;
    // Every layer is drawn down to the bottom, the uppermost first, so that only its upper edge shows.
    for (i, color) in (0..).zip(colors.iter().rev()) {
        let y = top + height * i / count;
        let inset = slant * (y - top) / height.max(1);
        let (l, r) = (left + inset, right - inset);
        let wave = if i == 0 { 0 } else { 5 };
        let half = (r - l) / 2;
        let bl = left + slant + 3;
        c.path(
            *color,
            &format!(
                "M{l} {y}q{} {wave} {half} 0t{half} 0L{} {}q0 3-3 3H{bl}q-3 0-3-3z",
                half / 2,
                right - slant,
                bottom - 3
            ),
        );
    }
}

fn ice(c: &mut Canvas, y: i32) {
    c.faint(|c| {
        c.group(&format!("translate(39 {y}) rotate(-14)"), |c| c.rect(WHITE, -6, -6, 13, 13, 3));
        c.group(&format!("translate(55 {}) rotate(20)", y + 5), |c| c.rect(WHITE, -6, -6, 13, 13, 3));
    });
}

/// Layers from the bottom up.
fn glass(c: &mut Canvas, look: &Look) {
    let plain = [Color(0xc98f5a)];
    let colors = if look.colors.is_empty() { &plain[..] } else { &look.colors };
    c.shadow(48, 84, 22);
    if look.has("straw") {
        c.line(Color(0xe2574c), 4, "M60 8L50 70");
    }
    c.faint(|c| c.path(WHITE, "M26 18h44l-5 63q0 4-4 4H35q-4 0-4-4z"));
    let top = if look.has("cream") || look.has("foam") { 32 } else { 28 };
    layers(c, colors, top, 82, 29, 67, 4);
    if look.has("ice") {
        ice(c, 39);
    }
    if look.has("boba") {
        c.dots(Color(0x3a211b), 3, &[(37, 77), (44, 78), (51, 77), (58, 78), (40, 71), (48, 72), (55, 71)]);
    }
    if look.has("seeds") {
        c.dots(Color(0x2c2a2a), 1, &[(37, 50), (45, 58), (54, 52), (41, 66), (57, 64), (49, 74), (60, 43)]);
    }
    if look.has("foam") {
        c.path(CREAM, "M28 33q0-7 7-6 3-5 9-2 4-4 9 0 6-2 8 2 7-1 7 6z");
    }
    if look.has("cream") {
        c.path(CREAM, "M28 33c-3-7 4-10 8-8 1-8 10-10 14-5 7-2 11 3 9 7 7-1 10 3 9 6z");
        c.shade("M28 33c5-3 14-5 22-3s13 0 18 3z");
    }
    if look.has("cocoa") {
        c.dots(Color(0x6b3f22), 1, &[(38, 27), (45, 23), (52, 25), (58, 29), (48, 29)]);
    }
    if look.has("lemon") {
        c.circle(Color(0xf2b92c), 67, 22, 10);
        c.circle(Color(0xfff3b8), 67, 22, 8);
        c.line(Color(0xf2c94c), 2, "M67 15v14M60 22h14M62 17l10 10M72 17L62 27");
    }
    if look.has("mint") {
        c.path(LEAF, "M44 24c-8-1-12-7-10-13 7 0 11 5 10 13zM45 24c-1-8 3-13 10-14 2 7-2 12-10 14z");
        c.path(LEAF.darker(20), "M45 26c-6-5-6-11-1-16 6 4 6 11 1 16z");
    }
    c.gloss("M31 24h5l3 54h-4z");
}

/// Layers from the bottom up, in a cup with a lid.
fn togo(c: &mut Canvas, look: &Look) {
    let plain = [Color(0x6b3f22), Color(0xe6cba8)];
    let colors = if look.colors.is_empty() { &plain[..] } else { &look.colors };
    c.shadow(48, 87, 20);
    c.line(Color(0x3f7f5f), 4, "M58 5L49 40");
    c.faint(|c| c.path(WHITE, "M28 32h40l-5 52q0 3-4 3H37q-4 0-4-3z"));
    layers(c, colors, 36, 85, 30, 66, 4);
    if look.has("ice") {
        ice(c, 47);
    }
    if look.has("boba") {
        c.dots(Color(0x3a211b), 3, &[(39, 80), (46, 81), (53, 80), (42, 74), (50, 75), (57, 75)]);
    }
    if look.has("cream") {
        c.path(CREAM, "M31 33c-2-7 5-8 8-7 2-6 9-7 12-3 6-1 8 2 7 5 6-1 8 2 7 5z");
    }
    c.faint(|c| c.path(WHITE, "M29 31c1-11 9-17 19-17s18 6 19 17z"));
    c.rect(WHITE, 26, 30, 44, 5, 2);
    if let Some(emblem) = look.any_of(&super::emblems::NAMES) {
        c.circle(WHITE, 48, 62, 11);
        stamp(c, emblem, 48, 62, LEAF);
    }
    c.gloss("M33 39h4l3 42h-3z");
}

/// Drink in a glass mug.
fn mug(c: &mut Canvas, look: &Look) {
    let drink = look.color(0, 0xc98a4b);
    if look.has("steam") {
        steam(c);
    }
    c.shadow(46, 83, 24);
    c.line(WHITE.towards(drink, 18), 6, "M64 44c17-3 17 24-1 23");
    c.faint(|c| c.path(WHITE, "M25 30h42v47q0 6-6 6H31q-6 0-6-6z"));
    c.path(drink, "M28 38h36v38q0 4-4 4H32q-4 0-4-4z");
    c.shade("M54 38h10v38q0 4-4 4h-8q3-20 2-42z");
    if look.has("foam") {
        c.path(drink.lighter(70), "M27 42c-2-7 3-9 8-8 3-5 10-4 12 0 4-4 10-3 11 1 6 0 8 3 6 7z");
    }
    if look.has("lemon") {
        c.circle(Color(0xf2c94c), 43, 50, 8);
        c.circle(Color(0xfff0a8), 43, 50, 6);
    }
    if look.has("mint") {
        c.path(LEAF, "M42 40c-8-1-12-7-10-13 7 0 11 5 10 13zM43 40c-1-8 3-13 10-14 2 7-2 12-10 14z");
    }
    if look.has("stripe") {
        c.line(Color(0xb7cf7a), 4, "M52 78l4-58");
        c.line(Color(0xe9e3b5), 4, "M46 78l3-52");
    }
    c.gloss("M31 36h5v41h-5z");
}

/// Pot.
fn teapot(c: &mut Canvas, look: &Look) {
    let pot = look.color(0, 0xb5643c);
    steam(c);
    c.shadow(48, 82, 32);
    c.line(pot.darker(12), 6, "M66 48c20-4 17 22-2 22");
    c.path(pot.darker(6), "M26 62C14 60 12 50 8 42l7-3c5 8 6 12 16 12z");
    c.path(pot, "M46 38c16 0 25 10 25 22 0 14-11 22-25 22s-25-8-25-22c0-12 9-22 25-22z");
    c.shade("M56 40c9 3 15 11 15 20 0 14-11 22-25 22-3 0-6 0-9-1 16-3 23-24 19-41z");
    c.ellipse(pot.darker(14), 46, 40, 16, 5);
    c.ellipse(pot.lighter(14), 46, 38, 15, 4);
    c.circle(pot.darker(10), 46, 32, 4);
    c.gloss("M28 56c1-6 5-10 9-11-4 5-5 12-4 18-4 0-5-3-5-7z");
    stamp(c, &super::Detail { name: "leaf".into(), color: Some(pot.lighter(55)) }, 45, 61, LEAF);
}

/// Coffee that drips through a filter into a server.
fn dripper(c: &mut Canvas, look: &Look) {
    let coffee = look.color(0, 0x5a3320);
    c.shadow(48, 86, 24);
    c.faint(|c| c.path(WHITE, "M36 44h24l8 36q1 6-5 6H33q-6 0-5-6z"));
    c.path(coffee, "M32 66h32l3 13q1 5-4 5H33q-5 0-4-5z");
    c.line(coffee, 2, "M48 44v22");
    c.line(WHITE, 5, "M66 54c12 0 13 18 3 20");
    c.path(CREAM, "M27 12h42l-4 8H31z");
    c.path(look.color(1, 0xffffff), "M26 16h44L56 42H40z");
    c.shade("M58 16h12L56 42h-6z");
    c.ellipse(coffee.darker(10), 48, 17, 17, 3);
    c.rect(look.color(1, 0xffffff).darker(10), 30, 41, 36, 5, 2);
}

/// Content, label, cap. `crown` is a glass bottle, `jug` has a handle, `wide` is short and broad, `pump` has a pump.
fn bottle(c: &mut Canvas, look: &Look) {
    let (body, label, cap) = (look.color(0, 0x7cc4e8), look.color(1, 0xffffff), look.color(2, 0x2f6fb0));
    c.shadow(48, 88, 20);
    if look.has("jug") {
        c.line(body.darker(14), 6, "M62 26c16 0 16 8 14 30");
        c.path(body, "M40 16h14v6c0 6 18 8 18 22v38q0 6-6 6H30q-6 0-6-6V44c0-14 16-16 16-22z");
        c.rect(cap, 38, 8, 18, 9, 2);
        c.rect(label, 24, 50, 48, 24, 0);
        c.gloss("M29 46c1-6 4-8 7-10v50h-4q-3 0-3-4z");
    } else if look.has("crown") {
        c.path(body, "M43 10h10v18c0 8 9 10 9 22v32q0 6-6 6H40q-6 0-6-6V50c0-12 9-14 9-22z");
        c.rect(cap, 41, 6, 14, 7, 2);
        c.rect(label, 34, 52, 28, 22, 0);
        c.gloss("M38 50c1-6 4-8 6-11v46h-3q-3 0-3-4z");
    } else if look.has("pump") {
        c.line(cap, 5, "M48 28V14H36v4");
        c.rect(cap, 40, 22, 16, 9, 2);
        c.path(body, "M38 30h20c7 3 10 8 10 14v38q0 6-6 6H34q-6 0-6-6V44c0-6 3-11 10-14z");
        c.rect(label, 28, 50, 40, 26, 0);
        c.gloss("M32 44c0-4 2-7 5-9v51h-1q-4 0-4-4z");
    } else if look.has("small") {
        c.path(body, "M40 30h16v6c7 4 10 8 10 14v32q0 6-6 6H36q-6 0-6-6V50c0-6 3-10 10-14z");
        c.rect(cap, 39, 20, 18, 12, 3);
        c.rect(label, 30, 54, 36, 22, 0);
        c.gloss("M34 50c0-4 2-6 5-8v44h-1q-4 0-4-4z");
    } else {
        c.path(body, "M41 14h14v8c0 6 11 8 11 20v40q0 6-6 6H36q-6 0-6-6V42c0-12 11-14 11-20z");
        c.rect(cap, 40, 7, 16, 9, 2);
        c.rect(label, 30, 46, 36, 24, 0);
        c.gloss("M34 42c0-5 3-7 6-9v53h-2q-4 0-4-4z");
    }
    let y = if look.has("jug") { 62 } else { 60 };
    decorate(c, look, label, y);
}

/// What stands on a label: an emblem, or a band in the colour after the others.
fn decorate(c: &mut Canvas, look: &Look, label: Color, y: i32) {
    match look.any_of(&super::emblems::NAMES) {
        Some(emblem) => stamp(c, emblem, 48, y, label.darker(45)),
        None => {
            let mark = look.color(3, 0x3a8fc7);
            c.line(mark, 4, &format!("M39 {}q5-5 9 0t9 0", y - 2));
            c.line(mark.lighter(40), 3, &format!("M39 {}q5-5 9 0t9 0", y + 5));
        }
    }
}

/// Colour, accent. `slim` is high and narrow, `short` a tin of food.
fn can(c: &mut Canvas, look: &Look) {
    let (body, accent) = (look.color(0, 0xd0342c), look.color(1, 0xffffff));
    let metal = Color(0xcfd6dc);
    let (x, w, top, bottom) = if look.has("slim") {
        (32, 32, 14, 86)
    } else if look.has("short") {
        (24, 48, 34, 82)
    } else {
        (28, 40, 20, 86)
    };
    let (r, mid) = (x + w, (top + bottom) / 2);
    c.shadow(48, bottom + 2, w / 2 + 2);
    c.path(metal.darker(12), &format!("M{x} {}h{w}l-3 5H{}z", bottom - 5, x + 3));
    c.rect(body, x, top + 3, w, bottom - top - 7, 3);
    if look.has("wave") {
        c.path(
            accent,
            &format!(
                "M{x} {}q{} -14 {} 0t{} 0v14q-{} 14-{} 0t-{} 0z",
                mid,
                w / 4,
                w / 2,
                w / 2,
                w / 4,
                w / 2,
                w / 2
            ),
        );
    }
    if look.has("stripe") {
        c.path(accent, &format!("M{x} {}l{w}-22v12l-{w} 22z", mid + 8));
        c.path(accent.towards(body, 50), &format!("M{x} {}l{w}-22v5l-{w} 22z", mid + 24));
    }
    if look.has("dots") {
        let at = |dx, dy| (x + w * dx / 10, top + (bottom - top) * dy / 10);
        c.dots(accent, 3, &[at(2, 3), at(5, 2), at(8, 3), at(3, 7), at(7, 7), at(5, 8)]);
    }
    if let Some(emblem) = look.any_of(&super::emblems::NAMES) {
        c.circle(accent, 48, mid, 12);
        stamp(c, emblem, 48, mid, body);
    }
    c.path(metal, &format!("M{x} {}l3-6h{}l3 6z", top + 4, w - 6));
    c.ellipse(metal.lighter(45), 48, top - 1, w / 2 - 4, 2);
    c.shade(&format!("M{} {}h9v{}h-9z", r - 9, top + 4, bottom - top - 8));
    c.gloss(&format!("M{} {}h5v{}h-5z", x + 5, top + 6, bottom - top - 13));
}

/// Colour, accent. `small` has a straw instead of a gable.
fn carton(c: &mut Canvas, look: &Look) {
    let (body, accent) = (look.color(0, 0x4a90c9), look.color(1, 0xffffff));
    c.shadow(48, 87, 24);
    if look.has("small") {
        c.line(WHITE, 3, "M60 28V12l10-4");
        c.rect(body, 30, 28, 38, 58, 2);
        c.path(body.darker(12), "M30 28l6-7h38l-6 7z");
        c.path(body.darker(24), "M68 28l6-7v58l-6 7z");
    } else {
        c.rect(body.lighter(30), 34, 10, 32, 7, 1);
        c.path(body.darker(10), "M34 16h32l6 18H28z");
        c.rect(body, 28, 34, 44, 52, 2);
        c.shade("M62 34h10v52H62z");
    }
    c.path(accent, "M28 62c10-9 16 5 24-2s12-4 16-1v13c-8-4-12 4-20 4s-12-5-20-1z");
    if let Some(emblem) = look.any_of(&super::emblems::NAMES) {
        stamp(c, emblem, 48, 50, accent);
    }
    c.gloss("M32 36h4v48h-4z");
}

/// Pot with a foil lid: colour, lid.
fn tub(c: &mut Canvas, look: &Look) {
    let (body, lid) = (look.color(0, 0xffffff), look.color(1, 0xe06a8a));
    c.shadow(48, 83, 24);
    c.path(body, "M24 38h48l-6 40q-1 5-6 5H36q-5 0-6-5z");
    c.path(lid, "M26 50h44l-3 20H29z");
    c.shade("M60 38h12l-6 40q-1 5-6 5h-5q4-20 5-45z");
    c.path(lid.lighter(30), "M20 36q0-4 4-4h48q4 0 4 4 0 3-4 3H24q-4 0-4-3z");
    c.path(lid.darker(8), "M72 32l8-4 2 5-8 5z");
    match look.any_of(&super::emblems::NAMES) {
        Some(emblem) => {
            c.circle(WHITE, 48, 60, 11);
            stamp(c, emblem, 48, 60, lid);
        }
        None => c.line(WHITE, 4, "M36 60q6-6 12 0t12 0"),
    }
    c.gloss("M28 41h5l4 38h-3z");
}
