//! Vegetables, roots and herbs.

use super::canvas::{CREAM, Canvas, Color, LEAF, WHITE};
use super::{Look, Motif};

pub(super) const MOTIFS: &[Motif] = &[
    ("tomatoes", tomatoes),
    ("carrots", carrots),
    ("cabbage", cabbage),
    ("bunch", bunch),
    ("gourd", gourd),
    ("chilies", chilies),
    ("roots", roots),
    ("onions", onions),
    ("garlic", garlic),
    ("ginger", ginger),
    ("pumpkin", pumpkin),
    ("corn", corn),
    ("mushrooms", mushrooms),
    ("broccoli", broccoli),
    ("stalks", stalks),
    ("pods", pods),
    ("sproutheap", sproutheap),
];

/// Skin.
fn tomatoes(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0xdf4030);
    let one = |c: &mut Canvas| {
        c.ellipse(skin.darker(16), 0, 1, 24, 21);
        c.ellipse(skin, 0, 0, 24, 20);
        c.gloss("M-18-3c2-7 7-11 13-12-5 5-7 9-7 15-3 2-7 0-6-3z");
        c.path(LEAF.darker(8), "M0-13l-12-4 7-2-2-6 7 4 4-7 2 7 9-2-5 6 6 4z");
    };
    c.shadow(48, 82, 38);
    c.group("translate(60 40)", one);
    c.group("translate(36 60)", one);
}

/// Root, leaves.
fn carrots(c: &mut Canvas, look: &Look) {
    let (root, leaves) = (look.color(0, 0xf08a2c), look.color(1, 0x5aa552));
    c.shadow(48, 84, 30);
    for (turn, y) in [(28, 0), (-4, 2), (-34, 0)] {
        c.group(&format!("translate(0 {y}) rotate({turn} 48 30)"), |c| {
            c.path(leaves, "M48 32c-10-6-12-14-10-24 6 4 8 8 9 14 0-8 2-14 6-18 4 8 2 18-5 28z");
            c.path(root, "M38 32c4-5 16-5 20 0 2 12-4 38-10 52-6-14-12-40-10-52z");
            c.line(root.darker(18), 2, "M40 42h7M50 52h6M43 60h5");
        });
    }
}

/// A head: leaf, heart.
fn cabbage(c: &mut Canvas, look: &Look) {
    let (outer, inner) = (look.color(0, 0x8cc26a), look.color(1, 0xd3eab0));
    c.shadow(48, 84, 34);
    c.path(outer, "M48 12c12-4 20 4 22 12 12 4 18 16 12 28 2 14-8 26-20 26-8 8-20 8-28 0C20 78 12 66 14 52 8 40 14 28 26 24c2-8 10-16 22-12z");
    c.path(outer.lighter(22), "M48 20c14 0 26 12 26 28S62 80 48 80 22 64 22 48s12-28 26-28z");
    c.path(inner, "M48 28c12 2 20 12 19 24S56 76 46 74 28 62 30 48s8-21 18-20z");
    c.line(outer, 2, "M48 76V34M48 60L34 46M48 62l16-16M48 48l-9-9M48 48l10-10M30 62l-8-10M66 64l9-12");
}

/// A bunch of leaves with a tie: leaf, stem. `long` has narrow leaves, `small` round little ones.
fn bunch(c: &mut Canvas, look: &Look) {
    let (leaf, stem) = (look.color(0, 0x4f9a4a), look.color(1, 0xb9d98a));
    c.shadow(48, 88, 20);
    c.line(stem, 4, "M40 88L30 44M45 89L42 40M51 89l3-49M56 88l10-44");
    if look.has("long") {
        c.path(
            leaf.darker(20),
            "M36 60C16 50 12 30 16 10c14 10 22 30 22 50zM60 60c20-10 24-30 20-50-14 10-22 30-22 50z",
        );
        c.path(leaf, "M44 62C30 46 30 24 38 6c10 14 14 38 10 56zM52 62c14-16 14-38 6-56-10 14-14 38-10 56z");
        c.line(leaf.lighter(40), 1, "M45 58L38 18M51 58l7-40M36 56L20 22M60 56l16-34");
    } else if look.has("small") {
        c.dots(leaf.darker(20), 8, &[(26, 40), (70, 40), (34, 22), (62, 22), (48, 14)]);
        c.dots(leaf, 8, &[(36, 34), (60, 34), (48, 26), (30, 52), (66, 52), (48, 42), (40, 54), (57, 54)]);
        c.line(leaf.lighter(35), 1, "M36 40v-9M60 40v-9M48 32v-9M30 58v-8M66 58v-8M48 48v-9");
    } else {
        c.path(
            leaf.darker(20),
            "M34 62C12 58 8 36 22 26 24 12 40 8 46 18c10-10 26-6 28 8 14 10 10 32-12 36z",
        );
        c.path(leaf, "M38 64C20 58 22 38 32 34c2-12 16-14 18-4 8-6 18 0 16 8 8 8 4 22-8 26z");
        c.line(leaf.lighter(38), 2, "M44 62L34 40M48 62V34M53 62l9-20M40 50l-6-2M55 52l6-2");
    }
    c.line(Color(0xe2574c), 5, "M38 70q10 5 19 0");
}

/// Cucumber, aubergine, courgette, bitter gourd (`dots`): skin, cap.
fn gourd(c: &mut Canvas, look: &Look) {
    let (skin, cap) = (look.color(0, 0x4f9a4a), look.color(1, 0x8fb85a));
    c.shadow(48, 82, 36);
    for (turn, dx, dy) in [(-32, 6, -10), (-24, -4, 12)] {
        c.group(&format!("translate({dx} {dy}) rotate({turn} 48 48)"), |c| {
            if look.has("short") {
                c.path(skin, "M18 48c0-10 14-12 30-15s38-1 38 15-22 18-38 15-30-5-30-15z");
                c.path(cap, "M10 46l10-6 10 2 6-3-3 9 3 9-6-3-10 2-10-6z");
            } else {
                c.rect(skin.darker(14), 10, 38, 76, 23, 11);
                c.rect(skin, 10, 36, 76, 22, 11);
                c.path(cap, "M4 44h9v6H4z");
            }
            c.gloss("M24 41h48q4 0 4 2t-4 2H24q-4 0-4-2t4-2z");
            if look.has("dots") {
                c.dots(skin.lighter(35), 2, &[(24, 51), (34, 46), (44, 52), (54, 46), (64, 52), (74, 47)]);
            }
            if look.has("stripe") {
                c.line(skin.lighter(35), 2, "M18 51h60M22 55h50");
            }
        });
    }
}

/// Pods.
fn chilies(c: &mut Canvas, look: &Look) {
    let pod = look.color(0, 0xd8302a);
    c.shadow(48, 82, 34);
    for (i, turn) in (0..).zip([-28, 6, 38]) {
        let color = look.color(i, pod.0);
        c.group(&format!("translate(0 2) rotate({turn} 50 20)"), |c| {
            c.path(color, "M40 24c6-6 16-5 19 1 3 16-2 40-17 58 4-20 1-38-2-59z");
            c.gloss("M45 28c2-2 5-2 6 0 1 10 0 20-3 30 0-12-1-20-3-30z");
            c.path(LEAF.darker(12), "M38 25c3-8 19-8 22 1-7-3-15-3-22-1z");
            c.line(LEAF.darker(12), 4, "M49 20l-2-11");
        });
    }
}

/// Potatoes, sweet potatoes, taro: skin, flesh.
fn roots(c: &mut Canvas, look: &Look) {
    let (skin, flesh) = (look.color(0, 0xc99a5b), look.color(1, 0xf7e3a8));
    c.shadow(48, 82, 38);
    if look.has("long") {
        c.path(skin, "M8 42c8-14 24-22 46-24 18-2 34 4 36 10-12 10-22 20-44 26-20 5-40 0-38-12z");
        c.path(skin.darker(16), "M14 70c4-12 20-18 38-18 16 0 30 6 34 16-10 8-22 14-40 14S14 78 14 70z");
    } else {
        c.path(skin, "M12 44c-2-16 14-26 30-24s24 10 22 24-14 20-28 19S14 56 12 44z");
        c.path(skin.darker(14), "M38 62c2-13 14-18 28-16s22 10 20 22-12 16-26 15-24-8-22-21z");
    }
    c.dots(skin.darker(32), 1, &[(26, 34), (38, 30), (30, 46), (46, 38), (22, 44)]);
    c.ellipse(skin.darker(14), 64, 66, 17, 13);
    c.ellipse(flesh, 64, 65, 15, 11);
    c.gloss("M20 38c3-6 8-9 14-10-5 4-8 8-9 13-3 1-6 0-5-3z");
}

/// Bulbs: skin. `small` are shallots, three of them.
fn onions(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0xa83a64);
    let one = |c: &mut Canvas| {
        c.line(Color(0xc9a86a), 3, "M0-22l-2-8M1-22l4-7");
        c.path(skin, "M0-26c3 10 25 14 25 30 0 14-12 20-25 20S-25 18-25 4c0-16 22-20 25-30z");
        c.line(skin.lighter(40), 2, "M-3-14c-12 8-14 24-7 36M3-14c12 8 14 24 7 36");
        c.line(Color(0xe9dcc0), 2, "M-4 25l-2 4M0 25v5M4 25l2 4");
    };
    c.shadow(48, 85, 38);
    if look.has("small") {
        for place in
            ["translate(30 40) scale(.72)", "translate(64 42) scale(.72)", "translate(47 62) scale(.78)"]
        {
            c.group(place, one);
        }
    } else {
        c.group("translate(62 44) scale(.9)", one);
        c.group("translate(35 56)", one);
    }
}

/// Bulb.
fn garlic(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0xf0e4ee);
    let tint = look.color(1, 0xcbb3c9);
    c.shadow(48, 84, 36);
    c.path(
        skin,
        "M40 8c3 2 3 10 4 18 4 8 28 12 28 32 0 16-14 22-30 22S12 74 12 58c0-20 22-24 25-32 1-8-1-14 3-18z",
    );
    c.line(tint, 2, "M40 28c-14 12-18 34-9 50M42 28c14 12 18 34 9 50M41 30v50");
    c.path(skin.darker(4), "M60 64c8-10 22-8 26 2 2 10-6 18-16 18-8-1-14-10-10-20z");
    c.line(tint, 2, "M62 66c8-2 16 2 20 12");
}

/// Root: skin, flesh. Ginger, galangal, turmeric.
fn ginger(c: &mut Canvas, look: &Look) {
    let (skin, flesh) = (look.color(0, 0xd2a868), look.color(1, 0xf7e08a));
    c.shadow(48, 80, 38);
    c.path(skin.darker(14), "M10 56c-2-10 8-14 16-12 2-10 4-22 14-22s12 12 10 20c8-2 12-6 12-14s14-12 18-2-2 16-8 20c10 0 18 6 16 16s-14 10-20 6c-6 10-16 14-26 8-12 4-30-4-32-20z");
    c.path(skin, "M10 52c-2-10 8-14 16-12 2-10 4-22 14-22s12 12 10 20c8-2 12-6 12-14s14-12 18-2-2 16-8 20c10 0 18 6 16 16s-14 10-20 6c-6 10-16 14-26 8-12 4-30-4-32-20z");
    c.line(skin.darker(26), 1, "M28 46q4 6 2 14M44 44q4 8 0 18M58 46q6 6 4 14M36 26q4 2 8 0M68 24q5 3 8 0");
    c.ellipse(flesh, 80, 58, 8, 9);
    c.ellipse(flesh.darker(12), 80, 58, 4, 5);
}

/// Skin.
fn pumpkin(c: &mut Canvas, look: &Look) {
    let skin = look.color(0, 0xe88a2e);
    c.shadow(48, 84, 36);
    c.path(LEAF.darker(20), "M44 30c-1-8-6-10-6-16l9-3c0 8 6 10 6 19z");
    c.ellipse(skin.darker(22), 26, 56, 18, 25);
    c.ellipse(skin.darker(22), 70, 56, 18, 25);
    c.ellipse(skin.darker(8), 36, 56, 17, 27);
    c.ellipse(skin.darker(8), 60, 56, 17, 27);
    c.ellipse(skin.lighter(8), 48, 56, 13, 28);
    c.gloss("M20 52c1-8 4-13 9-16-3 8-4 16-2 24-4 1-8-3-7-8z");
}

/// Kernels.
fn corn(c: &mut Canvas, look: &Look) {
    let kernel = look.color(0, 0xf7c92f);
    c.shadow(48, 86, 28);
    c.group("rotate(28 48 48)", |c| {
        c.path(kernel, "M36 30c0-14 6-22 12-22s12 8 12 22v44H36z");
        c.line(kernel.darker(20), 2, "M42 14v56M48 9v61M54 14v56M38 24h20M37 34h22M37 44h22M37 54h22");
        c.path(LEAF, "M48 90C32 88 24 70 26 44c12 8 20 24 22 46zM48 90c16-2 24-20 22-46-12 8-20 24-22 46z");
        c.path(LEAF.lighter(25), "M48 90c-6-10-6-24 0-36 6 12 6 26 0 36z");
    });
}

/// Caps, stems.
fn mushrooms(c: &mut Canvas, look: &Look) {
    let (cap, stem) = (look.color(0, 0xb98a5e), look.color(1, 0xf6ead6));
    let one = |c: &mut Canvas| {
        c.path(stem, "M-8-2h16l3 26q0 6-11 6t-11-6z");
        c.path(cap, "M-27 0c0-16 12-25 27-25S27-16 27 0c0 6-54 6-54 0z");
        c.path(cap.darker(22), "M-27 0c8 4 46 4 54 0 0 6-54 6-54 0z");
        c.gloss("M-19-6c2-7 7-11 14-13-5 5-7 9-8 14-3 2-7 1-6-1z");
    };
    c.shadow(48, 84, 34);
    c.group("translate(64 40) scale(.85)", one);
    c.group("translate(36 54)", one);
    if look.has("dots") {
        c.dots(cap.lighter(50), 2, &[(28, 46), (38, 40), (48, 48), (62, 28), (72, 34)]);
    }
}

/// Broccoli or cauliflower: florets, stem.
fn broccoli(c: &mut Canvas, look: &Look) {
    let (head, stem) = (look.color(0, 0x3f8f4a), look.color(1, 0xa9cf82));
    c.shadow(48, 87, 24);
    c.path(stem, "M38 50h20l4 32q0 6-14 6t-14-6zM38 60L22 46l8-4zM58 60l16-14-8-4z");
    c.dots(head.darker(18), 13, &[(24, 40), (72, 40), (36, 50), (60, 50)]);
    c.dots(head, 13, &[(32, 28), (64, 28), (48, 22), (48, 42)]);
    c.dots(
        head.lighter(22),
        2,
        &[(28, 24), (36, 32), (46, 18), (54, 26), (62, 24), (68, 32), (44, 40), (52, 46), (22, 38), (74, 38)],
    );
}

/// Long stalks tied together: white end, green end. Spring onions, lemongrass, celery.
fn stalks(c: &mut Canvas, look: &Look) {
    let (low, high) = (look.color(0, 0xf2f0d8), look.color(1, 0x5aa552));
    c.shadow(48, 88, 24);
    c.line(high, 6, "M40 58L22 10M46 58L38 8M51 58L56 8M57 58L74 12");
    c.line(high.darker(18), 4, "M43 56L30 8M54 56L66 8M48 56L47 6");
    c.line(low, 7, "M40 58l-2 26M46 58v27M52 58v27M57 58l2 26");
    c.line(low.darker(16), 1, "M42 62l-1 20M49 62v22M55 62l1 20");
    if look.has("small") {
        c.dots(low, 5, &[(38, 84), (46, 86), (53, 86), (60, 84)]);
    }
    c.line(look.color(2, 0xe2574c), 5, "M36 62q12 5 25 0");
}

/// Beans, peas: pod, seeds.
fn pods(c: &mut Canvas, look: &Look) {
    let pod = look.color(0, 0x6fae4f);
    c.shadow(48, 82, 36);
    if look.has("long") {
        c.line(pod.darker(16), 5, "M14 26c20 10 40 20 68 54M10 38c20 8 44 22 62 48M20 16c24 12 44 24 66 54");
        c.line(pod, 4, "M14 24c20 10 40 20 68 54M10 36c20 8 44 22 62 48M20 14c24 12 44 24 66 54");
        c.line(Color(0xe2574c), 5, "M38 58l18-24");
    } else {
        for (turn, dy) in [(-20, -14), (-8, 8)] {
            c.group(&format!("translate(0 {dy}) rotate({turn} 48 48)"), |c| {
                c.path(pod.darker(14), "M6 46c16-16 68-16 84 2-18 18-66 18-84-2z");
                c.path(pod.lighter(22), "M12 47c16-9 58-9 72 1-16 9-56 9-72-1z");
                c.dots(pod, 6, &[(30, 47), (44, 47), (58, 47), (70, 48)]);
            });
        }
    }
}

/// Bean sprouts in a heap.
fn sproutheap(c: &mut Canvas, look: &Look) {
    let (stem, seed) = (look.color(0, 0xfdf8ea), look.color(1, 0xd9c24a));
    c.ellipse(Color(0xc9a36a), 48, 72, 40, 13);
    c.ellipse(Color(0xb58c52), 48, 69, 34, 10);
    c.path(WHITE.darker(12), "M18 68c2-24 14-38 30-38s28 14 30 38c-18 8-42 8-60 0z");
    c.line(stem, 4, "M22 66c4-14 10-10 12-22M34 68c0-14 10-12 8-30M46 68c6-12-2-20 8-32M58 68c-2-14 8-14 6-26M70 66c-4-10 2-14-2-22M28 54q12 10 24 0M44 58q12 8 24-4");
    c.line(CREAM.darker(10), 2, "M30 62c4-8 6-8 8-16M52 64c2-10 8-10 6-22M40 48q8 4 16-2");
    c.dots(seed, 3, &[(34, 44), (42, 38), (54, 36), (64, 42), (68, 44), (28, 54), (68, 54), (48, 46)]);
}
