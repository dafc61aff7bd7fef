//! Telling and making canonical JSON by one look at its bytes, without reading it into values and writing it again.

/// The most objects and lists inside one another that are looked at.
const MAX_DEPTH: usize = 32;
/// Integers of so many digits are the same in every reader's arithmetic.
const MAX_DIGITS: usize = 15;

/// Whether `text` is one JSON value in exactly its RFC 8785 form.
///
/// True is certain. False also stands for "not sure": fractions, exponents, keys with escapes or beyond ASCII, and deep
/// nesting are left to a real canonicaliser. `text` must be valid UTF-8; other bytes are never said to be canonical inside
/// escapes, keys and numbers, but text inside strings is taken as it is.
pub fn is_surely_canonical(text: &[u8]) -> bool {
    Scan { text, at: 0 }.document().is_some()
}

/// The RFC 8785 form of a value.
///
/// # Errors
/// A value that JSON, or the numbers of RFC 8785, cannot hold.
pub(crate) fn of(value: &impl serde::Serialize) -> Result<Vec<u8>, serde_json::Error> {
    // Plain JSON is without white space and escaped alike: where no number needs rounding, only names must be sorted.
    // That is everything of ours, at a tenth of the time.
    let plain = serde_json::to_vec(value)?;
    sorted(&plain).map_or_else(|| serde_json_canonicalizer::to_vec(value), Ok)
}

/// The RFC 8785 form of `text`, which differs from it in the order of names at most; None when not sure, as in
/// [`is_surely_canonical`], and for a name that stands twice.
fn sorted(text: &[u8]) -> Option<Vec<u8>> {
    let mut scan = Scan { text, at: 0 };
    let mut out = Vec::with_capacity(text.len());
    scan.sorted_value(&mut out, 0)?;
    (scan.at == text.len()).then_some(out)
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

/// What is open around the present place.
#[derive(Clone, Copy)]
enum Open<'a> {
    List,
    /// An object and its last key.
    Object(&'a [u8]),
}

impl<'a> Scan<'a> {
    fn document(&mut self) -> Option<()> {
        let mut open: [Open<'a>; MAX_DEPTH] = [Open::List; MAX_DEPTH];
        let mut depth = 0;
        loop {
            // One value, or the beginning of one that holds others.
            match self.next()? {
                b'{' if self.peek() != Some(b'}') => {
                    *open.get_mut(depth)? = Open::Object(self.key()?);
                    depth += 1;
                    continue;
                }
                b'[' if self.peek() != Some(b']') => {
                    *open.get_mut(depth)? = Open::List;
                    depth += 1;
                    continue;
                }
                first => self.whole(first)?,
            }
            // What closes with it, until something goes on.
            loop {
                if depth == 0 {
                    return (self.at == self.text.len()).then_some(());
                }
                let around = open.get_mut(depth - 1)?;
                match (self.next()?, *around) {
                    (b']', Open::List) | (b'}', Open::Object(_)) => depth -= 1,
                    (b',', Open::List) => break,
                    (b',', Open::Object(before)) => {
                        let key = self.key()?;
                        if key <= before {
                            return None;
                        }
                        *around = Open::Object(key);
                        break;
                    }
                    _ => return None,
                }
            }
        }
    }

    /// Writes the next value with its names sorted.
    fn sorted_value(&mut self, out: &mut Vec<u8>, depth: usize) -> Option<()> {
        if depth == MAX_DEPTH {
            return None;
        }
        let from = self.at;
        match self.next()? {
            b'{' if self.peek() != Some(b'}') => {
                let begin = out.len();
                let mut members = Vec::new();
                loop {
                    let (start, from) = (out.len(), self.at);
                    // Behind a comma each, so that they can be put in any order; the first one makes way for the brace.
                    out.push(b',');
                    let key = self.key()?;
                    out.extend_from_slice(self.text.get(from..self.at)?);
                    self.sorted_value(out, depth + 1)?;
                    members.push((key, start - begin..out.len() - begin));
                    match self.next()? {
                        b',' => {}
                        b'}' => break,
                        _ => return None,
                    }
                }
                if !members.is_sorted_by(|(a, _), (b, _)| a < b) {
                    members.sort_unstable_by_key(|(key, _)| *key);
                    if members.windows(2).any(|two| matches!(two, [a, b] if a.0 == b.0)) {
                        return None;
                    }
                    let unsorted = out.split_off(begin);
                    for (_, member) in members {
                        out.extend_from_slice(unsorted.get(member)?);
                    }
                }
                *out.get_mut(begin)? = b'{';
                out.push(b'}');
            }
            b'[' if self.peek() != Some(b']') => {
                out.push(b'[');
                loop {
                    self.sorted_value(out, depth + 1)?;
                    match self.next()? {
                        b',' => out.push(b','),
                        b']' => break,
                        _ => return None,
                    }
                }
                out.push(b']');
            }
            first => {
                self.whole(first)?;
                out.extend_from_slice(self.text.get(from..self.at)?);
            }
        }
        Some(())
    }

    /// The rest of a value that holds no others.
    fn whole(&mut self, first: u8) -> Option<()> {
        match first {
            b'{' | b'[' => {
                self.at += 1;
                Some(())
            }
            b'"' => self.string(),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'n' => self.word(b"ull"),
            b'-' => {
                let first = self.next()?;
                self.integer(first, true)
            }
            digit => self.integer(digit, false),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        let found = self.text.get(self.at..)?.starts_with(rest);
        self.at += rest.len();
        found.then_some(())
    }

    /// A plain key and its colon. Keys of ASCII alone are ordered alike by bytes and by UTF-16 units.
    fn key(&mut self) -> Option<&'a [u8]> {
        if self.next()? != b'"' {
            return None;
        }
        let rest = self.text.get(self.at..)?;
        let end = rest.iter().position(|byte| !matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~'))?;
        let key = rest.get(..end)?;
        self.at += end;
        (self.next()? == b'"' && self.next()? == b':').then_some(key)
    }

    fn string(&mut self) -> Option<()> {
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))?;
            self.at += plain;
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        let code = self.text.get(self.at..self.at + 4)?;
                        self.at += 4;
                        // Only what has no shorter form is written so, in lower case.
                        let short = matches!(code, b"0008" | b"0009" | b"000a" | b"000c" | b"000d");
                        let control = matches!(code, [b'0', b'0', b'0' | b'1', b'0'..=b'9' | b'a'..=b'f']);
                        if short || !control {
                            return None;
                        }
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    /// The rest of an integer; what follows it is looked at by the caller, who refuses a point or an exponent.
    fn integer(&mut self, first: u8, negative: bool) -> Option<()> {
        if !first.is_ascii_digit() {
            return None;
        }
        let rest = self.text.get(self.at..)?;
        let more = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += more;
        let zero = first == b'0';
        (more < MAX_DIGITS && !(zero && (negative || more > 0))).then_some(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn canonical_text_is_told_from_other_writings_of_the_same() {
        for text in [
            r#"{}"#,
            r#"[]"#,
            r#"{"a":1,"b":[true,false,null,-5,0,{"x":"é\n\u001f\"\\"}],"c":{"d":"","e":[]}}"#,
            r#"123456789012345"#,
            r#""""#,
            r#"[[[]],{}]"#,
        ] {
            assert!(is_surely_canonical(text.as_bytes()), "{text}");
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), text.as_bytes(), "{text}");
        }
        for text in [
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":1}"#,
            r#"{ "a":1}"#,
            r#"{"a": 1}"#,
            r#"{"a":1} "#,
            r#"[1,]"#,
            r#"[1"#,
            r#"{"a"}"#,
            r#"{"a":1]"#,
            r#"[1}"#,
            r#"01"#,
            r#"-0"#,
            r#"-"#,
            r#"1.0"#,
            r#"1e3"#,
            r#"1234567890123456"#,
            r#""\u0041""#,
            r#""\u000a""#,
            r#""\u001F""#,
            r#""\/""#,
            r#""\u2028""#,
            r#""a"#,
            r#"{"é":1}"#,
            r#"{"\n":1}"#,
            "\"\u{1}\"",
            "\"\n\"",
            "",
            "tru",
            "truex",
            "1 2",
            "[]]",
        ] {
            assert!(!is_surely_canonical(text.as_bytes()), "{text}");
        }
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(!is_surely_canonical(deep.as_bytes()));
    }

    #[test]
    fn a_name_that_stands_twice_and_what_is_no_json_are_not_sorted() {
        for text in
            [r#"{"b":1,"a":2,"b":3}"#, r#"{"b":1,}"#, r#"[1 2]"#, r#"{"a":1"#, r#"{"a":1.5}"#, "", "{}x"]
        {
            assert_eq!(sorted(text.as_bytes()), None, "{text}");
        }
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert_eq!(sorted(deep.as_bytes()), None);
    }

    proptest::proptest! {
        #[test]
        fn names_in_any_order_are_sorted_as_a_canonicaliser_does_it(
            pairs in proptest::collection::vec(("[a-z_]{1,6}", proptest::prelude::any::<i32>(), ".{0,12}"), 0..8)
        ) {
            let members: Vec<String> = pairs
                .iter()
                .map(|(name, number, text)| {
                    let text = serde_json::to_string(text).unwrap();
                    format!(r#""{name}":[{{"z":{number},"a":{text}}},{{}},[]]"#)
                })
                .collect();
            let plain = format!("{{{}}}", members.join(","));
            let names: std::collections::BTreeSet<_> = pairs.iter().map(|pair| &pair.0).collect();
            let value: serde_json::Value = serde_json::from_str(&plain).unwrap();
            let canonical = serde_json_canonicalizer::to_vec(&value).unwrap();
            let expected = (names.len() == pairs.len()).then_some(canonical);
            proptest::prop_assert_eq!(sorted(plain.as_bytes()), expected);
        }

        #[test]
        fn whatever_is_said_to_be_canonical_is(text in r#"[\[\]{}":,0-9a-c\\nut\-. ]{0,40}"#) {
            if is_surely_canonical(text.as_bytes()) {
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                proptest::prop_assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), text.as_bytes());
            }
        }

        #[test]
        fn what_a_canonicaliser_writes_of_integers_and_plain_keys_is_recognised(
            pairs in proptest::collection::btree_map("[a-z_]{1,8}", (proptest::prelude::any::<i32>(), ".{0,12}"), 0..8)
        ) {
            let value = serde_json::json!({ "list": pairs.values().collect::<Vec<_>>(), "map": pairs });
            let text = serde_json_canonicalizer::to_vec(&value).unwrap();
            proptest::prop_assert!(is_surely_canonical(&text));
        }
    }
}
