//! Table E.1-1 of DICOM PS3.15: what becomes of each attribute. Read once from `profile.txt`.

use std::sync::LazyLock;

use ward_formats::dicom::Tag;

use super::{Dates, Options};

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| read(include_str!("profile.txt")));

/// What becomes of an attribute. Where the table gives several actions, the type of the attribute in the information
/// object decides (Type 1 must have a value, Type 2 may be empty, Type 3 may be absent). Ward does not know the type of
/// every attribute in every object and takes the one action that is valid for all that the combination allows:
/// X/Z is Z, X/D, Z/D and X/Z/D are D, X/Z/U* is U.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Remove.
    X,
    /// Zero length, or for a sequence no item.
    Z,
    /// A dummy value that is not empty.
    D,
    /// A dummy where there is a value; what is empty stays empty (the Z of Z/D).
    Zd,
    /// A UID of its own for each UID.
    U,
    /// Keep.
    K,
    /// Keep what does not identify: text is cleaned, dates are moved.
    C,
}

/// Occupation: a few words that nobody can tell to be harmless ("mayor of Oddville"). Goes also where descriptors are cleaned.
const OCCUPATION: Tag = Tag(0x0010_2180);

struct Row {
    tag: Tag,
    basic: Action,
    options: &'static str,
}

fn read(table: &'static str) -> Vec<Row> {
    let mut rows: Vec<Row> = table.lines().filter_map(row).collect();
    rows.sort_unstable_by_key(|row| row.tag);
    rows
}

fn row(line: &'static str) -> Option<Row> {
    let mut words = line.split(' ');
    let tag = words.next()?;
    // Curves, overlays and private attributes have no single tag.
    let tag = match tag.strip_prefix("60xx") {
        Some(element) => 0x6000 << 16 | u32::from_str_radix(element, 16).ok()?,
        None => u32::from_str_radix(tag, 16).ok()?,
    };
    let basic = match words.next()? {
        "X" => Action::X,
        "Z" | "X/Z" => Action::Z,
        "D" => Action::D,
        "Z/D" | "X/D" | "X/Z/D" => Action::Zd,
        "U" | "X/Z/U*" => Action::U,
        _ => return None,
    };
    let options = words.next()?;
    let tag = Tag(tag);
    Some(Row { tag, basic, options })
}

fn find(tag: Tag) -> Option<&'static Row> {
    let overlay = tag.group() & 0xff00 == 0x6000;
    let tag = if overlay { Tag::new(0x6000, tag.element()) } else { tag };
    let at = TABLE.binary_search_by_key(&tag, |row| row.tag).ok()?;
    TABLE.get(at)
}

/// What becomes of `tag` under `options`; `None` when the table does not list it.
pub(super) fn action(tag: Tag, options: &Options) -> Option<Action> {
    let row = find(tag)?;
    let has = |letter| row.options.contains(letter);
    let dates = has('t').then_some(options.dates);
    // Modified dates come before a device's: an exact date of calibration would give the number of days away.
    Some(match dates {
        Some(Dates::Shifted) => Action::C,
        Some(Dates::Full) => Action::K,
        _ if options.uids && has('u') => Action::K,
        _ if options.device && has('d') => Action::K,
        _ if options.device && has('D') => Action::C,
        _ if options.institution && has('i') => Action::K,
        _ if options.patient && has('p') => Action::K,
        _ if options.patient && has('P') => Action::C,
        _ if options.descriptors && has('e') && tag != OCCUPATION => Action::C,
        _ if options.structured && has('s') => Action::C,
        _ if options.graphics && has('g') => Action::C,
        _ => row.basic,
    })
}

/// True for what `options` keep as it is.
pub(super) fn is_retained(tag: Tag, options: &Options) -> bool {
    action(tag, options) == Some(Action::K)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tag: u32, options: &Options, expect: Option<Action>) {
        assert_eq!(action(Tag(tag), options), expect, "{:?}", Tag(tag));
    }

    #[test]
    fn reads_the_whole_table() {
        let lines = include_str!("profile.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .count();
        // All but curves (50xx) and private attributes, which have rules of their own.
        assert_eq!((lines, TABLE.len()), (621, 619));
        assert!(TABLE.is_sorted_by(|a, b| a.tag < b.tag));
    }

    #[test]
    fn options_change_what_they_should() {
        let basic = Options::basic();
        for (tag, expect) in [
            (0x0010_0010, Some(Action::Z)),
            (0x0010_0020, Some(Action::Zd)),
            (0x0008_1030, Some(Action::X)),
            (0x0008_0018, Some(Action::U)),
            (0x0008_1140, Some(Action::U)),
            (0x0040_a730, Some(Action::D)),
            (0x6004_3000, Some(Action::X)),
            (0x0028_0010, None),
        ] {
            check(tag, &basic, expect);
        }
        let with = |change: fn(&mut Options)| {
            let mut options = Options::basic();
            change(&mut options);
            options
        };
        check(0x0008_1030, &with(|o| o.descriptors = true), Some(Action::C));
        check(0x0008_0020, &with(|o| o.dates = Dates::Shifted), Some(Action::C));
        check(0x0008_0020, &with(|o| o.dates = Dates::Full), Some(Action::K));
        check(0x0008_0018, &with(|o| o.uids = true), Some(Action::K));
        check(0x0018_1000, &with(|o| o.device = true), Some(Action::K));
        check(0x0008_0055, &with(|o| o.device = true), Some(Action::C));
        check(0x0008_0080, &with(|o| o.institution = true), Some(Action::K));
        check(0x0010_0040, &with(|o| o.patient = true), Some(Action::K));
        check(0x0010_2110, &with(|o| o.patient = true), Some(Action::C));
        check(0x0040_a730, &with(|o| o.structured = true), Some(Action::C));
        check(0x0070_0001, &with(|o| o.graphics = true), Some(Action::C));
        check(0x0010_0010, &Options::default(), Some(Action::Z));
    }
}
