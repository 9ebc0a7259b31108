//! Who may have what answered: Cedar policies over caller, purpose, model and class of data.
//!
//! Roles and scopes decide which routes a caller may use at all; no policy can widen that. A policy decides about each
//! question after it was prepared and before any engine sees it. As Cedar has it: a question is allowed when a policy
//! permits it and none forbids it; a policy that cannot be evaluated forbids.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};
use ward_guard::{Code, Refusal};
use ward_seal::hash;

use crate::error::{StartError, StartErrorKind};

/// What stands when nobody configured policies.
pub const DEFAULT: &str = include_str!("policy.cedar");
/// What a policy can speak of.
pub const SCHEMA: &str = include_str!("policy.cedarschema");
/// Largest file of policies, in bytes.
pub const MAX_BYTES: usize = 256 << 10;

/// What a question holds, as far as anybody can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataClass {
    /// A record was handed over.
    Record,
    /// No record, but values that were found and replaced.
    Identified,
    /// Neither.
    Text,
}

impl DataClass {
    /// The class's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            DataClass::Record => "record",
            DataClass::Identified => "identified",
            DataClass::Text => "text",
        }
    }
}

/// One question to decide about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who asks: the id that stands on the ledger.
    pub caller: &'a str,
    /// In which role.
    pub role: &'static str,
    /// How the caller is known.
    pub via: &'static str,
    /// What for.
    pub purpose: Option<&'a str>,
    /// Which model.
    pub model: &'a str,
    /// Whether that is an answerer inside Ward.
    pub built_in: bool,
    /// What the question holds.
    pub data: DataClass,
    /// The server's environment.
    pub environment: Option<&'a str>,
}

/// The policies of a service.
pub struct Policies {
    set: PolicySet,
    schema: Schema,
    authorizer: Authorizer,
    digest: [u8; 32],
    types: Types,
    /// What was decided, by the question. Policies see nothing but the question, and no clock.
    decided: Mutex<HashMap<String, Option<String>>>,
}

/// Most decisions that are remembered. Models and purposes are the callers' words.
const MOST_DECIDED: usize = 4096;

struct Types {
    caller: EntityTypeName,
    role: EntityTypeName,
    model: EntityTypeName,
    ask: EntityUid,
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Policies(..)")
    }
}

impl Policies {
    /// Reads policies and checks them against the schema.
    ///
    /// # Errors
    /// Where they are not Cedar, or speak of what there is not.
    pub fn read(text: &str) -> Result<Self, StartError> {
        let wrong = |what: String| StartError::new(StartErrorKind::Setting, format!("serve.policies: {what}."));
        if text.len() > MAX_BYTES {
            return Err(wrong(format!("the policies are longer than {MAX_BYTES} bytes")));
        }
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA)
            .map_err(|_| wrong("Ward's own schema cannot be read; report this".to_owned()))?;
        // What Cedar says about a policy is about the operator's own file, and is for the operator.
        let set: PolicySet = text
            .parse()
            .map_err(|error| wrong(format!("this is not Cedar: {error}")))?;
        let checked = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
        if let Some(error) = checked.validation_errors().next() {
            return Err(wrong(error.to_string()));
        }
        let name = |name: &str| {
            name.parse::<EntityTypeName>()
                .map_err(|_| wrong("Ward's own schema cannot be read; report this".to_owned()))
        };
        let types = Types {
            caller: name("Caller")?,
            role: name("Role")?,
            model: name("Model")?,
            ask: EntityUid::from_type_name_and_id(name("Action")?, EntityId::new("ask")),
        };
        Ok(Self {
            set,
            schema,
            authorizer: Authorizer::new(),
            digest: hash::sha256(text.as_bytes()),
            types,
            decided: Mutex::default(),
        })
    }

    /// SHA-256 of their text.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Decides. What was decided by is named with the `@id` of the policies, in order, joined by `+`.
    ///
    /// # Errors
    /// `PolicyForbids`, also when a policy cannot be evaluated; `Internal` for a question that does not fit the schema.
    pub fn decide(&self, question: &Question<'_>) -> Result<String, Refusal> {
        // Every field, its text in quotes: no two questions have one name.
        let name = format!("{question:?}");
        let known = self
            .decided
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&name)
            .cloned();
        let decided = match known {
            Some(decided) => decided,
            None => {
                let decided = self.judge(question)?;
                let mut all = self.decided.lock().unwrap_or_else(PoisonError::into_inner);
                if all.len() >= MOST_DECIDED {
                    all.clear();
                }
                all.insert(name, decided.clone());
                decided
            }
        };
        decided.ok_or_else(|| Code::PolicyForbids.into())
    }

    /// The policies that allow a question; `None` when it is not allowed.
    fn judge(&self, question: &Question<'_>) -> Result<Option<String>, Refusal> {
        let uid = |of: &EntityTypeName, id: &str| EntityUid::from_type_name_and_id(of.clone(), EntityId::new(id));
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        let (caller, role, model) = (
            uid(&self.types.caller, question.caller),
            uid(&self.types.role, question.role),
            uid(&self.types.model, question.model),
        );
        let attributes = |name: &str, value| HashMap::from([(name.to_owned(), value)]);
        let entities = [
            Entity::new_no_attrs(role.clone(), HashSet::new()),
            Entity::new(
                caller.clone(),
                attributes("via", text(question.via)),
                HashSet::from([role]),
            )
            .map_err(|_| Code::Internal)?,
            Entity::new(
                model.clone(),
                attributes("built_in", RestrictedExpression::new_bool(question.built_in)),
                HashSet::new(),
            )
            .map_err(|_| Code::Internal)?,
        ];
        let entities = Entities::from_entities(entities, Some(&self.schema)).map_err(|_| Code::Internal)?;
        let mut context = vec![("data".to_owned(), text(question.data.word()))];
        let optional = [("purpose", question.purpose), ("environment", question.environment)];
        context.extend(
            optional
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| (name.to_owned(), text(value)))),
        );
        let context = Context::from_pairs(context).map_err(|_| Code::Internal)?;
        let request = Request::new(caller, self.types.ask.clone(), model, context, Some(&self.schema))
            .map_err(|_| Code::Internal)?;
        let response = self.authorizer.is_authorized(&request, &self.set, &entities);
        let sound = response.diagnostics().errors().next().is_none();
        if response.decision() != Decision::Allow || !sound {
            return Ok(None);
        }
        let mut by: Vec<&str> = response
            .diagnostics()
            .reason()
            .map(|id| self.set.annotation(id, "id").unwrap_or_else(|| id.as_ref()))
            .collect();
        by.sort_unstable();
        Ok(Some(by.join("+")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: Question<'_> = Question {
        caller: "k1",
        role: "clinician",
        via: "key",
        purpose: None,
        model: "ward-cite",
        built_in: true,
        data: DataClass::Record,
        environment: None,
    };

    const MANY: &str = r#"
        @id("all") permit (principal, action, resource);
        @id("research-stays-here") forbid (principal, action == Action::"ask", resource)
            when { context has purpose && context.purpose == "research" && !resource.built_in };
        @id("services-get-no-records") forbid (principal in Role::"service", action, resource)
            when { context.data == "record" };
        @id("not-this-key") forbid (principal == Caller::"k9", action, resource);
        @id("tests-are-for-tests") forbid (principal, action, resource)
            when { context has environment && context.environment == "test" && resource != Model::"ward-cite" };
        "#;

    fn check(policies: &str, question: Question<'_>, expect: Option<&str>) {
        let decided = Policies::read(policies).unwrap().decide(&question);
        assert_eq!(decided.as_deref().ok(), expect, "{question:?}");
        if let Err(refusal) = decided {
            assert_eq!(refusal.code(), Code::PolicyForbids);
        }
    }

    #[test]
    fn without_configuration_the_roles_decide() {
        for (role, by) in [
            ("clinician", Some("askers-may-ask")),
            ("service", Some("askers-may-ask")),
            ("break-glass", Some("askers-may-ask")),
            ("auditor", None),
            ("administrator", None),
            ("", None),
        ] {
            check(DEFAULT, Question { role, ..QUESTION }, by);
        }
        check("", QUESTION, None);
    }

    #[test]
    fn decides_over_who_purpose_model_and_data() {
        let policies = MANY;
        let question = QUESTION;
        check(policies, question, Some("all"));
        let research = Question {
            purpose: Some("research"),
            ..question
        };
        check(policies, research, Some("all"));
        check(
            policies,
            Question {
                built_in: false,
                model: "m",
                ..research
            },
            None,
        );
        check(
            policies,
            Question {
                built_in: false,
                model: "m",
                ..question
            },
            Some("all"),
        );
        check(
            policies,
            Question {
                role: "service",
                ..question
            },
            None,
        );
        check(
            policies,
            Question {
                role: "service",
                data: DataClass::Identified,
                ..question
            },
            Some("all"),
        );
        check(
            policies,
            Question {
                caller: "k9",
                ..question
            },
            None,
        );
        check(
            policies,
            Question {
                environment: Some("test"),
                ..question
            },
            Some("all"),
        );
        check(
            policies,
            Question {
                environment: Some("test"),
                model: "m",
                ..question
            },
            None,
        );
    }

    #[test]
    fn what_was_decided_holds_for_the_same_question_and_no_other() {
        let one = Policies::read(MANY).unwrap();
        let mut questions = Vec::new();
        for role in ["clinician", "service"] {
            for purpose in [None, Some("research"), Some("None")] {
                for (model, built_in) in [("ward-cite", true), ("m", false), ("m\", built_in: true", false)] {
                    for data in [DataClass::Record, DataClass::Text] {
                        questions.push(Question {
                            role,
                            purpose,
                            model,
                            built_in,
                            data,
                            ..QUESTION
                        });
                    }
                }
            }
        }
        for _ in 0..2 {
            for question in &questions {
                let anew = Policies::read(MANY).unwrap().decide(question).ok();
                assert_eq!(one.decide(question).ok(), anew, "{question:?}");
            }
        }
        for n in 0..MOST_DECIDED {
            let purpose = n.to_string();
            let question = Question {
                purpose: Some(&purpose),
                ..QUESTION
            };
            assert!(one.decide(&question).is_ok());
        }
        assert!(one.decided.lock().unwrap().len() <= MOST_DECIDED);
    }

    #[test]
    fn a_policy_that_cannot_be_evaluated_forbids() {
        // Adding to the largest number overflows, which is an error of evaluation and not of the schema.
        let policies = r#"permit (principal, action, resource);
            forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };"#;
        check(policies, QUESTION, None);
    }

    #[test]
    fn names_with_quotes_are_names() {
        let policies = r#"permit (principal == Caller::"a\" || true", action, resource);"#;
        check(
            policies,
            Question {
                caller: "a\" || true",
                ..QUESTION
            },
            Some("policy0"),
        );
        check(policies, QUESTION, None);
    }

    #[test]
    fn refuses_what_is_not_a_policy_or_speaks_of_what_there_is_not() {
        for text in [
            "permit",
            "permit (principal, action, resource) when { context.colour == \"red\" };",
            "permit (principal, action == Action::\"delete\", resource);",
            "permit (principal in Group::\"x\", action, resource);",
            "permit (principal, action, resource) when { context.purpose == \"treatment\" };",
        ] {
            assert!(Policies::read(text).is_err(), "{text}");
        }
        assert!(Policies::read(&" ".repeat(MAX_BYTES + 1)).is_err());
    }
}
