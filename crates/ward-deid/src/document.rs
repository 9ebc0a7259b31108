//! De-identifying documents: what happens to a field follows from its role.

use ward_formats::date::{Civil, Precision};
use ward_formats::{Doc, Document, Edit, OffsetMap, Problem, Role, Span};

use crate::find::{self, Hit};
use crate::question::Questions;
use crate::replaced::Applied;
use crate::{Class, Error, Known, Pseudonyms, Restored, Restorer, Tally, dates, fold, identifier, lenient, narrative};

/// How many keys that may be content are listed one by one.
const MOST_KEYS: usize = 50;

/// A de-identified document.
#[derive(Debug, Clone)]
pub struct ReplacedDocument {
    /// The document in its own format, byte-identical outside of what was replaced.
    pub bytes: Vec<u8>,
    /// What was replaced, counted.
    pub tally: Tally,
    /// Offsets in `bytes` back to offsets in the original.
    pub map: OffsetMap,
    /// What was replaced without having been looked into.
    pub problems: Vec<Problem>,
    /// Every replacement, in the order of the document. Spans count bytes of the document as it is written.
    pub applied: Vec<Applied>,
}

/// A value of a document that has to go.
pub(crate) struct Found {
    /// The field.
    pub(crate) field: usize,
    /// Bytes of the field's text, what it is, and why.
    pub(crate) hit: Hit,
}

/// What of a document has to go.
pub(crate) struct Plan {
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<Problem>,
}

impl Plan {
    /// Calls `look` with the text of every field, and what of it has to go.
    pub(crate) fn each_field(&self, doc: &Doc, mut look: impl FnMut(&str, &[Hit])) {
        let mut found = self.found.as_slice();
        for (index, field) in doc.fields().iter().enumerate() {
            let own = found.iter().take_while(|one| one.field == index).count();
            let (these, rest) = found.split_at_checked(own).unwrap_or((found, &[]));
            found = rest;
            let hits: Vec<Hit> = these.iter().map(|one| one.hit).collect();
            look(&field.text, &hits);
        }
    }

    /// Lets `change` say for the text of every field what stands for each hit, which may be other hits than those
    /// planned. Gives what stands for each of the plan then.
    pub(crate) fn change(
        &mut self,
        doc: &Doc,
        mut change: impl FnMut(&str, &[Hit]) -> Vec<(Hit, String)>,
    ) -> Vec<String> {
        let mut found = Vec::with_capacity(self.found.len());
        let mut stand_ins = Vec::with_capacity(self.found.len());
        let mut field = 0;
        self.each_field(doc, |text, hits| {
            for (hit, stand_in) in change(text, hits) {
                found.push(Found { field, hit });
                stand_ins.push(stand_in);
            }
            field += 1;
        });
        self.found = found;
        stand_ins
    }
}

/// Reads every field of `doc` by its role: see [`Pseudonyms::replace_document`].
pub(crate) fn plan(doc: &Doc, known: &Known) -> Plan {
    let kinds = identifier::Kinds::of(doc);
    let questions = Questions::of(doc);
    let mut found = Vec::new();
    let mut problems = strange_keys(doc, known);
    for (index, field) in doc.fields().iter().enumerate() {
        let text = field.text.as_str();
        if text.trim().is_empty() {
            continue;
        }
        let mut hits: Vec<Hit> = match field.role {
            Role::Text => find::find(text, known),
            Role::Narrative => said(narrative::hits(text, known), "narrative"),
            Role::Value if doc.is_age(index) => whole(text, Class::Age),
            Role::Code | Role::Value => said(coded(doc, index, known), "known-value"),
            Role::Unknown => unknown(text, known),
            _ => structured(doc, index, &kinds, known),
        };
        if field.role == Role::Binary {
            problems.push(Problem {
                place: doc.place(index),
                what: "encoded content was replaced as a whole, not examined",
                broken: false,
            });
        }
        let answer = questions.hits(doc, index, known);
        if !answer.is_empty() {
            hits.extend(answer);
            hits = find::resolve(hits);
        }
        found.extend(hits.into_iter().map(|hit| Found { field: index, hit }));
    }
    Plan { found, problems }
}

/// Keys that are content: what the record says of its people, or what nobody would call an element. A key cannot be
/// replaced, so whoever passes the document on has to be told.
fn strange_keys(doc: &Doc, known: &Known) -> Vec<Problem> {
    let is_plain = |key: &str| {
        key.len() <= 64
            && key.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && key
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':' | b'.'))
            && key.bytes().filter(u8::is_ascii_digit).count() < 5
    };
    let keys = doc.strange_keys().into_iter();
    keys.filter(|(key, _)| !is_plain(key) || known.find(key).iter().any(|hit| hit.span.len() > 2))
        .take(MOST_KEYS)
        .map(|(_, place)| Problem {
            place,
            what: "the name of this element may be content and stays as it is; take it out or rename it",
            broken: true,
        })
        .collect()
}

/// What has to go of a field whose format says what it holds. Nothing of text, codes and numbers.
pub(crate) fn structured(doc: &Doc, index: usize, kinds: &identifier::Kinds, known: &Known) -> Vec<Hit> {
    let Some(field) = doc.fields().get(index) else {
        return Vec::new();
    };
    let text = field.text.as_str();
    match field.role {
        Role::Name(_) => whole(text, Class::Name),
        Role::Facility => whole(text, Class::Facility),
        Role::Address(_) => whole(text, Class::Place),
        Role::Contact(_) => whole(text, contact(text)),
        Role::Identifier(_) => said(identifier::parts(text, kinds.class(doc, index)), "field"),
        Role::BirthDate => whole(text, Class::Birth),
        Role::Date => said(date(text, known), "field"),
        Role::Binary => said(vec![(Span::new(0, text.len()), Class::File)], "field"),
        Role::Region => said(region(text, known), "field"),
        Role::Text | Role::Narrative | Role::Code | Role::Value | Role::Unknown => Vec::new(),
    }
}

/// Most fields of a quantity, to either side of its value.
const QUANTITY: usize = 6;

/// Lets ages of FHIR that are numbers stay numbers: 90 with the comparator `>=` in an Age or a Quantity, 90 where there is
/// room for no comparator. R4 wants a decimal there, and "90+" is none.
pub(crate) fn keep_ages_valid(doc: &Doc, plan: &mut Plan, stand_ins: &mut Vec<String>) {
    let Doc::Fhir(fhir) = doc else { return };
    let mut comparators = Vec::new();
    for (found, stand_in) in plan.found.iter().zip(stand_ins.iter_mut()) {
        let whole = doc
            .fields()
            .get(found.field)
            .is_some_and(|field| field.text.len() == found.hit.span.len());
        if found.hit.class != Class::Age || !whole || !fhir.is_number(found.field) {
            continue;
        }
        let place = doc.place(found.field);
        let Some(parent) = place.strip_suffix(".value") else {
            "90".clone_into(stand_in);
            continue;
        };
        let near = found.field.saturating_sub(QUANTITY)..(found.field + QUANTITY).min(doc.fields().len());
        let comparator = near
            .into_iter()
            .find(|index| doc.place(*index).strip_suffix(".comparator") == Some(parent));
        match comparator {
            Some(index) => {
                "90".clone_into(stand_in);
                comparators.push(index);
            }
            None => Edit::AT_LEAST_90.clone_into(stand_in),
        }
    }
    for index in comparators {
        let Some(field) = doc.fields().get(index) else { continue };
        let at = plan.found.partition_point(|found| found.field < index);
        if plan.found.get(at).is_none_or(|found| found.field != index) {
            let hit = whole(&field.text, Class::Age);
            plan.found
                .splice(at..at, hit.into_iter().map(|hit| Found { field: index, hit }));
            stand_ins.insert(at, ">=".to_owned());
        }
    }
}

/// Puts into `doc` what `stand_ins` says, one for each of the plan.
pub(crate) fn carry_out(doc: &Doc, plan: Plan, stand_ins: Vec<String>) -> Result<ReplacedDocument, Error> {
    let mut tally = Tally::default();
    let mut edits = Vec::with_capacity(plan.found.len());
    for (found, with) in plan.found.iter().zip(stand_ins) {
        tally.add(found.hit.class);
        edits.push(Edit {
            field: found.field,
            span: found.hit.span,
            with,
        });
    }
    let spliced = doc.splice(&edits).map_err(Error::splice)?;
    Ok(ReplacedDocument {
        bytes: spliced.bytes,
        tally,
        applied: applied(doc, &plan.found, spliced.map.changes()),
        map: spliced.map,
        problems: plan.problems,
    })
}

/// Which change of the document each replacement became. `found` is in the order of fields and offsets, as the
/// changes are. Replacements that share one escape sequence of the source share its span.
fn applied(doc: &Doc, found: &[Found], changes: &[(Span, Span)]) -> Vec<Applied> {
    let mut applied = Vec::with_capacity(found.len());
    let mut next = 0;
    for group in found.chunk_by(|a, b| a.field == b.field) {
        let Some((index, field)) = group
            .first()
            .and_then(|one| Some((one.field, doc.fields().get(one.field)?)))
        else {
            continue;
        };
        let place = doc.place(index);
        let from = next;
        while changes
            .get(next)
            .is_some_and(|(_, old)| old.start < field.raw.end || (old.is_empty() && old.start == field.raw.end))
        {
            next += 1;
        }
        // Quotation marks put around a number that became a string are changes, too, of nothing.
        let own: Vec<&(Span, Span)> = changes
            .get(from..next)
            .unwrap_or_default()
            .iter()
            .filter(|(_, old)| !old.is_empty())
            .collect();
        let whole = match (own.first(), own.last()) {
            (Some((new, old)), Some((last_new, last_old))) => {
                (Span::new(new.start, last_new.end), Span::new(old.start, last_old.end))
            }
            _ => continue,
        };
        for (i, Found { hit, .. }) in group.iter().enumerate() {
            let (new, old) = if own.len() == group.len() {
                own.get(i).map_or(whole, |own| **own)
            } else {
                whole
            };
            applied.push(Applied {
                place: place.clone(),
                old,
                new,
                class: hit.class,
                rule: hit.rule,
                score: hit.score,
            });
        }
    }
    applied
}

impl Pseudonyms {
    /// Replaces what identifies somebody in `doc`, by the role of each field:
    ///
    /// | role | what happens |
    /// |---|---|
    /// | name, facility, address, contact, identifier, date of birth | replaced whole; of a reference or URN, the part that names the thing |
    /// | date | replaced unless it is a bare year; as [`Class::Text`] when it is no date |
    /// | text | as [`find`](crate::find()) says, with the values of `known` |
    /// | narrative | the same, on the text between the tags and on the tags' attributes |
    /// | binary | replaced whole, and a problem says that it was not examined |
    /// | region | kept, unless it holds a known place ("Mexico City" as a state) |
    /// | code, value | kept, except for known names, addresses and numbers, and for what looks like a placeholder; a number that holds one becomes a string |
    /// | unknown | a date or an identifier as a whole, otherwise like text |
    ///
    /// Equal values get equal placeholders, so references inside a bundle stay consistent.
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the
    /// replacements. Then nothing of it may be passed on.
    pub fn replace_document(&mut self, doc: &Doc, known: &Known) -> Result<ReplacedDocument, Error> {
        let plan = plan(doc, known);
        let stand_ins = plan
            .found
            .iter()
            .map(|one| self.stand_in(one.hit.class, value(doc, one)))
            .collect();
        carry_out(doc, plan, stand_ins)
    }

    /// Puts the values back into a de-identified document of any format: the inverse of
    /// [`replace_document`](Pseudonyms::replace_document).
    ///
    /// Values are put back into the decoded text of the fields and encoded anew, so the result
    /// parses to exactly the original fields; it is the original byte for byte unless that
    /// escaped characters which need no escape (`\u00e9` for `é`) or had a known identifier as a
    /// number, which comes back as a string. To restore text that quotes a
    /// document, as an answer does, use [`restore`](Pseudonyms::restore).
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the values.
    pub fn restore_document(&self, doc: &Doc) -> Result<Vec<u8>, Error> {
        self.restorer().document(doc).map(|(bytes, _)| bytes)
    }
}

impl Restorer {
    /// Puts the values back into a de-identified document: see [`Pseudonyms::restore_document`]. Says besides what was
    /// done.
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the values.
    pub fn document(&self, doc: &Doc) -> Result<(Vec<u8>, Restored), Error> {
        let mut edits = Vec::new();
        let mut done = Restored::default();
        for (index, field) in doc.fields().iter().enumerate() {
            for (span, value) in self.readings(&field.text) {
                done.restored = done.restored.saturating_add(1);
                edits.push(Edit {
                    field: index,
                    span,
                    with: value.to_owned(),
                });
            }
            let unknown = self.strangers(&field.text);
            done.unknown = done.unknown.saturating_add(u32::try_from(unknown).unwrap_or(u32::MAX));
        }
        Ok((doc.splice(&edits).map_err(Error::splice)?.bytes, done))
    }
}

/// The text of a value that was found.
pub(crate) fn value<'a>(doc: &'a Doc, found: &Found) -> &'a str {
    let span = found.hit.span;
    doc.fields()
        .get(found.field)
        .and_then(|field| field.text.get(span.start..span.end))
        .unwrap_or_default()
}

/// What the format itself says.
fn said(parts: Vec<(Span, Class)>, rule: &'static str) -> Vec<Hit> {
    let hit = |(span, class)| Hit {
        span,
        class,
        rule,
        score: 100,
    };
    parts.into_iter().map(hit).collect()
}

/// A field that is one value.
fn whole(text: &str, class: Class) -> Vec<Hit> {
    said(vec![(trimmed(text), class)], "field")
}

/// The span of `text` without white space around it.
fn trimmed(text: &str) -> Span {
    let start = text.len() - text.trim_start().len();
    Span::new(start, start + text.trim().len())
}

fn contact(text: &str) -> Class {
    if text.contains("://") || text.trim_start().starts_with("www.") {
        Class::Url
    } else if text.contains('@') {
        Class::Email
    } else {
        Class::Phone
    }
}

fn literals(text: &str) -> Vec<(Span, Class)> {
    lenient::candidates(text)
        .into_iter()
        .map(|range| (Span::new(range.start, range.end), Class::Text))
        .collect()
}

/// A code, a unit or a number: nothing in it identifies anybody by its shape, but somebody may have
/// put there what the record says elsewhere of its people. Whole values only; a unit such as `NG`
/// is no name, and "Radiology" as a category is not the department of that name.
fn coded(doc: &Doc, index: usize, known: &Known) -> Vec<(Span, Class)> {
    let Some(field) = doc.fields().get(index) else {
        return Vec::new();
    };
    let text = field.text.as_str();
    let mut hits = known.find(text);
    hits.retain(|hit| {
        let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
        match hit.class {
            Class::Name => value.chars().count() >= 3 || value.chars().any(fold::is_unspaced),
            Class::Facility => value.contains(' '),
            _ => true,
        }
    });
    if hits.is_empty() || is_structure(&doc.place(index)) {
        return literals(text);
    }
    hits.extend(literals(text).into_iter().map(|(span, class)| Hit {
        span,
        class,
        rule: "literal",
        score: 100,
    }));
    find::resolve(hits)
        .into_iter()
        .map(|hit| (hit.span, hit.class))
        .collect()
}

/// True for what says how the rest is to be read: changing it would change every other field.
fn is_structure(place: &str) -> bool {
    let (segment, field) = place.split_once('-').unwrap_or((place, ""));
    let segment = segment.split('[').next().unwrap_or_default();
    let field = field.split(['[', '.']).next().unwrap_or_default();
    place == "resourceType"
        || place.ends_with(".resourceType")
        || matches!(
            (segment, field),
            ("MSH", "2" | "9" | "11" | "12" | "18") | ("FHS" | "BHS", "2") | ("OBX", "2")
        )
}

/// A state or country: some records repeat the city there.
fn region(text: &str, known: &Known) -> Vec<(Span, Class)> {
    if known.find(text).is_empty() {
        literals(text)
    } else {
        vec![(trimmed(text), Class::Place)]
    }
}

/// A field that must hold a date.
fn date(text: &str, known: &Known) -> Vec<(Span, Class)> {
    let value = text.trim();
    let class = match machine_date(value) {
        Some(day) if day.precision == Precision::Year => return literals(text),
        Some(day) if known.is_birth(Some(day)) => Class::Birth,
        Some(_) => Class::Day,
        None if value.bytes().all(|b| matches!(b, b':' | b'0'..=b'9' | b'.')) && value.contains(':') => {
            return literals(text);
        }
        None => match dates::whole(value) {
            Some(_) => Class::Day,
            None => Class::Text,
        },
    };
    vec![(trimmed(text), class)]
}

fn machine_date(text: &str) -> Option<Civil> {
    Civil::from_iso(text).or_else(|| Civil::from_hl7(text))
}

/// A field of an element nobody described: nothing in it may be taken for harmless.
fn unknown(text: &str, known: &Known) -> Vec<Hit> {
    let value = text.trim();
    let machine =
        machine_date(value).filter(|day| day.precision == Precision::Day && (1850..=2199).contains(&day.year));
    if machine.is_some() {
        return said(date(text, known), "field");
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let one_word = !value.contains(char::is_whitespace);
    if one_word && digits >= 5 && !value.contains(['.', '[', '_']) {
        return whole(text, Class::Id);
    }
    find::find(text, known)
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;
    use ward_formats::{Budget, Kind};

    use super::*;

    fn parse(text: &str, kind: Kind) -> Doc {
        Doc::parse(text.as_bytes(), Some(kind), Budget::RECORD)
            .unwrap()
            .document
    }

    fn round(text: &str, kind: Kind, gone: &[&str], kept: &[&str]) -> (String, ReplacedDocument) {
        let doc = parse(text, kind);
        let known = Known::from_documents([&doc]);
        let mut names = Pseudonyms::new([7; 32]);
        let replaced = names.replace_document(&doc, &known).unwrap();
        let out = String::from_utf8(replaced.bytes.clone()).unwrap();
        assert_eq!(u32::try_from(replaced.applied.len()), Ok(replaced.tally.total()));
        for one in &replaced.applied {
            assert!(
                out[one.new.start..one.new.end].contains('_') && !one.place.is_empty(),
                "{one:?}"
            );
            assert_eq!(replaced.map.to_old(one.new), one.old);
        }
        for value in gone {
            assert!(
                !out.to_lowercase().contains(&value.to_lowercase()),
                "{value} is still in {out}"
            );
        }
        for value in kept {
            assert!(out.contains(value), "{value} is not in {out}");
        }
        let back = names.restore_document(&parse(&out, kind)).unwrap();
        assert_eq!(String::from_utf8(back).unwrap(), text);
        (out, replaced)
    }

    #[test]
    fn fhir_by_role() {
        let text = r##"{"resourceType":"Bundle","type":"collection","entry":[
{"fullUrl":"urn:uuid:c24d03a5-85ce-4ab0-9ef0-1385b673bca1","resource":{"resourceType":"Patient","id":"c24d03a5-85ce-4ab0-9ef0-1385b673bca1",
"identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"value":"AB-778899"},
{"system":"http://hl7.org/fhir/sid/us-ssn","value":"123-45-6789"}],
"name":[{"family":"Quillfeather","given":["Zelda","Ann"]}],"birthDate":"1952-03-14","telecom":[{"system":"phone","value":"555-678-1234"}],
"address":[{"line":["12 Elm Street"],"city":"Oddville","state":"IL","postalCode":"62704"}]}},
{"fullUrl":"https://host.example/fhir/Observation/o-1","resource":{"resourceType":"Observation","id":"o-1","status":"final",
"code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"Hemoglobin A1c"}],"text":"Hemoglobin A1c"},
"subject":{"reference":"Patient/c24d03a5-85ce-4ab0-9ef0-1385b673bca1","display":"Zelda Quillfeather"},
"effectiveDateTime":"2024-01-08T10:15:00Z","valueQuantity":{"value":7.2,"unit":"%"},
"note":[{"text":"Zelda's A1c 7.2 %; call 5556781234. Born 3/14/1952. \"Quoted\" [NAME_1KR]"}]}}]}"##;
        let (out, replaced) = round(
            text,
            Kind::Fhir,
            &[
                "quillfeather",
                "zelda",
                "778899",
                "6789",
                "1952",
                "5556781234",
                "elm street",
                "oddville",
                "62704",
                "c24d03a5",
                "2024-01-08",
            ],
            &[
                "\"IL\"",
                "4548-4",
                "Hemoglobin A1c",
                "7.2",
                "Patient/[ID_",
                "urn:uuid:[ID_",
                "[MRN_",
                "[SSN_",
                "[DAY_",
                "[BIRTH_",
            ],
        );
        assert!(replaced.problems.is_empty());
        // One id, three places, one placeholder.
        let id = out
            .find("urn:uuid:")
            .and_then(|at| out[at + 9..].split(']').next())
            .unwrap();
        assert_eq!(out.matches(id).count(), 3);
        assert!(replaced.tally.get(Class::Name) >= 4);
    }

    #[test]
    fn hl7_by_role() {
        let text = "MSH|^~\\&|LAB|OddvilleGeneral|EHR|Ward|20240108101500||ORU^R01|MSG00042|P|2.5.1\rPID|1||AB778899^^^OG^MR||Quillfeather^Zelda^A||19520314|F|||12 Elm Street^^Oddville^IL^62704||5556781234||||||123456789\rOBX|1|NM|4548-4^Hemoglobin A1c^LN||7.2|%|||||F|||20240108\rNTE|1||Discussed with Ms. Quillfeather on 01/08/2024\\.br\\A1c 7.2 %\rZPI|1|Zelda Quillfeather|AB778899\r";
        let (out, _) = round(
            text,
            Kind::Hl7,
            &[
                "quillfeather",
                "zelda",
                "778899",
                "123456789",
                "19520314",
                "5556781234",
                "elm street",
                "62704",
                "20240108",
                "01/08/2024",
            ],
            &["|7.2|", "4548-4", "^IL^", "[MRN_", "[SSN_", "\\.br\\A1c 7.2 %"],
        );
        assert!(out.starts_with("MSH|^~\\&|"));
    }

    #[test]
    fn text_by_header() {
        round(
            "Patient: Quillfeather, Zelda\nDOB: 03/14/1952\nMRN: AB-778899\nPCP: Dr. Omar Haddad\n\nZelda reports pain. Haddad agrees. BP 120/80. File AB778899.\n",
            Kind::Text,
            &["quillfeather", "zelda", "haddad", "1952", "778899"],
            &["BP 120/80", "reports pain"],
        );
    }

    #[test]
    fn binary_is_reported() {
        let text = r#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"text/plain","data":"WmVsZGE="}}]}"#;
        let (out, replaced) = round(text, Kind::Fhir, &["WmVsZGE="], &["[FILE_1", "text/plain"]);
        assert_eq!(replaced.problems.len(), 1, "{out}");
    }

    #[test]
    fn fhir_answers_go_with_their_questions() {
        let text = r##"{"resourceType":"Bundle","type":"collection","entry":[
{"resource":{"resourceType":"QuestionnaireResponse","status":"completed","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Knee pain</div>"},"item":[
{"linkId":"1","text":"What is your surname?","answer":[{"valueString":"Quillfeatherby"}]},
{"linkId":"2","text":"Mother's maiden name","answer":[{"valueString":"Vandermolen"}]},
{"linkId":"3","text":"Street","answer":[{"valueString":"Elmgrove 7"}]},
{"linkId":"4","text":"Social security number","answer":[{"valueInteger":123456789}]},
{"linkId":"5","text":"Age","answer":[{"valueInteger":93}]},
{"linkId":"6","text":"Do you smoke?","answer":[{"valueString":"Never"}]},
{"linkId":"7","text":"Heart rate","answer":[{"valueInteger":95}]}]}},
{"resource":{"resourceType":"Observation","status":"final","code":{"text":"Contact phone"},"valueInteger":6174827731,
"component":[{"code":{"text":"Surname"},"valueString":"Kowalczyk"}]}},
{"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"30525-0"}]},
"valueQuantity":{"value":94,"unit":"a","system":"http://unitsofmeasure.org"}}},
{"resource":{"resourceType":"Condition","onsetAge":{"value":91,"unit":"years","system":"http://unitsofmeasure.org","code":"a"}}},
{"resource":{"resourceType":"FamilyMemberHistory","status":"completed","ageString":"99","note":[{"text":"Quillfeatherby side"}]}}]}"##;
        let (out, replaced) = round_but_numbers(text);
        for value in [
            "Quillfeatherby",
            "Vandermolen",
            "Elmgrove",
            "123456789",
            "6174827731",
            "Kowalczyk",
            ":93",
            ":94",
            ":91",
            "\"99\"",
        ] {
            assert!(!out.contains(value), "{value} is still in {out}");
        }
        for value in [
            "xmlns=\\\"http://www.w3.org/1999/xhtml\\\"",
            "\"system\":\"http://unitsofmeasure.org\",\"code\":\"a\"",
            "Never",
            "valueInteger\":95",
            "Knee pain",
        ] {
            assert!(out.contains(value), "{value} is not in {out}");
        }
        assert!(replaced.problems.is_empty());
    }

    fn round_but_numbers(text: &str) -> (String, ReplacedDocument) {
        let doc = parse(text, Kind::Fhir);
        let known = Known::from_documents([&doc]);
        let replaced = Pseudonyms::new([7; 32]).replace_document(&doc, &known).unwrap();
        (String::from_utf8(replaced.bytes.clone()).unwrap(), replaced)
    }

    #[test]
    fn keys_that_may_be_content_are_reported() {
        let check = |keys: &str, expect: usize| {
            let text = format!(
                r#"{{"resourceType":"Patient","name":[{{"family":"Vandermolen"}}],"x":{{{keys}}},"vendorField":"a"}}"#
            );
            let (_, replaced) = round_but_numbers(&text);
            let broken = replaced.problems.iter().filter(|problem| problem.broken).count();
            assert_eq!(broken, expect, "{keys}");
            assert!(replaced.problems.iter().all(|problem| !problem.place.contains("ander")));
        };
        check(r#""Vandermolen":1"#, 1);
        check(r#""vandermolen":1,"note_1":2"#, 1);
        check(r#""seen by Dr. Ruiz":1,"MRN123456":{"a":1}"#, 2);
        check(r#""local_code":1,"legacyId":"7""#, 0);
    }

    #[test]
    fn dates_that_are_none_are_text() {
        assert_eq!(date("soon", &Known::default()), [(Span::new(0, 4), Class::Text)]);
        assert_eq!(
            date(" 2024-01-08 ", &Known::default()),
            [(Span::new(1, 11), Class::Day)]
        );
        assert_eq!(date("2024", &Known::default()), []);
        assert_eq!(date("08:30:00", &Known::default()), []);
    }

    #[test]
    fn nothing_unknown_is_harmless() {
        let known = Known::default();
        let unknown = |text| {
            unknown(text, &known)
                .into_iter()
                .map(|hit| (hit.span, hit.class))
                .collect::<Vec<_>>()
        };
        assert_eq!(unknown("A1234567"), [(Span::new(0, 8), Class::Id)]);
        assert_eq!(unknown("2024-01-08"), [(Span::new(0, 10), Class::Day)]);
        assert_eq!(unknown("call 555-678-1234"), [(Span::new(5, 17), Class::Phone)]);
        assert_eq!(unknown("7.25"), []);
    }

    #[test]
    fn known_values_in_coded_fields_go() {
        let patient = r#"{"resourceType":"Patient","id":"p-1","name":[{"family":"Parkinson","given":["Zelda","Will","Ng"]}],
"identifier":[{"value":"778899"}],"telecom":[{"system":"phone","value":"555-678-1234"}],"address":[{"city":"Oddville"}]}"#;
        let observation = r#"{"resourceType":"Observation","status":"final","code":{"coding":[
{"system":"http://loinc.org","code":"4548-4","display":"Parkinson disease of Zelda"},{"code":"Zelda","display":"will NG"}]},
"valueQuantity":{"value":5556781234,"unit":"Oddville/ng"},"component":[{"valueInteger":778899},{"valueQuantity":{"value":150000.25}}]}"#;
        let text =
            format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{patient}}},{{"resource":{observation}}}]}}"#);
        let doc = parse(&text, Kind::Fhir);
        let known = Known::from_documents([&doc]);
        let replaced = Pseudonyms::new([7; 32]).replace_document(&doc, &known).unwrap();
        let out = String::from_utf8(replaced.bytes).unwrap();
        for value in ["Parkinson", "Zelda", "778899", "5556781234", "Oddville"] {
            assert!(!out.contains(value), "{value} is still in {out}");
        }
        for value in [
            "4548-4",
            "] disease of [",
            "\"will NG\"",
            "/ng\"",
            "150000.25",
            "\"final\"",
            "\"value\":\"[PHONE_",
        ] {
            assert!(out.contains(value), "{value} is not in {out}");
        }
        assert_eq!(parse(&out, Kind::Fhir).fields().len(), doc.fields().len());

        let text = "MSH|^~\\&|LAB|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Orun^Zelda^CWE\rOBX|1|CWE|4548-4^Zelda A1c^LN||Zelda^Orun^L|Orun|Zelda|zelda\rOBX|2|NM|1-1^x^LN||778899|%\rDG1|1||I10^ORUN \\T\\ Zelda^I10\r";
        let (out, _) = round(
            text,
            Kind::Hl7,
            &["orun", "zelda", "|778899"],
            &["ORU^R01", "|CWE|", "|NM|", "I10"],
        );
        assert!(out.starts_with("MSH|^~\\&|"));
    }

    #[test]
    fn a_facility_of_the_patient_s_name_hides_nothing() {
        let text = "MSH|^~\\&|Lowell|Lowell|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Lowell^Amy\r\
            OBX|1|CE|x^Plan^L||X1^Lowell refuses^L\rDG1|1||I10^Dx per Lowell^I10\r";
        round(text, Kind::Hl7, &["lowell", "amy"], &[" refuses^L", "^Dx per "]);
    }

    #[test]
    fn an_answer_is_read_with_its_question() {
        let text = "MSH|^~\\&|A|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Orun^Amy\r\
            OBX|1|ST|X^Mother maiden name||Quillfeatherby\rOBX|2|NM|X^SSN||123456789\r\
            OBX|3|NM|30525-0^x^LN||93|a\rOBX|4|NM|21612-7||1140|mo\rOBX|5|SN|30525-0^Age^LN||>^94|a\r\
            OBX|6|CE|X^Surname||X1^Vandermolen^L\rOBX|7|NM|718-7^Hb^LN||93|g/L\rOBX|8|NM|30525-0^Age||88|a\r\
            NTE|1||the Quillfeatherby side\r";
        round(
            text,
            Kind::Hl7,
            &["quillfeatherby", "123456789", "||93|a", "1140", "^94", "vandermolen"],
            &["^LN||93|g/L", "||88|a", "^L\r", "|SN|30525-0^Age^LN||>^"],
        );
    }

    #[test]
    fn a_postal_code_of_zeros_is_found_in_notes() {
        let text = "MSH|^~\\&|A|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Orun^Amy||19520314|F|||1 Elm St^^Oddville^IL^00000\r\
            NTE|1||lives near 00000 now\r";
        round(text, Kind::Hl7, &["00000"], &["lives near ", " now"]);
    }

    const PIECES: &[&str] = &[
        "<b>",
        "</b>",
        "<td>",
        "<a title=\"Zelda\">",
        "<!-- Dr. Ana Ruiz -->",
        "<",
        ">",
        "&lt;",
        "&#39;",
        "&#x5b;",
        "&",
        "Zelda",
        "Quillan",
        "[NAME_1KR]",
        "NAME&#95;1KR",
        "[NAME_",
        "1KR]",
        "2024-01-08",
        "MRN: 778899",
        "\"",
        "\\",
        "\n",
        "é",
        " ",
        "12",
    ];

    proptest::proptest! {
        #[test]
        fn restore_undoes_replace_in_every_field(
            parts in proptest::collection::vec(proptest::collection::vec(
                proptest::prop_oneof![
                    3 => proptest::sample::select(PIECES).prop_map(str::to_owned),
                    1 => ".{0,5}",
                ], 0..10).prop_map(|p| p.concat()), 5),
        ) {
            let json = serde_json::json!({
                "resourceType": "Patient", "id": "p-1", "name": [{"family": "Quillan", "given": ["Zelda"], "text": parts[4]}],
                "text": {"status": "generated", "div": parts[0]},
                "birthDate": parts[3], "unheardOf": {"x": parts[1]}, "extension": [{"url": "http://x.example", "valueString": parts[2]}],
                "gender": parts[2],
            });
            let text = json.to_string();
            let doc = parse(&text, Kind::Fhir);
            let known = Known::from_documents([&doc]);
            let mut names = Pseudonyms::new([3; 32]);
            let replaced = names.replace_document(&doc, &known).unwrap();
            let again = parse(std::str::from_utf8(&replaced.bytes).unwrap(), Kind::Fhir);
            let back = names.restore_document(&again).unwrap();
            let back: serde_json::Value = serde_json::from_slice(&back).unwrap();
            proptest::prop_assert_eq!(back, json);
        }
    }
}
