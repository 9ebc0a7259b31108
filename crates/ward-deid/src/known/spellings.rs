//! Other spellings of the words of a name: short forms, letters written out, one letter wrong.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::recognisers::ABBREVIATIONS;
use crate::{fold, gazetteer, lexicon};

/// Groups of given names: see the head of the file.
static GROUPS: &str = include_str!("../../data/nicknames.txt");

/// Each name to the lines it stands in.
static NICKNAMES: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut table: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in GROUPS.lines().filter(|line| !line.starts_with('#')) {
        for name in line.split_ascii_whitespace() {
            table.entry(name).or_default().push(line);
        }
    }
    table
});

/// The other forms of the given name `name` ("Robert": Bob, Rob, ..), in small letters.
pub(super) fn nicknames(name: &str) -> impl Iterator<Item = &'static str> {
    let mut folded = String::new();
    fold::push_word(name, &mut folded);
    let lines = NICKNAMES.get(folded.as_str()).map_or(&[][..], Vec::as_slice);
    lines
        .iter()
        .flat_map(|line| line.split_ascii_whitespace())
        .filter(move |other| *other != folded)
}

/// Short forms that nobody lists, of a long given name ("Zebulon": Zeb, Zebu, Zebby), each with whether it is no word that
/// stands in texts for itself.
pub(super) fn short_forms(name: &str) -> impl Iterator<Item = (String, bool)> {
    const LEAST: usize = 5;
    let mut folded = String::new();
    fold::push_word(name, &mut folded);
    let long = folded.len() >= LEAST && folded.bytes().all(|b| b.is_ascii_lowercase());
    let head = |count: usize| folded.get(..count).filter(|_| long).map(str::to_owned);
    let closed = head(3).filter(|short| !short.ends_with(['a', 'e', 'i', 'o', 'u', 'y']));
    let ending = |end: &str| {
        closed.as_ref().map(|short| {
            let last = short.get(2..).unwrap_or_default();
            format!("{short}{last}{end}")
        })
    };
    let forms = [closed.clone(), head(4), ending("y"), ending("ie")];
    forms.into_iter().flatten().map(|form| {
        let levels = gazetteer::word(&form);
        let own = !LABELS.contains(&form.as_str())
            && lexicon::tags(&form) == 0
            && levels.lower() == 0
            && (levels.proper() == 0 || levels.given() > 0)
            && !ABBREVIATIONS.contains(&form.as_str());
        (form, own)
    })
}

/// Short forms that charts have as words of their own.
const LABELS: &[&str] = &[
    "abd", "alb", "ant", "ben", "bil", "cal", "cam", "cap", "car", "cat", "cor", "cre", "cyst", "derm", "dig", "ext",
    "fer", "gen", "hem", "hyd", "lab", "lip", "mag", "mar", "max", "med", "met", "min", "neg", "neo", "pen", "pos",
    "pulm", "res", "resp", "rom", "ros", "sat", "sol", "sus", "tab", "temp", "theo", "tob", "tox", "trig", "trop",
    "val", "van", "ver", "vit",
];

/// The family of this surname, "the Quackenbushes", where that is no other word.
pub(super) fn plural(surname: &str) -> Option<String> {
    const LEAST: usize = 4;
    let mut folded = String::new();
    fold::push_word(surname, &mut folded);
    let letters = folded.len() >= LEAST && folded.bytes().all(|b| b.is_ascii_lowercase());
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| folded.ends_with(end));
    folded.push_str(if hissing { "es" } else { "s" });
    (letters && lexicon::tags(&folded) == 0 && gazetteer::word(&folded).lower() == 0).then_some(folded)
}

/// `word` with umlauts and their like written out ("Müller": "Mueller"), or the other way round; none when that changes
/// nothing.
pub(super) fn written_out(word: &str) -> Option<String> {
    const PAIRS: &[(char, &str)] = &[('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('ø', "oe"), ('å', "aa")];
    let pair = |two: &[u8]| matches!(two, [b'a' | b'o' | b'u' | b'A' | b'O' | b'U', b'e' | b'E']);
    if word.is_ascii() && !word.as_bytes().windows(2).any(pair) {
        return None;
    }
    let small = word.to_lowercase();
    let mut out = String::with_capacity(small.len() + 4);
    for c in small.chars() {
        match PAIRS.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => out.push_str(to),
            None => out.push(c),
        }
    }
    if out != small {
        return Some(out);
    }
    // "Mueller" is also found as "Müller", which folds to "muller".
    let back = small.replace("ue", "u").replace("oe", "o").replace("ae", "a");
    (back != small && back.len() >= 5 && small.is_ascii()).then_some(back)
}

/// Appends `word` with letters, figures and marks that are read for each other made one: `Vanderm0len`, `VANDERRNOLEN` and
/// `Vandermolen` have the same skeleton.
pub(super) fn push_skeleton(word: &str, out: &mut String) {
    let start = out.len();
    if word.is_ascii() {
        word.chars()
            .for_each(|c| push_shape(c.to_ascii_lowercase(), start, out));
    } else {
        let mut folded = String::with_capacity(word.len());
        fold::push_word(word, &mut folded);
        folded.chars().for_each(|c| push_shape(c, start, out));
    }
}

/// Appends one folded letter to the skeleton that begins at byte `start` of `out`.
fn push_shape(c: char, start: usize, out: &mut String) {
    let c = match c {
        '0' => 'o',
        '1' | '|' | '!' | 'l' | 'j' => 'i',
        '2' => 'z',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '6' | '9' | 'q' => 'g',
        '7' => 't',
        '8' => 'b',
        _ => c,
    };
    let before = if out.len() > start {
        out.chars().next_back()
    } else {
        None
    };
    let joined = match (before, c) {
        (Some('r'), 'n') => 'm',
        (Some('v'), 'v') => 'w',
        (Some('c'), 'i') => 'd',
        _ => {
            out.push(c);
            return;
        }
    };
    out.pop();
    out.push(joined);
}

/// True when `a` becomes `b` by one letter changed, left out or added, or two neighbours swapped. Both folded; the first
/// letters must agree.
pub(super) fn is_near(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() {
        (a.as_bytes(), b.as_bytes())
    } else {
        (b.as_bytes(), a.as_bytes())
    };
    if long.len() - short.len() > 1 || short.first() != long.first() || short.is_empty() {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (
        short.get(head..).unwrap_or_default(),
        long.get(head..).unwrap_or_default(),
    );
    let rest = |of: &[u8], from: usize| of.get(from..).unwrap_or_default().to_vec();
    if short.len() < long.len() {
        return rest(long, 1) == short;
    }
    match (short, long) {
        ([], []) => false,
        ([x, y, ..], [v, w, ..]) if x == w && y == v => rest(short, 2) == rest(long, 2),
        _ => rest(short, 1) == rest(long, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_short_forms() {
        let bob: Vec<_> = nicknames("ROBERT").collect();
        assert!(bob.contains(&"bob") && !bob.contains(&"robert"));
        assert!(nicknames("Bob").any(|name| name == "robert"));
        assert_eq!(nicknames("Quillfeather").count(), 0);
    }

    #[test]
    fn families_have_a_plural_that_is_no_word() {
        for (surname, expect) in [
            ("Quackenbush", Some("quackenbushes")),
            ("Vandermolen", Some("vandermolens")),
            ("Kowalski", Some("kowalskis")),
            ("Stone", None),
            ("Wood", None),
            ("Cell", None),
            ("Li", None),
        ] {
            assert_eq!(plural(surname).as_deref(), expect, "{surname}");
        }
    }

    #[test]
    fn writes_letters_out() {
        for (word, expect) in [
            ("Müller", Some("mueller")),
            ("Mueller", Some("muller")),
            ("Sørensen", Some("soerensen")),
            ("Quill", None),
            ("Noe", None),
        ] {
            assert_eq!(written_out(word).as_deref(), expect, "{word}");
        }
    }

    #[test]
    fn brings_misread_letters_together() {
        let skeleton = |word: &str| {
            let mut out = String::new();
            push_skeleton(word, &mut out);
            out
        };
        for (a, b) in [
            ("Vandermolen", "VANDERRN0LEN"),
            ("Wolski", "VV01SK1"),
            ("Brandstetter", "8ranclstetter"),
            ("Quillfeather", "Qui||feather"),
        ] {
            assert_eq!(skeleton(a), skeleton(b));
        }
        assert_ne!(skeleton("Vandermolen"), skeleton("Vandermolan"));
    }

    #[test]
    fn tells_one_wrong_letter() {
        for (a, b, expect) in [
            ("quillfeather", "quillfeathr", true),
            ("quillfeather", "quilfeather", true),
            ("quillfeather", "quillfeatherr", true),
            ("quillfeather", "qiullfeather", true),
            ("quillfeather", "quillfeether", true),
            ("quillfeather", "quillfeather", false),
            ("quillfeather", "quillfethar", false),
            ("quillfeather", "wuillfeather", false),
            ("", "", false),
        ] {
            assert_eq!(is_near(a, b), expect, "{a} {b}");
        }
    }
}
