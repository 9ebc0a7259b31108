//! An attestation as one page that needs no network and prints well.

use super::{
    document::{Attestation, Outcome},
    page::{self, Block},
};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #ccc}\
.bar{display:flex;height:1.2rem;margin:1rem 0;border:1px solid #888}.bar i{display:block}\
.r{margin:.7rem 0 .2rem;break-inside:avoid}.o{display:inline-block;min-width:7.5rem;font-weight:600}\
.held{color:#0b6b2e}.failed{color:#a80f0f}.not-examined{color:#6b4d00}.not-applicable{color:#555}\
i.held{background:#2e9e5b}i.failed{background:#c33}i.not-examined{background:#d9b84a}i.not-applicable{background:#bbb}\
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;\
border-bottom:1px solid #ccc;overflow-wrap:anywhere}tr{break-inside:avoid}\
ul{margin:.2rem 0 .2rem 1.2rem;padding:0}li{overflow-wrap:anywhere}.r p{margin:0 0 0 7.8rem}\
@media (prefers-color-scheme:dark){@media screen{body{color:#ddd;background:#161616}.held{color:#6fd397}.failed{color:#ff8a8a}\
.not-examined{color:#e6c865}.not-applicable{color:#aaa}}}\
@media print{body{max-width:none;margin:0;font-size:10pt}}";

/// The page.
#[must_use]
pub fn render(made: &Attestation) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{STYLE}</style></head><body>\n",
        escaped(&format!("Evidence for {}", made.standard.name))
    );
    let mut in_list = false;
    for block in page::blocks(made) {
        let is_item = matches!(block, Block::Item(_));
        if in_list && !is_item {
            out.push_str("</ul>\n");
        } else if !in_list && is_item {
            out.push_str("<ul>\n");
        }
        in_list = is_item;
        match block {
            Block::Heading(level, text) => {
                out.push_str(&format!("<h{level}>{}</h{level}>\n", escaped(&text)));
                if level == 1 {
                    out.push_str(&bar(made));
                }
            }
            Block::Text(text) => out.push_str(&format!("<p>{}</p>\n", escaped(&text))),
            Block::Item(text) => out.push_str(&format!("<li>{}</li>\n", escaped(text.trim()))),
            Block::Table { columns, rows } => {
                out.push_str("<table><thead><tr>");
                for (name, _) in columns {
                    out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(name)));
                }
                out.push_str("</tr></thead><tbody>\n");
                for row in rows {
                    let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
                    out.push_str(&format!("<tr>{cells}</tr>\n"));
                }
                out.push_str("</tbody></table>\n");
            }
            Block::Result(outcome, name, text) => out.push_str(&format!(
                "<div class=\"r\"><span class=\"o {}\">{}</span> <b>{}</b><p>{}</p></div>\n",
                class(outcome),
                outcome.word(),
                escaped(&name),
                escaped(&text)
            )),
        }
    }
    if in_list {
        out.push_str("</ul>\n");
    }
    out.push_str("</body></html>\n");
    out
}

fn bar(made: &Attestation) -> String {
    let parts = Outcome::ALL.map(|outcome| {
        let count = made.summary.get(outcome);
        format!("<i class=\"{}\" style=\"flex:{count}\"></i>", class(outcome))
    });
    format!(
        "<div class=\"bar\" role=\"img\" aria-label=\"{}\">{}</div>\n",
        escaped(&page::summary(made)),
        parts.concat()
    )
}

fn class(outcome: Outcome) -> String {
    outcome.word().replace(' ', "-")
}

/// Text for HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
