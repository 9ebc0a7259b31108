//! What the admin listener answers: metrics and health, to who may read them.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    app::Shared,
    identity::{Allowed, ReadMetrics},
};

/// `GET /metrics`: every count, for Prometheus.
pub async fn metrics(State(app): State<Shared>, _: Allowed<ReadMetrics>) -> Response {
    let text = app.watch.metrics.render(&app);
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response()
}

/// `GET /ward/v1/health`: 200 while questions can be answered, 503 while they cannot.
pub async fn health(State(app): State<Shared>, _: Allowed<ReadMetrics>) -> Response {
    let ledger = app.ledger.failure().is_none();
    let status = if ledger {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let word = if ledger { "ok" } else { "ledger_unavailable" };
    (status, Json(json!({"status": word, "ledger": {"writable": ledger}}))).into_response()
}
