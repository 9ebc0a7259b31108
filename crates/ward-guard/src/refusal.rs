//! The refusal table: every way Ward says no, in one place.
//!
//! A refusal says whose fault it was and what to do. It never repeats what was sent: at most the
//! name of a field, a place in a document, a count or a limit.

use std::fmt;

/// Whose fault a refusal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The caller sent something that cannot be served.
    Caller,
    /// The caller may not do this.
    Access,
    /// The surroundings failed: an upstream, a disk, a limit of load.
    Environment,
    /// Ward itself is wrong.
    Bug,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The code.
    pub code: Code,
    /// Its word: OpenAI's `error.code` and the ledger's `outcome`.
    pub word: &'static str,
    /// HTTP status.
    pub status: u16,
    /// OpenAI's `error.type`.
    pub kind: &'static str,
    /// Whose fault.
    pub fault: Fault,
    /// What to say; ends with what to do.
    pub message: &'static str,
}

macro_rules! table {
    ($($variant:ident $word:literal $status:literal $kind:literal $fault:ident $message:literal;)*) => {
        /// Why a request was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $message] $variant,)* }

        /// Every refusal, in the order of the request path.
        pub const TABLE: &[Row] = &[$(Row {
            code: Code::$variant, word: $word, status: $status, kind: $kind, fault: Fault::$fault, message: $message,
        },)*];

        impl Code {
            /// The code's row of the table.
            #[must_use]
            pub fn row(self) -> &'static Row { &TABLE[self as usize] }
        }
    };
}

table! {
    MissingKey "missing_api_key" 401 "authentication_error" Access "No API key was sent. Send the header `Authorization: Bearer wk_...`; `ward key new` makes a key.";
    InvalidKey "invalid_api_key" 401 "authentication_error" Access "The API key is not one of this server's. Check that it was copied whole.";
    RevokedKey "revoked_api_key" 401 "authentication_error" Access "The API key was revoked. Ask for a new one.";
    ExpiredKey "expired_api_key" 401 "authentication_error" Access "The API key has expired. Ask for a new one.";
    InvalidToken "invalid_token" 401 "authentication_error" Access "The token is not one of the configured issuer's, not for this server, or its time is over. Sign in again.";
    WeakSignIn "sign_in_too_weak" 401 "authentication_error" Access "The sign-in behind the token is weaker, or longer ago, than this server asks for. Sign in again, with a second factor where the issuer offers it.";
    IdentityUnavailable "identity_unavailable" 503 "server_error" Environment "The issuer's keys cannot be read now, so no token can be checked. Try again shortly, or use an API key.";
    WrongEnvironment "wrong_environment" 401 "authentication_error" Access "The API key is for another environment than this server's. Use a key that was made for this one.";
    Misdirected "misdirected_request" 421 "invalid_request_error" Caller "This server does not answer under the name that the request gives. Use the address it prints, or add the name to `hosts`.";
    Forbidden "forbidden" 403 "permission_error" Access "The key's role may not do this. Use a key whose role may.";
    ForeignPage "foreign_page" 403 "permission_error" Access "A page of another place sent this request, by its `Origin`. This server answers its own pages and programs only.";
    PurposeNeeded "purpose_needed" 403 "permission_error" Access "The request must say what it is for, in the header `ward-purpose`. Who runs this server knows the purposes it allows.";
    PurposeRefused "purpose_refused" 403 "permission_error" Access "The key may not be used for this purpose. Use a key whose purposes include it.";
    PolicyForbids "policy_forbids" 403 "permission_error" Access "The policy of this server does not allow this request. Ask who runs it; the receipt names the request.";
    RateLimited "rate_limit_exceeded" 429 "rate_limit_error" Access "This key has sent as many requests as it may for now. Wait as long as `Retry-After` says.";
    TooManyAtOnce "too_many_at_once" 429 "rate_limit_error" Access "This key has as many requests under way as it may. Wait until one is done.";
    TokensSpent "tokens_spent" 429 "rate_limit_error" Access "This key's tokens are spent for now. Wait as long as `Retry-After` says, or ask for less.";
    ComputeSpent "compute_spent" 429 "rate_limit_error" Access "This key's compute time is spent for now. Wait as long as `Retry-After` says.";
    NotFound "not_found" 404 "invalid_request_error" Caller "There is nothing at this address. The routes are listed in the guide to `ward serve`.";
    MethodNotAllowed "method_not_allowed" 405 "invalid_request_error" Caller "This address does not take that method.";
    RequestTimeout "request_timeout" 408 "invalid_request_error" Caller "The request took too long to arrive. Send it again over a faster connection.";
    BodyTooLarge "body_too_large" 413 "invalid_request_error" Caller "The request body is larger than this server takes. Send less, or raise `--max-body`.";
    UnsupportedMediaType "unsupported_media_type" 415 "invalid_request_error" Caller "Send `Content-Type: application/json`, not compressed.";
    HeadersTooLarge "headers_too_large" 431 "invalid_request_error" Caller "The header of the request is larger than this server takes. Send fewer or shorter fields.";
    BrokenRequest "broken_request" 400 "invalid_request_error" Caller "This cannot be read as one request of HTTP/1.1. The guide to `ward serve` says how a request is framed.";
    BrokenBody "broken_body" 400 "invalid_request_error" Caller "The body is not framed as its header says. Send it again, whole.";
    InvalidEncoding "invalid_encoding" 400 "invalid_request_error" Caller "The body is not valid UTF-8. Send UTF-8.";
    InvalidJson "invalid_json" 400 "invalid_request_error" Caller "The body is not valid JSON.";
    TooComplex "too_complex" 400 "invalid_request_error" Caller "The body is nested too deep or holds too many values. Send a flatter or smaller one.";
    UnknownField "unknown_field" 400 "invalid_request_error" Caller "The request has a field that this server does not know. Remove it.";
    DuplicateField "duplicate_field" 400 "invalid_request_error" Caller "The request has a field twice. Send it once.";
    MissingField "missing_field" 400 "invalid_request_error" Caller "A field that must be there is missing.";
    InvalidValue "invalid_value" 400 "invalid_request_error" Caller "A field has a value of the wrong type or out of range.";
    UnsupportedValue "unsupported_value" 400 "invalid_request_error" Caller "A field asks for something this server does not do.";
    ModelNotFound "model_not_found" 404 "invalid_request_error" Caller "There is no model of that name here. `GET /v1/models` lists them.";
    TooManyParts "too_many_parts" 400 "invalid_request_error" Caller "The conversation has more messages, parts, documents, text or pixels than one request may hold. Send less.";
    NoQuestion "no_question" 400 "invalid_request_error" Caller "There is nothing to answer: the last message must be the user's and hold some text.";
    BadDocument "bad_document" 400 "invalid_request_error" Caller "A document could not be read whole, so nothing was answered from it. Mend it at the place named, or leave it out.";
    HiddenText "hidden_text" 400 "invalid_request_error" Caller "A text holds characters that no reader sees and a model does, such as tags or overrides of direction. Remove them at the place named.";
    InstructionsSuspected "instructions_suspected" 400 "invalid_request_error" Caller "A text reads like an attempt to instruct the model, and this server refuses those. Remove it at the place named, or ask the operator.";
    ConfirmationNeeded "confirmation_required" 409 "invalid_request_error" Caller "A text reads like an attempt to instruct the model. If the request is meant as it stands, send it again with the header `Ward-Confirm: instructions`.";
    TooManyTokens "too_many_tokens" 400 "invalid_request_error" Caller "The request, with the answer it asks for, has more tokens than this server passes on. Send less, or ask for less.";
    DeidentificationFailed "deidentification_failed" 500 "server_error" Bug "De-identification could not be completed, so nothing was sent on. Report this; the receipt names the request.";
    Overloaded "overloaded" 503 "server_error" Environment "The server has as many requests under way as it takes. Try again shortly.";
    UpstreamUnreachable "upstream_unreachable" 502 "server_error" Environment "The model server could not be reached, or its certificate was not believed. Check that it runs at the address given as `--upstream`, and, where it has one, its certificate beside `upstream.pins` and `upstream.ca`.";
    UpstreamRefused "upstream_refused" 502 "server_error" Environment "The model server refused the request. Its own log says why.";
    UpstreamBusy "upstream_busy" 503 "server_error" Environment "The model server is busy. Try again shortly.";
    UpstreamTimeout "upstream_timeout" 504 "server_error" Environment "The model server did not answer in time. Try again, or raise `--upstream-timeout`.";
    UpstreamBroken "upstream_broken" 502 "server_error" Environment "The model server broke off or sent something that is not an answer.";
    OutputBlocked "content_filter" 502 "server_error" Environment "The answer was stopped by an output check: it repeated a secret of the prompt.";
    ToolRefused "tool_call_refused" 502 "server_error" Environment "The model asked for a tool that this server does not let it call, or with arguments that are not what the tool takes. Nothing was called.";
    OutputTooLarge "output_too_large" 502 "server_error" Environment "The answer, with its values put back, grew larger than this server passes on. Ask for less.";
    LedgerUnavailable "ledger_unavailable" 503 "server_error" Environment "The ledger cannot be written, so nothing is answered. The operator must look at the data folder.";
    ClientGone "client_gone" 499 "invalid_request_error" Caller "The client went away before the answer was finished.";
    Internal "internal_error" 500 "server_error" Bug "Something in Ward failed. Report this; the receipt names the request.";
}

/// A refusal: a row of the table and, where it helps, a place and a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: Code,
    param: Option<String>,
    note: Option<&'static str>,
    limit: Option<u64>,
    retry_after_s: Option<u32>,
}

impl Refusal {
    /// A refusal for this reason.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            param: None,
            note: None,
            limit: None,
            retry_after_s: None,
        }
    }

    /// Names the field or place that is at fault: a path such as `messages[2].content` or
    /// `document 1, entry[14].resource`. Anything but plain name characters is dropped and the
    /// rest cut, so that a name made of data says little.
    #[must_use]
    pub fn at(mut self, place: &str) -> Self {
        let plain = |c: &char| c.is_ascii_alphanumeric() || "_-.[], ?".contains(*c);
        self.param = Some(place.chars().filter(plain).take(80).collect());
        self
    }

    /// Says more, in fixed words.
    #[must_use]
    pub fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    /// Names the limit that was passed.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit as u64);
        self
    }

    /// Says after how many seconds it is worth trying again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// After how many seconds it is worth trying again.
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u32> {
        self.retry_after_s
    }

    /// Why.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The field or place at fault.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.param.as_deref()
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.row().message)?;
        if let Some(param) = &self.param {
            write!(f, " At: {param}.")?;
        }
        if let Some(note) = self.note {
            write!(f, " ({note})")?;
        }
        if let Some(limit) = self.limit {
            write!(f, " The limit is {limit}.")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn rows_are_in_order_unique_and_say_what_to_do() {
        let mut words = HashSet::new();
        for (i, row) in TABLE.iter().enumerate() {
            assert_eq!(row.code as usize, i);
            assert!(words.insert(row.word), "{}", row.word);
            assert!((400..600).contains(&row.status));
            assert!(row.message.ends_with('.'));
            assert_eq!(
                row.status >= 500,
                matches!(row.fault, Fault::Environment | Fault::Bug),
                "{}",
                row.word
            );
        }
    }

    #[test]
    fn a_place_cannot_carry_markup_or_much_data() {
        let refusal = Refusal::new(Code::UnknownField).at(&"<b>\n\u{1b}[31m".repeat(100));
        assert!(refusal.param().unwrap().len() <= 80);
        assert!(!refusal.to_string().contains(['<', '\n', '\u{1b}']));
    }
}
