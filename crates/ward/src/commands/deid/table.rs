//! Tables: CSV, TSV and their relatives.

use ward_deid::columns::{Column, Profiler, Treatment, by_name, header_hits, may_name_somebody};
use ward_formats::{
    Budget,
    delimited::{Dialect, Table},
};

use super::{
    context::{self, Context, DOCUMENT, utf8},
    fault::Stop,
    lines::people,
    notes::{Done, Shown},
    pieces::Piece,
    subjects::of_file,
};

/// What was decided about a table from its first records.
pub(super) struct Plan {
    dialect: Dialect,
    pub(super) columns: Vec<Column>,
    /// What the columns are called where people or logs may read it: by name if the name is made of known words, else by
    /// number. A first row that is no header holds values.
    pub(super) labels: Vec<String>,
    /// True when the first record holds names.
    pub(super) header: bool,
    /// True when the records below the first say so.
    certain: bool,
}

/// What a piece of a table may cost: cells are many and small.
const PIECE: Budget = Budget {
    items: 64_000_000,
    ..DOCUMENT
};

impl Plan {
    /// Looks at the first piece.
    pub(super) fn of(first: &Piece, dialect: Dialect) -> Result<Plan, Stop> {
        let table = Table::parse(&first.bytes, dialect, None, 1, PIECE)
            .map_err(|error| Stop::malformed(&error))?
            .document;
        let head: Vec<String> = table.row(0).map(std::borrow::Cow::into_owned).collect();
        let certain = is_over_numbers(&head, &table);
        let header = certain || is_header(&head);
        let named = |shown: &dyn Fn(&str) -> bool| -> Vec<String> {
            let name = |(at, name): (usize, &String)| {
                if header && shown(name.trim()) {
                    name.trim().to_owned()
                } else {
                    format!("column {}", at + 1)
                }
            };
            head.iter().enumerate().map(name).collect()
        };
        let names = named(&|name| header_hits(name, certain).is_empty());
        let labels = named(&|name| by_known_words(name, certain));
        let mut profiler = Profiler::new(names.iter().map(String::as_str));
        for row in usize::from(header)..table.len().min(2_000) {
            for (index, value) in table.row(row).enumerate() {
                profiler.see(index, &value);
            }
        }
        Ok(Plan {
            dialect,
            columns: profiler.decide(),
            labels,
            header,
            certain,
        })
    }
}

/// True for a name that says what the column holds, or whose words stand in every text.
fn by_known_words(name: &str, certain: bool) -> bool {
    header_hits(name, certain).is_empty()
        && (by_name(name).is_some() || name.contains('_') && name.is_ascii() && name.len() <= 48)
}

/// True when a first record holds the names of columns, not values: words, all different, none of which is data.
fn is_header(cells: &[String]) -> bool {
    let name = |cell: &str| {
        let cell = cell.trim();
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        cell.chars().any(char::is_alphabetic)
            && cell.chars().count() <= 80
            && digits * 2 < cell.chars().count()
            && !cell.contains('@')
            && !cell.contains("://")
    };
    let mut seen = std::collections::HashSet::new();
    let named = cells.iter().filter(|cell| !cell.trim().is_empty());
    if named.clone().count() == 0 || !named.clone().all(|cell| name(cell) && seen.insert(cell.trim())) {
        return false;
    }
    // Two surnames and a complaint are a record, too.
    let known = named.clone().filter(|cell| by_name(cell).is_some()).count();
    let values = named
        .filter(|cell| by_name(cell).is_none() && may_name_somebody(cell))
        .count();
    values == 0 || known > values
}

/// True for a first record of short words without figures, all different, over records whose values in two columns or more
/// all have figures: names of columns, whatever their words are.
fn is_over_numbers(cells: &[String], table: &Table) -> bool {
    const LOOKED_AT: usize = 200;
    const LONGEST: usize = 24;
    let figures = |cell: &str| cell.bytes().any(|b| b.is_ascii_digit());
    let mut seen = std::collections::HashSet::new();
    let named = |cell: &String| {
        let cell = cell.trim();
        (1..=LONGEST).contains(&cell.chars().count())
            && cell.split_whitespace().count() <= 2
            && cell.starts_with(char::is_alphabetic)
            && !figures(cell)
            && !cell.contains(['@', ','])
    };
    if !cells.iter().all(|cell| named(cell) && seen.insert(cell.trim())) {
        return false;
    }
    let mut numbers = vec![(0_usize, 0_usize); cells.len()];
    for row in 1..table.len().min(LOOKED_AT) {
        for (value, (filled, counted)) in table.row(row).zip(&mut numbers) {
            let value = value.trim();
            *filled += usize::from(!value.is_empty());
            *counted += usize::from(figures(value));
        }
    }
    let columns = numbers
        .iter()
        .filter(|(filled, counted)| *filled > 0 && filled == counted);
    columns.count() >= 2
}

/// De-identifies a piece of a table. Every record belongs to the patient that it names, else to nobody else.
pub(super) fn piece(context: &Context, file: &str, plan: &Plan, piece: &Piece) -> Result<Done, Stop> {
    let width = plan.columns.len();
    utf8(&piece.bytes, piece.at)?;
    let parsed = Table::parse(&piece.bytes, plan.dialect, Some(width), piece.first, PIECE).map_err(|error| {
        Stop::because(format!(
            "{} (byte {})",
            error.what(),
            piece.at.saturating_add(error.at() as u64)
        ))
    })?;
    let table = parsed.document;
    let mut done = Done::default();
    done.notes.problems_at("", parsed.problems);
    // A cell beyond the header has no column; it is read as text.
    let beyond = Column::named("");
    let corrections = context.corrections(file);
    let mut edits = Vec::new();
    for row in 0..table.len() {
        let number = piece.first + row as u64;
        if plan.header && number == 1 {
            // A header may hold content, too: `Ann Lee` as the name of a column.
            for (index, name) in table.row(row).enumerate() {
                let mut hits = header_hits(&name, plan.certain);
                let place = format!("record 1, column {}", index + 1);
                if let Some(corrections) = corrections {
                    corrections.correct(&place, &name, &mut hits, &mut done.notes);
                }
                if hits.is_empty() {
                    continue;
                }
                let mut replaced = if context.spans {
                    context::listed(&name, &hits, &place)
                } else {
                    let scope = context.subjects.of(&of_file(file))?;
                    context::replace(Some(&scope), &name, &hits)
                };
                for one in &mut replaced.applied {
                    one.place.clone_from(&place);
                }
                if context.show {
                    done.notes.shown.push(Shown::of(&place, &name, &replaced));
                }
                edits.push((row, index, replaced.text));
                done.apply_field(&name, replaced.applied);
            }
            continue;
        }
        let values: Vec<String> = table.row(row).map(std::borrow::Cow::into_owned).collect();
        let cells: Vec<(&Column, &str)> = values
            .iter()
            .enumerate()
            .map(|(index, value)| (plan.columns.get(index).unwrap_or(&beyond), value.as_str()))
            .collect();
        let (known, subject, traits) = people(context, &cells);
        let scope = match &subject {
            Some(who) => context.subjects.of(who)?,
            None => context.subjects.alone(file, &format!("record {number}"))?,
        };
        if !context.spans {
            context::with(&scope, |deid| deid.meet(&known));
        }
        done.notes
            .people
            .push((subject.unwrap_or_else(|| format!("{file}, record {number}")), traits));
        done.notes.records += 1;
        for (index, (column, value)) in cells.iter().enumerate() {
            let mut hits = column.hits(value, &known);
            let text = matches!(column.treatment, Treatment::Text | Treatment::Unknown);
            if hits.is_empty() && corrections.is_none() && !(context.show && text) {
                continue;
            }
            let label = plan.labels.get(index).map_or("beyond the header", String::as_str);
            let place = format!("record {number}, field {label}");
            if let Some(corrections) = corrections {
                corrections.correct(&place, value, &mut hits, &mut done.notes);
            }
            let replaced = if context.spans {
                context::listed(value, &hits, &place)
            } else {
                context::with(&scope, |deid| column.replace(deid, value, &hits, &place))
            };
            if context.show && (text || !hits.is_empty()) {
                done.notes.shown.push(Shown::of(&place, value, &replaced));
            }
            if !hits.is_empty() {
                edits.push((row, index, replaced.text));
            }
            done.apply_field(value, replaced.applied);
        }
    }
    if !context.spans {
        done.bytes = table.rewrite(&edits);
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_header_are_found() {
        for (name, expect) in [
            ("Ann Lee note", &["Ann", "Lee"][..]),
            ("note for Quackenbush", &["Quackenbush"]),
            ("Weight Zebulon Quackenbush", &["Zebulon", "Quackenbush"]),
            ("Quackenbush", &["Quackenbush"]),
            ("patient_name", &[]),
            ("Patient Name", &[]),
            ("Admission Date", &[]),
            ("Attending Physician", &[]),
            ("Primary Diagnosis Code", &[]),
            ("Hemoglobin A1c", &[]),
            ("Discharge Disposition", &[]),
            ("Encntr Date", &[]),
            ("Blood Pressure Systolic", &[]),
            ("Race", &[]),
            ("Marital Status", &[]),
            ("Zip Code", &[]),
        ] {
            let hits = header_hits(name, false);
            let found: Vec<&str> = hits.iter().map(|hit| &name[hit.span.start..hit.span.end]).collect();
            assert_eq!(found, expect, "{name}");
        }
    }

    #[test]
    fn a_header_stands_over_numbers() {
        for (text, expect) in [
            ("PatNr;Name;Geschlecht;Alter\n1;Sch\u{e4}fer;m;91\n2;Klein;w;45\n", true),
            ("Pclass;SibSp;Embarked\n3;1;S\n1;0;C\n", true),
            ("Thaddeus;Vandermolen;Flu\nAda;Quill;Rash\n", false),
            ("Thaddeus;Vandermolen;Flu\nAda;Quill;3\n", false),
            ("Thaddeus;61;204\nAda;44;7\n", false),
            ("Thaddeus Vandermolen of Oddville;Flu;x\n1;2;3\n", false),
            ("Pclass;SibSp\n", false),
        ] {
            let dialect = Dialect::sniff(text.as_bytes()).unwrap();
            let table = Table::parse(text.as_bytes(), dialect, None, 1, PIECE).unwrap().document;
            let head: Vec<String> = table.row(0).map(std::borrow::Cow::into_owned).collect();
            assert_eq!(is_over_numbers(&head, &table), expect, "{text}");
        }
    }

    #[test]
    fn a_header_is_names() {
        for (cells, expect) in [
            (&["id", "patient name"][..], true),
            (&["ID", ""], true),
            (&["1", "Ann Lee"], false),
            (&["Ann", "Ann"], false),
            (&["2024-01-08", "x"], false),
            (&["a@b.example", "x"], false),
            (&[""], false),
            (&["Thaddeus", "Vandermolen", "Knee pain"], false),
            (&["Olumide", "Adebayo-Wright", "Flu"], false),
            (&["id", "pt", "reason"], true),
            (&["Vorname", "Nachname", "Geburtsdatum", "Ort"], true),
            (&["naam", "geboortedatum", "plaats"], true),
            (&[], false),
        ] {
            let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            assert_eq!(is_header(&cells), expect, "{cells:?}");
        }
    }
}
