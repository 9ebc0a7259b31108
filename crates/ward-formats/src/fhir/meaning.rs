//! What a primitive element means: by its type, and for strings by the table below.

use crate::Whose;

/// What a string, number or boolean of a known element means. With the [`Whose`] of its resource or
/// datatype it becomes a [`Role`](crate::Role).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A person's name or a part of it.
    Name,
    /// A name of an organisation or place.
    Facility,
    /// A part of an address below state level.
    Address,
    /// A state or country.
    Region,
    /// A telephone number, an e-mail address.
    Contact,
    /// An identifier.
    Identifier,
    /// A date of birth or death.
    Birth,
    /// Another date.
    Date,
    /// A point in time, which is written to the second at least.
    Instant,
    /// Free text.
    Text,
    /// XHTML.
    Narrative,
    /// Encoded content.
    Binary,
    /// A code, a system, a time of day: one word.
    Code,
    /// What is shown of a code, a unit.
    Shown,
    /// A number or boolean.
    Value,
    /// The literal reference of a Reference.
    Reference,
    /// What a Reference shows: a name when it points at a person or a place, else text.
    Display,
    /// A coordinate: an address even as a number.
    Coordinate,
}

/// What element `element` of type `owner` means, when its type is the primitive `of`.
pub(super) fn of(owner: &str, element: &str, of: &str) -> Meaning {
    let exact = EXCEPTIONS
        .iter()
        .find(|(owners, elements, _)| {
            elements.split(' ').any(|e| e == element) && (owners.is_empty() || owners.split(' ').any(|o| o == owner))
        })
        .map(|(.., meaning)| *meaning);
    exact.unwrap_or(match of {
        "date" | "dateTime" => Meaning::Date,
        "instant" => Meaning::Instant,
        "code" | "canonical" | "uri" | "time" => Meaning::Code,
        "id" | "uuid" | "oid" | "url" => Meaning::Identifier,
        "base64Binary" => Meaning::Binary,
        "xhtml" => Meaning::Narrative,
        "boolean" | "decimal" | "integer" | "positiveInt" | "unsignedInt" => Meaning::Value,
        // string, markdown, and what a later version may add.
        _ => Meaning::Text,
    })
}

/// Elements that mean more than their primitive type says: owners (none: every type), elements, meaning.
/// The first line that fits counts. Read from the definitions of FHIR R4, element by element.
const EXCEPTIONS: &[(&str, &str, Meaning)] = &[
    // Persons.
    ("HumanName", "text family given prefix suffix", Meaning::Name),
    ("ContactDetail Contributor AuditEventAgent", "name", Meaning::Name),
    ("Annotation", "authorString", Meaning::Name),
    ("FamilyMemberHistory", "name", Meaning::Name),
    ("ContactPoint", "value", Meaning::Contact),
    ("AuditEventAgentNetwork", "address", Meaning::Contact),
    ("", "birthDate", Meaning::Birth),
    ("Patient", "deceasedDateTime", Meaning::Birth),
    (
        "FamilyMemberHistory",
        "bornDate bornString deceasedDate deceasedString",
        Meaning::Birth,
    ),
    // Places.
    ("Address", "text line city district postalCode", Meaning::Address),
    ("Address", "state country", Meaning::Region),
    ("LocationPosition", "longitude latitude altitude", Meaning::Coordinate),
    (
        "Organization Location HealthcareService Endpoint InsurancePlan OrganizationAffiliation",
        "name alias",
        Meaning::Facility,
    ),
    (
        "MessageHeaderSource MessageHeaderDestination",
        "name",
        Meaning::Facility,
    ),
    ("AuditEventSource", "site", Meaning::Facility),
    // Identifiers.
    ("", "id", Meaning::Identifier),
    ("Identifier", "value", Meaning::Identifier),
    ("Reference", "reference", Meaning::Reference),
    ("Reference", "display", Meaning::Display),
    ("Meta", "versionId source", Meaning::Identifier),
    ("BundleEntry", "fullUrl", Meaning::Identifier),
    ("BundleLink", "url", Meaning::Identifier),
    ("BundleLink", "relation", Meaning::Code),
    (
        "BundleEntryRequest",
        "url ifMatch ifNoneExist ifNoneMatch",
        Meaning::Identifier,
    ),
    ("BundleEntryResponse", "location etag", Meaning::Identifier),
    ("BundleEntryResponse", "status", Meaning::Code),
    ("Attachment", "hash url", Meaning::Identifier),
    ("AuditEventAgent", "altId", Meaning::Identifier),
    ("Coverage", "subscriberId dependent", Meaning::Identifier),
    ("CoverageClass", "value", Meaning::Identifier),
    ("", "preAuthRef businessArrangement", Meaning::Identifier),
    (
        "Device",
        "distinctIdentifier lotNumber serialNumber url",
        Meaning::Identifier,
    ),
    (
        "DeviceUdiCarrier",
        "deviceIdentifier carrierHRF carrierAIDC",
        Meaning::Identifier,
    ),
    ("Contract", "url", Meaning::Identifier),
    ("DocumentManifest", "source", Meaning::Identifier),
    ("SubscriptionChannel Endpoint", "header", Meaning::Identifier),
    ("", "valueUri authorizationUrl", Meaning::Text),
    // Codes kept as strings.
    ("Coding", "display version", Meaning::Shown),
    ("Quantity Age Count Distance Duration", "unit", Meaning::Shown),
    ("SampledData", "data", Meaning::Shown),
    ("", "linkId", Meaning::Code),
    ("Device", "modelNumber partNumber", Meaning::Shown),
    ("MedicationBatch Immunization", "lotNumber", Meaning::Shown),
    ("QuestionnaireItem RequestGroupAction", "prefix", Meaning::Shown),
];

/// Whose the names, addresses and identifiers directly in a type are; `None`: those of its surroundings.
pub(super) fn whose(of: &str) -> Option<Whose> {
    Some(match of {
        "Patient" | "Coverage" | "Account" => Whose::Patient,
        "PatientContact" | "RelatedPerson" | "FamilyMemberHistory" => Whose::Relative,
        "Practitioner" | "PractitionerRole" | "CareTeam" | "OrganizationContact" | "ContactDetail" | "Contributor" => {
            Whose::Clinician
        }
        "Organization"
        | "Location"
        | "HealthcareService"
        | "Endpoint"
        | "InsurancePlan"
        | "OrganizationAffiliation" => Whose::Facility,
        _ => return None,
    })
}

/// Whom a reference element usually points at, when the reference itself does not say.
pub(super) fn points_at(element: &str) -> Target {
    let table: &[(&str, Target)] = &[
        (
            "subject patient beneficiary for subscriber sourcePatientInfo individualSubject",
            Target::Person(Whose::Patient),
        ),
        ("policyHolder relative", Target::Person(Whose::Relative)),
        (
            "performer practitioner author authorReference recorder asserter requester requestor provider enterer \
             generalPractitioner individual interpreter resultsInterpreter operator collector sender witness \
             authenticator careManager prescriber orderer assessor observer referrer responsible receiver \
             informationSource dispenser primarySurgeon verifiedWith",
            Target::Person(Whose::Clinician),
        ),
        (
            "managingOrganization serviceProvider custodian insurer organization location facility origin destination \
             issuer assigner payor healthcareService providedBy coverageArea performingOrganization \
             participatingOrganization requestingOrganization primaryOrganization locationReference network \
             manufacturer supplier publisher deliverFrom deliverTo managingEntity",
            Target::Place,
        ),
        (
            "actor member who party entity participant owner recipient payee addressee link other onBehalfOf source \
             submitter requestProvider responsibleParty partyReference expressedBy",
            Target::Person(Whose::Unknown),
        ),
    ];
    table
        .iter()
        .find(|(names, _)| names.split_ascii_whitespace().any(|name| name == element))
        .map_or(Target::Thing, |(_, target)| *target)
}

/// What a reference points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A person.
    Person(Whose),
    /// An organisation or a place.
    Place,
    /// Anything else.
    Thing,
}

impl Target {
    /// Whose an identifier of the target is.
    pub(super) fn whose(self) -> Whose {
        match self {
            Target::Person(whose) => whose,
            Target::Place => Whose::Facility,
            Target::Thing => Whose::Unknown,
        }
    }
}

/// What a reference to a resource of that type points at.
pub(super) fn target(resource: &str) -> Target {
    match resource {
        "Patient" => Target::Person(Whose::Patient),
        "RelatedPerson" => Target::Person(Whose::Relative),
        "Practitioner" | "PractitionerRole" => Target::Person(Whose::Clinician),
        "Person" | "Group" | "CareTeam" => Target::Person(Whose::Unknown),
        "Organization"
        | "Location"
        | "HealthcareService"
        | "Endpoint"
        | "InsurancePlan"
        | "OrganizationAffiliation" => Target::Place,
        _ => Target::Thing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_by_element_then_by_type() {
        for (owner, element, primitive, expect) in [
            ("HumanName", "prefix", "string", Meaning::Name),
            ("Organization", "name", "string", Meaning::Facility),
            ("Group", "name", "string", Meaning::Text),
            ("Coding", "display", "string", Meaning::Shown),
            ("Reference", "display", "string", Meaning::Display),
            ("CodeableConcept", "text", "string", Meaning::Text),
            ("Address", "state", "string", Meaning::Region),
            ("Patient", "birthDate", "date", Meaning::Birth),
            ("Patient", "id", "string", Meaning::Identifier),
            ("Condition", "recordedDate", "dateTime", Meaning::Date),
            ("Meta", "lastUpdated", "instant", Meaning::Instant),
            ("Extension", "url", "uri", Meaning::Code),
            ("Extension", "valueUri", "uri", Meaning::Text),
            ("Attachment", "data", "base64Binary", Meaning::Binary),
            ("Device", "lotNumber", "string", Meaning::Identifier),
            ("Narrative", "div", "xhtml", Meaning::Narrative),
        ] {
            assert_eq!(of(owner, element, primitive), expect, "{owner}.{element}");
        }
    }
}
