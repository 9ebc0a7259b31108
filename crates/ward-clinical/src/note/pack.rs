//! Language packs: tables that say how the notes of a language write what the reader knows by its English words.
//!
//! A pack is a text file under `packs/`, in parts that begin with `[name]`; lines that begin with `# ` after a blank or within a part are
//! remarks. Most parts are lists of words parted by commas. `[heads]`, `[labels]`, `[words]` and `[terms]` are tables: `a, b = c`.
//!
//! | part | says |
//! |---|---|
//! | `numbers` | `comma`: "7,5" is seven and a half and "1.250" is 1250; dates are day, month, year |
//! | `heads` | heads of sections, and the section by its title |
//! | `standing` | words of a head that turn what stands under it ("discontinued medications"), and how; `nothing` for words that may stand beside them |
//! | `visit`, `no visit` | words that make a line with a date the head of a visit, and words that forbid it |
//! | `abbreviations` | words after which a full stop ends no sentence |
//! | `boilerplate` | beginnings of sentences that say nothing of the patient |
//! | `tell-tale` | small words by which the language is known |
//! | `idle` | words that compression may drop |
//! | `labels` | labels of a header line, and `born`, `sex` or `age` |
//! | `suspected`, `past` | English words after which a problem is suspected, or over |
//! | `pairs` | two words of one clause that are read together: `von ... auf = from ... to` |
//! | `compounds` | ends of words that are one word with what stands before them: `allergie = allergy` |
//! | `words`, `terms` | phrases and the English words that they are read as; `# tag` counts after a number only |
//!
//! A phrase of a pack is read as its English words and a fact names it so: the same statement gives the same fact in every language, and
//! the words of the note stay in its pieces. What no table knows stays as written.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{
    language::{Language, NO_TELL_TALE},
    sections::Standing,
    words,
};
use crate::{
    fact::Section,
    lexicon::{Plain, Shapes, drugs, packed},
};

/// A phrase, and what it is read as.
struct Phrase {
    words: Vec<String>,
    after_number: bool,
    says: Vec<&'static str>,
}

/// Two words that are read together when the second follows the first.
struct Pair {
    second: String,
    says: (Vec<&'static str>, Vec<&'static str>),
}

/// A pack as read.
#[derive(Default)]
pub(crate) struct Pack {
    /// "7,5" is seven and a half; dates are day, month, year.
    pub(crate) comma: bool,
    heads: HashMap<String, Section, Plain>,
    head_shapes: Shapes,
    /// Words of heads that turn what stands under them, and those that say nothing.
    standing: HashMap<String, Option<Standing>, Plain>,
    standing_shapes: Shapes,
    /// Words that make a line with a date the head of a visit.
    pub(crate) visit: Vec<&'static str>,
    /// Words that make it something else.
    pub(crate) no_visit: Vec<&'static str>,
    /// Words after which a full stop ends no sentence, lower case.
    pub(crate) abbreviations: Vec<&'static str>,
    /// Beginnings of sentences that say nothing of the patient, lower case.
    pub(crate) boilerplate: Vec<&'static str>,
    /// The first word of those, and what the second begins with.
    pub(crate) boilerplate_words: Vec<(&'static str, &'static str)>,
    /// The first letters of those, as [`super::letter`] gives them.
    pub(crate) boilerplate_letters: u32,
    /// Small words by which the language is known, lower case.
    pub(super) tell_tale: HashSet<&'static str, Plain>,
    /// Words that compression may drop, where it has no list of its own.
    pub(crate) idle: Vec<&'static str>,
    pub(crate) idle_shapes: Shapes,
    /// Labels of header lines, lower case, and what they label.
    pub(crate) labels: Vec<(&'static str, &'static str)>,
    /// English words after which a problem is suspected.
    pub(crate) suspected: Vec<&'static str>,
    /// English words after which a problem is over.
    pub(crate) past: Vec<&'static str>,
    pairs: HashMap<String, Vec<Pair>, Plain>,
    /// Ends of compound words, folded, and what they are read as.
    compounds: Vec<(String, &'static str)>,
    phrases: HashMap<String, Vec<Phrase>, Plain>,
    /// Lines that no part could read.
    unread: Vec<&'static str>,
}

static PACKS: LazyLock<[Pack; 2]> = LazyLock::new(|| {
    [
        Pack::read(include_str!("../../packs/en.txt")),
        Pack::read(include_str!("../../packs/de.txt")),
    ]
});

/// The pack of a language.
pub(crate) fn pack(language: Language) -> &'static Pack {
    let [english, german] = &*PACKS;
    match language {
        Language::English => english,
        Language::German => german,
    }
}

/// The section that a head of any language names, of those under which another language must not be read as prose: "Allergien: Penicillin" in
/// an English note orders no penicillin.
pub(super) fn head_elsewhere(name: &str) -> Option<Section> {
    let apart = [Section::Allergies, Section::Medications, Section::FamilyHistory];
    let of = |language| pack(language).head(name).filter(|section| apart.contains(section));
    Language::ALL
        .into_iter()
        .find_map(of)
        .filter(|_| name.len() > SHORTEST_HEAD)
}

/// The words that a head of any language may begin with: their shapes, and they as [`packed`] gives them.
static FIRST: LazyLock<(Shapes, HashSet<u128, Plain>)> = LazyLock::new(|| {
    let words = || {
        PACKS.iter().flat_map(|pack| {
            let heads = pack.heads.keys().filter_map(|name| name.split(' ').next());
            heads.chain(pack.standing.keys().map(String::as_str))
        })
    };
    let keys = words().filter_map(|word| packed(word.as_bytes()));
    (Shapes::of(words()), keys.collect())
});

/// Whether a name may be that of a section, in any language, as far as its first word tells.
pub(super) fn may_begin_head(name: &str) -> bool {
    let bytes = name.as_bytes();
    let ends = |byte: &u8| !byte.is_ascii() || byte.is_ascii_whitespace() || *byte == b'\x0b';
    let end = bytes.iter().position(ends).unwrap_or(bytes.len());
    let word = bytes.get(..end).unwrap_or(&[]);
    let (shapes, words) = &*FIRST;
    let may_be = || {
        shapes.may_be(word.first().map(u8::to_ascii_lowercase), word.len())
            && packed(word).is_none_or(|word| words.contains(&word))
    };
    bytes.get(end).is_some_and(|byte| !byte.is_ascii()) || may_be()
}

/// The longest head that says nothing in a note of another language, in bytes: "fa".
const SHORTEST_HEAD: usize = 3;

/// The pack of the language that a text tells, English where nothing does.
#[cfg(test)]
pub(crate) fn of(text: &str) -> &'static Pack {
    pack(Language::of(text).unwrap_or(Language::English))
}

impl Pack {
    fn read(file: &'static str) -> Self {
        let mut pack = Self::default();
        let mut part = "";
        for line in file.lines().map(str::trim) {
            if line.is_empty() || is_remark(line) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                part = name;
                continue;
            }
            let (keys, says) = line.split_once(" = ").unwrap_or((line, ""));
            let keys = keys.split(", ").map(|key| key.trim_end_matches(','));
            match part {
                "numbers" => pack.comma = line == "comma",
                "heads" => {
                    let section = Section::ALL.into_iter().find(|section| section.title() == says);
                    match section {
                        Some(section) => keys.for_each(|key| {
                            pack.heads.entry(fold(key)).or_insert(section);
                        }),
                        None => pack.unread.push(line),
                    }
                }
                "standing" => match (Standing::named(says), says) {
                    (None, says) if says != "nothing" => pack.unread.push(line),
                    (standing, _) => keys.for_each(|key| {
                        pack.standing.insert(fold(key), standing);
                    }),
                },
                "visit" => pack.visit.extend(keys),
                "no visit" => pack.no_visit.extend(keys),
                "abbreviations" => pack.abbreviations.extend(keys),
                "boilerplate" => pack.boilerplate.extend(keys),
                "tell-tale" => pack.tell_tale.extend(keys),
                "idle" => pack.idle.extend(keys),
                "labels" => pack.labels.extend(keys.map(|key| (key, says))),
                "suspected" => pack.suspected.extend(keys),
                "past" => pack.past.extend(keys),
                "compounds" if !says.is_empty() => pack.compounds.extend(keys.map(|key| (fold(key), says))),
                "pairs" => pack.add_pair(line),
                "words" | "terms" if !says.is_empty() => {
                    keys.for_each(|key| pack.add_phrases(key, says));
                }
                _ => pack.unread.push(line),
            }
        }
        for list in pack.phrases.values_mut() {
            // The longest wins, and of two alike the one that asks for more.
            list.sort_by_key(|phrase| std::cmp::Reverse((phrase.words.len(), phrase.after_number)));
        }
        pack.idle_shapes = Shapes::of(pack.idle.iter().copied());
        pack.head_shapes = Shapes::of(pack.heads.keys().map(String::as_str));
        pack.standing_shapes = Shapes::of(pack.standing.keys().map(String::as_str));
        let begins = pack.boilerplate.iter().map(|start| {
            let mut words = start.split(' ');
            (words.next().unwrap_or(""), words.next().unwrap_or(""))
        });
        pack.boilerplate_words = begins.collect();
        let letters = pack.boilerplate_words.iter().map(|(word, _)| super::letter(word));
        pack.boilerplate_letters = letters.fold(0, |all, one| all | one);
        pack
    }

    fn add_pair(&mut self, line: &'static str) {
        let sides = line.split_once(" = ").and_then(|(keys, says)| {
            let (a, b) = keys.split_once(" ... ")?;
            Some((a, b, says.split_once(" ... ")?))
        });
        let Some((firsts, second, (x, y))) = sides else {
            self.unread.push(line);
            return;
        };
        for first in firsts.split('|') {
            self.pairs.entry(fold(first)).or_default().push(Pair {
                second: fold(second),
                says: (x.split(' ').collect(), y.split(' ').collect()),
            });
        }
    }

    fn add_phrases(&mut self, key: &str, says: &'static str) {
        let (after_number, key) = match key.strip_prefix("# ") {
            Some(key) => (true, key),
            None => (false, key),
        };
        let mut ways = vec![String::new()];
        for word in key.split(' ') {
            let grown = ways.iter().flat_map(|way| {
                word.split('|')
                    .map(move |one| format!("{way}{}{one}", if way.is_empty() { "" } else { " " }))
            });
            ways = grown.collect();
        }
        for way in ways {
            // "v.a." may be written "V. a." too.
            let apart = way.replace('.', ". ");
            let both = [Some(way.as_str()), way.contains('.').then_some(apart.as_str())];
            for way in both.into_iter().flatten() {
                let words = words::plain(&fold(way));
                let Some(first) = words.first().cloned() else { continue };
                let list = self.phrases.entry(first).or_default();
                if !list
                    .iter()
                    .any(|one| one.words == words && one.after_number == after_number)
                {
                    list.push(Phrase {
                        words,
                        after_number,
                        says: says.split(' ').collect(),
                    });
                }
            }
        }
    }

    /// Whether words are read as others at all.
    pub(crate) fn translates(&self) -> bool {
        !self.phrases.is_empty()
    }

    /// The longest phrase at `at` of a row of folded words: how many words it has, and what it is read as.
    pub(crate) fn phrase(&self, row: &[String], at: usize, after_number: bool) -> Option<(usize, &[&'static str])> {
        let list = self.phrases.get(row.get(at)?)?;
        list.iter()
            .find(|phrase| {
                (after_number || !phrase.after_number)
                    && row.get(at..at + phrase.words.len()) == Some(phrase.words.as_slice())
            })
            .map(|phrase| (phrase.words.len(), phrase.says.as_slice()))
    }

    /// What a folded word is read as that is a medicine or a word of the pack with another after it: "Metformintherapie".
    pub(crate) fn compound(&self, word: &str) -> Option<[&'static str; 2]> {
        let (stem, tail) = self
            .compounds
            .iter()
            .find_map(|(end, says)| Some((word.strip_suffix(end.as_str())?, *says)))?;
        let stem = stem.trim_end_matches('-');
        let known = |stem: &str| {
            let own = self.phrases.get(stem).into_iter().flatten();
            let own = own
                .filter(|phrase| phrase.words.len() == 1 && !phrase.after_number)
                .find_map(|phrase| match phrase.says.as_slice() {
                    [only] => Some(*only),
                    _ => None,
                });
            let own = own
                .or_else(|| drugs::names().single(stem))
                .or_else(|| drugs::allergens().single(stem));
            own.or_else(|| drugs::generic_with_e(stem))
        };
        let found = known(stem)
            .or_else(|| known(stem.strip_suffix('s')?))
            .filter(|_| stem.len() > 3)?;
        Some([found, tail])
    }

    /// The nearest word of the same clause that is read together with the one at `at`: its place, and what the two are read as.
    pub(crate) fn pair(&self, row: &[String], at: usize) -> Option<(usize, &[&'static str], &[&'static str])> {
        let list = self.pairs.get(row.get(at)?)?;
        let reach = row.iter().enumerate().skip(at + 1).take(PAIR_REACH);
        reach.take_while(|(_, word)| *word != ";").find_map(|(i, word)| {
            // "Wurde nicht erhöht" says something else, which is a phrase.
            let denied = row.get(i - 1).is_some_and(|before| before == NOT);
            let pair = list.iter().find(|pair| pair.second == *word && !denied)?;
            Some((i, pair.says.0.as_slice(), pair.says.1.as_slice()))
        })
    }

    /// The section that a head, lower case and white space squeezed, names.
    pub(crate) fn head(&self, name: &str) -> Option<Section> {
        if self.comma && !name.is_ascii() {
            return self.heads.get(&fold(name)).copied();
        }
        if !self.head_shapes.may_be(name.bytes().next(), name.len()) {
            return None;
        }
        self.heads.get(name).copied()
    }

    /// How a head, lower case and white space squeezed, turns what stands under it; and the head without the words that say so.
    pub(crate) fn standing(&self, name: &str) -> Option<(Standing, String)> {
        let own = |word: &str| match self.comma && !word.is_ascii() {
            true => self.standing.get(&fold(word)),
            false if !self.standing_shapes.may_be(word.bytes().next(), word.len()) => None,
            false => self.standing.get(word),
        };
        let standing = name.split(' ').find_map(|word| *own(word)?)?;
        let rest: Vec<&str> = name.split(' ').filter(|word| own(word).is_none()).collect();
        Some((standing, rest.join(" ")))
    }

    /// Whether a text has a word that this language alone writes so: a small one, or one of the tables.
    pub(super) fn names(&self, text: &str) -> bool {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
        let row: Vec<String> = words.filter(|word| !word.is_empty()).map(fold).collect();
        let several = (0..row.len()).any(|at| self.phrase(&row, at, false).is_some_and(|(len, _)| len > 1));
        several
            || row.iter().any(|word| {
                let small = self.tell_tale.contains(word.as_str()) && !NO_TELL_TALE.contains(&word.as_str());
                let own = self.phrases.get(word).into_iter().flatten();
                let mut own = own.filter(|phrase| phrase.words.len() == 1 && phrase.says != [word.as_str()]);
                small || word.len() >= LONG && own.next().is_some()
            })
    }
}

/// Words of the tables of at least so many bytes are words of no other language.
const LONG: usize = 6;

/// The word that, right before the second of a pair, makes it none.
const NOT: &str = "nicht";

/// How many words apart the two of a pair may be.
const PAIR_REACH: usize = 14;

/// A line that begins with `# ` and is no entry is a remark.
fn is_remark(line: &str) -> bool {
    line.starts_with("# ") && !line.contains(" = ")
}

/// Lower case, with umlauts and sharp s in two letters.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 2);
    for c in word.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
            continue;
        }
        for c in c.to_lowercase() {
            match c {
                'ä' => out += "ae",
                'ö' => out += "oe",
                'ü' => out += "ue",
                'ß' => out += "ss",
                'μ' => out.push('µ'),
                _ => out.push(c),
            }
        }
    }
    out
}

/// A number with a decimal comma as one with a decimal point and nothing between its thousands: "7,5" is "7.5" and "1.250" is "1250".
/// A point that cannot part thousands ("7.5", "0.125") is a decimal point; what fits no rule stays as it is.
pub(crate) fn with_point(number: &str) -> String {
    let grouped = |whole: &str, mark: char| {
        let mut groups = whole.split(mark);
        let first = groups.next().unwrap_or("");
        (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|group| group.len() == 3)
    };
    let (commas, points) = (number.matches(',').count(), number.matches('.').count());
    match (commas, points) {
        (1, 0) => number.replace(',', "."),
        (0, 0) => number.to_owned(),
        (0, _) if grouped(number, '.') => number.replace('.', ""),
        (1, _) => match number.split_once(',') {
            Some((whole, part)) if grouped(whole, '.') && !part.contains('.') => {
                format!("{}.{part}", whole.replace('.', ""))
            }
            _ => number.to_owned(),
        },
        _ => number.to_owned(),
    }
}

/// Whether a number may be one of thousands or one with three decimals: "1.250".
pub(crate) fn may_part_thousands(number: &str) -> bool {
    number.split_once('.').is_some_and(|(whole, part)| {
        (1..=3).contains(&whole.len())
            && !whole.starts_with('0')
            && part.len() == 3
            && part.bytes().all(|b| b.is_ascii_digit())
    })
}

/// A number of a language with decimal points whose comma parts no thousands ("1,2", "0,125"), with a point; all others as they are.
pub(crate) fn with_decimal_point(number: &str) -> String {
    match number.split_once(',') {
        Some((whole, part)) if !part.contains([',', '/']) && (part.len() < 3 || whole == "0") => {
            format!("{whole}.{part}")
        }
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_pack_is_read() {
        for language in Language::ALL {
            assert_eq!(pack(language).unread, Vec::<&str>::new(), "{language:?}");
        }
    }

    #[test]
    fn every_head_begins_with_a_letter() {
        for language in Language::ALL {
            assert!(
                pack(language)
                    .heads
                    .keys()
                    .all(|name| name.starts_with(char::is_alphabetic))
            );
        }
    }

    #[test]
    fn a_decimal_comma_is_never_one_of_thousands() {
        let check = |written: &str, expect: &str| assert_eq!(with_point(written), expect, "{written}");
        check("7,5", "7.5");
        check("7,500", "7.500");
        check("0,125", "0.125");
        check("1.250", "1250");
        check("1.250.000", "1250000");
        check("1.250,75", "1250.75");
        check("7.5", "7.5");
        check("0.125", "0.125");
        check("12.5000", "12.5000");
        check("1,2,3", "1,2,3");
        check("80", "80");
    }
}
