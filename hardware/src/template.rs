//! Documents from templates that people write: what stands on a shop's own receipts.
//!
//! A template is [MiniJinja](https://docs.rs/minijinja) over lines of a small markup, one line a block of the [`Document`]:
//!
//! ```text
//! @logo
//! @center @bold @double {{ shop.name }}
//! @rule
//! {% for line in lines %}
//! {{ line.name }}
//!   {{ line.count }} | {{ line.amount }}
//! {% endfor %}
//! @bold {{ t("receipt-total") }} | {{ total }}
//! ```
//!
//! | line | becomes |
//! |---|---|
//! | words | a text; spaces at its beginning stay |
//! | `left \| right` | cells beside each other: the first wraps in what the others leave |
//! | `@bold @tall @wide @double @inverse @center @right` before either | its looks |
//! | `@columns(3> * =>)` before cells | their widths: columns, `*` what is left, `=` its own text; `<`, `^` or `>` aligns |
//! | `@rule`, `@rule double`, `@feed 2`, `@cut`, `@cut full` | a line, empty lines, a cut |
//! | `@qr …`, `@barcode …`, `@ean …`, `@logo` | codes, the shop's logo |
//! | an empty line | an empty line |
//!
//! A value from the data is never markup, whatever stands in it: a product's name can begin no line and open no cell. Work,
//! memory and length are bounded, so that no template holds up a till.

mod markup;
mod source;

use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, UndefinedBehavior, Value};

use crate::document::{Document, Picture};

pub use source::{MOST_SOURCE_BYTES, check};

/// The name by which errors would call a template; there is only one.
const NAME: &str = "layout";
/// Work that a template may make: some 100,000 steps, or 6 MB. A receipt of 500 lines takes a fifth of it.
const FUEL: u64 = 100_000;
/// The longest text that is taken for a document: more than ten metres of paper.
const MOST_TEXT_BYTES: usize = 512 * 1024;
/// Functions that would only be of use to find out about the engine.
const UNWANTED_FUNCTIONS: [&str; 2] = ["debug", "range"];
/// Filters that say that a value is markup. None is.
const UNWANTED_FILTERS: [&str; 3] = ["safe", "escape", "e"];

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// At which of its lines, from 1; 0 when it is none in particular.
    pub line: usize,
    /// What is wrong, for people.
    pub message: String,
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

impl std::error::Error for TemplateProblem {}

impl TemplateProblem {
    fn of(error: &Error) -> Self {
        let message = match (error.kind(), error.detail()) {
            (ErrorKind::OutOfFuel, _) => "the template does too much work".to_owned(),
            (kind, None) => kind.to_string(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
        };
        Self { line: error.line().unwrap_or(0), message }
    }
}

/// A template that was read.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
}

impl Template {
    /// Reads a template. `words` gives the text of a key for `t("key")` with its arguments, or `None` for a key that there is not.
    ///
    /// # Errors
    /// The first problem: it is too long, or not written as a template is. [`check`] tells all that are found without data.
    pub fn new(
        source: &str,
        words: impl Fn(&str, &[(&str, &str)]) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, TemplateProblem> {
        source::bounds(source)?;
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| TemplateProblem::of(&error))?);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(write_value);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(64);
        UNWANTED_FILTERS.iter().for_each(|name| environment.remove_filter(name));
        UNWANTED_FUNCTIONS.iter().for_each(|name| environment.remove_global(name));
        environment.add_function("t", move |key: &str, arguments: Kwargs| word(&words, key, &arguments));
        environment
            .add_template_owned(NAME, source.to_owned())
            .map_err(|error| TemplateProblem::of(&error))?;
        Ok(Self { environment })
    }

    /// Makes a document of what it is filled in with; `logo` is what `@logo` prints.
    ///
    /// # Errors
    /// The first problem: a name that is not in the data, too much work, or too long a document.
    pub fn render(&self, filling: &Filling, logo: Option<&Picture>) -> Result<Document, TemplateProblem> {
        let rendered =
            self.environment.get_template(NAME).and_then(|template| template.render(filling.0.clone()));
        let text = rendered.map_err(|error| TemplateProblem::of(&error))?;
        if text.len() > MOST_TEXT_BYTES {
            return Err(too_long());
        }
        markup::document(&text, logo).ok_or_else(too_long)
    }
}

fn too_long() -> TemplateProblem {
    TemplateProblem { line: 0, message: "the document is too long".to_owned() }
}

/// What a template is filled in with.
#[derive(Debug, Clone)]
pub struct Filling(Value);

impl Filling {
    /// Data of any shape; what cannot be said in a template is nothing there.
    pub fn new(data: &impl serde::Serialize) -> Self {
        Self(Value::from(Serde(data)))
    }
}

/// The text of a key.
fn word(
    words: &impl Fn(&str, &[(&str, &str)]) -> Option<String>,
    key: &str,
    arguments: &Kwargs,
) -> Result<String, Error> {
    let mut given = Vec::new();
    for name in arguments.args() {
        given.push((name, arguments.get::<Value>(name)?.to_string()));
    }
    let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words(key, &given)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no text `{key}`")))
}

/// Writes a value so that nothing in it is markup.
fn write_value(out: &mut Output<'_>, _: &mut minijinja::State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    let written = match value.as_str() {
        Some(text) => markup::write_plain(out, text),
        None => markup::write_plain(out, &value.to_string()),
    };
    written.map_err(|error| Error::new(ErrorKind::WriteFailure, "cannot write a value").with_source(error))
}
