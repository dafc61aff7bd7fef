//! What lies in the trays of a cold counter; drawn for a tray from 15,26 to 81,70.

use super::canvas::{CREAM, Canvas, Color, LEAF, WHITE};

/// The goods there are.
pub(super) const NAMES: [&str; 12] = [
    "belly",
    "steaks",
    "mince",
    "legs",
    "wholechicken",
    "wholefish",
    "prawns",
    "squid",
    "ribs",
    "sausages",
    "fillets",
    "tofublocks",
];

/// Draws one of them; any other name draws nothing.
pub(super) fn draw(c: &mut Canvas, name: &str, color: Option<Color>) {
    let or = |otherwise: u32| color.unwrap_or(Color(otherwise));
    match name {
        "belly" => {
            for x in [20, 41, 62] {
                c.rect(or(0xe79a92), x, 30, 17, 36, 5);
                c.line(CREAM, 4, &format!("M{} 33v30M{} 33v30", x + 5, x + 12));
                c.line(or(0xe79a92).darker(25), 1, &format!("M{} 33v30", x + 15));
            }
        }
        "steaks" => {
            let meat = or(0xc2413c);
            for (x, y) in [(0, 0), (30, 3)] {
                c.group(&format!("translate({x} {y})"), |c| {
                    c.path(CREAM, "M20 40c2-11 16-14 24-8 8 4 6 14 0 19-7 9-19 12-23 4-3-5-2-10-1-15z");
                    c.path(meat, "M22 42c3-9 14-11 20-6 6 4 4 11-1 15-6 7-15 9-18 4-3-4-2-8-1-13z");
                    c.line(meat.lighter(55), 2, "M27 42q5-4 9-1M28 52q5-5 10-4");
                });
            }
        }
        "mince" => {
            let meat = or(0xd4605a);
            c.line(meat.darker(14), 5, "M20 34q6 8 12 0t12 0 12 0 12 0 8 2M20 46q6 8 12 0t12 0 12 0 12 0 8 2M20 58q6 8 12 0t12 0 12 0 12 0 8 2");
            c.line(meat.lighter(20), 5, "M22 40q6-8 12 0t12 0 12 0 12 0 6-2M22 52q6-8 12 0t12 0 12 0 12 0 6-2M22 64q6-8 12 0t12 0 12 0 12 0");
        }
        "legs" => {
            for (x, y) in [(0, 0), (20, 7), (40, 1)] {
                c.group(&format!("translate({x} {y})"), |c| {
                    c.line(CREAM, 5, "M31 54l3 8");
                    c.path(or(0xf2c09a), "M22 36c0-8 8-9 12-4s4 18-1 24c-7-2-11-12-11-20z");
                    c.gloss("M25 36c0-3 2-4 4-3-2 4-1 8 0 12-3-2-4-6-4-9z");
                });
            }
        }
        "wholechicken" => {
            let skin = or(0xf2cf9d);
            c.path(
                skin.darker(12),
                "M24 56c-4-14 10-26 26-25 16 0 26 10 24 22-4 12-18 16-30 15-10 0-18-4-20-12z",
            );
            c.path(skin, "M26 52c-2-12 10-22 24-21 14 0 24 8 22 18-4 10-16 14-27 13-9 0-17-3-19-10z");
            c.path(skin.darker(8), "M58 44c8-5 16-1 15 5s-8 9-15 5-6-7 0-10z");
            c.line(CREAM, 5, "M74 48l5-5M74 53l6 1");
            c.gloss("M34 42c4-6 10-7 15-6-7 2-10 6-11 11-4 1-6-2-4-5z");
        }
        "wholefish" => {
            let scale = or(0x8fb0c4);
            c.path(scale.darker(12), "M66 48l15-12-3 12 3 12z");
            c.path(scale, "M16 48c8-15 34-18 54 0-20 18-46 15-54 0z");
            c.path(scale.lighter(55), "M18 51c10 9 32 10 48-1-14 14-40 14-48 1z");
            c.path(scale.darker(20), "M36 36c6-6 14-5 18 1zM42 60c4 5 10 5 13 0z");
            c.line(scale.darker(22), 2, "M31 40q5 8 0 16M40 42q3 6 0 12M48 42q3 6 0 12");
            c.circle(WHITE, 24, 46, 3);
            c.circle(Color(0x20262b), 24, 46, 1);
        }
        "prawns" => {
            let shell = or(0xef8a5b);
            for (x, y) in [(0, 0), (21, 3), (42, 0)] {
                c.group(&format!("translate({x} {y})"), |c| {
                    c.line(shell, 8, "M24 60c12 3 16-10 6-22");
                    c.line(shell.lighter(45), 2, "M28 56l2 6M33 52l5 3M32 45l6-2");
                    c.path(shell.darker(16), "M25 57l-8-3 2 6-3 5 9-1z");
                    c.line(shell, 1, "M30 37l-9-6M29 38l-10-2");
                });
            }
        }
        "squid" => {
            let skin = or(0xe9c3cf);
            for y in [0, 21] {
                c.group(&format!("translate(0 {y})"), |c| {
                    c.path(skin.darker(18), "M18 37l10-8 4 16z");
                    c.path(skin, "M20 37c10-9 26-9 36-6v13c-12 3-26 2-36-7z");
                    c.line(skin.darker(12), 3, "M56 33l18-3M57 36l20 0M57 39l20 3M56 42l17 6");
                    c.dots(Color(0x2c2a33), 1, &[(53, 34), (53, 41)]);
                });
            }
        }
        "ribs" => {
            let meat = or(0xc85650);
            c.rect(meat, 18, 32, 60, 32, 8);
            for x in [22, 34, 46, 58, 70] {
                c.line(CREAM, 5, &format!("M{x} 30v36"));
            }
            c.line(meat.darker(22), 2, "M28 36v24M40 36v24M52 36v24M64 36v24");
        }
        "sausages" => {
            let skin = or(0xc4523c);
            c.line(skin.darker(24), 10, "M22 37q26-7 52 0M22 50q26-7 52 0M22 63q20-6 38-2");
            c.line(skin, 8, "M22 36q26-7 52 0M22 49q26-7 52 0M22 62q20-6 38-2");
            c.line(skin.lighter(40), 2, "M26 33q20-5 38-2M26 46q20-5 38-2M26 59q14-4 28-2");
        }
        "fillets" => {
            let fish = or(0xf29a72);
            for y in [0, 20] {
                c.group(&format!("translate(0 {y})"), |c| {
                    c.path(fish, "M18 40c6-12 40-14 60-6 0 6-6 10-16 11-16 3-36 3-44-5z");
                    c.line(
                        fish.lighter(50),
                        2,
                        "M30 33q6 5 2 12M42 31q6 6 2 14M54 30q6 6 2 14M66 31q4 5 1 11",
                    );
                });
            }
            c.path(LEAF, "M20 66c0-6 6-9 12-8 0 6-5 10-12 8z");
        }
        "tofublocks" => {
            for (x, y) in [(20, 30), (50, 30), (20, 50), (50, 50)] {
                c.rect(or(0xfbf3dc).darker(14), x, y + 3, 26, 15, 3);
                c.rect(or(0xfbf3dc), x, y, 26, 14, 3);
            }
        }
        _ => {}
    }
}
