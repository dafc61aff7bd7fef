//! Rows of the file as values of the trade, or as refusals that say what was expected where.

use std::fs::File;
use std::io::{BufReader, Read};

use csv::{ByteRecord, ReaderBuilder, Trim};
use shared::UnitPrice;
use shared::catalogue::{Barcode, Sku, Unit};

use super::RowError;
use crate::catalog::rules::{check_name, check_price};

/// A column that the import knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The business's code; finds the item.
    Sku,
    /// The name.
    Name,
    /// The category by its name.
    Category,
    /// The price of one unit.
    Price,
    /// How it is counted.
    Unit,
    /// Printed codes, separated by `|`.
    Barcodes,
    /// Names of taxes, separated by `|`.
    Tax,
}

const COLUMNS: [(Column, &str); 7] = [
    (Column::Sku, "sku"),
    (Column::Name, "name"),
    (Column::Category, "category"),
    (Column::Price, "price"),
    (Column::Unit, "unit"),
    (Column::Barcodes, "barcodes"),
    (Column::Tax, "tax"),
];
const REQUIRED: [Column; 3] = [Column::Sku, Column::Name, Column::Price];

impl Column {
    /// Its name in the first row.
    pub fn name(self) -> &'static str {
        COLUMNS.iter().find(|(column, _)| *column == self).map_or("", |(_, name)| name)
    }
}

/// A row that can be applied; a field is None when the file has no such column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedRow {
    /// The row as a spreadsheet counts.
    pub number: u32,
    /// The business's code.
    pub sku: Sku,
    /// The name.
    pub name: String,
    /// The price; None is asked at the till.
    pub price: Option<UnitPrice>,
    /// The category by its name; `Some(None)` is no category.
    pub category: Option<Option<String>>,
    /// How it is counted.
    pub unit: Option<Unit>,
    /// Printed codes.
    pub barcodes: Option<Vec<Barcode>>,
    /// Names of taxes.
    pub taxes: Option<Vec<String>>,
}

/// The rows of a file, one at a time.
pub struct Rows<R> {
    reader: csv::Reader<BufReader<R>>,
    columns: Vec<Column>,
    record: ByteRecord,
    number: u32,
    ended: bool,
}

impl Rows<File> {
    /// Reads the first row, which names the columns.
    ///
    /// # Errors
    /// A column that is not known, there twice or missing.
    pub fn open(file: File) -> Result<Self, RowError> {
        Self::of(file)
    }
}

impl<R: Read> Rows<R> {
    /// As [`Rows::open`], from any bytes.
    ///
    /// # Errors
    /// A column that is not known, there twice or missing.
    pub fn of(bytes: R) -> Result<Self, RowError> {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(BufReader::with_capacity(256 * 1024, bytes));
        let mut record = ByteRecord::new();
        let there = reader.read_byte_record(&mut record).map_err(|error| unreadable(1, &error))?;
        let columns = if there { header(&record)? } else { Vec::new() };
        for required in REQUIRED {
            if !columns.contains(&required) {
                let expected = "a first row that names the columns sku, name, price and, as wanted, category, \
                                unit, barcodes, tax, separated by commas, is expected";
                return Err(RowError::new(1, required.name(), "", "the column is missing", expected));
            }
        }
        Ok(Self { reader, columns, record, number: 1, ended: false })
    }

    /// The next row, or everything that is wrong with it; None at the end.
    pub fn next_row(&mut self) -> Option<Result<ParsedRow, Vec<RowError>>> {
        if self.ended {
            return None;
        }
        self.number = self.number.saturating_add(1);
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => Some(parse(self.number, &self.columns, &self.record)),
            Err(error) => {
                self.ended = true;
                Some(Err(vec![unreadable(self.number, &error)]))
            }
        }
    }
}

fn unreadable(row: u32, error: &csv::Error) -> RowError {
    RowError::new(
        row,
        "",
        "",
        format!("the row could not be read: {error}"),
        "a CSV file in UTF-8 is expected",
    )
}

fn header(record: &ByteRecord) -> Result<Vec<Column>, RowError> {
    let mut columns = Vec::with_capacity(record.len());
    for field in record {
        let text = String::from_utf8_lossy(field).to_lowercase();
        let known = COLUMNS.iter().find(|(_, name)| *name == text).map(|(column, _)| *column);
        let names: Vec<&str> = COLUMNS.iter().map(|(_, name)| *name).collect();
        let expected =
            format!("the columns {}, each once and separated by commas, are expected", names.join(", "));
        match known {
            Some(column) if !columns.contains(&column) => columns.push(column),
            Some(_) => return Err(RowError::new(1, &text, &text, "the column is there twice", expected)),
            None => return Err(RowError::new(1, &text, &text, "the column is not known", expected)),
        }
    }
    Ok(columns)
}

fn parse(number: u32, columns: &[Column], record: &ByteRecord) -> Result<ParsedRow, Vec<RowError>> {
    if record.len() != columns.len() {
        let problem = format!("the row has {} fields", record.len());
        let expected = format!(
            "{} fields as in the first row are expected; a text with a comma stands in quotes",
            columns.len()
        );
        return Err(vec![RowError::new(number, "", "", problem, expected)]);
    }
    let mut errors = Vec::new();
    let (mut sku, mut name, mut price) = (None, None, None);
    let (mut category, mut unit, mut barcodes, mut taxes) = (None, None, None, None);
    for (column, field) in columns.iter().zip(record) {
        let Ok(text) = std::str::from_utf8(field) else {
            let found = String::from_utf8_lossy(field);
            let problem = "it is not UTF-8";
            errors.push(RowError::new(
                number,
                column.name(),
                &found,
                problem,
                "a file saved as UTF-8 is expected",
            ));
            continue;
        };
        let mut keep = |result: Result<(), (String, &str)>| {
            if let Err((problem, expected)) = result {
                errors.push(RowError::new(number, column.name(), text, problem, expected));
            }
        };
        match column {
            Column::Sku => keep(parse_sku(text).map(|value| sku = Some(value))),
            Column::Name => keep(parse_name(text).map(|value| name = Some(value))),
            Column::Price => keep(parse_price(text).map(|value| price = Some(value))),
            Column::Unit => keep(parse_unit(text).map(|value| unit = Some(value))),
            Column::Barcodes => keep(parse_barcodes(text).map(|value| barcodes = Some(value))),
            Column::Category => keep(parse_category(text).map(|value| category = Some(value))),
            Column::Tax => taxes = Some(split(text).map(str::to_owned).collect()),
        }
    }
    match (sku, name, price) {
        (Some(sku), Some(name), Some(price)) if errors.is_empty() => {
            Ok(ParsedRow { number, sku, name, price, category, unit, barcodes, taxes })
        }
        _ => Err(errors),
    }
}

type Parsed<T> = Result<T, (String, &'static str)>;

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split('|').map(str::trim).filter(|part| !part.is_empty())
}

fn parse_sku(text: &str) -> Parsed<Sku> {
    let expected = "a code of 1 to 64 visible characters is expected";
    text.parse()
        .map_err(|_| (if text.is_empty() { "it is empty" } else { "it is no code" }.to_owned(), expected))
}

fn parse_name(text: &str) -> Parsed<String> {
    let expected = "1 to 120 visible characters are expected";
    let checked = check_name("name", text).map(|()| text.to_owned());
    checked.map_err(|_| (if text.is_empty() { "it is empty" } else { "it is no name" }.to_owned(), expected))
}

fn parse_price(text: &str) -> Parsed<Option<UnitPrice>> {
    if text.is_empty() {
        return Ok(None);
    }
    let expected = "a price such as 18000 or 12.50, at most 4 decimals, from 0 to 1000000000000, is expected; \
                    empty is asked at the till";
    let price: UnitPrice = text.parse().map_err(|_| ("it is no price".to_owned(), expected))?;
    check_price("price", price).map_err(|_| ("it is out of range".to_owned(), expected))?;
    Ok(Some(price))
}

fn parse_unit(text: &str) -> Parsed<Unit> {
    match text.to_lowercase().as_str() {
        "" | "piece" | "pcs" => Ok(Unit::Piece),
        "kilogram" | "kg" => Ok(Unit::Kilogram),
        _ => Err(("it is no unit".to_owned(), "piece or kilogram (pcs, kg) is expected")),
    }
}

fn parse_barcodes(text: &str) -> Parsed<Vec<Barcode>> {
    let expected = "codes of 1 to 64 visible characters, separated by |, are expected; \
                    8, 12, 13 or 14 digits end in their check digit";
    let mut codes: Vec<Barcode> = Vec::new();
    for part in split(text) {
        let code: Barcode = part.parse().map_err(|error| (format!("{error}"), expected))?;
        if codes.contains(&code) {
            return Err((format!("`{code}` stands there twice"), expected));
        }
        codes.push(code);
    }
    if codes.len() > 50 {
        return Err(("there are more than 50".to_owned(), expected));
    }
    Ok(codes)
}

fn parse_category(text: &str) -> Parsed<Option<String>> {
    if text.is_empty() {
        return Ok(None);
    }
    let expected = "a name of at most 120 visible characters is expected";
    check_name("category", text).map_err(|_| ("it is no name".to_owned(), expected))?;
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn rows(text: &str) -> Vec<Result<ParsedRow, Vec<RowError>>> {
        let mut rows = Rows::of(text.as_bytes()).unwrap();
        std::iter::from_fn(|| rows.next_row()).collect()
    }

    #[test]
    fn a_mark_at_the_beginning_quotes_and_any_order_of_columns_are_read() {
        let text = "\u{feff}Name,SKU,price,barcodes\n\"Kopi, susu\",K1,18000,4006381333931|X-1\n\"Teh \"\"manis\"\"\",K2,,\n";
        let rows = rows(text);
        let first = rows[0].as_ref().unwrap();
        assert_eq!((first.number, first.name.as_str(), first.sku.as_str()), (2, "Kopi, susu", "K1"));
        assert_eq!(first.barcodes.as_ref().unwrap().len(), 2);
        assert_eq!(first.category, None, "no such column");
        let second = rows[1].as_ref().unwrap();
        assert_eq!((second.name.as_str(), second.price), ("Teh \"manis\"", None));
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn each_wrong_field_is_named_with_what_is_expected() {
        let text = "sku,name,price,unit,barcodes\n,Kopi,1.23456,litre,4006381333930\nK1,Kopi,1\n";
        let rows = rows(text);
        let errors = rows[0].as_ref().unwrap_err();
        let columns: Vec<&str> = errors.iter().map(|error| error.column.as_str()).collect();
        assert_eq!(columns, ["sku", "price", "unit", "barcodes"]);
        assert!(errors.iter().all(|error| error.row == 2 && error.expected.contains("expected")));
        let errors = rows[1].as_ref().unwrap_err();
        assert_eq!((errors[0].row, errors[0].problem.as_str()), (3, "the row has 3 fields"));
    }

    #[test]
    fn a_negative_price_and_an_exponent_are_refused() {
        for price in ["-1", "1e3", "1,000", "NaN", "1000000000001", "99999999999999999999"] {
            let text = format!("sku,name,price\nK1,Kopi,\"{price}\"\n");
            assert!(rows(&text)[0].is_err(), "{price}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_by_row_and_column() {
        let mut rows = Rows::of(&b"sku,name,price\nK1,Caf\xe9,1\n"[..]).unwrap();
        let errors = rows.next_row().unwrap().unwrap_err();
        assert_eq!((errors[0].row, errors[0].column.as_str()), (2, "name"));
    }

    #[test]
    fn a_first_row_without_the_columns_is_refused() {
        for text in ["", "sku;name;price\n", "sku,name\n", "sku,sku,name,price\n", "sku,name,price,stock\n"] {
            assert!(Rows::of(text.as_bytes()).is_err(), "{text}");
        }
    }
}
