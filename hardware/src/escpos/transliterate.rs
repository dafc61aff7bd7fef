//! Plain letters for what a printer cannot say.

/// A plain mark that reads the same, for typographic ones that few pages have: not worth a picture of the line.
pub(super) fn mark(c: char) -> Option<char> {
    Some(match c {
        '‘' | '’' | '‚' | '′' | 'ʼ' => '\'',
        '“' | '”' | '„' | '″' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '•' | '·' | '∙' => '*',
        '×' => 'x',
        '⁄' => '/',
        '‹' => '<',
        '›' => '>',
        _ => return None,
    })
}

/// A spelling in ASCII, `?` when there is none.
pub(super) fn spell(c: char) -> &'static str {
    const LETTERS: &[(&str, &str)] = &[
        ("ÀÁÂÃÄÅĀĂĄẠẢẤẦẨẪẬẮẰẲẴẶ", "A"),
        ("àáâãäåāăąạảấầẩẫậắằẳẵặ", "a"),
        ("ÇĆĈĊČ", "C"),
        ("çćĉċč", "c"),
        ("ĐÐĎ", "D"),
        ("đðď", "d"),
        ("ÈÉÊËĒĔĖĘĚẸẺẼẾỀỂỄỆ", "E"),
        ("èéêëēĕėęěẹẻẽếềểễệ", "e"),
        ("ĜĞĠĢ", "G"),
        ("ĝğġģ", "g"),
        ("ÌÍÎÏĨĪĬĮİỈỊ", "I"),
        ("ìíîïĩīĭįıỉị", "i"),
        ("ŁĹĽ", "L"),
        ("łĺľ", "l"),
        ("ÑŃŇ", "N"),
        ("ñńň", "n"),
        ("ÒÓÔÕÖØŌŎŐƠỌỎỐỒỔỖỘỚỜỞỠỢ", "O"),
        ("òóôõöøōŏőơọỏốồổỗộớờởỡợ", "o"),
        ("ŔŘ", "R"),
        ("ŕř", "r"),
        ("ŚŜŞŠȘ", "S"),
        ("śŝşšș", "s"),
        ("ŢŤȚ", "T"),
        ("ţťț", "t"),
        ("ÙÚÛÜŨŪŬŮŰŲƯỤỦỨỪỬỮỰ", "U"),
        ("ùúûüũūŭůűųưụủứừửữự", "u"),
        ("ÝŶŸỲỴỶỸ", "Y"),
        ("ýÿŷỳỵỷỹ", "y"),
        ("ŹŻŽ", "Z"),
        ("źżž", "z"),
        ("Æ", "AE"),
        ("æ", "ae"),
        ("Œ", "OE"),
        ("œ", "oe"),
        ("ß", "ss"),
        ("₫", "d"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("¥", "JPY"),
        ("₩", "KRW"),
        ("₱", "PHP"),
        ("₹", "Rs"),
        ("฿", "THB"),
        ("…", "..."),
        ("№", "No."),
        ("™", "TM"),
        ("©", "(c)"),
        ("®", "(R)"),
        ("°", "o"),
    ];
    if matches!(c, '\u{300}'..='\u{36f}') {
        return "";
    }
    LETTERS.iter().find(|(from, _)| from.contains(c)).map_or("?", |&(_, to)| to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_reads_without_its_marks() {
        let spelled: String = "ếặưỡĐ₫字".chars().map(spell).collect();
        assert_eq!(spelled, "eauoDd?");
    }
}
