//! Deciding what every value of a FHIR document is: one pass over the tree in source order, each node
//! from what its parent is. No recursion.

use std::collections::HashMap;

use super::label;
use super::meaning::{self, Meaning, Target};
use super::schema::{Is, SCHEMA, TypeId};
use super::targets::{self, Targets};
use crate::{
    Field, Problem, Role, Whose, date,
    json::{JsonKind, NodeId, Tree},
};

/// Digits from which a number may be a telephone or record number, and is a field.
const LONG_NUMBER: usize = 5;

/// How many problems are listed one by one.
const MOST_PROBLEMS: usize = 200;

/// What a walk gives.
pub(super) struct Walked {
    pub(super) fields: Vec<Field>,
    /// The node of each field.
    pub(super) nodes: Vec<NodeId>,
    /// Resources in source order, bundles left out: type and node.
    pub(super) resources: Vec<(&'static str, NodeId)>,
    pub(super) problems: Vec<Problem>,
    /// Numbers that are ages of 90 years or more, ascending.
    pub(super) ages: Vec<NodeId>,
    /// Texts that R4 wants to be instants, ascending.
    pub(super) instants: Vec<NodeId>,
    /// Every question that is asked.
    pub(super) labels: Vec<String>,
    /// Fields that answer one, ascending, each with the index of its question.
    pub(super) asked: Vec<(NodeId, u32)>,
}

/// What a node is.
#[derive(Debug, Clone, Copy)]
struct Context {
    is: Option<Is>,
    whose: Whose,
    target: Target,
    special: Special,
    /// The question that the value above or here answers: index into the labels.
    asked: Option<u32>,
    /// In an element FHIR does not know: nothing in it is taken for a code or a number.
    foreign: bool,
}

/// What an extension's URL or an element's name says about the values inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Special {
    None,
    /// A time of birth.
    Birth,
    /// The mother's maiden name.
    MaidenName,
    /// A coordinate.
    Coordinate,
}

/// Walks `tree`, whose root is an object with a `resourceType`.
pub(super) fn walk(tree: &Tree) -> Walked {
    let mut walk = Walk {
        tree,
        targets: targets::read(tree),
        contexts: vec![Context::FOREIGN; tree.len()],
        out: Walked {
            fields: Vec::new(),
            nodes: Vec::new(),
            resources: Vec::new(),
            problems: Vec::new(),
            ages: Vec::new(),
            instants: Vec::new(),
            labels: Vec::new(),
            asked: Vec::new(),
        },
        questions: HashMap::new(),
        untold: None,
    };
    walk.duplicates();
    for n in tree.values() {
        walk.visit(n);
    }
    if let Some(broken) = walk.untold {
        walk.out.problems.push(Problem {
            place: "the rest".to_owned(),
            what: "there are more problems like these than are listed; mend the first ones and look again",
            broken,
        });
    }
    walk.out
}

struct Walk<'a> {
    tree: &'a Tree,
    targets: Targets<'a>,
    contexts: Vec<Context>,
    out: Walked,
    /// What the values of an object answer, by its index: looked up once for each object.
    questions: HashMap<usize, Option<u32>>,
    untold: Option<bool>,
}

impl Context {
    const FOREIGN: Context = Context {
        is: None,
        whose: Whose::Unknown,
        target: Target::Thing,
        special: Special::None,
        asked: None,
        foreign: true,
    };
}

impl<'a> Walk<'a> {
    fn visit(&mut self, n: NodeId) {
        let kind = self.tree.kind(n);
        let mut context = self.context(n);
        if kind == JsonKind::Object {
            context = self.enter(n, context);
        }
        if let Some(slot) = self.contexts.get_mut(n.index()) {
            *slot = context;
        }
        match kind {
            JsonKind::String | JsonKind::Number | JsonKind::Bool => self.leaf(n, kind, context),
            JsonKind::Object | JsonKind::Array | JsonKind::Null => {}
        }
    }

    /// What `n` is by its parent and its key.
    fn context(&mut self, n: NodeId) -> Context {
        let Some(parent) = self.tree.parent(n) else {
            return Context {
                is: Some(Is::Resource),
                foreign: false,
                ..Context::FOREIGN
            };
        };
        let above = self.contexts.get(parent.index()).copied().unwrap_or(Context::FOREIGN);
        let Some(key) = self.tree.key(n) else {
            return above;
        };
        let is = match above.is {
            Some(Is::Complex(of)) => self.element(of, key, self.tree.kind(n)),
            _ => None,
        };
        let special = match key {
            "bornPeriod" => Special::Birth,
            _ => above.special,
        };
        let asked = if label::is_choice(key) {
            self.question(parent)
        } else {
            above.asked
        };
        let target = match is {
            Some(Is::Complex(of)) if SCHEMA.name(of) == "Reference" => meaning::points_at(key),
            _ => above.target,
        };
        if is.is_none() && above.is.is_some() && !above.foreign {
            self.problem(n, "FHIR R4 has no such element here; its text is treated as unknown");
        }
        Context {
            is: is.or_else(|| anywhere(key)),
            target,
            special,
            asked,
            foreign: above.foreign || is.is_none(),
            ..above
        }
    }

    /// What element `key` of type `of` is.
    fn element(&self, of: TypeId, key: &str, kind: JsonKind) -> Option<Is> {
        if key == "resourceType" && SCHEMA.resource(SCHEMA.name(of)).is_some() {
            return Some(Is::Primitive(Meaning::Code));
        }
        // `_birthDate` holds the id and the extensions of the primitive `birthDate`.
        if let Some(primitive) = key.strip_prefix('_') {
            let known = matches!(SCHEMA.element(of, primitive), Some(Is::Primitive(_)));
            let nested = matches!(kind, JsonKind::Object | JsonKind::Array | JsonKind::Null);
            return (known && nested).then(|| SCHEMA.find("Element").map(Is::Complex))?;
        }
        SCHEMA.element(of, key)
    }

    /// What an object is, once its own members are looked at.
    fn enter(&mut self, n: NodeId, context: Context) -> Context {
        match context.is {
            Some(Is::Resource) => self.resource(n, context),
            Some(Is::Complex(of)) => {
                let name = SCHEMA.name(of);
                let mut context = context;
                context.whose = meaning::whose(name).unwrap_or(context.whose);
                match name {
                    "Reference" => {
                        context.target = self.target(n).unwrap_or(context.target);
                        context.whose = context.target.whose();
                    }
                    "Extension" => context.special = self.extension(n, context.special),
                    "BundleEntry" => return self.entry(n, context),
                    _ => {}
                }
                context
            }
            Some(Is::Primitive(_)) => {
                if !context.foreign {
                    self.problem(
                        n,
                        "FHIR R4 has a single value here, not an object; its text is treated as unknown",
                    );
                }
                Context {
                    is: None,
                    foreign: true,
                    ..context
                }
            }
            None => context,
        }
    }

    fn resource(&mut self, n: NodeId, context: Context) -> Context {
        let name = self.tree.get(n, "resourceType").and_then(|t| self.tree.str(t));
        let Some(name) = name else {
            self.broken(n, "this resource has no resourceType; its text is treated as unknown");
            return Context {
                is: None,
                ..Context::FOREIGN
            };
        };
        let Some(of) = SCHEMA.resource(name) else {
            self.broken(n, "FHIR R4 has no such resourceType; its text is treated as unknown");
            return Context {
                is: None,
                ..Context::FOREIGN
            };
        };
        let name = SCHEMA.name(of);
        if name != "Bundle" {
            self.out.resources.push((name, n));
        }
        Context {
            is: Some(Is::Complex(of)),
            // A contained Observation holds what is its container's; a contained Practitioner does not.
            whose: meaning::whose(name).unwrap_or(Whose::Unknown),
            target: Target::Thing,
            special: Special::None,
            asked: None,
            foreign: context.foreign,
        }
    }

    fn entry(&mut self, n: NodeId, context: Context) -> Context {
        let resource = self.tree.get(n, "resource");
        if let Some(resource) = resource {
            if self.tree.kind(resource) != JsonKind::Object {
                self.broken(
                    n,
                    "the resource of this entry is not an object; its text is treated as unknown",
                );
                return Context::FOREIGN;
            }
            let name = self.tree.get(resource, "resourceType").and_then(|t| self.tree.str(t));
            let whose = name.and_then(meaning::whose).unwrap_or(Whose::Unknown);
            return Context { whose, ..context };
        }
        let method = self.tree.at(n, &["request", "method"]).and_then(|m| self.tree.str(m));
        let needs_none = matches!(method, Some("GET" | "HEAD" | "DELETE")) || self.tree.get(n, "response").is_some();
        if !needs_none {
            self.broken(n, "this entry holds no resource; its text is treated as unknown");
            return Context::FOREIGN;
        }
        context
    }

    /// What the URL of an extension says.
    fn extension(&self, n: NodeId, above: Special) -> Special {
        let url = self
            .tree
            .get(n, "url")
            .and_then(|u| self.tree.str(u))
            .unwrap_or_default();
        match url.rsplit(['/', '#']).next().unwrap_or_default() {
            "patient-birthTime" => Special::Birth,
            "patient-mothersMaidenName" => Special::MaidenName,
            "latitude" | "longitude" => Special::Coordinate,
            _ => above,
        }
    }

    /// What the Reference `n` says it points at.
    fn target(&self, n: NodeId) -> Option<Target> {
        let text = |key| self.tree.get(n, key).and_then(|v| self.tree.str(v));
        let literal = text("reference").and_then(|reference| self.targets.find(self.tree, n, reference));
        literal.or_else(|| {
            text("type")
                .and_then(|t| SCHEMA.resource(t))
                .map(|t| meaning::target(SCHEMA.name(t)))
        })
    }

    fn leaf(&mut self, n: NodeId, kind: JsonKind, context: Context) {
        let text = self.tree.text(n).unwrap_or_default();
        let is_text = kind == JsonKind::String;
        let mut role = match context.is {
            Some(Is::Primitive(meaning)) => {
                let literal = matches!(meaning, Meaning::Value | Meaning::Coordinate);
                if is_text == literal && !context.foreign {
                    self.problem(
                        n,
                        "FHIR R4 has a text here where this has a number or boolean, or the reverse",
                    );
                }
                if meaning == Meaning::Instant && is_text {
                    self.out.instants.push(n);
                }
                match role(meaning, context) {
                    Role::Code | Role::Value | Role::Region if is_text == literal => Role::Unknown,
                    // A code is one word; what is more was typed by somebody.
                    Role::Code if meaning == Meaning::Code && text.contains(char::is_whitespace) => Role::Text,
                    // The oldest people are few.
                    Role::Value if kind == JsonKind::Number && self.is_old_age(n, context) => {
                        self.out.ages.push(n);
                        Role::Value
                    }
                    // A phone or record number typed as a number must be found; a short one is no such number.
                    Role::Value if !context.foreign && (kind != JsonKind::Number || digits(text) < LONG_NUMBER) => {
                        return;
                    }
                    Role::Value if !context.foreign => Role::Value,
                    Role::Value => Role::Unknown,
                    role => role,
                }
            }
            Some(Is::Complex(of)) => {
                if !context.foreign {
                    self.problem(n, "FHIR R4 has an object here, not a single value");
                }
                match SCHEMA.name(of) {
                    "HumanName" => Role::Name(context.whose),
                    "Address" => Role::Address(context.whose),
                    "ContactPoint" => Role::Contact(context.whose),
                    "Identifier" => Role::Identifier(context.whose),
                    _ => Role::Unknown,
                }
            }
            Some(Is::Resource) => {
                self.broken(n, "a resource must be an object; this text is treated as unknown");
                Role::Unknown
            }
            None => Role::Unknown,
        };
        if context.foreign && matches!(role, Role::Code | Role::Region) {
            role = Role::Unknown;
        }
        if role == Role::Unknown
            && let Some(target) = targets::literal(text)
        {
            role = Role::Identifier(target.whose());
        }
        if role == Role::Region && text.bytes().any(|b| b.is_ascii_digit()) {
            // No state and no country is written with digits.
            role = Role::Address(context.whose);
        }
        if is_text && matches!(role, Role::Text | Role::Unknown | Role::Code) && is_date(text) {
            role = Role::Date;
        }
        self.out.fields.push(Field {
            text: text.to_owned(),
            role,
            raw: self.tree.raw(n),
        });
        self.out.nodes.push(n);
        let key = self.tree.key(n).unwrap_or_default();
        if let Some(asked) = context.asked.filter(|_| label::answers(key)) {
            self.out.asked.push((n, asked));
        }
    }

    /// True for an age of 90 years or more.
    fn is_old_age(&self, n: NodeId, context: Context) -> bool {
        let above = self.tree.parent(n).and_then(|parent| self.contexts.get(parent.index()));
        let typed = above.is_some_and(|above| matches!(above.is, Some(Is::Complex(of)) if SCHEMA.name(of) == "Age"));
        let asked = context.asked.and_then(|i| self.out.labels.get(i as usize));
        label::is_old_age(self.tree, n, typed, asked.map(String::as_str))
    }

    /// What the `value[x]` of the object `holder` answers.
    fn question(&mut self, holder: NodeId) -> Option<u32> {
        if let Some(known) = self.questions.get(&holder.index()) {
            return *known;
        }
        let asked = label::question(self.tree, holder).and_then(|label| {
            let index = u32::try_from(self.out.labels.len()).ok()?;
            self.out.labels.push(label);
            Some(index)
        });
        self.questions.insert(holder.index(), asked);
        asked
    }

    fn duplicates(&mut self) {
        for n in self.tree.duplicate_keys() {
            self.broken(
                n,
                "this key stands twice in its object; both values are read, remove one",
            );
        }
    }

    /// Something whose meaning is unknown.
    fn problem(&mut self, n: NodeId, what: &'static str) {
        self.note(n, what, false);
    }

    /// Something that cannot be relied on.
    fn broken(&mut self, n: NodeId, what: &'static str) {
        self.note(n, what, true);
    }

    fn note(&mut self, n: NodeId, what: &'static str, broken: bool) {
        if self.out.problems.len() >= MOST_PROBLEMS {
            self.untold = Some(broken || self.untold.unwrap_or(false));
            return;
        }
        self.out.problems.push(Problem {
            place: place(self.tree, n),
            what,
            broken,
        });
    }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Where a value stands. Keys that FHIR does not know may be content and show as `?`.
pub(super) fn place(tree: &Tree, n: NodeId) -> String {
    match tree.parent(n) {
        None => "the whole document".to_owned(),
        Some(_) => tree.path(n, |key| SCHEMA.is_name(key)),
    }
}

/// True for what may stand as a key in FHIR.
pub(super) fn is_name(key: &str) -> bool {
    SCHEMA.is_name(key)
}

fn role(meaning: Meaning, context: Context) -> Role {
    let whose = context.whose;
    match (meaning, context.special) {
        (Meaning::Text, Special::MaidenName) => Role::Name(Whose::Relative),
        (Meaning::Date | Meaning::Instant, Special::Birth) => Role::BirthDate,
        (Meaning::Value, Special::Coordinate) => Role::Address(whose),
        (Meaning::Name, _) => Role::Name(whose),
        (Meaning::Facility, _) => Role::Facility,
        (Meaning::Address | Meaning::Coordinate, _) => Role::Address(whose),
        (Meaning::Region, _) => Role::Region,
        (Meaning::Contact, _) => Role::Contact(whose),
        (Meaning::Identifier | Meaning::Reference, _) => Role::Identifier(whose),
        (Meaning::Birth, _) => Role::BirthDate,
        (Meaning::Date | Meaning::Instant, _) => Role::Date,
        (Meaning::Text, _) => Role::Text,
        (Meaning::Narrative, _) => Role::Narrative,
        (Meaning::Binary, _) => Role::Binary,
        (Meaning::Code | Meaning::Shown, _) => Role::Code,
        (Meaning::Value, _) => Role::Value,
        (Meaning::Display, _) => match context.target {
            Target::Person(whose) => Role::Name(whose),
            Target::Place => Role::Facility,
            Target::Thing => Role::Text,
        },
    }
}

/// What an element is called that means the same wherever it stands, also where FHIR does not have it.
fn anywhere(key: &str) -> Option<Is> {
    let complex = |name| SCHEMA.find(name).map(Is::Complex);
    match key {
        "name" | "valueHumanName" => complex("HumanName"),
        "address" | "valueAddress" => complex("Address"),
        "telecom" | "valueContactPoint" => complex("ContactPoint"),
        "identifier" | "valueIdentifier" => complex("Identifier"),
        "extension" | "modifierExtension" => complex("Extension"),
        "family" | "given" => Some(Is::Primitive(Meaning::Name)),
        "line" | "city" | "district" | "postalCode" => Some(Is::Primitive(Meaning::Address)),
        "birthDate" => Some(Is::Primitive(Meaning::Birth)),
        "id" => Some(Is::Primitive(Meaning::Identifier)),
        "reference" => Some(Is::Primitive(Meaning::Reference)),
        "div" => Some(Is::Primitive(Meaning::Narrative)),
        _ => None,
    }
}

/// True for a whole ISO date of month precision or better, with or without a time.
fn is_date(text: &str) -> bool {
    text.len() >= 7 && date::Civil::from_iso(text).is_some()
}
