//! The request path as typed functions; knows no HTTP and no engine.
