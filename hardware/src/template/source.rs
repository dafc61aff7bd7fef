//! What a template may be written like: found out before it is read, and told with its line.

use super::TemplateProblem;
use super::markup;

/// The longest template.
pub const MOST_SOURCE_BYTES: usize = 16 * 1024;
/// The longest line of one: it bounds how deep an expression can go, because every tag ends on its line.
const MOST_LINE_CHARS: usize = 400;
/// Alternatives of conditions, each of which stands inside the one before.
const MOST_ELIFS: usize = 48;
/// More problems than these help nobody.
const MOST_PROBLEMS: usize = 20;

/// Everything in a template that can be seen without data: words of the markup that there are not, and what makes it no template.
pub fn check(source: &str) -> Vec<TemplateProblem> {
    let mut problems: Vec<TemplateProblem> = Vec::new();
    if let Err(problem) = super::Template::new(source, |key, _| Some(key.to_owned())) {
        problems.push(problem);
    }
    for (at, line) in source.lines().enumerate().take(MOST_SOURCE_BYTES) {
        if problems.len() >= MOST_PROBLEMS {
            break;
        }
        if let Some(message) = markup::fault(line) {
            problems.push(TemplateProblem { line: at + 1, message });
        }
    }
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// Refuses what could make reading a template deep or long.
pub(super) fn bounds(source: &str) -> Result<(), TemplateProblem> {
    if source.len() > MOST_SOURCE_BYTES {
        let message = format!("a template has at most {} KiB", MOST_SOURCE_BYTES / 1024);
        return Err(TemplateProblem { line: 0, message });
    }
    let mut elifs = 0;
    // As the engine counts lines, so that no tag can hide an end of line from this.
    for (at, line) in source.split('\n').enumerate() {
        let problem = |message: &str| Err(TemplateProblem { line: at + 1, message: message.to_owned() });
        if line.chars().count() > MOST_LINE_CHARS {
            return problem("a line has at most 400 characters");
        }
        match tags(line) {
            None => return problem("`{{`, `{%` and `{#` end on their line"),
            Some(words) => {
                if words.contains(&"raw") {
                    return problem("`raw` is not used here; write a brace as {{ \"{\" }}");
                }
                elifs += words.iter().filter(|word| **word == "elif").count();
            }
        }
        if elifs > MOST_ELIFS {
            return problem("a template has at most 48 `elif`");
        }
    }
    Ok(())
}

/// The first words of the `{% … %}` on a line; `None` when a tag does not end on it.
fn tags(line: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find('{') {
        let opened = &rest[at + 1..];
        let (end, inside) = match opened.chars().next() {
            Some('{') => ("}}", &opened[1..]),
            Some('%') => ("%}", &opened[1..]),
            Some('#') => ("#}", &opened[1..]),
            _ => {
                rest = opened;
                continue;
            }
        };
        let length = if end == "#}" { inside.find(end) } else { tag_length(inside, end) }?;
        if end == "%}" {
            let word = inside[..length].trim_start_matches(['-', '+']).trim_start();
            words.push(word.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default());
        }
        rest = &inside[length + end.len()..];
    }
    Some(words)
}

/// Where a tag ends, ends in its texts left aside.
fn tag_length(inside: &str, end: &str) -> Option<usize> {
    let mut text: Option<char> = None;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match text {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(quote) if c == quote => text = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => text = Some(c),
            None if inside[at..].starts_with(end) => return Some(at),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_and_end_on_their_line() {
        assert_eq!(tags("{% if a %}x{{ \"}}\" }}{%- elif '%}' -%}{# note #}{"), Some(vec!["if", "elif"]));
        for open in ["{{ a", "{% if a", "{# a", "{{ \"a }}", "{{ 'a\\' }}"] {
            assert_eq!(tags(open), None, "{open}");
        }
    }

    #[test]
    fn deep_and_long_templates_are_refused_with_their_line() {
        for (source, line) in [
            ("x".repeat(MOST_SOURCE_BYTES + 1), 0),
            (format!("a\n{}", "é".repeat(401)), 2),
            (format!("{{% if a %}}\n{}{{% endif %}}", "{% elif a %}\n".repeat(60)), 50),
            ("a\n{% raw %}{{{% endraw %}".to_owned(), 2),
            ("{{\n-1 }}".to_owned(), 1),
        ] {
            assert_eq!(bounds(&source).map_err(|problem| problem.line), Err(line));
        }
    }

    #[test]
    fn words_that_there_are_not_are_told_with_their_line() {
        let told =
            |source: &str| -> Vec<usize> { check(source).iter().map(|problem| problem.line).collect() };
        assert_eq!(told("@center Hi\n@bolt Hi\n  @feed x\n@columns(3 q) a | b\n{{ a"), [2, 3, 4, 5]);
        assert_eq!(
            told("@center @bold {{ a }}\n@columns(3> * =>) a | b | c\n@feed 2\n@cut full\n@"),
            [] as [usize; 0]
        );
    }
}
