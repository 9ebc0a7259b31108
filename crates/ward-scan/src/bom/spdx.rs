//! SPDX 3.0.1 as JSON-LD, with the profiles Software, SimpleLicensing, AI and Dataset. Conformance with the last two is
//! claimed where everything they ask for is known.

mod artefact;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Bom, Kind, Part, cyclonedx, purl};
use crate::inventory::Scope;

/// The one creation record of a document; a blank node.
const MADE: &str = "_:creationInfo";

/// The bill as a document. `made` is in seconds since 1970; the identifiers depend on the content alone.
#[must_use]
pub fn value(bom: &Bom, made: i64) -> Value {
    // The identifiers are those of the same bill in CycloneDX, so that two documents of one content agree.
    let content = cyclonedx::value(bom, 0);
    let base = format!("urn:uuid:{}", cyclonedx::uuid(&content));
    let mut document = Document {
        base,
        graph: Vec::new(),
        names: Vec::new(),
        licences: BTreeMap::new(),
        agents: BTreeMap::new(),
        relations: 0,
    };
    let (profiles, lacks) = artefact::profiles(bom);
    let tool = document.id("tool");
    let agent = document.id("agent");
    document.graph.push(json!({
        "type": "CreationInfo",
        "@id": MADE,
        "specVersion": "3.0.1",
        "created": cyclonedx::time(made),
        "createdBy": [agent],
        "createdUsing": [tool],
    }));
    document.element("SoftwareAgent", &agent, json!({"name": "ward"}));
    document.element(
        "Tool",
        &tool,
        json!({"name": format!("ward {}", env!("CARGO_PKG_VERSION"))}),
    );
    let root = document.id("project");
    let mut project = json!({"name": bom.subject.name, "software_primaryPurpose": "application"});
    if let Some(version) = &bom.subject.version {
        project["software_packageVersion"] = json!(version);
    }
    document.element("software_Package", &root, project);
    if let Some(licence) = &bom.subject.licence {
        document.licence(&root, licence);
    }
    for (reference, part) in &bom.parts {
        document.part(reference, part);
    }
    for (at, one) in bom.unknown.iter().enumerate() {
        let id = document.id(&format!("not-examined-{at}"));
        document.element("software_File", &id, json!({
            "name": one.at.full_path(),
            "comment": format!("This file was not (wholly) examined: what it names is missing here. {}", one.reason),
        }));
        document.relation(&root, "contains", std::slice::from_ref(&id), "incomplete", None);
    }
    document.needs(bom, &root);
    let sbom = document.id("sbom");
    document.element(
        "software_Sbom",
        &sbom.clone(),
        json!({
            "software_sbomType": ["source"],
            "rootElement": [root],
            "profileConformance": profiles,
        }),
    );
    let mut elements = document.names.clone();
    elements.retain(|name| *name != sbom);
    let whole = document.id("document");
    if let Some(last) = document.graph.last_mut() {
        last["element"] = json!(elements);
    }
    let mut fields = json!({
        "name": format!("Bill of materials of {}", bom.subject.name),
        "rootElement": [sbom],
        "element": document.names.clone(),
        "profileConformance": profiles,
    });
    if !lacks.is_empty() {
        fields["comment"] = json!(lacks.join(" "));
    }
    document.element("SpdxDocument", &whole, fields);
    json!({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": document.graph})
}

struct Document {
    base: String,
    graph: Vec<Value>,
    /// Identifiers of the elements, in order.
    names: Vec<String>,
    /// Licence expressions that have an element.
    licences: BTreeMap<String, String>,
    /// Suppliers that have an element.
    agents: BTreeMap<String, String>,
    relations: usize,
}

impl Document {
    fn id(&self, name: &str) -> String {
        format!("{}#{}", self.base, purl::escaped(name))
    }

    fn element(&mut self, kind: &str, id: &str, fields: Value) {
        let mut out = Map::new();
        out.insert("type".to_owned(), json!(kind));
        out.insert("spdxId".to_owned(), json!(id));
        out.insert("creationInfo".to_owned(), json!(MADE));
        if let Value::Object(fields) = fields {
            out.extend(fields);
        }
        self.names.push(id.to_owned());
        self.graph.push(Value::Object(out));
    }

    fn relation(&mut self, from: &str, kind: &str, to: &[String], completeness: &str, scope: Option<&str>) {
        self.relations += 1;
        let id = self.id(&format!("relation-{}", self.relations));
        let mut fields = json!({"from": from, "to": to, "relationshipType": kind, "completeness": completeness});
        let class = match scope {
            Some(scope) => {
                fields["scope"] = json!(scope);
                "LifecycleScopedRelationship"
            }
            None => "Relationship",
        };
        self.element(class, &id, fields);
    }

    fn licence(&mut self, of: &str, expression: &str) {
        let id = match self.licences.get(expression) {
            Some(id) => id.clone(),
            None => {
                let id = self.id(&format!("licence-{}", self.licences.len() + 1));
                self.element(
                    "simplelicensing_LicenseExpression",
                    &id,
                    json!({
                        "simplelicensing_licenseExpression": expression,
                        "simplelicensing_licenseListVersion": "3.29.0",
                    }),
                );
                self.licences.insert(expression.to_owned(), id.clone());
                id
            }
        };
        self.relation(of, "hasDeclaredLicense", &[id], "complete", None);
    }

    fn part(&mut self, reference: &str, part: &Part) {
        let id = self.id(reference);
        let mut fields = Map::new();
        let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
        put("name", json!(part.name));
        if let Some(version) = part.supplied.version.as_ref().or(part.version.as_ref()) {
            put("software_packageVersion", json!(version));
        }
        if let Some(purl) = &part.purl {
            put("software_packageUrl", json!(purl));
            put(
                "externalIdentifier",
                json!([{"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": purl}]),
            );
        }
        let hashes: Vec<Value> = part
            .hashes
            .iter()
            .map(|(algorithm, digits)| json!({"type": "Hash", "algorithm": algorithm.to_lowercase().replace('-', ""), "hashValue": digits}))
            .collect();
        if !hashes.is_empty() {
            put("verifiedUsing", json!(hashes));
        }
        if let Some((kind, url)) = &part.fetched
            && *kind != "local"
            && url.contains(':')
            && part.supplied.location.is_none()
        {
            put("software_downloadLocation", json!(url));
        }
        let places: Vec<String> = part
            .places
            .iter()
            .map(|place| {
                let wanted = place
                    .wanted
                    .as_ref()
                    .map_or_else(String::new, |wanted| format!(" asks for {wanted}"));
                format!("{}:{}{wanted}", place.path, place.line)
            })
            .collect();
        put("software_sourceInfo", json!(format!("named at {}", places.join(", "))));
        let (class, purpose) = match part.kind {
            Kind::Library | Kind::System => ("software_Package", "library"),
            Kind::Container => ("software_Package", "container"),
            Kind::Action => ("software_Package", "application"),
            Kind::Model => ("ai_AIPackage", "model"),
            Kind::Data => ("dataset_DatasetPackage", "data"),
        };
        put("software_primaryPurpose", json!(purpose));
        if artefact::is_one(part) {
            self.artefact(part, &mut fields);
        }
        self.element(class, &id, Value::Object(fields));
        let licence = part.licence.as_ref().filter(|_| part.licence_is_expression);
        if let Some(licence) = licence {
            self.licence(&id, licence);
        }
        if artefact::is_one(part) {
            self.licences_of_artefact(&id, licence.is_some());
        }
    }

    fn needs(&mut self, bom: &Bom, root: &str) {
        for (from, needs) in &bom.needs {
            let source = if from.is_empty() {
                root.to_owned()
            } else {
                self.id(from)
            };
            let model = bom.parts.get(from).is_some_and(|part| part.kind == Kind::Model);
            // One relation for each kind and phase; what the elements are says which kind it is.
            let mut groups: BTreeMap<(&str, Option<&str>), Vec<String>> = BTreeMap::new();
            for to in needs {
                let part = bom.parts.get(to);
                let kind = match part.map(|part| part.kind) {
                    Some(Kind::Data) if model => "trainedOn",
                    Some(Kind::Model) if model => "descendantOf",
                    Some(Kind::Model | Kind::Data) if part.is_some_and(|part| part.ecosystem.is_none()) => "contains",
                    _ => "dependsOn",
                };
                let scope = part.filter(|_| kind == "dependsOn").map(|part| match part.scope {
                    Scope::Run | Scope::Optional(_) => "runtime",
                    Scope::Build => "build",
                    Scope::Development => "development",
                });
                groups.entry((kind, scope)).or_default().push(self.id(to));
            }
            let completeness = if bom.is_incomplete() {
                "incomplete"
            } else {
                "noAssertion"
            };
            for ((kind, scope), to) in groups {
                self.relation(&source, kind, &to, completeness, scope);
            }
        }
    }
}
