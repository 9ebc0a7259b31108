//! A refusal as the OpenAI API words it.

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use ward_guard::{Code, Refusal};

use crate::{handlers, journal::ReceiptId};

/// A refusal on its way to an HTTP client.
#[derive(Debug)]
pub struct Refused {
    refusal: Refusal,
    receipt: Option<ReceiptId>,
}

impl Refused {
    /// Names the entry in the ledger.
    #[must_use]
    pub fn with_receipt(mut self, receipt: &ReceiptId) -> Self {
        self.receipt = Some(receipt.clone());
        self
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, receipt: None }
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Refusal::new(code).into()
    }
}

/// The body of an error reply.
pub(crate) fn body(refusal: &Refusal) -> Value {
    let row = refusal.code().row();
    json!({"error": {
        "message": refusal.to_string(),
        "type": row.kind,
        "param": refusal.param(),
        "code": row.word,
    }})
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let code = self.refusal.code();
        let mut response = (handlers::status(code), Json(body(&self.refusal))).into_response();
        let headers = response.headers_mut();
        if code.row().status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let later = match (self.refusal.retry_after_s(), code.row().status) {
            (Some(seconds), _) => Some(seconds),
            (None, 503) => Some(1),
            (None, _) => None,
        };
        if let Some(seconds) = later {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(value) = self
            .receipt
            .and_then(|receipt| HeaderValue::from_str(receipt.as_str()).ok())
        {
            headers.insert(handlers::RECEIPT_HEADER, value);
        }
        // For whoever counts what was refused; it does not leave the process.
        response.extensions_mut().insert(code);
        response
    }
}
