//! HL7 v2 messages inside text: an MSH line and the segments after it.

use ward_formats::{Error, ErrorKind, Span};

/// Bytes that end a line. MLLP's start and end bytes do too.
const ENDS: [char; 4] = ['\r', '\n', '\u{b}', '\u{1c}'];

/// Separators in a whole MSH: the ninth field is the message type.
const WHOLE: usize = 8;

/// Segments that tell of people and begin with a set id: a small number or nothing.
const NUMBERED: [&str; 10] = ["PID", "NK1", "IN1", "GT1", "PV1", "OBR", "OBX", "NTE", "AL1", "DG1"];
/// Segments that tell of people and do not.
const OTHERS: [&str; 4] = ["MSH", "PD1", "IN2", "MRG"];

/// A message under way.
struct Run {
    start: usize,
    end: usize,
    /// The field separator of the latest header.
    field: char,
    /// The first encoding character of it.
    component: char,
    /// The line before was a segment.
    fresh: bool,
}

/// Where the messages of a text stand. Messages, and batch headers, that follow one another are one record.
///
/// # Errors
/// When segments stand there without a whole MSH line before them, in lower case, quoted, or broken over lines.
pub(super) fn messages(text: &str) -> Result<Vec<Span>, Error> {
    let mut found = Vec::new();
    let mut run: Option<Run> = None;
    let mut start = 0;
    for piece in text.split_inclusive(ENDS) {
        let line = piece.trim_end_matches(ENDS);
        let end = start + piece.len();
        if let Some(current) = &mut run {
            let head = header(line).filter(|(at, ..)| *at == 0);
            if line.trim().is_empty() {
                // The LF of a CR LF is no line of its own.
                let ends_line = piece == "\n" && text.get(..start).is_some_and(|text| text.ends_with('\r'));
                current.fresh &= ends_line;
                if piece == "\u{1c}" {
                    current.end = end;
                }
                start = end;
                continue;
            }
            if head.is_some() || is_segment(line, current.field) {
                if let Some((_, field, component)) = head {
                    (current.field, current.component) = (field, component);
                }
                refuse_orphan(line, start, 4)?;
                current.end = end;
                current.fresh = true;
                start = end;
                continue;
            }
            if current.fresh && line.contains([current.field, current.component]) {
                return Err(Error::new(
                    ErrorKind::Malformed,
                    "this line of an HL7 message does not begin with a segment id; send one segment a line, and an empty line before other text",
                    start,
                ));
            }
            found.extend(run.take().map(|run| Span::new(run.start, run.end)));
        }
        match header(line) {
            Some((at, field, component)) => {
                let before = line.get(..at).unwrap_or_default();
                if before.contains('>') && !before.contains(char::is_alphanumeric) {
                    return Err(unplaced(start));
                }
                refuse_orphan(line, start, at + 4)?;
                run = Some(Run {
                    start: start + at,
                    end,
                    field,
                    component,
                    fresh: true,
                });
            }
            None => refuse_orphan(line, start, 0)?,
        }
        start = end;
    }
    found.extend(run.map(|run| Span::new(run.start, run.end)));
    Ok(found)
}

/// A message header in a line: where it begins, its field separator and its component separator. It may stand after
/// other words on the line when it is whole; a batch header may not.
fn header(line: &str) -> Option<(usize, char, char)> {
    let indent = line.len() - line.trim_start_matches([' ', '\t', '\u{feff}']).len();
    let ids = line.match_indices(['M', 'F', 'B']).filter_map(|(at, _)| {
        let id = line.get(at..at + 3)?;
        matches!(id, "MSH" | "FHS" | "BHS").then_some((at, id))
    });
    for (at, id) in ids {
        let inside = line
            .get(..at)
            .is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        if inside || (at != indent && id != "MSH") {
            continue;
        }
        let rest = line.get(at + 3..).unwrap_or_default();
        let Some(field) = rest.chars().next().filter(char::is_ascii_punctuation) else {
            continue;
        };
        // At most five encoding characters, then the separator again.
        let encoding = rest.bytes().skip(1).take(6).take_while(|b| *b != field as u8);
        let length = encoding.clone().filter(u8::is_ascii_punctuation).count();
        if !(1..=5).contains(&length) || encoding.count() != length {
            continue;
        }
        let Some(fields) = rest.get(length + 1..).filter(|fields| fields.starts_with(field)) else {
            continue;
        };
        if id != "MSH" || fields.matches(field).take(WHOLE).count() + 1 >= WHOLE {
            return Some((at, field, rest.chars().nth(1).unwrap_or(field)));
        }
    }
    None
}

/// Three capitals or digits and the separator.
fn is_segment(line: &str, field: char) -> bool {
    line.get(..3).is_some_and(|id| {
        id.starts_with(|c: char| c.is_ascii_uppercase())
            && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    }) && line.get(3..).is_some_and(|rest| rest.starts_with(field))
}

/// Refuses a segment of a person at or after byte `from` of a line that belongs to no message.
fn refuse_orphan(line: &str, start: usize, from: usize) -> Result<(), Error> {
    let mut left = line.matches('|').count();
    for (at, _) in line.match_indices('|') {
        let separators = left;
        left -= 1;
        if separators < 3 {
            break;
        }
        let Some(begin) = at.checked_sub(3).filter(|begin| *begin >= from) else {
            continue;
        };
        let (Some(id), Some(before), Some(after)) = (line.get(begin..at), line.get(..begin), line.get(at + 1..)) else {
            continue;
        };
        let escaped = ["\\r", "\\n", "\\x0d", "\\u000d", "\\u000D", "\\u000a", "\\u000A"]
            .iter()
            .any(|end| before.ends_with(end));
        if !escaped && before.ends_with(|c: char| c.is_alphanumeric() || "_|".contains(c)) {
            continue;
        }
        let among = |ids: &[&str]| ids.iter().any(|known| known.eq_ignore_ascii_case(id));
        let first = after.split('|').next().unwrap_or_default();
        let is_set = first.len() <= 3 && first.bytes().all(|b| b.is_ascii_digit());
        if !((among(&NUMBERED) && is_set) || among(&OTHERS)) {
            continue;
        }
        // In the middle of a sentence, a segment of three fields is talk of segments more often than one.
        if separators >= 4 || escaped || !before.contains(char::is_alphanumeric) {
            return Err(unplaced(start + begin));
        }
    }
    Ok(())
}

fn unplaced(at: usize) -> Error {
    Error::new(
        ErrorKind::Malformed,
        "HL7 segments stand here without a whole MSH line before them; send the message from its MSH line on, in capitals, one segment a line, not quoted or indented",
        at,
    )
}
