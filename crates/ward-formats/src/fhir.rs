//! FHIR R4 JSON: a resource or a bundle, every text with a role by its datatype.
//!
//! The table of types and elements is the whole of R4 (`r4.txt`), so an element is known or it is
//! not: one that is not is a [`Problem`](crate::Problem), and its texts, numbers and booleans become
//! fields of [`Role::Unknown`](crate::Role::Unknown) (or of the role that their names give away).
//! What is read is decided by structure, never by a list of fields to look at.

mod label;
mod meaning;
mod schema;
mod targets;
mod walk;

use std::fmt;

use crate::{
    Budget, Document, Edit, Error, ErrorKind, Field, Kind, Parsed, Spliced,
    json::{JsonKind, NodeId, Tree},
    splice::{self, Encoding},
};

/// A FHIR resource or bundle. Its `Debug` does not show the content.
#[derive(Clone)]
pub struct FhirDoc {
    tree: Tree,
    fields: Vec<Field>,
    /// The node of each field, ascending.
    nodes: Vec<NodeId>,
    resources: Vec<(&'static str, NodeId)>,
    /// Numbers that are ages of 90 years or more, ascending.
    ages: Vec<NodeId>,
    /// Texts that R4 wants to be instants, ascending.
    instants: Vec<NodeId>,
    /// Questions, and which field answers which, ascending.
    labels: Vec<String>,
    asked: Vec<(NodeId, u32)>,
}

impl FhirDoc {
    /// Reads `bytes` as a FHIR R4 resource or bundle. What does not fit R4 is a problem by place;
    /// the rest is read all the same.
    ///
    /// # Errors
    /// When the bytes are not JSON, cost too much, or are not an object with a `resourceType`.
    pub fn parse(bytes: &[u8], budget: Budget) -> Result<Parsed<FhirDoc>, Error> {
        let tree = Tree::parse(bytes, budget)?;
        let root = tree.root();
        let of = tree.get(root, "resourceType").and_then(|n| tree.str(n));
        if of.is_none() {
            return Err(Error::new(
                ErrorKind::Malformed,
                "this JSON is not FHIR: its outermost value is not an object with a resourceType",
                tree.raw(root).start,
            ));
        }
        let walked = walk::walk(&tree);
        Ok(Parsed {
            document: FhirDoc {
                tree,
                fields: walked.fields,
                nodes: walked.nodes,
                resources: walked.resources,
                ages: walked.ages,
                instants: walked.instants,
                labels: walked.labels,
                asked: walked.asked,
            },
            problems: walked.problems,
        })
    }

    /// The JSON.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Every resource in source order: (resourceType, node). Bundle entries, contained resources, a
    /// resource on its own; not bundles themselves.
    pub fn resources(&self) -> impl Iterator<Item = (&str, NodeId)> + '_ {
        self.resources.iter().map(|(of, n)| (*of, *n))
    }

    /// Index into [`fields`](Document::fields) of the value at `node`, if it is a field.
    #[must_use]
    pub fn field_at(&self, node: NodeId) -> Option<usize> {
        self.nodes.binary_search(&node).ok()
    }

    /// True when field `index` is a JSON number.
    #[must_use]
    pub fn is_number(&self, index: usize) -> bool {
        self.node(index)
            .is_some_and(|node| self.tree.kind(node) == JsonKind::Number)
    }

    /// True when R4 wants an instant in field `index`: a date with its time, to the second, and its offset from UTC.
    #[must_use]
    pub fn is_instant(&self, index: usize) -> bool {
        self.node(index)
            .is_some_and(|n| self.instants.binary_search(&n).is_ok())
    }

    /// The key that field `index` stands under, in the object or in the list there; `None` for a field that is the document.
    #[must_use]
    pub fn key(&self, index: usize) -> Option<&str> {
        std::iter::successors(self.node(index), |n| self.tree.parent(*n)).find_map(|n| self.tree.key(n))
    }

    /// The node of field `index`.
    #[must_use]
    pub fn node(&self, index: usize) -> Option<NodeId> {
        self.nodes.get(index).copied()
    }
}

impl fmt::Debug for FhirDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FhirDoc")
            .field("len", &self.tree.source().len())
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

impl Document for FhirDoc {
    fn kind(&self) -> Kind {
        Kind::Fhir
    }

    fn source(&self) -> &[u8] {
        self.tree.source()
    }

    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn place(&self, index: usize) -> String {
        self.node(index)
            .map_or_else(String::new, |n| walk::place(&self.tree, n))
    }

    fn label(&self, index: usize) -> Option<&str> {
        let n = self.node(index)?;
        if self.is_age(index) {
            return Some(label::AGE);
        }
        if let Some(label) = self.tree.key(n).and_then(label::of_key) {
            return Some(label);
        }
        let at = self.asked.binary_search_by_key(&n, |(n, _)| *n).ok()?;
        let (_, label) = self.asked.get(at)?;
        self.labels.get(*label as usize).map(String::as_str)
    }

    fn is_age(&self, index: usize) -> bool {
        self.node(index).is_some_and(|n| self.ages.binary_search(&n).is_ok())
    }

    fn strange_keys(&self) -> Vec<(&str, String)> {
        let strange = |n: &NodeId| {
            self.tree
                .key(*n)
                .filter(|key| !walk::is_name(key))
                .map(|key| (key, walk::place(&self.tree, *n)))
        };
        self.tree.values().filter_map(|n| strange(&n)).collect()
    }

    /// An edit of a number or boolean makes it a JSON string, unless it is another number without sign or exponent or [`Edit::AT_LEAST_90`].
    fn splice(&self, edits: &[Edit]) -> Result<Spliced, Error> {
        splice::splice(self.tree.source(), &self.fields, edits, |index| {
            match self.node(index).map(|n| self.tree.kind(n)) {
                Some(JsonKind::Number | JsonKind::Bool) => Encoding::JsonLiteral,
                _ => Encoding::JsonString,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, Span, Whose};

    const BUNDLE: &str = r##"{
  "resourceType": "Bundle", "type": "collection",
  "entry": [
    {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "p1",
      "text": {"status": "generated", "div": "<div>Ann Lee</div>"},
      "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": {"city": "Ulm", "country": "DE"}},
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Koch"},
        {"url": "urn:x", "extension": [{"url": "latitude", "valueDecimal": 48.4}, {"url": "n", "valueInteger": 3}]}],
      "identifier": [{"system": "urn:mrn", "value": "M-77", "assigner": {"display": "City Hospital"}}],
      "name": [{"use": "official", "family": "Lee", "given": ["Ann", "B."], "prefix": ["Ms."]}],
      "telecom": [{"system": "phone", "value": "555-0100"}],
      "gender": "female", "birthDate": "1950-02-03",
      "_birthDate": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1950-02-03T04:05:06Z"}]},
      "deceasedDateTime": "2021-01-01", "address": [{"line": ["1 Elm St"], "city": "Ulm", "state": "BW", "postalCode": "89073"}],
      "contact": [{"name": {"text": "Bob Lee"}, "organization": {"display": "Acme"}}],
      "multipleBirthInteger": 1, "active": true}},
    {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Kern"}]}},
    {"fullUrl": "urn:uuid:3", "resource": {"resourceType": "Observation", "status": "final",
      "contained": [{"resourceType": "Organization", "id": "o", "name": "Lab One"}],
      "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0", "display": "Creatinine"}], "text": "creatinine of Ann"},
      "subject": {"reference": "urn:uuid:1", "display": "Ann Lee"},
      "performer": [{"reference": "urn:uuid:2", "display": "Dr Kern"}, {"reference": "#o", "display": "Lab One"}, {"display": "Sam"}],
      "encounter": {"reference": "Encounter/9", "display": "visit"},
      "effectiveDateTime": "2020-05-06T07:08:09+02:00", "effectivePeriod": {"start": "2020"},
      "valueQuantity": {"value": 1.20, "unit": "mg/dL"}, "note": [{"text": "2020-05-06", "authorString": "Sam"}],
      "vendorNote": "call Ann", "vendorRow": {"n": 5, "ok": false, "name": {"family": "Lee"}, "nil": null}}}
  ]
}"##;

    fn parse(text: &str) -> Parsed<FhirDoc> {
        FhirDoc::parse(text.as_bytes(), Budget::RECORD).unwrap()
    }

    #[test]
    fn gives_every_text_its_role() {
        let doc = parse(BUNDLE).document;
        let role = |place: &str| {
            let found = (0..doc.fields().len()).find(|i| doc.place(*i) == place);
            found.map(|i| doc.fields()[i].role)
        };
        let in_patient = [
            ("id", Role::Identifier(Whose::Patient)),
            ("text.div", Role::Narrative),
            ("text.status", Role::Code),
            ("extension[0].url", Role::Code),
            ("extension[0].valueAddress.city", Role::Address(Whose::Patient)),
            ("extension[0].valueAddress.country", Role::Region),
            ("extension[1].valueString", Role::Name(Whose::Relative)),
            ("extension[2].extension[0].valueDecimal", Role::Address(Whose::Patient)),
            ("identifier[0].value", Role::Identifier(Whose::Patient)),
            ("identifier[0].system", Role::Code),
            ("identifier[0].assigner.display", Role::Facility),
            ("name[0].family", Role::Name(Whose::Patient)),
            ("name[0].given[1]", Role::Name(Whose::Patient)),
            ("name[0].prefix[0]", Role::Name(Whose::Patient)),
            ("telecom[0].value", Role::Contact(Whose::Patient)),
            ("gender", Role::Code),
            ("birthDate", Role::BirthDate),
            ("_birthDate.extension[0].valueDateTime", Role::BirthDate),
            ("deceasedDateTime", Role::BirthDate),
            ("address[0].line[0]", Role::Address(Whose::Patient)),
            ("address[0].state", Role::Region),
            ("contact[0].name.text", Role::Name(Whose::Relative)),
            ("contact[0].organization.display", Role::Facility),
        ];
        for (place, expect) in in_patient {
            let place = format!("entry[0].resource.{place}");
            assert_eq!(role(&place), Some(expect), "{place}");
        }
        let in_observation = [
            ("contained[0].name", Role::Facility),
            ("contained[0].id", Role::Identifier(Whose::Facility)),
            ("code.coding[0].code", Role::Code),
            ("code.coding[0].display", Role::Code),
            ("code.text", Role::Text),
            ("subject.reference", Role::Identifier(Whose::Patient)),
            ("subject.display", Role::Name(Whose::Patient)),
            ("performer[0].display", Role::Name(Whose::Clinician)),
            ("performer[1].display", Role::Facility),
            ("performer[2].display", Role::Name(Whose::Clinician)),
            ("encounter.reference", Role::Identifier(Whose::Unknown)),
            ("encounter.display", Role::Text),
            ("effectiveDateTime", Role::Date),
            ("effectivePeriod.start", Role::Date),
            ("valueQuantity.unit", Role::Code),
            ("note[0].text", Role::Date),
            ("note[0].authorString", Role::Name(Whose::Unknown)),
            ("?", Role::Unknown),
            ("?.?", Role::Unknown),
            ("?.name.family", Role::Name(Whose::Unknown)),
        ];
        for (place, expect) in in_observation {
            let place = format!("entry[2].resource.{place}");
            assert_eq!(role(&place), Some(expect), "{place}");
        }
        // Numbers and booleans that FHIR knows are no fields.
        for place in [
            "multipleBirthInteger",
            "active",
            "extension[2].extension[1].valueInteger",
        ] {
            assert_eq!(role(&format!("entry[0].resource.{place}")), None);
        }
    }

    #[test]
    fn reports_what_does_not_fit() {
        let places = |text: &str| parse(text).problems.into_iter().map(|p| p.place).collect::<Vec<_>>();
        assert_eq!(places(BUNDLE), ["entry[2].resource.?", "entry[2].resource.?"]);
        for (text, expect) in [
            (r#"{"resourceType":"Patient"}"#, &[][..]),
            (r#"{"resourceType":"Nothing","name":"x"}"#, &["the whole document"]),
            (r#"{"resourceType":"Bundle","entry":[{}]}"#, &["entry[0]"]),
            (r#"{"resourceType":"Bundle","entry":["x"]}"#, &["entry[0]"]),
            (
                r#"{"resourceType":"Bundle","entry":[{"request":{"method":"DELETE","url":"Patient/1"}}]}"#,
                &[],
            ),
            (
                r#"{"resourceType":"Bundle","entry":[{"resource":"x"},{"resource":{"id":"1"}}]}"#,
                &["entry[0]", "entry[1].resource"],
            ),
            (r#"{"resourceType":"Patient","name":"Ann"}"#, &["name"]),
            (r#"{"resourceType":"Patient","active":"Ann"}"#, &["active"]),
            (r#"{"resourceType":"Patient","birthDate":1950}"#, &["birthDate"]),
            (r#"{"resourceType":"Patient","gender":{"Ann":1}}"#, &["gender"]),
            (r#"{"resourceType":"Patient","id":"1","id":"2"}"#, &["id"]),
            (r#"{"resourceType":"Patient","Ann Lee":1}"#, &["?"]),
        ] {
            assert_eq!(places(text), expect, "{text}");
        }
        for (text, broken) in [
            (r#"{"resourceType":"Nothing"}"#, true),
            (
                r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Nothing"}}]}"#,
                true,
            ),
            (
                r#"{"resourceType":"Patient","contained":[{"resourceType":"Nothing"}]}"#,
                true,
            ),
            (r#"{"resourceType":"Patient","nothing":1}"#, false),
        ] {
            assert!(
                parse(text).problems.iter().all(|problem| problem.broken == broken),
                "{text}"
            );
        }
        let many = format!(r#"{{"resourceType":"Patient"{}}}"#, r#","x":1"#.repeat(5000));
        assert_eq!(parse(&many).problems.len(), 201);
    }

    #[test]
    fn a_wrong_type_never_hides_a_text() {
        for (text, expect) in [
            (r#"{"resourceType":"Patient","name":"Ann"}"#, Role::Name(Whose::Patient)),
            (r#"{"resourceType":"Patient","active":"Ann"}"#, Role::Unknown),
            (r#"{"resourceType":"Patient","birthDate":1950}"#, Role::BirthDate),
            (r#"{"resourceType":"Patient","gender":{"Ann":1}}"#, Role::Unknown),
            (
                r#"{"resourceType":"Patient","id":"1","id":"2"}"#,
                Role::Identifier(Whose::Patient),
            ),
            (r#"{"resourceType":"Patient","contained":"x"}"#, Role::Unknown),
            (r#"{"resourceType":"Patient","Ann Lee":1}"#, Role::Unknown),
            (r#"{"resourceType":"Nothing","status":"x"}"#, Role::Unknown),
            (
                r#"{"resourceType":"Nothing","id":"x"}"#,
                Role::Identifier(Whose::Unknown),
            ),
            (
                r#"{"resourceType":"Nothing","who":{"reference":"x/y"}}"#,
                Role::Identifier(Whose::Unknown),
            ),
            (
                r#"{"resourceType":"Nothing","whom":"Patient/ab"}"#,
                Role::Identifier(Whose::Patient),
            ),
            (r#"{"resourceType":"Nothing","ratio":"a/b"}"#, Role::Unknown),
            (
                r#"{"resourceType":"Observation","status":"called Ann Lee"}"#,
                Role::Text,
            ),
            (
                r#"{"resourceType":"Patient","address":{"state":"89073"}}"#,
                Role::Address(Whose::Patient),
            ),
        ] {
            let doc = parse(text).document;
            assert_eq!(doc.fields().last().map(|f| f.role), Some(expect), "{text}");
        }
    }

    #[test]
    fn knows_what_is_asked_and_who_is_old() {
        let text = r##"{"resourceType":"Bundle","entry":[
{"resource":{"resourceType":"QuestionnaireResponse","item":[{"linkId":"1","text":"Surname","answer":[{"valueString":"Q"}]},
 {"linkId":"next-of-kin","answer":[{"valueInteger":123456789}]},{"linkId":"3","text":"Your age?","answer":[{"valueInteger":93}]},
 {"linkId":"4","text":"Heart rate","answer":[{"valueInteger":93}]}]}},
{"resource":{"resourceType":"Observation","code":{"text":"Contact phone"},"valueInteger":6174827731,
 "component":[{"code":{"coding":[{"display":"Surname"}]},"valueCodeableConcept":{"text":"W"}},
 {"code":{"coding":[{"code":"30525-0"}]},"valueQuantity":{"value":93,"unit":"a"}},
 {"code":{"text":"age"},"valueQuantity":{"value":93,"code":"mo"}}]}},
{"resource":{"resourceType":"Condition","onsetAge":{"value":91,"unit":"years"}}},
{"resource":{"resourceType":"Condition","onsetAge":{"value":1200,"code":"mo"}}},
{"resource":{"resourceType":"Condition","onsetAge":{"value":89,"code":"a"}}},
{"resource":{"resourceType":"Condition","onsetRange":{"low":{"value":90},"high":{"value":95}}}},
{"resource":{"resourceType":"FamilyMemberHistory","ageString":"99","note":[{"text":"n"}]}},
{"resource":{"resourceType":"Patient","extension":[{"url":"http://x/mothersMaidenName","valueString":"K"}],"Vandermolen":{"x":1}}},
{"resource":{"resourceType":"Parameters","parameter":[{"name":"family-name","valueString":"P"}]}}]}"##;
        let doc = parse(text).document;
        let labels: Vec<(&str, &str)> = doc
            .fields()
            .iter()
            .enumerate()
            .filter_map(|(i, field)| Some((field.text.as_str(), doc.label(i)?)))
            .collect();
        let expect = [
            ("Q", "Surname"),
            ("123456789", "next of kin"),
            ("93", "Age"),
            ("6174827731", "Contact phone"),
            ("W", "Surname"),
            ("93", "Age"),
            ("91", "Age"),
            ("1200", "Age"),
            ("90", "Age"),
            ("95", "Age"),
            ("99", "Age"),
            ("K", "mothers Maiden Name"),
            ("P", "family name"),
        ];
        assert_eq!(labels, expect);
        let ages = (0..doc.fields().len()).filter(|i| doc.is_age(*i)).count();
        assert_eq!(ages, 6);
        let keys: Vec<&str> = doc.strange_keys().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["Vandermolen", "x"]);
    }

    #[test]
    fn refuses_what_is_not_fhir() {
        for (text, kind) in [
            ("{}", ErrorKind::Malformed),
            ("[]", ErrorKind::Malformed),
            (r#"{"resourceType":1}"#, ErrorKind::Malformed),
            (r#"{"resourceType":"Patient""#, ErrorKind::Malformed),
        ] {
            let error = FhirDoc::parse(text.as_bytes(), Budget::RECORD).unwrap_err();
            assert_eq!(error.kind(), kind, "{text}");
        }
    }

    #[test]
    fn lists_resources_and_finds_fields() {
        let doc = parse(BUNDLE).document;
        let types: Vec<_> = doc.resources().map(|(of, _)| of).collect();
        assert_eq!(types, ["Patient", "Practitioner", "Observation", "Organization"]);
        let (_, patient) = doc.resources().next().unwrap();
        let birth = doc.tree().get(patient, "birthDate").unwrap();
        let field = doc.field_at(birth).unwrap();
        assert_eq!(doc.fields()[field].text, "1950-02-03");
        assert_eq!(doc.node(field), Some(birth));
        assert_eq!(doc.field_at(patient), None);
    }

    #[test]
    fn splices_strings_and_literals() {
        let text = r#"{"resourceType":"Patient","name":[{"family":"L\u00e9e \"x\""}],"z":12.5}"#;
        let doc = parse(text).document;
        let edit = |field, start, end, with: &str| Edit {
            field,
            span: Span::new(start, end),
            with: with.to_owned(),
        };
        // Fields: resourceType, family, z.
        let spliced = doc.splice(&[edit(2, 0, 2, "\"n"), edit(1, 1, 3, "\n")]).unwrap();
        assert_eq!(
            String::from_utf8(spliced.bytes.clone()).unwrap(),
            r#"{"resourceType":"Patient","name":[{"family":"L\ne \"x\""}],"z":"\"n.5"}"#
        );
        let again = FhirDoc::parse(&spliced.bytes, Budget::RECORD).unwrap().document;
        assert_eq!(again.fields()[1].text, "L\ne \"x\"");
        assert_eq!(again.fields()[2].text, "\"n.5");
        assert_eq!(doc.splice(&[]).unwrap().bytes, text.as_bytes());
    }
}
