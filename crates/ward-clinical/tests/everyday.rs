//! Everyday statements by a tester's hand: how many of their facts are told, and how many that nobody said.

use ward_clinical::{Fact, read};
use ward_formats::{Budget, Doc};

const STATEMENTS: &str = include_str!("data/everyday.txt");

/// Kind, what is denied, and all words of a fact.
fn words(fact: &Fact) -> Vec<String> {
    let attributes = fact.attributes().into_iter().map(|(_, value)| value.to_string());
    let no = if fact.negated { "no" } else { "" };
    let all = [fact.kind.word(), no, &fact.concept, fact.value.as_deref().unwrap_or("")].map(str::to_owned);
    let all = all
        .into_iter()
        .chain(attributes)
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    all.split([' ', ',', ':']).map(str::to_owned).collect()
}

fn is_told(label: &str, fact: &Fact) -> bool {
    let words = words(fact);
    fact.negated == label.split(' ').any(|word| word == "no")
        && label.starts_with(fact.kind.word())
        && label
            .split(' ')
            .all(|word| words.iter().any(|own| own.starts_with(word)))
}

/// The counts are those that the guide states. A mend changes them and it.
#[test]
fn most_facts_of_everyday_statements_are_told_and_few_others() {
    let (mut labels, mut told, mut facts, mut others) = (0, 0, 0, Vec::new());
    for line in STATEMENTS.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('|').map(str::trim);
        let note = parts.next().unwrap().replace("\\n", "\n") + "\n";
        let wanted: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let doc = Doc::parse(note.as_bytes(), None, Budget::RECORD).unwrap().document;
        let found = read(&doc).facts;
        labels += wanted.len();
        facts += found.len();
        told += wanted
            .iter()
            .filter(|label| found.iter().any(|fact| is_told(label, fact)))
            .count();
        let odd = found
            .iter()
            .filter(|fact| !wanted.iter().any(|label| is_told(label, fact)));
        others.extend(odd.map(|fact| words(fact).join(" ")));
    }
    assert_eq!((told, labels), (77, 98));
    assert_eq!((others.len(), facts), (2, 79), "{others:?}");
}
