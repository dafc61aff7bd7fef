//! Templates: what they make, what they may not do, and that each comes to an end.

use hardware::template::{Filling, Template, check};
use hardware::{Block, Document, Picture};
use proptest::prelude::*;
use serde_json::json;

fn words(key: &str, arguments: &[(&str, &str)]) -> Option<String> {
    key.starts_with("receipt-").then(|| format!("{key}{arguments:?}"))
}

fn made(source: &str, data: serde_json::Value) -> Result<Document, (usize, String)> {
    let template = Template::new(source, words).map_err(|problem| (problem.line, problem.message))?;
    template.render(&Filling::new(&data), None).map_err(|problem| (problem.line, problem.message))
}

#[test]
fn a_template_is_filled_in() {
    let source = "\
@center @bold {{ shop }}
@rule
{% for line in lines %}
{{ line.name }}
  {{ line.count }} | {{ line.amount }}
{% if line.note %}
  * {{ line.note }}
{% endif %}
{% endfor %}
@bold {{ t(\"receipt-total\", name=shop) }} | {{ total }}
{# A note of the writer. #}
@cut
";
    let data = json!({
        "shop": "Kedai", "total": "36.000",
        "lines": [{ "name": "Kopi", "count": "2 x 18.000", "amount": "36.000", "note": null },
                  { "name": "Teh", "count": "1 x 0", "amount": "0", "note": "panas" }],
    });
    let text = made(source, data).unwrap().to_plain_text(40);
    insta::assert_snapshot!(text);
}

#[test]
fn problems_are_told_with_their_line() {
    let data = json!({ "name": "x", "lines": [1, 2] });
    let line = |source: &str| made(source, data.clone()).map_err(|(line, _)| line).err();
    assert_eq!(line("a\n{{ name }}\n{{ nmae }}"), Some(3));
    assert_eq!(line("a\n{% for x in lines %}\n{{ x }}"), Some(3));
    assert_eq!(line("a\n{{ name | shout }}"), Some(2));
    assert_eq!(line("a\nb\n{{ t('no-such-text') }}"), Some(3));
    assert_eq!(line("{{ name }}"), None);
    // Nothing of the engine beyond this paper can be reached.
    for reach in [
        "{% include 'x' %}",
        "{% extends 'x' %}",
        "{% macro x() %}{% endmacro %}",
        "{{ debug() }}",
        "{{ name|safe }}",
    ] {
        assert!(made(reach, data.clone()).is_err(), "{reach}");
    }
}

/// Sources that would be deep, long or endless, were they let.
fn monsters() -> Vec<String> {
    let many = |text: &str, times: usize| text.repeat(times);
    vec![
        format!("{{{{ {}1 }}}}", many("-", 15_000)),
        format!("{{{{ {}a }}}}", many("not ", 4_000)),
        format!("{{{{ {}1{} }}}}", many("(", 7_000), many(")", 7_000)),
        format!("{{{{ {}1{} }}}}", many("[", 7_000), many("]", 7_000)),
        format!("{{{{ a{} }}}}", many(".a", 8_000)),
        format!("{{{{ a{} }}}}", many("|upper", 2_500)),
        format!("{{{{ a{} }}}}", many(" and a", 2_500)),
        format!("{{{{ a{} }}}}", many("\n.a", 5_000)),
        format!("{{% if a %}}{}{{% endif %}}", many("{% elif a %}", 1_300)),
        format!("{}{}", many("{% if a %}\n", 700), many("{% endif %}\n", 700)),
        format!("{}x{}", many("{% for x in lines %}\n", 300), many("{% endfor %}\n", 300)),
        format!("{{% set x = 'aaaaaaaa' %}}\n{}{{{{ x }}}}", many("{% set x = x ~ x %}\n", 700)),
        format!("{{% set x = 'aaaaaaaa' %}}\n{}{{{{ x }}}}", many("{% set x = x * 1000 %}\n", 500)),
        "{{ 'a' * 10000000000 }}".to_owned(),
        "{% set n = namespace(x='aaaa') %}\n{% for a in lines %}\n{% for b in lines %}\n{% set n.x = n.x ~ n.x %}\n\
         {% endfor %}\n{% endfor %}\n{{ n.x }}"
            .to_owned(),
        format!("{}{}x\n{}", many("{% for a in lines %}\n", 6), "@qr x\n", many("{% endfor %}\n", 6)),
        "{% for a in lines %}\n{% for b in lines %}\n{% for c in lines %}\n{% for d in lines %}\n@feed 10\n{% endfor %}\n{% endfor %}\n{% endfor %}\n{% endfor %}"
            .to_owned(),
        many("@logo\n", 2_000),
        many("@qr x\n", 2_000),
        many("@feed 10\n", 1_800),
        format!("{{% raw %}}{{{{ \"{{% endraw %}}{{{{ \"}}}}\n{}", many("-", 9_000)),
        many("{", 16_000),
        many("{{ ' }}\n", 2_000),
        many("|", 16_000),
        many("@bold ", 2_700),
        format!("@columns({})", many("1 ", 8_000)),
    ]
}

#[test]
fn a_template_that_is_deep_long_or_endless_comes_to_an_end_on_a_small_stack() {
    let looked = std::thread::Builder::new().stack_size(1024 * 1024).spawn(|| {
        let logo = Picture::from_grey(8, vec![0; 64]).unwrap();
        let lines: Vec<usize> = (0..500).collect();
        let data = Filling::new(&json!({ "a": "x", "lines": lines }));
        let mut refused = 0;
        for source in monsters() {
            let made = Template::new(&source, words).and_then(|template| template.render(&data, Some(&logo)));
            check(&source);
            match made {
                Ok(document) => {
                    assert!(document.blocks().len() <= 4_000, "{source:.60}");
                    let drawn = |block: &&Block| matches!(block, Block::Qr(_) | Block::Picture(_));
                    assert!(document.blocks().iter().filter(drawn).count() <= 8, "{source:.60}");
                }
                Err(_) => refused += 1,
            }
        }
        refused
    });
    let refused = looked.unwrap().join().unwrap();
    assert!(refused >= 15, "{refused}");
}

proptest! {
    #[test]
    fn a_value_begins_no_line_opens_no_cell_and_draws_nothing(value in any::<String>(), more in "[@|{}\\\\%#\n\r\u{2028} a-z]{0,40}") {
        let source = "@center {{ a }}\n{{ a }}\nx{{ a }} | {{ b }}\n{% set c %}{{ b }}{% endset %}\n-{{ c }}{{ a ~ b }}\n@qr -{{ b }}\n";
        let doc = made(source, json!({ "a": format!("{value}{more}"), "b": format!("{more}{value}") })).unwrap();
        let kinds: Vec<char> = doc
            .blocks()
            .iter()
            .map(|block| match block {
                Block::Text(text) if text.runs.len() == 1 => 't',
                // A value of nothing but spaces is an empty line.
                Block::Feed(1) => 't',
                Block::Row(row) if row.cells.len() == 2 => 'r',
                Block::Qr(_) => 'q',
                _ => '?',
            })
            .collect();
        prop_assert_eq!(kinds, vec!['t', 't', 'r', 't', 'q']);
    }

    #[test]
    fn any_source_is_read_or_refused(source in "[@|{}%#\n a-z.()'\"0-9-]{0,200}") {
        let _ = made(&source, json!({ "a": "x" }));
        check(&source);
    }
}
