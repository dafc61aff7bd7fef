//! The upper halves of the code pages that printers know, from `code_page/tables.txt`.

use std::sync::LazyLock;

/// A code page; which number a printer knows it by is in its profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodePage(u8);

struct Table {
    name: &'static str,
    /// The characters of 0x80 to 0xFF.
    upper: Vec<Option<char>>,
    /// Sorted by character.
    bytes: Vec<(char, u8)>,
}

static TABLES: LazyLock<Vec<Table>> =
    LazyLock::new(|| include_str!("code_page/tables.txt").lines().filter_map(read).collect());

fn read(line: &'static str) -> Option<Table> {
    let (name, points) = line.split_once(' ')?;
    let upper: Vec<Option<char>> =
        points.split(' ').map(|point| u32::from_str_radix(point, 16).ok().and_then(char::from_u32)).collect();
    let mut bytes: Vec<(char, u8)> =
        upper.iter().zip(0x80..=0xff).filter_map(|(c, byte)| c.map(|c| (c, byte))).collect();
    bytes.sort_unstable();
    Some(Table { name, upper, bytes })
}

impl CodePage {
    /// Every page.
    pub fn all() -> impl Iterator<Item = CodePage> {
        (0..u8::try_from(TABLES.len()).unwrap_or(u8::MAX)).map(CodePage)
    }

    /// The page of that name, such as `cp858` or `iso8859_15`; the names are those of Python's codecs.
    pub fn by_name(name: &str) -> Option<CodePage> {
        Self::all().find(|page| page.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.table().map_or("", |table| table.name)
    }

    fn table(self) -> Option<&'static Table> {
        TABLES.get(usize::from(self.0))
    }

    /// The byte above 0x7F that prints this character, if the page has it.
    pub fn encode(self, c: char) -> Option<u8> {
        let bytes = &self.table()?.bytes;
        bytes.binary_search_by_key(&c, |&(known, _)| known).ok().and_then(|at| bytes.get(at)).map(|&(_, b)| b)
    }

    /// The character of a byte, if the page has one; bytes below 0x80 are ASCII.
    pub fn decode(self, byte: u8) -> Option<char> {
        match byte.checked_sub(0x80) {
            None => Some(char::from(byte)),
            Some(index) => self.table()?.upper.get(usize::from(index)).copied().flatten(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_whole_and_found_by_its_name() {
        assert_eq!(TABLES.len(), 25);
        for page in CodePage::all() {
            assert_eq!(CodePage::by_name(page.name()), Some(page));
            assert_eq!(page.table().map(|table| table.upper.len()), Some(128), "{}", page.name());
        }
    }
}
