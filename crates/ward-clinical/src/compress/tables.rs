//! Which lines of a note are rows of a table. In which column a value stands is told by nothing but the blanks before it, in its own line and in
//! those around it: such a line keeps every byte, and so do a short line above it and one below it that may name the columns.

use ward_formats::Span;

use super::terse;
use crate::note::layout;

/// The lines that stay as they are.
#[derive(Default)]
pub(crate) struct Tables {
    /// In the order of the text, each with the number of its table.
    lines: Vec<(Span, usize)>,
}

impl Tables {
    /// Those of a note that is no conversation.
    pub(crate) fn of(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split('\n') {
            if !line.trim().is_empty() {
                lines.push((Span::new(start, start + line.len()), is_row(line)));
            }
            start += line.len() + 1;
        }
        let is_row = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(|(_, row)| *row);
        let beside = |at: usize| is_row(at.checked_sub(1)) || is_row(Some(at + 1));
        let names = |line: &Span| text.get(line.start..line.end).is_some_and(may_name_columns);
        let near = |at: usize| is_row(Some(at)) || beside(at) && lines.get(at).is_some_and(|(line, _)| names(line));
        let mut held = Vec::new();
        let mut table = 0;
        for (at, (line, _)) in lines.iter().enumerate() {
            if near(at) {
                held.push((*line, table));
            } else {
                table += 1;
            }
        }
        Self { lines: held }
    }

    /// The number of the table that a part of `span` stands in.
    pub(super) fn table(&self, span: Span) -> Option<usize> {
        let first = self.lines.partition_point(|(line, _)| line.end <= span.start);
        let (line, table) = self.lines.get(first)?;
        (line.start < span.end).then_some(*table)
    }

    /// Whether a part of `span` stands in such a line.
    pub(crate) fn hold(&self, span: Span) -> bool {
        self.table(span).is_some()
    }
}

/// Whether a line is a row: it stands far in, or a tab or several blanks part its words. Two blanks behind a mark end a sentence or follow a label,
/// and in a long line a single gap is a slip. Bars part words too.
pub(super) fn is_row(line: &str) -> bool {
    let line = line.trim_end();
    let lead = line.get(..line.len() - line.trim_start().len()).unwrap_or("");
    let words = line.get(layout::bullet(line)..).unwrap_or(line).trim_start();
    if words.contains('\t') || words.matches('|').count() > 1 {
        return true;
    }
    if line.trim_start().len() > SHORT {
        return words.match_indices("   ").count() > 1;
    }
    let word = |c: char| c.is_alphanumeric() || c == '%';
    let pair = |at: usize| words.get(..at).is_some_and(|before| before.ends_with(word));
    terse::is_row("", words)
        || words.match_indices("  ").any(|(at, _)| pair(at))
        || terse::is_row(lead, "") && may_name_columns(line)
}

/// Whether a line beside a row may name its columns: it is short, and no sentence.
fn may_name_columns(line: &str) -> bool {
    let words = line.trim();
    words.len() <= SHORT && !words.ends_with(['.', ',', ';', '?', '!'])
}

/// The longest line that two blanks may make a row, and that names columns, in bytes. In prose they are a slip.
const SHORT: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_rows_and_the_lines_beside_them() {
        let check = |text: &str, expect: &[&str]| {
            let tables = Tables::of(text);
            let held: Vec<&str> = tables
                .lines
                .iter()
                .map(|(line, _)| &text[line.start..line.end])
                .collect();
            assert_eq!(held, expect, "{text}");
            assert!(tables.lines.iter().all(|(line, _)| tables.hold(*line)));
        };
        check("He is well.\nSo is she.", &[]);
        check("He is well.  So is she.\nName:  Ana\n1.  Cough\n-  Rash", &[]);
        check("Test  Now\nK  4.1", &["Test  Now", "K  4.1"]);
        check("K\t4.1", &["K\t4.1"]);
        check(
            "Drug | Dose | Taken\nAspirin | 81 mg | no",
            &["Drug | Dose | Taken", "Aspirin | 81 mg | no"],
        );
        check("He is well | so is she", &[]);
        check(
            "far\n\nNow Then\n\n4.1   5.9\nprose\nmore",
            &["Now Then", "4.1   5.9", "prose"],
        );
        check("        4.1", &["        4.1"]);
        check(
            "He has a cough.\n\nBP 120/80   HR 70\nShe is well.",
            &["BP 120/80   HR 70"],
        );
        let prose = "He came in with a cough  that began some weeks ago, and he has since been treated at home by his own doctor.";
        check(prose, &[]);
        assert!(!Tables::of("a\nK   4\nb\nc").hold(Span::new(10, 11)));
        assert!(Tables::of("a\nK   4\nb\nc").hold(Span::new(8, 9)));
    }

    #[test]
    fn rows_never_move() {
        let filler = "HPI: The patient is a 50 year old man who has the cough and the fever.\n\n";
        for (head, rows) in [
            ("Labs:\n\n", "Test  Today  Before\nK      4.1     5.9"),
            ("Labs:\n\n", "  Today  Before\nK  4.1  5.9\nNa      138"),
            ("Labs:\n\n", "Today Before\n4.1   5.9"),
            ("Labs:\n", "Today\tBefore\nK\t4.1\t5.9"),
            ("Medications\n\n", "Drug  AM  PM\nMetformin  500 mg  1000 mg"),
            (
                "",
                "Physical examination:   left   right\ngrip                    5/5    3/5",
            ),
            ("", "Labs: K   Na\n      4.1 140"),
        ] {
            let text = format!("{filler}{head}{rows}\n");
            let parsed = ward_formats::Doc::parse(text.as_bytes(), None, ward_formats::Budget::RECORD).unwrap();
            let record = crate::read(&parsed.document);
            let out = crate::compress(&parsed.document, &record, &crate::Options::default());
            assert!(
                out.verified && format!("\n{}", out.text).contains(&format!("\n{rows}")),
                "{}",
                out.text
            );
        }
    }

    #[test]
    fn a_mark_stands_for_a_whole_table_or_for_no_row_of_it() {
        let visit = |day: u8, table: &str| {
            format!(
                "Visit date: 0{day}/05/2024\nSubjective: She feels well today and sleeps through the night.\n{table}\n\n"
            )
        };
        let check = |earlier: &str, newest: &str, marked: bool| {
            let text = format!("{}{}", visit(1, earlier), visit(2, newest));
            let parsed = ward_formats::Doc::parse(text.as_bytes(), None, ward_formats::Budget::RECORD).unwrap();
            let record = crate::read(&parsed.document);
            let out = crate::compress(&parsed.document, &record, &crate::Options::default());
            let stays = out.text.matches(newest.lines().last().unwrap()).count() == 2;
            assert!(
                out.verified && stays != marked && out.text.contains("{newest 1"),
                "{}",
                out.text
            );
        };
        let labs = "Labs:\nLab   01/03    01/04\nSodium   139   135\nPotassium   5.9   4.5";
        check(labs, labs, true);
        check(&labs.replace("01/03", "02/03"), labs, false);
        check(&labs.replace("139", "140"), labs, false);
        check(&format!("{labs}\nChloride   101   100"), labs, false);
        let drugs = "Medication | Dose | Taken\nlisinopril tablets | 10 mg daily | 01/02/2024\naspirin tablets | 81 mg daily | 01/02/2024";
        check(drugs, drugs, true);
        check(&drugs.replace("Taken", "Stopped"), drugs, false);
    }
}
