//! What answers: the built-in answerer, and an upstream where one is configured.

use std::sync::Arc;

use ward_clinical::tokens::Tokenizer;
use ward_guard::{Code, Generate, Refusal};

use crate::{cite::CiteEngine, upstream::Upstream};

/// The id of the built-in answerer, which quotes records and cannot invent.
pub const BUILT_IN_MODEL: &str = "ward-cite";

/// The engines of a service.
pub struct Engines {
    cite: Arc<CiteEngine>,
    upstream: Option<Arc<Upstream>>,
}

impl Engines {
    /// The built-in answerer, and the upstream if there is one.
    #[must_use]
    pub fn new(upstream: Option<Upstream>) -> Self {
        Self {
            cite: Arc::new(CiteEngine),
            upstream: upstream.map(Arc::new),
        }
    }

    /// The engine of a model.
    ///
    /// # Errors
    /// `ModelNotFound`, or why the upstream's models could not be listed. A name that no engine
    /// offers never reaches an upstream.
    pub async fn find(&self, model: &str) -> Result<Arc<dyn Generate>, Refusal> {
        if model == BUILT_IN_MODEL {
            return Ok(self.cite.clone());
        }
        let Some(upstream) = &self.upstream else {
            return Err(Code::ModelNotFound.into());
        };
        if upstream.models().await?.iter().any(|offered| offered == model) {
            return Ok(upstream.clone());
        }
        Err(Code::ModelNotFound.into())
    }

    /// The model of a caller who names none: the upstream's first where there is an upstream, else the
    /// built-in answerer.
    ///
    /// # Errors
    /// When the upstream's models cannot be listed. The built-in answerer does not step in: who named an
    /// upstream wants its answer.
    pub async fn default_model(&self) -> Result<String, Refusal> {
        match &self.upstream {
            None => Ok(BUILT_IN_MODEL.to_owned()),
            Some(upstream) => upstream
                .models()
                .await?
                .into_iter()
                .next()
                .ok_or(Code::ModelNotFound.into()),
        }
    }

    /// The tokenizer of the upstream's model, where one is set.
    #[must_use]
    pub fn tokenizer(&self) -> Option<Arc<Tokenizer>> {
        self.upstream.as_ref().and_then(|upstream| upstream.tokenizer())
    }

    /// Every model, the built-in answerer last. An upstream that cannot be asked offers none.
    pub async fn models(&self) -> Vec<String> {
        let mut models = match &self.upstream {
            Some(upstream) => upstream.models().await.unwrap_or_default(),
            None => Vec::new(),
        };
        models.retain(|model| model != BUILT_IN_MODEL);
        models.push(BUILT_IN_MODEL.to_owned());
        models
    }
}
