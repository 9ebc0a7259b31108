//! What the operator allows: one policy for each route, made once and shared by its requests.

use crate::{
    tools::Tool,
    unicode::{Hidden, HiddenCounts},
};

/// What becomes of something suspicious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Response {
    /// It passes, and nobody is told.
    Allow,
    /// It passes, and the receipt, the ledger and the model are told. The default.
    #[default]
    Mark,
    /// The request is refused until its sender confirms that it is meant as it stands.
    Ask,
    /// The request is refused.
    Block,
}

impl Response {
    /// Every response, mildest first.
    pub const ALL: [Response; 4] = [Response::Allow, Response::Mark, Response::Ask, Response::Block];

    /// Its word in the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Response::Allow => "allow",
            Response::Mark => "mark",
            Response::Ask => "ask",
            Response::Block => "block",
        }
    }

    /// The response of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|response| response.word() == word)
    }
}

/// What becomes of text that tries to instruct the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InjectionPolicy {
    /// From this score on, it counts as suspicious.
    pub mark_at: f32,
    /// From this score on, [`Response::Block`] refuses. Below it, it asks for confirmation.
    pub block_at: f32,
    /// What becomes of it.
    pub response: Response,
}

impl Default for InjectionPolicy {
    fn default() -> Self {
        Self {
            mark_at: 0.5,
            block_at: 0.9,
            response: Response::Mark,
        }
    }
}

/// What becomes of characters that a reader does not see, by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HiddenPolicy([Response; Hidden::ALL.len()]);

impl Default for HiddenPolicy {
    /// Tags, overrides and runs of variation selectors are refused; the rest is marked.
    fn default() -> Self {
        let mut policy = Self([Response::Mark; Hidden::ALL.len()]);
        policy.set(Hidden::Tag, Response::Block);
        policy.set(Hidden::Override, Response::Block);
        policy.set(Hidden::VariationRun, Response::Block);
        policy
    }
}

impl HiddenPolicy {
    /// What becomes of a class.
    #[must_use]
    pub fn of(&self, class: Hidden) -> Response {
        self.0.get(class as usize).copied().unwrap_or(Response::Block)
    }

    /// Says what becomes of a class.
    pub fn set(&mut self, class: Hidden, response: Response) {
        if let Some(slot) = self.0.get_mut(class as usize) {
            *slot = response;
        }
    }
}

/// What an answer may hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputPolicy {
    /// Hosts that links and images of an answer may point to, over HTTPS: `host.example`, or `*.host.example` for those
    /// below it. None by default.
    pub hosts: Vec<String>,
    /// Whether sentences that stand on nothing in the records are named beside the answer (see
    /// [`grounding`](crate::grounding)). Off by default.
    pub grounding: bool,
}

/// One policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// Characters that a reader does not see.
    pub hidden: HiddenPolicy,
    /// Text that tries to instruct the model.
    pub injection: InjectionPolicy,
    /// Whether pictures go on to an upstream, made anew from their pixels. What is written or shown in them is not examined, so
    /// they are refused by default.
    pub pictures: bool,
    /// Whether records go to the engine whole, and not in fewer words. De-identified they are either way.
    pub whole: bool,
    /// The answer.
    pub output: OutputPolicy,
    /// Tools that an answer may call. None by default.
    pub tools: Vec<Tool>,
    /// Control tokens of the loaded model's vocabulary, beside those of the common templates.
    pub control_tokens: Vec<String>,
    /// The sender has confirmed that the request is meant as it stands: [`Response::Ask`] lets it pass.
    pub confirmed: bool,
}

impl Policy {
    /// The first class of hidden characters among those counted in a text that is not let pass.
    #[must_use]
    pub fn refuses(&self, counts: &HiddenCounts) -> Option<Hidden> {
        Hidden::ALL
            .into_iter()
            .find(|class| counts.of(*class) > 0 && self.stops(self.hidden.of(*class)))
    }

    /// Whether a response keeps a request from passing.
    fn stops(&self, response: Response) -> bool {
        match response {
            Response::Block => true,
            Response::Ask => !self.confirmed,
            Response::Allow | Response::Mark => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_responses_can_be_read_back() {
        for response in Response::ALL {
            assert_eq!(Response::of_word(response.word()), Some(response));
        }
        assert_eq!(Response::of_word("Block"), None);
    }

    #[test]
    fn what_nobody_can_mean_is_refused_by_default() {
        let policy = HiddenPolicy::default();
        assert_eq!(policy.of(Hidden::Tag), Response::Block);
        assert_eq!(policy.of(Hidden::Override), Response::Block);
        assert_eq!(policy.of(Hidden::ZeroWidth), Response::Mark);
        assert_eq!(InjectionPolicy::default().response, Response::Mark);
    }
}
