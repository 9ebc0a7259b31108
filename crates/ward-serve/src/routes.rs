//! Every address of the service, the method it takes and the scope it asks for. The only place
//! where addresses stand; a test walks this table with every kind of key.

use axum::{
    Router,
    http::Method,
    routing::{MethodRouter, delete, get, post},
};

use crate::{admin, app::Shared, handlers, identity::Scope, mcp};

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
    Route {
        method: Method::POST,
        path: mcp::http::ROUTE,
        scope: Scope::Infer,
        handler: || post(mcp::http::post),
    },
    Route {
        method: Method::DELETE,
        path: mcp::http::ROUTE,
        scope: Scope::Infer,
        handler: || delete(mcp::http::delete),
    },
];

/// Every address of the admin listener.
pub const ADMIN_ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/metrics",
        scope: Scope::ReadMetrics,
        handler: || get(admin::metrics),
    },
    Route {
        method: Method::GET,
        path: "/ward/v1/health",
        scope: Scope::ReadMetrics,
        handler: || get(admin::health),
    },
];

/// Every route of both listeners.
pub fn all() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().chain(ADMIN_ROUTES)
}

/// The route that a path is, as it stands in the table; `other` when it is none. Nothing of a path that is no route is
/// repeated anywhere.
#[must_use]
pub fn name_of(path: &str) -> &'static str {
    let is = |route: &&Route| match route.path.split_once('{') {
        Some((prefix, _)) => path.strip_prefix(prefix).is_some_and(|rest| !rest.contains('/')),
        None => route.path == path,
    };
    all().find(is).map_or("other", |route| route.path)
}

/// The router over the table. Whatever is not in it asks for a key first, then says 404 or 405.
pub fn router(app: Shared) -> Router {
    of_table(ROUTES, app)
}

/// The router of the admin listener.
pub fn admin_router(app: Shared) -> Router {
    of_table(ADMIN_ROUTES, app)
}

fn of_table(table: &[Route], app: Shared) -> Router {
    let mut router = Router::new();
    for same in table.chunk_by(|one, next| one.path == next.path) {
        let [first, ..] = same else { continue };
        let methods = same
            .iter()
            .fold(MethodRouter::new(), |all, route| all.merge((route.handler)()));
        router = router.route(first.path, methods.fallback(handlers::method_not_allowed));
    }
    router
        .fallback(handlers::not_found)
        .layer(axum::middleware::from_fn_with_state(app.clone(), handlers::seen))
        .with_state(app)
}
