//! Listeners, TLS, identities, limits, routes, streaming and ledger writing.
