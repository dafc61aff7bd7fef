//! Code 128 (ISO/IEC 15417): how wide a barcode gets, and its bars for the emulator.

/// The widths of bars and gaps of the symbols 0 to 105, six each.
const SYMBOLS: &str = "\
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 \
    122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 \
    321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 \
    211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 \
    213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 \
    121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 \
    241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 \
    412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 \
    211214 211232 \
";
const STOP: &str = "2331112";
/// The symbol that starts code set B: the printable ASCII characters, from the space on.
const START_B: usize = 104;

/// The text as `GS k 73` takes it, in code set B.
pub(crate) fn set_b(text: &str) -> Vec<u8> {
    let mut data = b"{B".to_vec();
    for byte in text.bytes() {
        // A brace begins a command of its own, so it is written twice.
        data.extend(std::iter::repeat_n(byte, if byte == b'{' { 2 } else { 1 }));
    }
    data
}

/// The widths of bars and gaps by turns, in modules, for characters of code set B; `None` for others.
pub(crate) fn bars(text: &str) -> Option<Vec<usize>> {
    if text.is_empty() {
        return None;
    }
    let mut symbols = vec![START_B];
    for byte in text.bytes() {
        symbols.push(usize::from(byte).checked_sub(32).filter(|&symbol| symbol < 95)?);
    }
    let weighted: usize = symbols.iter().enumerate().map(|(i, symbol)| i.max(1) * symbol).sum();
    symbols.push(weighted % 103);
    let table: Vec<&str> = SYMBOLS.split_whitespace().collect();
    let widths = symbols.iter().filter_map(|&symbol| table.get(symbol)).chain(std::iter::once(&STOP));
    Some(widths.flat_map(|widths| widths.bytes().map(|digit| usize::from(digit - b'0'))).collect())
}
