use super::keys;
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::{AMBIGUOUS, EPONYM, PARTICLE, STREET, WORD_NAME};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "table-column",
    class: Class::Name,
    what: "The cells of columns headed \"last_name\", \"City\", \"MRN\" and the like, in CSV, TSV and Markdown tables.",
    why: "A list of patients names one person in every row.",
    source: SAFE_HARBOR,
    yes: &[
        ("last_name,a1c\nquillfeather,7.2\n", "quillfeather"),
        ("a1c;Surname\n7;Quillfeather\n8;\"Wexelby; B\"\n", "Wexelby; B"),
        ("Last Name\tDose\nQuillfeather\t5\n\nend", "Quillfeather"),
        (
            "| Patient | A1c |\n|---|---|\n| Zelda Quillfeather | 7 |\n",
            "Zelda Quillfeather",
        ),
        ("x\n\nname,dob\nBrunhilda,1960\n", "Brunhilda"),
        (
            "| Name | A1c |\n|:--|--:|\n| Zelda Quillfeather | 7 |",
            "Zelda Quillfeather",
        ),
        ("mrn,k\nCD112233,4.1\n", "CD112233"),
        ("First,Last\nMary,Smith\n", "Mary"),
        ("last,first,age\nSharp,Rusty,71\nFewell,Hunter,58\n", "Sharp"),
        ("| Last | First |\n|---|---|\n| Saunders | |\n", "Saunders"),
        (
            "name,age,sex\nOrtiz,44,F\nQuillfeather,51,M\nGarcia,60,F\n",
            "Quillfeather",
        ),
        ("| Name | Sex |\n|---|---|\n| Saunders | F |\n", "Saunders"),
        ("name,age,sex\nLuis Still,44,F\n", "Luis Still"),
        (
            "| Patient | Room | Dx |\n|---|---|---|\n| Garcia | 412 | gout |\n",
            "Garcia",
        ),
        ("| Pt | Age | Dx |\n|---|---|---|\n| Garcia | 45 | gout |\n", "Garcia"),
    ],
    no: &[
        "name,dose\nMetformin,500 mg\n",
        "| Name | Value |\n|---|---|\n| Hemoglobin A1c | 7.2 |\n",
        "The patient, city and phone\nwere not given.",
        "family, city\nand one more, two, three\n",
        "dose,unit\n5,mg\n",
        "name,sex,low,high\nFerritin,F,10,120\n",
        "drug,first,last\nHeparin,Monday,Friday\n",
        "organism,first,last\nnone,Nares,Blood\nnone,Urine,Wound\n",
        "last,first,next\nNegative,Pending,5\nHeld,Given,6\n",
        "| Shift | First | Last |\n|---|---|---|\n| Day | Monday | Friday |\n",
        "first,dx,last\nSusan,5,Saunders\n",
        "| Name | Age |\n|---|---|\n| Mean | 61 |\n| Total | 44 |\n",
        "| Patient | Age |\n|---|---|\n| Control | 61 |\n| Median | 44 |\n",
        "name,age\nFoley,61\nGraves,4\n",
        "| First | Last |\n|---|---|\n| April | June |\n",
        "| First | Last |\n|---|---|\n| Stool | Saunders |\n",
        "name,age\nLevofloxacin,61\nMetoprolol,4\n",
        "first,second,third\nDopamine,Saline,Heparin\n",
        "last,next,dose\nMonday,Friday,5\n",
        "name,age\n",
        "| Name | Room |\n|---|---|\n| Dialysis | 412 |\n| Triage | 2 |\n",
        "| Age | PT | INR |\n|---|---|---|\n| 45 | Normal | 1.1 |\n",
        "with the patient, family,\nand, then, more\n",
    ],
    strong: false,
    trigger: Trigger::Text(tables),
};

/// Longest header row, in bytes.
const LONGEST_HEADER: usize = 2_000;

/// Lines with another number of cells that do not end a table.
const MOST_OTHER: usize = 3;

/// Longest row with line breaks in a cell, in bytes.
const LONGEST_CELL: usize = 600;

/// Most columns read.
const MOST: usize = 200;

/// A cell: first byte and one past the last, white space and quotes left out.
type Cell = (usize, usize);

/// What is known of a column.
#[derive(Clone, Copy)]
struct Column {
    key: Option<keys::Key>,
    /// True for one of two columns that are of names only together.
    half: bool,
    /// Rows, and rows in which the cell is a whole name.
    rows: usize,
    names: usize,
    /// Rows in which the cell is of listed names that are more a name than a word.
    listed: usize,
}

fn tables(scan: &Scan<'_>, hits: &mut Hits) {
    let text = scan.text;
    let mut at = 0;
    while at < text.len() {
        let line = line(text, at);
        let next = at + line.len() + 1;
        at = match header(line) {
            Some(separator) => table(text, at, next, separator, hits).unwrap_or(next),
            None => next,
        };
    }
}

fn line(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest)
}

/// The separator of a header row, if `line` can be one: short cells of few words, one of which is a key.
fn header(line: &str) -> Option<u8> {
    if line.len() > LONGEST_HEADER {
        return None;
    }
    let bytes = line.as_bytes();
    let separator = match memchr::memchr3(b'|', b'\t', b';', bytes) {
        Some(_) => *[b'|', b'\t', b';'].iter().find(|sign| bytes.contains(sign))?,
        None => memchr::memchr(b',', bytes).map(|_| b',')?,
    };
    // Most lines are prose: a first look at what stands before the first separator.
    let first = line.split(char::from(separator)).next().unwrap_or_default();
    if !is_head(first) {
        return None;
    }
    let columns = line.split(char::from(separator)).count();
    // Prose has commas too, with a space after them.
    if separator == b',' && (line.contains(", ") && columns < 3 || line.trim_end().ends_with(',')) {
        return None;
    }
    let heads = || line.split(char::from(separator));
    let of_people = is_of_people(heads);
    let mut keyed = false;
    for cell in heads() {
        if !is_head(cell) {
            return None;
        }
        keyed |= keys::key(patient(bare(cell), of_people)).is_some();
    }
    let halves = heads().zip(heads().skip(1)).any(|(head, next)| are_halves(head, next));
    (keyed || halves && !has_head(heads(), THINGS)).then_some(separator)
}

/// True for heads that are those of a surname and a given name beside each other, if the cells below are.
fn are_halves(head: &str, next: &str) -> bool {
    let is = |head: &str, word: &str| bare(head).eq_ignore_ascii_case(word);
    is(head, "last") && is(next, "first") || is(head, "first") && is(next, "last")
}

/// True when one of `heads` is one of `words`.
fn has_head<'t>(mut heads: impl Iterator<Item = &'t str>, words: &[&str]) -> bool {
    heads.any(|head| words.iter().any(|word| bare(head).eq_ignore_ascii_case(word)))
}

/// True for a table with a row for each person: "name,age,sex", but not "name,sex,low,high".
fn is_of_people<'t, I: Iterator<Item = &'t str>>(heads: impl Fn() -> I) -> bool {
    has_head(heads(), &["age", "sex", "gender", "room", "bed"]) && !has_head(heads(), THINGS)
}

/// The head of a column, of people where the table is one of them: "Pt", which is a test of blood elsewhere.
fn patient(head: &str, of_people: bool) -> &str {
    match of_people && head.trim().eq_ignore_ascii_case("pt") {
        true => "patient",
        false => head,
    }
}

/// Heads of tables of things.
#[rustfmt::skip]
const THINGS: &[&str] = &[
    "dose", "route", "strength", "frequency", "value", "unit", "units", "low", "high", "min", "max", "range", "reference", "code", "mean",
    "drug", "medication", "test", "lab", "event", "count",
];

/// What stands in a cell.
fn bare(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim_matches('*')
}

/// True when a cell can stand over a column: it is short, of few words, and no sentence.
fn is_head(cell: &str) -> bool {
    // The words before a comma in prose, most of the time.
    if cell.len() > 2 * keys::LONGEST_KEY
        && cell.trim_ascii().len() == cell.len()
        && !cell.starts_with(['"', '*'])
        && !cell.ends_with(['"', '*'])
    {
        return false;
    }
    let cell = bare(cell);
    cell.len() <= keys::LONGEST_KEY && !cell.ends_with('.') && cell.split_whitespace().nth(4).is_none()
}

/// Reads the table whose header row stands at `start` and whose rows begin at `at`; says where it ends.
fn table(text: &str, start: usize, at: usize, separator: u8, hits: &mut Hits) -> Option<usize> {
    let (heads, _) = cells(text, start, separator);
    let words: Vec<&str> = heads.iter().filter_map(|(from, to)| text.get(*from..*to)).collect();
    let things = has_head(words.iter().copied(), THINGS);
    let of_people = is_of_people(|| words.iter().copied());
    let mut columns: Vec<Column> = heads
        .iter()
        .map(|(from, to)| Column {
            key: text
                .get(*from..*to)
                .and_then(|head| keys::key(patient(head.trim_matches('*'), of_people))),
            half: false,
            rows: 0,
            names: 0,
            listed: 0,
        })
        .collect();
    if !things
        && let Some(at) = words
            .windows(2)
            .position(|pair| matches!(pair, [head, next] if are_halves(head, next)))
    {
        for column in columns.iter_mut().skip(at).take(2) {
            column.half = true;
        }
    }
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let (mut end, mut at_row, mut other) = (at, at, 0);
    while at_row < text.len() {
        let (row, next) = cells(text, at_row, separator);
        if row.is_empty() {
            break;
        }
        at_row = next;
        if row.len() != columns.len() {
            // A cell over several lines, or the end of the table.
            other += 1;
            if rows.is_empty() || other > MOST_OTHER {
                break;
            }
            continue;
        }
        other = 0;
        for (column, (from, to)) in columns.iter_mut().zip(&row) {
            if let Some(value) = text
                .get(*from..*to)
                .filter(|value| value.contains(char::is_alphanumeric))
                && (column.key.is_some() || column.half)
            {
                column.rows += 1;
                column.names += usize::from(keys::is_name(value, 2));
                let listed = (column.half || of_people) && holds(value).is_some_and(|held| held.listed);
                column.listed += usize::from(listed);
            }
        }
        rows.push(row);
        end = next;
    }
    if rows.is_empty() {
        return None;
    }
    // A column "name" beside a date of birth is of persons, beside a dose it is of drugs.
    let sure = columns.iter().any(|column| column.key.is_some_and(|key| !key.vague));
    // A row of a person has a listed name and no word beside it; beside a number of a record, half of one column are enough.
    let (mut of_persons, mut filled) = (0, 0);
    for row in &rows {
        let cells = row.iter().zip(&columns).filter(|(_, column)| column.half);
        let held: Vec<Option<Holds>> = cells
            .filter_map(|((from, to), _)| text.get(*from..*to))
            .filter(|value| value.contains(char::is_alphanumeric))
            .map(holds)
            .collect();
        let person = held.iter().all(Option::is_some) && held.iter().flatten().any(|held| held.listed);
        filled += usize::from(!held.is_empty());
        of_persons += usize::from(person);
    }
    let enough = |column: &Column| column.half && column.listed > 0 && column.listed * 2 >= column.rows;
    let halves = of_persons * 2 > filled || sure && columns.iter().any(enough);
    for row in &rows {
        for (column, (from, to)) in columns.iter().zip(row) {
            let value = text.get(*from..*to).unwrap_or_default();
            let class = column.key.map_or(Class::Name, |key| key.class);
            if !keys::fits(class, value) || !value.chars().any(char::is_alphanumeric) {
                continue;
            }
            let believed = column
                .key
                .is_some_and(|key| !key.vague || sure || class == Class::Name && column.names * 2 > column.rows);
            let listed = halves && column.half || of_people && column.listed * 2 > column.rows;
            if believed {
                hits.push(*from, *to, class, 88);
            } else if listed && class == Class::Name {
                // A name that may be a word is one in this cell alone.
                if let Some(held) = holds(value) {
                    let score = if held.listed && held.plain { 88 } else { 76 };
                    hits.push(*from, *to, class, score);
                }
            }
        }
    }
    Some(end)
}

/// What is known of a cell that can hold a person.
#[derive(Clone, Copy)]
struct Holds {
    /// True when one of its words is a listed name that is more a name than a word.
    listed: bool,
    /// True when none of its words is a word elsewhere.
    plain: bool,
}

/// What a cell of a column of people holds; none for words: "Negative", "Mean", "Total".
fn holds(value: &str) -> Option<Holds> {
    const MOST_WORDS: usize = 4;
    const STRANGE: usize = 4;
    const OFTEN: i32 = 8;
    const GIVEN: i32 = 5;
    let scan = Scan::new(value);
    let words = || (0..scan.tokens.len()).filter(|at| !names::is_initial(&scan, *at) && !scan.has(*at, PARTICLE));
    let levels = |at: usize| {
        let levels = scan.all_levels(at);
        let word = levels.lower().max(levels.proper());
        (levels.given().max(levels.surname()), word)
    };
    let person = |at: usize| {
        let (people, word) = levels(at);
        // "Mary", "Smith"
        let disease = scan.has(at, EPONYM) && people < OFTEN;
        people >= 2 && people > 2 * word && scan.tags(at) & !(AMBIGUOUS | WORD_NAME | STREET | EPONYM) == 0 && !disease
    };
    let cased = |at: usize| scan.word(at).starts_with(|first: char| first.is_uppercase());
    let either = |at: usize| {
        let (people, word) = levels(at);
        let unlisted = !scan.all_levels(at).is_listed() && scan.tags(at) == 0 && scan.word(at).len() >= STRANGE;
        cased(at) && (people > 0 && people >= word || unlisted && !names::ends_like_a_term(scan.word(at)))
    };
    let first = words().next()?;
    // "Richard High"
    let called = person(first) && scan.all_levels(first).given() >= GIVEN && words().count() == 2;
    let named = words().all(|at| person(at) || either(at) || called && cased(at));
    (named && words().count() <= MOST_WORDS).then(|| Holds {
        listed: words().any(person),
        plain: words().all(|at| levels(at).1 == 0 && scan.tags(at) == 0),
    })
}

/// The row at `at`: a line, or more when a cell in quotes holds line breaks and is not too long.
fn row(text: &str, at: usize) -> &str {
    let first = line(text, at);
    let mut len = first.len();
    let mut open = first.bytes().filter(|b| *b == b'"').count() % 2 == 1;
    while open && len < LONGEST_CELL && at + len < text.len() {
        let more = line(text, at + len + 1);
        len += 1 + more.len();
        open = more.bytes().filter(|b| *b == b'"').count() % 2 == 0;
    }
    match text.get(at..at + len) {
        Some(row) if !open && len < LONGEST_CELL => row,
        _ => first,
    }
}

/// The cells of the row at `at`, and where the next row begins. A cell in quotes may hold separators
/// and line breaks.
fn cells(text: &str, at: usize, separator: u8) -> (Vec<Cell>, usize) {
    let whole = if separator == b'|' {
        line(text, at)
    } else {
        row(text, at)
    };
    let next = at + whole.len() + 1;
    let mut row = whole.trim_end();
    let mut from = at;
    if separator == b'|' {
        let inner = row.trim_start();
        from += row.len() - inner.len();
        row = inner;
        if let Some(inner) = row.strip_prefix('|') {
            from += 1;
            row = inner.strip_suffix('|').unwrap_or(inner);
        }
    }
    let mut cells = Vec::new();
    let mut quoted = false;
    let mut start = 0;
    for (i, b) in row.bytes().chain([separator]).enumerate() {
        let last = i == row.len();
        quoted ^= b == b'"' && separator != b'|';
        if (b == separator && !quoted) || last {
            let cell = row.get(start..i).unwrap_or_default();
            let inner = cell.trim();
            let lead = start + (cell.len() - cell.trim_start().len());
            let bare = inner
                .strip_prefix('"')
                .and_then(|inner| inner.strip_suffix('"'))
                .filter(|_| inner.len() > 1);
            let begin = from + lead + usize::from(bare.is_some());
            cells.push((begin, begin + bare.unwrap_or(inner).len()));
            start = i + 1;
        }
        if cells.len() > MOST {
            break;
        }
    }
    if cells.len() == 1 && row.is_empty() {
        cells.clear();
    }
    (cells, next)
}
