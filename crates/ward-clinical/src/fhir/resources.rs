//! What each resource type says. One reader per type, one line in the table.

use ward_formats::json::NodeId;

use super::{Source, row::Row, standing, warnings};
use crate::fact::{Experiencer, Fact, FactKind, Section};

type Reader = for<'a> fn(&Source<'a>, &mut Vec<Row<'a>>);

/// Resource types and their readers.
pub(crate) const TABLE: &[(&str, Reader)] = &[
    ("Patient", patient),
    ("AllergyIntolerance", allergy),
    ("MedicationRequest", medication),
    ("MedicationStatement", medication),
    ("MedicationAdministration", medication),
    ("MedicationDispense", medication),
    ("Condition", condition),
    ("Observation", observation),
    ("DiagnosticReport", report),
    ("Procedure", procedure),
    ("ServiceRequest", procedure),
    ("ImagingStudy", imaging),
    ("Immunization", immunization),
    ("FamilyMemberHistory", family),
    ("Encounter", encounter),
    ("CarePlan", care_plan),
    ("Goal", goal),
    ("Appointment", appointment),
    ("Communication", communication),
    ("DocumentReference", document),
    ("ClinicalImpression", impression),
    ("QuestionnaireResponse", answers),
    ("Flag", warnings::flag),
    ("Consent", warnings::consent),
    ("DetectedIssue", warnings::issue),
    ("AdverseEvent", warnings::adverse_event),
    ("Device", warnings::device),
    ("DeviceUseStatement", warnings::device_use),
];

fn patient<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    for (key, concept) in [
        ("gender", "sex"),
        ("birthDate", "born"),
        ("deceasedDateTime", "died"),
        ("deceasedBoolean", "died"),
    ] {
        let mut row = source.row().of(FactKind::Demographic, Section::Header);
        if let Some(value) = row.quote_at(source.node, &[key]) {
            row.fact.concept = concept.to_owned();
            row.fact.value = Some(value);
            if concept != "died" || row.fact.value.as_deref() != Some("false") {
                rows.push(row);
            }
        }
    }
}

fn allergy<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Allergy, Section::Allergies);
    let Some(concept) = row
        .concept_at(node, &["code"])
        .or_else(|| row.concept_at(node, &["reaction", "substance"]))
    else {
        return;
    };
    let mut reactions = Vec::new();
    let mut severity = None;
    for reaction in source.list(node, "reaction") {
        match row.concepts(reaction, "manifestation") {
            Some(words) => reactions.push(words),
            None => reactions.extend(row.quote_at(reaction, &["description"])),
        }
        severity = severity.or_else(|| row.quote_at(reaction, &["severity"]));
    }
    row.fact.reaction = (!reactions.is_empty()).then(|| reactions.join(", "));
    row.fact.severity = severity.or_else(|| row.quote_at(node, &["criticality"]));
    row.fact.status = row.code_at(node, &["clinicalStatus"]);
    let verified = row.aside(|row| row.code_at(node, &["verificationStatus"]));
    let lower = concept.to_lowercase();
    row.fact.negated =
        matches!(verified.as_deref(), Some("refuted")) || lower.contains("no known") || lower.contains("no allerg");
    row.fact.flag = verified.filter(|v| v != "confirmed");
    row.fact.concept = concept;
    row.dated(
        node,
        &[
            &["onsetDateTime"],
            &["onsetPeriod", "start"],
            &["recordedDate"],
            &["lastOccurrence"],
        ],
    );
    notes(source, rows, &row.fact);
    rows.push(row);
}

fn medication<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Medication, Section::Medications);
    // R5 has both ways under one name.
    let referred = source
        .at(&["medicationReference", "reference"])
        .or_else(|| source.at(&["medication", "reference", "reference"]))
        .and_then(|n| source.tree.str(n))
        .and_then(|r| source.resolve(r));
    let concept = row
        .concept_at(node, &["medicationCodeableConcept"])
        .or_else(|| row.concept_at(node, &["medication", "concept"]))
        .or_else(|| referred.and_then(|m| row.concept_at(m, &["code"])))
        .or_else(|| row.quote_at(node, &["medicationReference", "display"]))
        .or_else(|| row.quote_at(node, &["medication", "reference", "display"]));
    let Some(concept) = concept else { return };
    row.fact.concept = concept;
    let mut instructions = Vec::new();
    for dosage in source
        .list(node, "dosageInstruction")
        .into_iter()
        .chain(source.list(node, "dosage"))
    {
        instructions.extend(row.quote_at(dosage, &["text"]));
        if row.fact.dose.is_none() {
            let told = !instructions.is_empty();
            let (quantity, frequency, route) = {
                let read = |row: &mut Row<'a>| {
                    let quantity = super::at(source.tree, dosage, &["doseAndRate", "doseQuantity"])
                        .or_else(|| source.tree.get(dosage, "dose"))
                        .and_then(|q| row.quantity(q));
                    (
                        quantity,
                        timing(source, row, dosage),
                        row.concept_at(dosage, &["route"]),
                    )
                };
                // The instruction says it in words: the parts need no quote of their own.
                if told { row.aside(read) } else { read(&mut row) }
            };
            row.fact.dose = quantity.map(|(value, unit)| match unit {
                Some(unit) => format!("{value} {unit}"),
                None => value,
            });
            row.fact.frequency = frequency;
            row.fact.route = route;
            if source
                .tree
                .get(dosage, "asNeededBoolean")
                .and_then(|n| source.tree.text(n))
                == Some("true")
            {
                row.fact.flag = Some("as needed".to_owned());
            }
        }
    }
    row.fact.value = (!instructions.is_empty()).then(|| instructions.join("; "));
    // A proposal or an option is a thought that starts nothing, as long as its status does not say that it is over or waits.
    let intent = source.at(&["intent"]).and_then(|n| source.tree.str(n)).map(str::trim);
    let status = source.at(&["status"]).and_then(|n| source.tree.str(n)).map(str::trim);
    let thought = matches!(intent, Some("proposal" | "option"))
        && !matches!(
            status,
            Some("cancelled" | "stopped" | "completed" | "ended" | "on-hold")
        );
    // R5 tells of a statement that it is written down, and beside that whether the medicine is taken.
    row.fact.status = if thought {
        row.quote_at(node, &["intent"]).map(|_| "intended".to_owned())
    } else {
        row.quote_at(node, &["status"]).filter(|status| status != "recorded")
    };
    if let Some(adherence) = standing::adherence(source.tree, node) {
        row.fact.status = Some(adherence.to_owned());
    }
    let mut reasons: Vec<String> = row.concept_at(node, &["statusReason"]).into_iter().collect();
    reasons.extend(row.concepts(node, "reasonCode"));
    if reasons.is_empty() {
        reasons.extend(row.quote_at(node, &["reasonReference", "display"]));
    }
    row.fact.reason = (!reasons.is_empty()).then(|| reasons.join("; "));
    row.dated(
        node,
        &[
            &["authoredOn"],
            &["effectiveDateTime"],
            &["effectivePeriod", "start"],
            &["whenHandedOver"],
            &["whenPrepared"],
            &["dateAsserted"],
        ],
    );
    let ended: [&[&str]; 2] = [
        &["effectivePeriod", "end"],
        &["dosageInstruction", "timing", "repeat", "boundsPeriod", "end"],
    ];
    row.fact.until = ended.iter().find_map(|path| row.date_at(node, path));
    if row.fact.until.is_none() && matches!(row.fact.status.as_deref(), Some("stopped" | "cancelled" | "on-hold")) {
        // An order has no element for the day it was stopped; the note that says so has a time.
        row.fact.until = source
            .list(node, "note")
            .into_iter()
            .rev()
            .find_map(|note| row.date_at(note, &["time"]));
    }
    notes(source, rows, &row.fact);
    rows.push(row);
}

/// `timing.code.text`, else the numbers of `timing.repeat`.
fn timing(source: &Source<'_>, row: &mut Row<'_>, dosage: NodeId) -> Option<String> {
    if let Some(words) = row.concept_at(dosage, &["timing", "code"]) {
        return Some(words);
    }
    let repeat = super::at(source.tree, dosage, &["timing", "repeat"])?;
    let part = |key: &str| source.tree.get(repeat, key).and_then(|n| source.tree.text(n));
    Some(format!(
        "{} per {} {}",
        part("frequency")?,
        part("period")?,
        part("periodUnit")?
    ))
}

fn condition<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Problem, Section::PastHistory);
    let Some(concept) = row.concept_at(node, &["code"]) else {
        return;
    };
    row.fact.concept = concept;
    let mut severity: Vec<String> = row.concept_at(node, &["severity"]).into_iter().collect();
    for stage in source.list(node, "stage") {
        severity.extend(row.concept_at(stage, &["summary"]));
    }
    row.fact.severity = (!severity.is_empty()).then(|| severity.join(", "));
    row.fact.site = row.concepts(node, "bodySite");
    row.fact.status = row.code_at(node, &["clinicalStatus"]);
    let verified = row.aside(|row| row.code_at(node, &["verificationStatus"]));
    row.fact.negated = matches!(verified.as_deref(), Some("refuted"));
    row.fact.flag = verified.filter(|v| v != "confirmed");
    row.dated(
        node,
        &[&["onsetDateTime"], &["onsetPeriod", "start"], &["recordedDate"]],
    );
    row.fact.value = row.quote_at(node, &["onsetString"]);
    row.fact.until = row
        .date_at(node, &["abatementDateTime"])
        .or_else(|| row.date_at(node, &["abatementPeriod", "end"]));
    notes(source, rows, &row.fact);
    rows.push(row);
}

/// Whether an observation, or a component of one, without a category is a vital sign: by its code, or by the whole of a vital sign's name and
/// a unit that fits. "Troponin T" and "Birth weight" are none.
fn is_vital(source: &Source<'_>, part: NodeId) -> bool {
    let Some(code) = source.tree.get(part, "code") else {
        return false;
    };
    if vital_by_code(source, code).is_some() {
        return true;
    }
    let Some(name) = source.row().concept(code).map(|name| name.trim().to_lowercase()) else {
        return false;
    };
    let unit = source
        .tree
        .get(part, "valueQuantity")
        .and_then(|quantity| source.row().quantity(quantity))
        .and_then(|(_, unit)| unit)
        .map(|unit| unit.to_lowercase());
    VITAL_NAMES.iter().any(|(names, units)| {
        names.contains(&name.as_str()) && unit.as_deref().is_none_or(|unit| units.contains(&unit))
    })
}

/// Full names of vital signs, and the units that they are given in, in lower case.
#[rustfmt::skip]
const VITAL_NAMES: &[(&[&str], &[&str])] = &[
    (&["heart rate", "pulse", "pulse rate"], &["/min", "bpm", "beats/min", "beats/minute", "{beats}/min", "1/min"]),
    (&["respiratory rate", "respiration rate", "breathing rate"], &["/min", "breaths/min", "breaths/minute", "{breaths}/min", "1/min"]),
    (&["body temperature", "temperature"], &["cel", "c", "°c", "degc", "degrees c", "celsius", "[degf]", "f", "°f", "degf", "degrees f", "fahrenheit"]),
    (&["oxygen saturation", "spo2", "oxygen saturation in arterial blood", "oxygen saturation in arterial blood by pulse oximetry"], &["%", "percent"]),
    (&["blood pressure", "blood pressure panel", "systolic blood pressure", "diastolic blood pressure", "systolic", "diastolic"], &["mm[hg]", "mmhg", "mm hg"]),
    (&["body weight"], &["kg", "g", "lb", "lbs", "[lb_av]", "pounds"]),
    (&["body height"], &["cm", "m", "in", "[in_i]", "inches"]),
    (&["body mass index", "body mass index (bmi)"], &["kg/m2", "kg/m²", "kg/m^2"]),
];

/// Vital signs by their LOINC codes, which R4's profile of vital signs fixes.
const VITAL_CODES: &[(&str, &str)] = &[
    ("85354-9", "Blood pressure panel"),
    ("8480-6", "Systolic blood pressure"),
    ("8462-4", "Diastolic blood pressure"),
    ("8867-4", "Heart rate"),
    ("9279-1", "Respiratory rate"),
    ("8310-5", "Body temperature"),
    ("2708-6", "Oxygen saturation"),
    ("59408-5", "Oxygen saturation"),
    ("29463-7", "Body weight"),
    ("8302-2", "Body height"),
    ("39156-5", "Body mass index"),
];

/// The name of the vital sign whose code a concept has.
fn vital_by_code(source: &Source<'_>, concept: NodeId) -> Option<&'static str> {
    source.list(concept, "coding").into_iter().find_map(|coding| {
        let text = |key: &str| source.tree.get(coding, key).and_then(|node| source.tree.str(node));
        let code = text("code").filter(|_| text("system").is_none_or(|system| system.contains("loinc")))?;
        VITAL_CODES.iter().find(|(own, _)| *own == code).map(|(_, name)| *name)
    })
}

fn observation<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut category = String::new();
    for item in source.list(node, "category") {
        for coding in source.list(item, "coding") {
            category.push_str(
                source
                    .tree
                    .get(coding, "code")
                    .and_then(|n| source.tree.str(n))
                    .unwrap_or(""),
            );
            category.push(' ');
        }
        category.push_str(
            source
                .tree
                .get(item, "text")
                .and_then(|n| source.tree.str(n))
                .unwrap_or(""),
        );
    }
    let (kind, section) = if category.contains("vital-signs") || category.contains("Vital") {
        (FactKind::Vital, Section::Vitals)
    } else if category.contains("social-history") {
        (FactKind::Social, Section::SocialHistory)
    // R4 does not ask for a category.
    } else if category.is_empty() && is_vital(source, node) {
        (FactKind::Vital, Section::Vitals)
    } else {
        (FactKind::Lab, Section::Results)
    };
    let mut values: Vec<(NodeId, bool)> = vec![(node, false)];
    values.extend(source.list(node, "component").into_iter().map(|c| (c, true)));
    let parent = source.at(&["code"]);
    let has_components = values.len() > 1;
    for (part, is_component) in values {
        let mut row = source.row().of(kind, section);
        let code = source.tree.get(part, "code").or(parent);
        let Some(concept) = code.and_then(|c| row.concept(c)) else {
            continue;
        };
        // Tobacco is a social fact wherever it is filed.
        if concept.to_lowercase().contains("smok") || concept.to_lowercase().contains("tobacco") {
            (row.fact.kind, row.fact.section) = (FactKind::Social, Section::SocialHistory);
        }
        if is_component && category.is_empty() && is_vital(source, part) {
            (row.fact.kind, row.fact.section) = (FactKind::Vital, Section::Vitals);
        }
        // A concept that is nothing but its code.
        let named = code.and_then(|code| vital_by_code(source, code));
        row.fact.concept = match named {
            Some(name) if VITAL_CODES.iter().any(|(own, _)| *own == concept) => name.to_owned(),
            _ => concept,
        };
        let any = value(source, &mut row, part);
        if !any && !is_component && has_components {
            continue;
        }
        // What is said of a panel as a whole is said of each of its values.
        row.fact.flag = row
            .code_at(part, &["interpretation"])
            .or_else(|| row.code_at(node, &["interpretation"]));
        row.fact.site = row
            .concept_at(part, &["bodySite"])
            .or_else(|| row.concept_at(node, &["bodySite"]));
        if let Some(status) = source.at(&["status"])
            && !matches!(source.tree.str(status), Some("final" | "amended" | "corrected"))
        {
            row.fact.status = row.quote(status);
        }
        row.dated(
            node,
            &[
                &["effectiveDateTime"],
                &["effectivePeriod", "start"],
                &["effectiveInstant"],
                &["issued"],
            ],
        );
        if !is_component {
            notes(source, rows, &row.fact);
        }
        rows.push(row);
    }
}

/// Reads `value[x]` of an Observation or component.
fn value(source: &Source<'_>, row: &mut Row<'_>, part: NodeId) -> bool {
    let tree = source.tree;
    if let Some(quantity) = tree.get(part, "valueQuantity") {
        if let Some((value, unit)) = row.quantity(quantity) {
            row.fact.value = Some(value);
            row.fact.unit = unit;
        }
    } else if let Some(words) = row.concept_at(part, &["valueCodeableConcept"]) {
        row.fact.value = Some(words);
    } else if let Some(text) = [
        "valueString",
        "valueInteger",
        "valueBoolean",
        "valueDateTime",
        "valueTime",
    ]
    .iter()
    .find_map(|key| row.quote_at(part, &[key]))
    {
        row.fact.value = Some(text);
    } else if let Some(range) = tree.get(part, "valueRange") {
        let low = tree.get(range, "low").and_then(|q| row.quantity(q));
        let high = tree.get(range, "high").and_then(|q| row.quantity(q));
        row.fact.unit = low.as_ref().or(high.as_ref()).and_then(|(_, unit)| unit.clone());
        row.fact.value = Some(format!(
            "{} to {}",
            low.map_or(String::new(), |l| l.0),
            high.map_or(String::new(), |h| h.0)
        ));
    } else if let Some(ratio) = tree.get(part, "valueRatio") {
        let over = tree.get(ratio, "numerator").and_then(|q| row.quantity(q));
        let under = tree.get(ratio, "denominator").and_then(|q| row.quantity(q));
        if let (Some(over), Some(under)) = (over, under) {
            row.fact.value = Some(format!("{}:{}", over.0, under.0));
        }
    } else if let Some(absent) = row.concept_at(part, &["dataAbsentReason"]) {
        row.fact.status = Some(absent);
    }
    row.fact.value.is_some()
}

fn report<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Lab, Section::Results);
    let Some(concept) = row.concept_at(node, &["code"]) else {
        return;
    };
    row.fact.concept = concept;
    if let Some(status) = source.at(&["status"])
        && matches!(
            source.tree.str(status),
            Some("preliminary" | "partial" | "registered" | "cancelled")
        )
    {
        row.fact.status = row.quote(status);
    }
    row.dated(
        node,
        &[&["effectiveDateTime"], &["effectivePeriod", "start"], &["issued"]],
    );
    if let Some(text) = row.quote_at(node, &["conclusion"]) {
        row.fact.kind = FactKind::Remark;
        row.fact.value = Some(text);
    } else if let Some(words) = row.concepts(node, "conclusionCode") {
        row.fact.value = Some(words);
    }
    rows.push(row);
}

fn procedure<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Procedure, Section::Procedures);
    let Some(concept) = row.concept_at(node, &["code"]) else {
        return;
    };
    row.fact.concept = concept;
    row.fact.value = row.concept_at(node, &["outcome"]);
    row.fact.site = row.concepts(node, "bodySite");
    row.fact.status = row.quote_at(node, &["status"]);
    row.fact.reason = row
        .concepts(node, "reasonCode")
        .or_else(|| row.quote_at(node, &["reasonReference", "display"]));
    row.dated(
        node,
        &[
            &["performedDateTime"],
            &["performedPeriod", "start"],
            &["performedString"],
            &["occurrenceDateTime"],
            &["authoredOn"],
        ],
    );
    notes(source, rows, &row.fact);
    rows.push(row);
}

fn imaging<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Procedure, Section::Results);
    let concept = row
        .concept_at(node, &["procedureCode"])
        .or_else(|| row.quote_at(node, &["description"]))
        .or_else(|| row.concept_at(node, &["series", "modality"]))
        .or_else(|| row.concept_at(node, &["modality"]));
    let Some(concept) = concept else { return };
    row.fact.concept = concept;
    row.fact.value = row.concept_at(node, &["series", "bodySite"]);
    row.dated(node, &[&["started"]]);
    notes(source, rows, &row.fact);
    rows.push(row);
}

fn immunization<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Immunization, Section::Immunizations);
    let Some(concept) = row.concept_at(node, &["vaccineCode"]) else {
        return;
    };
    row.fact.concept = concept;
    row.fact.status = row.quote_at(node, &["status"]);
    row.fact.reason = row.concept_at(node, &["statusReason"]);
    row.dated(node, &[&["occurrenceDateTime"], &["occurrenceString"], &["recorded"]]);
    notes(source, rows, &row.fact);
    rows.push(row);
}

fn family<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let conditions = source.list(node, "condition");
    for condition in conditions
        .iter()
        .copied()
        .map(Some)
        .chain(conditions.is_empty().then_some(None))
    {
        let mut row = source.row().of(FactKind::FamilyHistory, Section::FamilyHistory);
        let relative = row
            .concept_at(node, &["relationship"])
            .unwrap_or_else(|| "relative".to_owned());
        match condition.and_then(|c| row.concept_at(c, &["code"])) {
            Some(concept) => row.fact.concept = concept,
            None => match row.quote_at(node, &["deceasedString"]) {
                Some(words) => row.fact.concept = words,
                None => continue,
            },
        }
        if let Some(condition) = condition {
            row.fact.value = source
                .tree
                .get(condition, "onsetAge")
                .and_then(|q| row.quantity(q))
                .map(|(value, unit)| match unit {
                    Some(unit) => format!("{value} {unit}"),
                    None => value,
                });
            row.fact.value = row
                .fact
                .value
                .take()
                .or_else(|| row.quote_at(condition, &["onsetString"]));
        }
        row.fact.experiencer = Experiencer::Relative(relative.to_lowercase());
        row.dated(node, &[&["date"]]);
        rows.push(row);
    }
}

fn encounter<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Encounter, Section::Encounters);
    let Some(concept) = row
        .concept_at(node, &["type"])
        .or_else(|| row.concept_at(node, &["class"]))
    else {
        return;
    };
    row.fact.concept = concept;
    row.fact.reason = row.concepts(node, "reasonCode");
    row.fact.status = source
        .at(&["status"])
        .filter(|n| source.tree.str(*n) != Some("finished"))
        .and_then(|n| row.quote(n));
    row.fact.value = row.concept_at(node, &["hospitalization", "dischargeDisposition"]);
    row.dated(node, &[&["period", "start"]]);
    let end = row.date_at(node, &["period", "end"]);
    row.fact.until = end.filter(|end| Some(end.text.as_str()) != row.fact.when.as_ref().map(|w| w.text.as_str()));
    rows.push(row);
}

fn care_plan<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let activities = source.list(node, "activity");
    for activity in activities
        .iter()
        .copied()
        .map(Some)
        .chain(activities.is_empty().then_some(None))
    {
        let mut row = source.row().of(FactKind::FollowUp, Section::Plan);
        let title = row
            .quote_at(node, &["title"])
            .or_else(|| row.concept_at(node, &["category"]));
        let detail = activity.and_then(|a| source.tree.get(a, "detail"));
        let what = detail.and_then(|d| {
            row.concept_at(d, &["code"])
                .or_else(|| row.quote_at(d, &["description"]))
        });
        match (what, title) {
            (Some(what), title) => (row.fact.concept, row.fact.reason) = (what, title),
            (None, Some(title)) => row.fact.concept = title,
            (None, None) => continue,
        }
        row.fact.status = row.quote_at(node, &["status"]);
        row.dated(node, &[&["period", "start"], &["created"]]);
        row.fact.until = row.date_at(node, &["period", "end"]);
        rows.push(row);
    }
}

fn goal<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let mut row = source.row().of(FactKind::FollowUp, Section::Plan);
    let Some(words) = row.concept_at(source.node, &["description"]) else {
        return;
    };
    row.fact.concept = words;
    row.fact.reason = Some("goal".to_owned());
    row.fact.status = row.quote_at(source.node, &["lifecycleStatus"]);
    row.dated(source.node, &[&["startDate"], &["statusDate"]]);
    rows.push(row);
}

fn appointment<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::FollowUp, Section::Plan);
    let words = row
        .quote_at(node, &["description"])
        .or_else(|| row.concept_at(node, &["serviceType"]))
        .or_else(|| row.concept_at(node, &["appointmentType"]));
    row.fact.concept = words.unwrap_or_else(|| "appointment".to_owned());
    row.fact.status = row.quote_at(node, &["status"]);
    row.fact.reason = row.concepts(node, "reasonCode");
    row.fact.value = row.quote_at(node, &["comment"]);
    row.dated(node, &[&["start"]]);
    rows.push(row);
}

fn communication<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let concept = {
        let mut row = source.row();
        row.concept_at(node, &["topic"])
            .or_else(|| row.concept_at(node, &["category"]))
            .unwrap_or_else(|| "message".to_owned())
    };
    let mut about = Fact::new(FactKind::Remark, concept, Section::Other);
    about.when = source
        .row()
        .date_at(node, &["sent"])
        .or_else(|| source.row().date_at(node, &["received"]));
    for payload in source.list(node, "payload") {
        if let Some(text) = source.tree.get(payload, "contentString") {
            remark(source, rows, &about, text);
        }
    }
    notes(source, rows, &about);
}

fn document<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Remark, Section::Other);
    let title = row
        .concept_at(node, &["type"])
        .or_else(|| row.quote_at(node, &["content", "attachment", "title"]));
    row.fact.value = row.quote_at(node, &["description"]);
    row.fact.concept = title.unwrap_or_else(|| "document".to_owned());
    row.dated(node, &[&["date"], &["context", "period", "start"]]);
    rows.push(row);
}

fn impression<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let mut about = Fact::new(FactKind::Remark, "clinical impression", Section::Assessment);
    about.when = source
        .row()
        .date_at(source.node, &["date"])
        .or_else(|| source.row().date_at(source.node, &["effectiveDateTime"]));
    for key in ["description", "summary"] {
        if let Some(text) = source.tree.get(source.node, key) {
            remark(source, rows, &about, text);
        }
    }
    notes(source, rows, &about);
}

/// Questions and answers, at any depth, on an explicit stack.
fn answers<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let when = source.row().date_at(source.node, &["authored"]);
    let mut stack = source.list(source.node, "item");
    stack.reverse();
    while let Some(item) = stack.pop() {
        for answer in source.list(item, "answer") {
            let mut row = source.row().of(FactKind::Lab, Section::Results);
            let Some(question) = row
                .quote_at(item, &["text"])
                .or_else(|| row.quote_at(item, &["linkId"]))
            else {
                continue;
            };
            row.fact.concept = question;
            row.fact.when = when.clone();
            let text = [
                "valueString",
                "valueInteger",
                "valueDecimal",
                "valueBoolean",
                "valueDate",
                "valueDateTime",
            ]
            .iter()
            .find_map(|key| row.quote_at(answer, &[key]));
            row.fact.value = text.or_else(|| row.concept_at(answer, &["valueCoding"]));
            if let Some((value, unit)) = source.tree.get(answer, "valueQuantity").and_then(|q| row.quantity(q)) {
                (row.fact.value, row.fact.unit) = (Some(value), unit);
            }
            rows.push(row);
            let mut inner = source.list(answer, "item");
            inner.reverse();
            stack.extend(inner);
        }
        let mut inner = source.list(item, "item");
        inner.reverse();
        stack.extend(inner);
    }
}

/// The `note` annotations of a resource, as remarks about `about`.
pub(super) fn notes<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>, about: &Fact) {
    for note in source.list(source.node, "note") {
        if let Some(text) = source.tree.get(note, "text") {
            let mut about = about.clone();
            if let Some(time) = source.row().date_at(note, &["time"]) {
                about.when = Some(time);
            }
            remark(source, rows, &about, text);
        }
    }
}

fn remark<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>, about: &Fact, text: NodeId) {
    let mut row = source.row().of(FactKind::Remark, about.section);
    row.fact.value = row.quote(text);
    row.fact.concept.clone_from(&about.concept);
    row.fact.when.clone_from(&about.when);
    if row.fact.value.is_some() {
        rows.push(row);
    }
}
