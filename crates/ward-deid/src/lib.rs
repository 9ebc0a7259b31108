//! Find protected health information, replace it, put it back.
