//! Every setting, by section. The order is that of the reference, and that in which they are set.

mod alerts;
mod guard;
mod limits;
mod oidc;
mod otlp;
mod service;
mod tls;
mod upstream;
mod weakening;

use super::Setting;

const SECTIONS: &[&[Setting]] = &[
    service::SETTINGS,
    tls::SETTINGS,
    oidc::SETTINGS,
    upstream::SETTINGS,
    limits::SETTINGS,
    alerts::SETTINGS,
    otlp::SETTINGS,
    guard::SETTINGS,
    // Last, as one of them takes back what a setting of the guard says.
    weakening::SETTINGS,
];

/// Every setting below `[serve]`.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().copied().flatten()
}

/// The setting of this name.
#[must_use]
pub fn named(path: &str) -> Option<&'static Setting> {
    all().find(|setting| setting.path == path)
}
