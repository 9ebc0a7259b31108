use super::keys::{self, LONGEST_KEY};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::gazetteer;
use crate::lex::Scan;
use crate::lexicon::{self, EPONYM, NOT_NAME, PARTICLE};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "keyed-value",
    class: Class::Name,
    what: "Values of keys such as \"family\", \"city\" or \"mrn\" in JSON, XML, YAML and forms typed as text.",
    why: "Exports of other systems name their people under such keys.",
    source: SAFE_HARBOR,
    yes: &[
        (r#"{"family": "Quillfeather"}"#, "Quillfeather"),
        (r#"{"given": ["zelda"], "x": 1}"#, "zelda"),
        (r#"{'patientCity':'oddville'}"#, "oddville"),
        (r#"{"mrn": 778899, "a1c": 7}"#, "778899"),
        (r#"{"dob":"1952-03-14"}"#, "1952-03-14"),
        (r#"{"name":"Zelda Quillfeather","x":{}}"#, "Zelda Quillfeather"),
        (r#"{\"lastName\":\"Quillfeather\"}"#, "Quillfeather"),
        (r#"<family value="quillfeather"/>"#, "quillfeather"),
        ("<given>Zelda</given>", "Zelda"),
        ("<label>MRN</label><div>884213</div>", "884213"),
        (
            "<div class=\"l\">Patient Name</div>\n <div class=\"v\"><b>Zelda Quillfeather</b></div>",
            "Zelda Quillfeather",
        ),
        ("<dt>Name:</dt>\n<span>Susan Graves</span>", "Susan Graves"),
        ("<p>Last Name</p><p>Quillfeather</p>", "Quillfeather"),
        ("<label>Name</label><div>Marsh, April</div>", "Marsh, April"),
        ("<label>Patient</label><div>Will King</div>", "Will King"),
        (r#"<v3:birthTime nullFlavor="" value="19520314"/>"#, "19520314"),
        ("<given use=\"x\">Zelda</given>", "Zelda"),
        (r#"<id root="2.16.840.1" extension="AB-778899"/>"#, "AB-778899"),
        ("a\nfamily: Quillfeather\nother: 1", "Quillfeather"),
        ("last_name: quillfeather\nx: 1", "quillfeather"),
        (r#"patient_name: "Zelda Quillfeather", a1c: 7"#, "Zelda Quillfeather"),
        ("q?id=1&lastname=Quillfeather&a=1", "Quillfeather"),
    ],
    no: &[
        r#"{"name":"Metformin","dose":"500 mg"}"#,
        r#"{"name": "Hemoglobin A1c", "value": 7.2}"#,
        r#"{"family": null, "given": []}"#,
        r#"{"phone": "none", "mrn": ""}"#,
        "Given: 5 mg IV",
        r#"Family: "we are well""#,
        r#"drug_name: "metformin""#,
        r#"patient_name: "test patient""#,
        r#"patient_name: "not given""#,
        r#"given_by: "mouth""#,
        "Family: supportive at bedside",
        "Family history: Noncontributory",
        "the given dose = 5",
        "<b>Dose</b> <city/>",
        "<label>Name</label><div>Aspirin Tablet</div>",
        "<div>Given</div><div>Aspirin 81</div>",
        "<label>Name</label><div>Epstein Barr</div>",
        "<label>Name</label><div>Von Willebrand</div>",
        "<label>Name</label><div>Unna Boot</div>",
        "<label>Name</label><div>Case Manager</div>",
        "<div>Patient</div><div>Denies Pain</div>",
        "<div>Patient Name</div><div>Room</div><div>MRN</div><div>Age</div>",
        "<div>Patient ID</div><div>pending 22</div>",
        "<div>Line</div><div>PICC 2</div>",
        "<div>City</div><div>Visit</div>",
        "<span>Zip</span><span>Code 12</span>",
        "<p>See MRN</p><p>884213 of 9</p>",
        "<div>Last Name</div><div>First Name</div>",
    ],
    strong: false,
    trigger: Trigger::Text(keyed),
};

/// Longest value read, in bytes.
const LONGEST: usize = 200;

/// Most values read of one list.
const MOST: usize = 16;

/// Longest tag read, in bytes.
const LONGEST_TAG: usize = 400;

/// Looks at every sign that can stand between a key and its value. Each look is bounded.
fn keyed(scan: &Scan<'_>, hits: &mut Hits) {
    let text = scan.text;
    for at in memchr::memchr3_iter(b':', b'=', b'<', text.as_bytes()) {
        if text.as_bytes().get(at) == Some(&b'<') {
            tag(text, at + 1, hits);
            if text.as_bytes().get(at + 1) == Some(&b'/') {
                next_element(text, at, hits);
            }
        } else {
            pair(text, at, hits);
        }
    }
}

/// `"key": "value"`, `key: value` on a line of its own, `key=value`.
fn pair(text: &str, sign: usize, hits: &mut Hits) {
    let head = text.get(..sign).unwrap_or_default().trim_end_matches(' ');
    let bare = head.strip_suffix(['"', '\'']);
    let quoted = bare.is_some();
    let name = bare.map_or(head, |bare| bare.strip_suffix('\\').unwrap_or(bare));
    let is_key = |b: &u8| b.is_ascii_alphanumeric() || b"_-.".contains(b) || quoted && *b == b' ';
    let len = name.bytes().rev().take(LONGEST_KEY + 1).take_while(is_key).count();
    let start = name.len() - len;
    let Some(key) = name.get(start..).and_then(keys::key) else {
        return;
    };
    let equals = text.as_bytes().get(sign) == Some(&b'=');
    let opens = text.as_bytes().get(sign + 1..).unwrap_or_default();
    let space = opens
        .iter()
        .take(64)
        .take_while(|b| b.is_ascii_whitespace() && (quoted || **b == b' '))
        .count();
    let at = sign + 1 + space;
    if let Some((from, to)) = in_quotes(text, at) {
        // `patient_name: "Zelda Quillfeather"` is no sentence, `Family: "We are well"` is one.
        let joined = name.get(start..).is_some_and(|key| key.contains('_'))
            && (key.class != Class::Name || text.get(from..to).is_some_and(|value| is_person(value.trim())));
        value(text, from, to, key, quoted || equals || joined, hits);
    } else if text.as_bytes().get(at) == Some(&b'[') {
        list(text, at + 1, key, hits);
    } else if quoted || equals && space == 0 {
        // A number, or the value in a form.
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let len = rest
            .iter()
            .take(LONGEST)
            .take_while(|b| !b.is_ascii_whitespace() && !b"&;,}])>\"'<".contains(b))
            .count();
        if !quoted || rest.first().is_some_and(u8::is_ascii_digit) {
            value(text, at, at + len, key, true, hits);
        }
    } else if key.class == Class::Name && !key.vague && space > 0 && starts_line(text, start) {
        let line = text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
        let short = line.trim_end();
        let single = ["family", "given"]
            .iter()
            .any(|word| name.get(start..).is_some_and(|key| key.eq_ignore_ascii_case(word)));
        // "Family: Quillfeather" in a record, "Family: supportive" in a note.
        let believed = if single {
            name.get(start..).is_some_and(|key| key.starts_with(['f', 'g'])) && keys::is_name(short, 1)
        } else {
            keys::is_name(short, 1) || !short.contains(' ') && short.chars().all(char::is_alphabetic)
        };
        if short.len() <= LONGEST && believed {
            value(text, at, at + short.len(), key, true, hits);
        }
    }
}

/// True for a name, or one word with a capital that medical text does not write in small letters.
fn is_person(value: &str) -> bool {
    let alone = || value.starts_with(char::is_uppercase) && value.chars().all(char::is_alphabetic);
    keys::is_name(value, 1) || alone() && gazetteer::word(value).lower() <= 1
}

/// True when only indentation and list signs stand before `at` on its line.
fn starts_line(text: &str, at: usize) -> bool {
    let head = text.as_bytes().get(..at).unwrap_or_default();
    let before = head.iter().rev().take(64).find(|b| !matches!(**b, b' ' | b'-' | b'\t'));
    matches!(before, None | Some(b'\n' | b'\r'))
}

/// The text between quotes that open at `at`, also between escaped ones.
fn in_quotes(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let escaped = bytes.get(at) == Some(&b'\\');
    let open = at + usize::from(escaped);
    let quote = *bytes.get(open).filter(|b| matches!(b, b'"' | b'\''))?;
    let rest = bytes.get(open + 1..)?;
    let mut end = 0;
    loop {
        match rest.get(end)? {
            b if *b == quote => break,
            b'\\' if escaped => break,
            b'\\' => end += 2,
            b'\n' => return None,
            _ => end += 1,
        }
        if end > LONGEST {
            return None;
        }
    }
    Some((open + 1, open + 1 + end))
}

/// `"a", "b"]`
fn list(text: &str, mut at: usize, key: keys::Key, hits: &mut Hits) {
    for _ in 0..MOST {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        at += rest
            .iter()
            .take(64)
            .take_while(|b| b.is_ascii_whitespace() || **b == b',')
            .count();
        let Some((from, to)) = in_quotes(text, at) else { return };
        value(text, from, to, key, true, hits);
        at = to + 1 + usize::from(text.as_bytes().get(to) == Some(&b'\\'));
    }
}

/// `<key value="..">`, `<key>value<`, `<id extension="..">`.
fn tag(text: &str, start: usize, hits: &mut Hits) {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let len = rest
        .iter()
        .take(LONGEST_KEY + 1)
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(b))
        .count();
    let name = text.get(start..start + len).unwrap_or_default();
    let id = name.eq_ignore_ascii_case("id");
    let key = match keys::key(name) {
        Some(key) => key,
        None if id => keys::Key {
            class: Class::Id,
            vague: false,
        },
        None => return,
    };
    let inside = rest.iter().take(LONGEST_TAG).position(|b| *b == b'>').unwrap_or(0);
    let attributes = text.get(start..start + inside).unwrap_or_default();
    for sign in [" value=", " extension=", "\nvalue=", "\tvalue="] {
        if let Some(at) = attributes.find(sign)
            && let Some((from, to)) = in_quotes(text, start + at + sign.len())
        {
            value(text, from, to, key, true, hits);
        }
    }
    if inside == 0 || attributes.ends_with('/') || id {
        return;
    }
    let body = start + inside + 1;
    let rest = text.as_bytes().get(body..).unwrap_or_default();
    if let Some(end) = rest.iter().take(LONGEST + 1).position(|b| *b == b'<')
        && rest.get(end + 1) == Some(&b'/')
    {
        value(text, body, body + end, key, true, hits);
    }
}

/// `<label>MRN</label><div>884213</div>`: an element that holds a key, which ends at byte `end`, and the one after it.
fn next_element(text: &str, end: usize, hits: &mut Hits) {
    const MOST_TAGS: usize = 4;
    let head = text.as_bytes().get(..end).unwrap_or_default();
    let len = head
        .iter()
        .rev()
        .take(LONGEST_KEY + 1)
        .take_while(|b| **b != b'>')
        .count();
    let label = text.get(end - len..end).unwrap_or_default();
    let Some(key) = keys::key(label.trim()).filter(|_| len <= LONGEST_KEY && head.len() > len) else {
        return;
    };
    let mut at = end;
    let mut opened = false;
    for _ in 0..MOST_TAGS {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let blanks = rest.iter().take(64).take_while(|b| b.is_ascii_whitespace()).count();
        if rest.get(blanks) != Some(&b'<') {
            break;
        }
        opened |= rest.get(blanks + 1) != Some(&b'/');
        let Some(len) = rest.iter().take(LONGEST_TAG).position(|b| *b == b'>') else {
            return;
        };
        at += len + 1;
    }
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let Some(len) = rest
        .iter()
        .take(LONGEST + 1)
        .position(|b| *b == b'<')
        .filter(|_| opened)
    else {
        return;
    };
    let shown = text.get(at..at + len).unwrap_or_default().trim();
    // A row of heads.
    if keys::key(shown).is_some() {
        return;
    }
    let believed = match key.class {
        Class::Name => {
            let single = ["family", "given"]
                .iter()
                .any(|word| label.trim().eq_ignore_ascii_case(word));
            // "Zelda Quill", "Quill, Zelda", but not "Epstein Barr", "Case Manager" or "Unna Boot"
            let words = || shown.split([' ', ',']).filter(|word| !word.is_empty());
            let listed = words().any(is_listed) && !words().any(is_only_word);
            match (key.vague || single, shown.contains(' ')) {
                (true, _) => keys::is_name(shown, 2) && listed,
                (false, true) => keys::is_name(shown, 2),
                (false, false) => keys::is_name(shown, 1) && gazetteer::word(shown).lower() <= 1,
            }
        }
        Class::Place => {
            let digits = shown.bytes().filter(u8::is_ascii_digit).count();
            let plain = || shown.split(' ').all(|word| gazetteer::word(word).lower() <= 1);
            !key.vague && if digits > 0 { digits > 2 } else { plain() }
        }
        Class::Birth | Class::Phone => !key.vague,
        _ => !key.vague && !shown.bytes().any(|b| b.is_ascii_lowercase() || b == b' '),
    };
    if believed && keys::fits(key.class, shown) {
        value(text, at, at + len, keys::Key { vague: false, ..key }, true, hits);
    }
}

/// True for a given name that is not a word of medical texts as well.
fn is_listed(word: &str) -> bool {
    let levels = gazetteer::word(word);
    let often = levels.given() > LISTED + 1 || levels.proper() <= 1;
    let surname = levels.surname() > levels.given() + 2;
    levels.given() >= LISTED && often && !surname && lexicon::tags(word) & (EPONYM | PARTICLE) == 0
}

/// True for a word that nobody is called.
fn is_only_word(word: &str) -> bool {
    let levels = gazetteer::word(word);
    let name = levels.given().max(levels.surname());
    name <= 2 && levels.lower() > name || name == 0 && lexicon::tags(word) & NOT_NAME != 0
}

/// Least level of a name that many have.
const LISTED: i32 = 4;

/// Reports the value from `start` to `end` if it can be what the key promises.
fn value(text: &str, start: usize, end: usize, key: keys::Key, sure: bool, hits: &mut Hits) {
    let Some(value) = text.get(start..end) else { return };
    let start = start + (value.len() - value.trim_start().len());
    let value = value.trim();
    let believed = match (key.class, key.vague) {
        // `"name": "Metformin"` is no person.
        (Class::Name, true) => keys::is_name(value, 2) && !value.contains('/'),
        (_, true) => value.bytes().any(|b| b.is_ascii_digit()),
        (_, false) => sure,
    };
    if believed && keys::fits(key.class, value) {
        hits.push(start, start + value.len(), key.class, 88);
    }
}
