//! What a policy says of the project, its people or its software, and what no topic takes up: told as it stands, so that
//! nobody takes silence for a check. Left out is what says nothing of them: what a reader is told to do, questions, lists of
//! what is in scope, dangers, thanks, and what a page says of itself.

use super::*;
use crate::read::Unmapped;

/// Most sentences that are told. How many more there are is counted.
const MOST: usize = 200;

/// How a page calls itself, and what it does then.
const PAGES: &str = "document documents policy page section sections guide statement table list chapter note notes template \
    checklist file information recommendations guidelines steps terms";
const DESCRIBES: &str = "describe describes explain explains outline outlines cover covers list lists contain contains apply \
    applies define defines set sets summarise summarises summarize summarizes document documents provide provides show shows \
    detail details discuss discusses below help helps intended";

/// Words that begin a sentence and are no verb in the imperative.
const OPENERS: &str = "a across after against all also although always an and any as at because before behind besides between \
    beyond both but by during each either even every few first for four from given half he her here how however i if in inside \
    instead it its just many most much neither never no nobody none nor not nothing of on once one only or our outside over per \
    several she since so some somebody such than that the their then there these they this those though three through throughout \
    to two under unless until upon via we what when where whether which while who whoever why with within without yes you your";

/// Words that follow a verb in the imperative, and hardly a noun that begins a sentence.
const OBJECTS: &str = "a an any each every it me no our the their them these this those us your yourself";

/// Verbs in the imperative that a whole clause may follow: "ensure logs are kept".
const CLAUSES: &str = "ensure verify check confirm make be do don't never always note remember assume see let consider";

/// Verbs that few sentences do without.
const AUXILIARY: &str = "am is are was were be been has have had will would can cannot must shall do does did never may might \
    gets get goes go stays stay remains remain runs run";

/// What a list is of where its lines name faults and reports.
const FAULTS: &[&str] = &[
    "vulnerab", "issue", "attack", "report", "example", "bug", "threat", "risk", "such as",
];

fn is_one_of(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == word)
}

impl Reader<'_> {
    /// Tells a unit that gave no promise, where it says what somebody or something of the project does, did or never does.
    pub(super) fn unbound(&mut self, at: usize, unit: &Unit, section: Section, leads: &[Found]) {
        let is_security = self.head(unit).is_some_and(|head| head.is_security);
        if self.kind != DocumentKind::Policy && !is_security {
            return;
        }
        let mut answer = self.answers.get(at).cloned().unwrap_or_default();
        // "## How long until I hear something?", and the answer in a few words.
        let heading = unit.heading.and_then(|at| self.page.headings.get(at));
        let reports = |text: &str| {
            ["report", "include", "submit", "contact"]
                .iter()
                .any(|word| text.contains(word))
        };
        let asks = |text: &str| text.ends_with('?') && !reports(&text.to_lowercase());
        if let Some(heading) = heading.filter(|heading| answer.question.is_none() && asks(&heading.text)) {
            answer.question = Some(Arc::clone(&heading.text));
        }
        // Words that lead to a list are told with it.
        let next = self.page.units.get(at + 1);
        let leads_on = next.is_some_and(|next| next.leads.first().is_some_and(|lead| **lead == *unit.text));
        // "The following versions are receiving updates.", and then they stand there.
        let announces = unit.text.to_lowercase().contains("the following")
            && !unit.text.contains(": ")
            && (unit.text.ends_with("following.") || next.is_some_and(|next| next.kind != UnitKind::Sentence));
        let is_lead = announces || leads_on && !unit.text.ends_with('.');
        if is_lead || !says(unit, section, leads, &answer) {
            return;
        }
        if self.reading.unmapped.len() >= MOST {
            self.reading.unmapped_more += 1;
            return;
        }
        let text = match &answer.question {
            Some(question) => format!("{question} {}", unit.text),
            None => unit.text.clone(),
        };
        self.reading.unmapped.push(Unmapped {
            text: text.chars().take(MAX_TEXT).collect(),
            place: self.place(unit.line, unit.last_line),
        });
    }
}

/// Whether a unit says what the project, its people or its software does.
fn says(unit: &Unit, section: Section, leads: &[Found], answer: &Answer) -> bool {
    let is_list = matches!(section, Section::Asked | Section::Template);
    // What counts as a fault, and who is trusted.
    let is_scope = |text: &str| {
        let lower = text.to_lowercase();
        lower.contains("trust") || FAULTS.iter().any(|word| lower.contains(word))
    };
    if is_list
        || section == Section::Scope && is_scope(&unit.text)
        || unit.text.ends_with([':', '?'])
        || answer.is_advice()
    {
        return false;
    }
    let found = phrases::find(&unit.text);
    let whole = words(&found.plain);
    let is_ours = [Word::We, Word::Our, Word::Receives]
        .iter()
        .any(|word| found.has(*word));
    let lead = leads.first();
    let led = lead.is_some_and(is_our_lead);
    let is_aside =
        is_pointer(unit, &whole, answer) || is_page(&whole) || is_danger(&found, is_ours) || is_possible(&found);
    if is_aside || found.has(Word::Courtesy) && !led || section == Section::History && !is_ours {
        return false;
    }
    let rest = words(found.plain.get(frame::label_end(unit)..).unwrap_or_default());
    let is_verbal = has_verb(&rest) || has_verb(&whole);
    if answer.question.is_some() && !is_imperative(unit, &found, &whole) {
        return true;
    }
    if let Some(lead) = lead.filter(|_| !led && !is_ours) {
        let reader = [Word::Advise, Word::Please, Word::Users, Word::Reporters];
        // "Watch for:"
        let first = words(&lead.plain)
            .first()
            .is_some_and(|first| phrases::find(first).has(Word::Imperative));
        let is_readers = first && lead.plain.ends_with(':') || reader.iter().any(|word| lead.has(*word));
        if is_readers || !is_verbal && FAULTS.iter().any(|word| lead.plain.contains(word)) {
            return false;
        }
    }
    // "We treat as security issues:"
    let is_of_faults = |lead: &Found| {
        ["consider", "treat", "regard"]
            .iter()
            .any(|word| lead.plain.contains(word))
    };
    if !is_verbal && lead.is_some_and(is_of_faults) {
        return false;
    }
    let is_own_part =
        matches!(section, Section::Measures | Section::Contributors) || unit.kind != UnitKind::Sentence && led;
    if found.has(Word::Please) || !is_own_part && is_told(unit, section, &found, &whole) {
        return false;
    }
    // "Jo Doe (@jo)"
    if !is_verbal && unit.text.contains('@') {
        return false;
    }
    match unit.kind {
        UnitKind::Sentence => {
            let is_whole = rest.len() >= 4 && unit.text.ends_with('.');
            let is_sentence = is_verbal || is_whole && !matches!(section, Section::Scope | Section::Reporting);
            rest.len() >= 3 && (is_own_part || is_ours || is_sentence)
        }
        UnitKind::Item | UnitKind::Row if is_own_part => whole.len() >= 2,
        UnitKind::Item | UnitKind::Row => match section {
            // "Security model": a list of what is trusted, or of what is done.
            Section::Scope => has_clause(&rest) && rest.len() >= 4,
            Section::Reporting | Section::Versions | Section::Users => is_ours || has_verb(&rest) && rest.len() >= 4,
            _ => whole.len() >= 3,
        },
    }
}

/// The words of a text in lower case, without marks and numbers.
fn words(plain: &str) -> Vec<&str> {
    plain
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '_'))
        .filter(|word| word.chars().any(char::is_alphabetic) && !word.chars().any(|c| c.is_ascii_digit()))
        .collect()
}

/// Words that are a link or code, and hardly anything beside: they point elsewhere, or show.
fn is_pointer(unit: &Unit, whole: &[&str], answer: &Answer) -> bool {
    let shown: usize = unit.linked.iter().chain(&unit.code).map(ExactSizeIterator::len).sum();
    let is_word = answer.question.is_none()
        && unit.kind == UnitKind::Sentence
        && whole.iter().filter(|word| word.len() > 2).count() < 2;
    is_word || shown * 5 >= unit.text.len() * 4
}

/// "This document describes ..", "See ..", "For details, ..": the page speaks of itself or of another.
fn is_page(whole: &[&str]) -> bool {
    let word = |at: usize| whole.get(at).copied().unwrap_or_default();
    let (first, second, third) = (word(0), word(1), word(2));
    let is_pointing = matches!(
        first,
        "see" | "note" | "below" | "copyright" | "licence" | "license" | "last" | "example" | "examples"
    ) || first == "for"
        && matches!(
            second,
            "more" | "details" | "further" | "example" | "instance" | "general"
        )
        || matches!(first, "more" | "further" | "additional") && matches!(second, "information" | "details");
    let is_it = matches!(first, "it" | "this" | "that") && is_one_of(DESCRIBES, second);
    let calls_itself = matches!(first, "this" | "the" | "these" | "our")
        && (is_one_of(PAGES, second) || is_one_of(PAGES, third) && is_one_of("security privacy following", second));
    is_pointing
        || is_it
        || calls_itself && whole.iter().skip(2).take(4).any(|word| is_one_of(DESCRIBES, word))
        || is_definition(whole)
}

/// "Omega is a tool for ..": what something is, in a few words, and not what it does.
fn is_definition(whole: &[&str]) -> bool {
    let verb = whole.iter().take(6).position(|word| matches!(*word, "is" | "are"));
    let kind = verb.and_then(|at| whole.get(at + 1)).copied().unwrap_or_default();
    let has = |word: &str| whole.contains(&word);
    let is_general = matches!(whole.first(), Some(&("a" | "an")));
    matches!(kind, "a" | "an" | "pre")
        && !has("never")
        && (is_general || whole.len() <= 12 && !has("no") && !has("not"))
}

/// "A model can execute code": a danger, and nothing that is done against it.
fn is_danger(found: &Found, is_ours: bool) -> bool {
    let against = [
        "protect", "prevent", "reduc", "mitigat", "limit", "defen", "against", "guard", "never", "refus", "reject",
        "block",
    ];
    let mut risks = found.words.iter().filter(|word| word.0 == Word::Risk);
    let is_named = |word: &(Word, usize, usize)| {
        !found
            .plain
            .get(word.1..word.2)
            .is_some_and(|word| word.starts_with("threat"))
    };
    !is_ours && risks.any(is_named) && !against.iter().any(|word| found.plain.contains(word))
}

/// What may be is not what is.
fn is_possible(found: &Found) -> bool {
    let is_firm = found.plain.contains("must") || found.plain.contains("only") || frame::negated(found);
    let is_open = [" may ", " might ", " could ", " can take "]
        .iter()
        .any(|word| found.plain.contains(word));
    (is_open || frame::modality(found, &[]) == Modality::Possible) && !is_firm
}

/// A list that leads on from "We will:", "The sandbox refuses:" and the like is the project's.
fn is_our_lead(lead: &Found) -> bool {
    let whole = words(&lead.plain);
    let is_statement = lead.plain.ends_with(':')
        && (has_clause(&whole)
            || whole
                .windows(2)
                .take(4)
                .any(|pair| matches!(pair, [noun, verb] if !is_one_of(OPENERS, noun) && is_third_person(verb))))
        && !is_condition(&whole)
        && !lead.has(Word::Users)
        && !lead.has(Word::Reporters)
        && !FAULTS.iter().any(|word| lead.plain.contains(word))
        && !begins_with_verb(lead, &whole)
        && !whole
            .first()
            .is_some_and(|first| phrases::find(first).has(Word::Imperative));
    let is_ours = [Word::We, Word::Our, Word::Automation, Word::Receives]
        .iter()
        .any(|word| lead.has(*word));
    let is_readers = lead.has(Word::Please)
        || lead.has(Word::Advise)
        || lead.plain.contains("from you")
        || lead.plain.contains("you to");
    (is_ours || is_statement) && !is_readers
}

/// Whether a reader or a reporter is told something: what to do, or what follows if they do.
fn is_told(unit: &Unit, section: Section, found: &Found, whole: &[&str]) -> bool {
    let has_we = found.has(Word::We);
    if found.has(Word::Receives) {
        return false;
    }
    let helps = ["help us", "helps us", "allow us", "allows us"]
        .iter()
        .any(|words| found.plain.contains(words));
    if frame::advises(found) || frame::asks_of_reader(found) || helps && !has_we {
        return true;
    }
    // What becomes of a report is told in steps, which begin with their verb.
    let is_step = section == Section::Response && unit.kind == UnitKind::Item && !found.has(Word::Users);
    if !is_step && is_imperative(unit, found, whole) {
        return true;
    }
    // "You must ..", "When loading files, you ..": theirs, where nothing of ours follows.
    let main = found
        .plain
        .split_once(", ")
        .filter(|_| is_condition(whole))
        .map(|(_, main)| words(main));
    let main = main.as_deref().unwrap_or(whole);
    let you = main
        .iter()
        .position(|word| matches!(*word, "you" | "you'll" | "you've" | "you're"));
    let may = main
        .iter()
        .skip(1)
        .take(2)
        .any(|word| is_one_of("can may must should need have could might are", word));
    if you.is_some_and(|at| at == 0 && may || at <= 3 && !has_we) {
        return true;
    }
    // What users can do is what the software lets them do, but for parts that are written for them.
    let is_asked = found
        .first(Word::Reporters)
        .is_some_and(|at| found.words_before(at) <= 2);
    let who = found.first(Word::Users).is_some_and(|at| found.words_before(at) <= 2);
    let can = (is_asked || section == Section::Users) && found.plain.contains("can ");
    let is_owed = [
        "must ",
        "may ",
        "need ",
        "responsible",
        "have to ",
        "are expected",
        "are asked",
        "are encouraged",
    ]
    .iter()
    .any(|word| found.plain.contains(word));
    let should = found.has(Word::Should) && !found.has(Word::Our);
    ((is_asked || who) && (is_owed || can) || should) && !has_we
}

/// Whether the words tell somebody to do something, whichever verb they begin with: "Mention the version".
fn is_imperative(unit: &Unit, found: &Found, whole: &[&str]) -> bool {
    let word = |at: usize| whole.get(at).copied().unwrap_or_default();
    let first = word(0);
    if found.has(Word::Please) {
        return true;
    }
    if frame::is_imperative(unit, found) {
        // "Log files are encrypted", "Test data never leaves the house": a noun after all.
        let verb = whole.iter().take(4).skip(1).position(|word| {
            matches!(
                *word,
                "is" | "are" | "never" | "has" | "have" | "will" | "cannot" | "must"
            )
        });
        let is_clause = is_one_of(CLAUSES, first)
            || whole
                .iter()
                .take(3)
                .any(|word| matches!(*word, "what" | "that" | "who" | "which" | "if" | "whether"));
        return verb.is_none_or(|at| at == 0) || is_clause;
    }
    // "Immediately rotate all keys".
    let after = whole
        .get(1)
        .filter(|_| first.ends_with("ly") || is_one_of("first then next", first));
    begins_with_verb(found, whole) || after.is_some_and(|word| phrases::find(word).has(Word::Imperative))
}

/// "Mention the version", "Skip our tracker".
fn begins_with_verb(found: &Found, whole: &[&str]) -> bool {
    let word = |at: usize| whole.get(at).copied().unwrap_or_default();
    let (first, second) = (word(0), word(1));
    let is_verb = first.len() > 2
        && !is_one_of(OPENERS, first)
        && (!first.ends_with('s') || first.ends_with("ss"))
        && !["ing", "ed", "ly"].iter().any(|ending| first.ends_with(ending));
    is_verb && is_one_of(OBJECTS, second) && !found.has(Word::We)
}

/// Whether the words begin with a condition or an occasion.
fn is_condition(whole: &[&str]) -> bool {
    let first = whole.first().copied().unwrap_or_default();
    is_one_of(
        "after before for if in instead once otherwise to unless when where while with",
        first,
    )
}

/// Whether the words hold a verb, as far as that shows.
fn has_verb(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let goes_on = (1..=4).contains(&at) && at + 1 < words.len();
        is_auxiliary(word)
            || at > 0 && word.len() > 4 && word.ends_with("ed")
            || goes_on && (is_third_person(word) || phrases::find(word).has(Word::Imperative))
    })
}

/// Whether the words are a clause that begins with who does it: "private keys never leave".
fn has_clause(words: &[&str]) -> bool {
    let relative = |word: &&&str| {
        matches!(
            **word,
            "that" | "which" | "who" | "whom" | "whose" | "when" | "where" | "it"
        )
    };
    let verb = words.iter().position(|word| is_auxiliary(word));
    verb.is_some_and(|at| at > 0 && !words.iter().take(at).any(|word| relative(&word)))
}

fn is_auxiliary(word: &str) -> bool {
    is_one_of(AUXILIARY, word) || word.ends_with("n't")
}

fn is_third_person(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: DocumentKind, path: &str, text: &str) -> Vec<String> {
        let mut reading = Reading::default();
        read(&mut reading, kind, path, text, &[]);
        reading.unmapped.into_iter().map(|one| one.text).collect()
    }

    /// Each line of a policy with whether it is told, alone in a policy.
    #[track_caller]
    fn check(is_told: bool, lines: &[&str]) {
        for line in lines {
            let text = format!("# Security\n\n{line}\n");
            let found = told(DocumentKind::Policy, "SECURITY.md", &text);
            assert_eq!(!found.is_empty(), is_told, "{line}");
        }
    }

    #[test]
    fn what_no_topic_takes_up_is_told() {
        check(
            true,
            &[
                "- Every wheel we ship is built twice and compared bit for bit.",
                "- Crash dumps are scrubbed of patient names before anyone sees them.",
                "- Nobody on the team can read customer prompts.",
                "- Our maintainers use hardware tokens to sign in.",
                "- Old weights are kept for a year in cold storage.",
                "Laptops lock themselves after three minutes.",
                "Badges end the following day.",
                "Whoever leaves the team loses access the same afternoon.",
                "Your recordings do not leave the tablet.",
                "Users can freeze their workspace at any time.",
                "Test data is invented.",
                "Before a model ships, three clinicians try to talk it into giving dosage advice.",
            ],
        );
    }

    #[test]
    fn what_a_reader_is_told_is_not() {
        check(
            false,
            &[
                "Mention the affected release in your mail.",
                "Skip the public tracker.",
                "You can reach the team on weekdays.",
                "You may remain anonymous.",
                "If you are unsure, ask first.",
                "Operators are responsible for their own firewall.",
                "When deploying, put the server behind a proxy.",
                "Make sure your token is not shared.",
                "Readers should keep their gateway patched.",
            ],
        );
    }

    #[test]
    fn what_says_nothing_of_the_project_is_not() {
        check(
            false,
            &[
                "This document explains how security is organised.",
                "The table below lists the releases.",
                "Halcyon is a toolkit for radiology.",
                "A vulnerability is a flaw that lets somebody do what they must not.",
                "Attackers could overload the parser.",
                "Thank you for reading this far!",
                "We take your trust seriously.",
                "See the [handbook](docs/handbook.md).",
                "More information can be found in the handbook.",
                "What happens next?",
                "The following people hold keys.\n\n- Ada",
                "Last updated: March 2026",
                "`make check`",
                "## Out of scope\n\n- Missing headers\n- Volumetric attacks",
                "## Changelog\n\n- 2.1 Fixed the parser",
                "```sh\nlaptops lock themselves\n```",
            ],
        );
    }

    #[test]
    fn what_gave_a_promise_is_not_told_again() {
        check(
            false,
            &[
                "All traffic is encrypted with TLS 1.3.",
                "We answer within 48 hours.",
                "- 1.x: supported",
                "Write to security@acme.dev.",
            ],
        );
    }

    #[test]
    fn a_list_is_told_as_what_leads_to_it_says() {
        let text = "# Security\n\nThe sandbox enforces:\n\n- no shared memory\n- a read-only root\n\nOperators must set:\n\n- a quota for each tenant\n";
        assert_eq!(
            told(DocumentKind::Policy, "SECURITY.md", text),
            ["no shared memory", "a read-only root"]
        );
        let text = "# Security\n\n## Where does my data live?\n\nIn Zurich.\n";
        assert_eq!(
            told(DocumentKind::Policy, "SECURITY.md", text),
            ["Where does my data live? In Zurich."]
        );
    }

    #[test]
    fn other_documents_are_told_of_security_alone() {
        let line = "Laptops lock themselves after three minutes.";
        let text = format!("# Acme\n\n{line}\n\n## Usage\n\n{line}\n");
        assert!(told(DocumentKind::Readme, "README.md", &text).is_empty());
        assert!(told(DocumentKind::Contributing, "CONTRIBUTING.md", &text).is_empty());
        let text = format!("# Acme\n\n## Security\n\n{line}\n");
        assert_eq!(told(DocumentKind::Readme, "README.md", &text), [line]);
        // Another language is told as before: not at all.
        let german = "# Sicherheit\n\nDie Rechner der Leute sperren sich nach drei Minuten, und das ist bei uns so.\n";
        assert!(told(DocumentKind::Policy, "SECURITY.md", german).is_empty());
    }

    #[test]
    fn what_is_told_is_bounded_and_the_rest_is_counted() {
        let text = format!("# Security\n\n{}", "- Laptops lock themselves.\n".repeat(MOST + 7));
        let mut reading = Reading::default();
        read(&mut reading, DocumentKind::Policy, "SECURITY.md", &text, &[]);
        assert_eq!((reading.unmapped.len(), reading.unmapped_more), (MOST, 7));
    }
}
