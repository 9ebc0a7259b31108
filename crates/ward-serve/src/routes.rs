//! Every address of the service, the method it takes and the scope it asks for. The only place
//! where addresses stand; a test walks this table with every kind of key.

use axum::{
    Router,
    http::Method,
    routing::{MethodRouter, get, post},
};

use crate::{app::Shared, handlers, identity::Scope};

/// One address.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path.
    pub path: &'static str,
    /// What its handler asks for.
    pub scope: Scope,
    /// Its handler.
    handler: fn() -> MethodRouter<Shared>,
}

/// Every address.
pub const ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/chat/completions",
        scope: Scope::Infer,
        handler: || post(handlers::chat_completions),
    },
    Route {
        method: Method::GET,
        path: "/v1/models",
        scope: Scope::ReadModels,
        handler: || get(handlers::list_models),
    },
    Route {
        method: Method::GET,
        path: "/v1/models/{model}",
        scope: Scope::ReadModels,
        handler: || get(handlers::retrieve_model),
    },
    Route {
        method: Method::GET,
        path: "/ward/v1/ledger/checkpoint",
        scope: Scope::ReadLedger,
        handler: || get(handlers::checkpoint),
    },
];

/// The router over the table. Whatever is not in it asks for a key first, then says 404 or 405.
pub fn router(app: Shared) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)().fallback(handlers::method_not_allowed));
    }
    router.fallback(handlers::not_found).with_state(app)
}
