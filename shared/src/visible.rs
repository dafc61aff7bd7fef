//! Texts that people type and that are kept: visible, bounded, without spaces around.

/// The text as it is kept; None when it is empty, has more than `most` characters, or one that nobody sees.
pub(crate) fn text(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// Each of the texts once, in their order; None when one cannot be kept, or when more than `most` are left.
pub(crate) fn each_once(all: Vec<String>, most: usize, most_chars: usize) -> Option<Vec<String>> {
    let mut once: Vec<String> = Vec::with_capacity(all.len().min(most));
    for one in all {
        let one = text(&one, most_chars)?;
        if once.contains(&one) {
            continue;
        }
        if once.len() == most {
            return None;
        }
        once.push(one);
    }
    Some(once)
}
