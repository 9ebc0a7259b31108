//! Rules for programs that load models, talk to models, or give them tools.
//!
//! What every general scanner knows (`torch.load`, pickles, hub downloads without a revision) stands beside the general
//! rules; here is what only such programs do.

use super::super::rule::Rule;

mod agents;
mod arrays;
mod deserialise;
mod distributed;
mod download;
mod environment;
mod evaluate;
mod exposure;
mod keras;
mod mentions;
mod native;
mod notebook;
mod prompts;
mod remote_code;
mod training;

/// The rules, one line each.
pub(super) static RULES: &[&Rule] = &[
    &agents::CODE_TOOL,
    &agents::DANGEROUS_FLAG,
    &agents::NO_LIMIT,
    &agents::WIDE_IMPORTS,
    &arrays::ALLOW_PICKLE,
    &deserialise::JOBLIB,
    &deserialise::MODEL_PICKLE,
    &deserialise::MSGPACK_NUMPY,
    &deserialise::PACKAGE,
    &deserialise::WHOLE_MODEL_SAVED,
    &deserialise::WRITTEN,
    &distributed::NO_AUTHENTICATION,
    &distributed::OBJECTS,
    &download::HTTP_MODEL,
    &download::SAFETENSORS_OFF,
    &environment::CHECKS_OFF,
    &environment::KEY_ASSIGNED,
    &evaluate::F2PY,
    &evaluate::FRAME_EVAL,
    &exposure::GRADIO,
    &exposure::NO_LOGIN,
    &exposure::SERVER,
    &keras::LAMBDA,
    &keras::UNSAFE,
    &native::CUSTOM_OPS,
    &notebook::INSTALL,
    &prompts::SYSTEM,
    &remote_code::HUB,
    &remote_code::TRUST,
    &training::DISTUTILS,
    &training::LXML,
    &training::NUMPY_IN_DATASET,
    &training::NUMPY_IN_MODULE,
    &training::PINNING,
    &training::TENSOR,
    &training::WAIT,
];
