//! The server's certificate: the one that was configured, or its own, made at the first run, kept in the data folder and
//! renewed before it ends. And how Ward checks others: client certificates, and the servers it connects to.

mod pinned;
mod validity;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    client::WebPkiServerVerifier,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ParsedCertificate, WebPkiClientVerifier},
};
use serde::{Deserialize, Serialize};
use ward_seal::{hash, store::DataDir};

use crate::{
    config::TlsSettings,
    error::{StartError, StartErrorKind},
};

/// Days a certificate holds. Browsers of one large maker take no more than 825.
const DAYS: u64 = 825;
/// Days before its end at which it is made anew.
const RENEW_DAYS: u64 = 30;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

const CERTIFICATE: &str = "tls/cert.pem";
const KEY: &str = "tls/key.pem";
const ABOUT: &str = "tls/about.json";

/// The identity a server shows.
pub struct Identity {
    /// For rustls.
    pub config: Arc<ServerConfig>,
    /// SHA-256 of the certificate in DER.
    pub fingerprint: [u8; 32],
    /// The certificate's file, for clients to trust.
    pub path: PathBuf,
    /// True when the certificate was made now.
    pub fresh: bool,
    /// When it ends, milliseconds since 1970 UTC; none when that cannot be read.
    pub ends_unix_ms: Option<u64>,
}

/// What Ward remembers of a certificate it made, so that it need not parse it.
#[derive(Serialize, Deserialize)]
struct About {
    names: Vec<String>,
    ends_unix_ms: u64,
}

/// Reads the certificate that was configured, or that of the data folder, or makes one that is good for this address.
///
/// # Errors
/// When the files cannot be read or written, or do not belong together.
pub fn identity(
    data: &DataDir,
    listen: SocketAddr,
    settings: &TlsSettings,
    now_unix_ms: u64,
) -> Result<Identity, StartError> {
    let (certificate, key, path, fresh) = match named(settings)? {
        Some((certificate, key, path)) => (certificate, key, path, false),
        None => {
            let (certificate, key, fresh) = own(data, listen, now_unix_ms)?;
            (certificate, key, data.path().join(CERTIFICATE), fresh)
        }
    };
    let (config, fingerprint, ends_unix_ms) = fit(settings, &certificate, &key)?;
    Ok(Identity {
        config: Arc::new(config),
        fingerprint,
        path,
        fresh,
        ends_unix_ms,
    })
}

/// Whether the files that the settings name can be read and belong together. Makes nothing.
///
/// # Errors
/// As [`identity`].
pub fn check(settings: &TlsSettings) -> Result<(), StartError> {
    match named(settings)? {
        Some((certificate, key, _)) => fit(settings, &certificate, &key).map(drop),
        None => client_roots(settings).map(drop),
    }
}

/// The certificate and key that the settings name, and the certificate's file.
fn named(settings: &TlsSettings) -> Result<Option<(String, String, PathBuf)>, StartError> {
    match (&settings.certificate, &settings.key) {
        (Some(certificate), Some(key)) => {
            let read = |file: &Path, what: &str| {
                std::fs::read_to_string(file).map_err(|_| {
                    StartError::new(
                        StartErrorKind::Tls,
                        format!("serve.tls.{what}: this file cannot be read."),
                    )
                })
            };
            let pair = (read(certificate, "certificate")?, read(key, "key")?);
            Ok(Some((pair.0, pair.1, certificate.clone())))
        }
        (None, None) => Ok(None),
        _ => {
            let what = "serve.tls: a certificate and its key go together; name both or neither.";
            Err(StartError::new(StartErrorKind::Setting, what))
        }
    }
}

/// The authorities of client certificates, where the settings name them.
fn client_roots(settings: &TlsSettings) -> Result<Option<RootCertStore>, StartError> {
    let wrong = |()| {
        let what = "serve.tls.client_ca: this file holds no certificate of an authority that can be read.";
        StartError::new(StartErrorKind::Tls, what)
    };
    settings
        .client_ca
        .as_deref()
        .map(|file| roots_of(file).map_err(wrong))
        .transpose()
}

/// What to show in handshakes, of a certificate and its key in PEM; the certificate's fingerprint and end.
fn fit(
    settings: &TlsSettings,
    certificate: &str,
    key: &str,
) -> Result<(ServerConfig, [u8; 32], Option<u64>), StartError> {
    let broken = |_| {
        let what = if settings.certificate.is_some() {
            "serve.tls: the certificate and the key do not fit together, or are not PEM."
        } else {
            "The certificate and key in the data folder's tls/ do not fit together. Remove both files to have new ones made."
        };
        StartError::new(StartErrorKind::Tls, what)
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| broken(()))?;
    let first = chain.first().ok_or(()).map_err(broken)?;
    let fingerprint = hash::sha256(first);
    let ends_unix_ms = validity::ends_unix_ms(first);
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| broken(()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions: &[&rustls::SupportedProtocolVersion] = if settings.tls12 {
        &[&rustls::version::TLS13, &rustls::version::TLS12]
    } else {
        &[&rustls::version::TLS13]
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(|_| broken(()))?;
    let builder = match client_roots(settings)? {
        None => builder.with_no_client_auth(),
        Some(roots) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            let verifier = if settings.client_required {
                verifier
            } else {
                verifier.allow_unauthenticated()
            };
            builder.with_client_cert_verifier(verifier.build().map_err(|_| broken(()))?)
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|_| broken(()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok((config, fingerprint, ends_unix_ms))
}

/// When the certificate that these settings name ends; none when there is none yet, or that cannot be read from it.
///
/// # Errors
/// When its file cannot be read.
pub fn ends(data: Option<&DataDir>, settings: &TlsSettings) -> Result<Option<u64>, StartError> {
    let pem = match (&settings.certificate, data) {
        (Some(file), _) => {
            let unread = |_| StartError::new(StartErrorKind::Tls, "serve.tls.certificate: this file cannot be read.");
            Some(std::fs::read(file).map_err(unread)?)
        }
        (None, Some(data)) => data.read(CERTIFICATE)?,
        (None, None) => None,
    };
    let der = pem.and_then(|pem| CertificateDer::from_pem_slice(&pem).ok());
    Ok(der.and_then(|der| validity::ends_unix_ms(&der)))
}

/// The certificates in a file.
fn roots_of(file: &Path) -> Result<RootCertStore, ()> {
    let text = std::fs::read(file).map_err(|_| ())?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        roots.add(certificate.map_err(|_| ())?).map_err(|_| ())?;
    }
    if roots.is_empty() { Err(()) } else { Ok(roots) }
}

/// SHA-256 of the public key of a certificate, as SPKI in DER: what pins and client certificates are named by.
#[must_use]
pub fn spki_sha256(certificate: &CertificateDer<'_>) -> Option<[u8; 32]> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    Some(hash::sha256(parsed.subject_public_key_info().as_ref()))
}

/// The settings for connecting to others: the system's authorities or those in a file, and one of the pinned keys, if
/// any are named.
///
/// # Errors
/// When there are no authorities.
pub fn client_config(ca: Option<&Path>, pins: &[[u8; 32]]) -> Result<ClientConfig, StartError> {
    let none = |_| {
        let what = "there are no certificates of authorities to check a server with.";
        StartError::new(StartErrorKind::Tls, what)
    };
    let roots = match ca {
        Some(file) => roots_of(file).map_err(none)?,
        None => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots
        }
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|_| none(()))?;
    let verifier = Arc::new(pinned::Pinned::new(verifier, pins.to_vec()));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| none(()))?
        // The verifier below is the usual one, and asks for more: never for less.
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

/// Ward's own certificate and key, and whether they were made now.
fn own(data: &DataDir, listen: SocketAddr, now_unix_ms: u64) -> Result<(String, String, bool), StartError> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let host = listen.ip();
    if !host.is_loopback() && !host.is_unspecified() {
        names.push(host.to_string());
    }
    match kept(data, &names, now_unix_ms)? {
        Some((certificate, key)) => Ok((certificate, key, false)),
        None => make(data, names, now_unix_ms).map(|(certificate, key)| (certificate, key, true)),
    }
}

/// The certificate and key in the data folder, if they are good for these names and long enough.
fn kept(data: &DataDir, names: &[String], now_unix_ms: u64) -> Result<Option<(String, String)>, StartError> {
    let text = |name| -> Result<Option<String>, StartError> {
        Ok(data.read(name)?.and_then(|bytes| String::from_utf8(bytes).ok()))
    };
    let (Some(certificate), Some(key), Some(about)) = (text(CERTIFICATE)?, text(KEY)?, text(ABOUT)?) else {
        return Ok(None);
    };
    let Ok(about) = serde_json::from_str::<About>(&about) else {
        return Ok(None);
    };
    let lasts = about.ends_unix_ms > now_unix_ms.saturating_add(RENEW_DAYS * DAY_MS);
    let covers = names.iter().all(|name| about.names.contains(name));
    Ok((lasts && covers).then_some((certificate, key)))
}

/// Makes a certificate (ECDSA P-256, self-signed, no authority) and keeps it.
fn make(data: &DataDir, names: Vec<String>, now_unix_ms: u64) -> Result<(String, String), StartError> {
    let failed = |_| StartError::new(StartErrorKind::Tls, "A certificate could not be made.");
    let key = KeyPair::generate().map_err(failed)?;
    let mut params = CertificateParams::new(names.clone()).map_err(failed)?;
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, "Ward");
    params.distinguished_name = subject;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let ends_unix_ms = now_unix_ms.saturating_add(DAYS * DAY_MS);
    let (from, to) = (day(now_unix_ms.saturating_sub(DAY_MS)), day(ends_unix_ms));
    params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
    params.not_after = rcgen::date_time_ymd(to.0, to.1, to.2);
    let certificate = params.self_signed(&key).map_err(failed)?.pem();
    let key = key.serialize_pem();
    let about = serde_json::to_vec_pretty(&About { names, ends_unix_ms })
        .map_err(|_| StartError::new(StartErrorKind::Tls, "A certificate could not be described."))?;
    data.write_private(KEY, key.as_bytes())?;
    data.write_private(CERTIFICATE, certificate.as_bytes())?;
    data.write_private(ABOUT, &about)?;
    Ok((certificate, key))
}

/// Year, month, day in UTC.
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
pub(crate) fn day(unix_ms: u64) -> (i32, u8, u8) {
    let days = (unix_ms / DAY_MS) as i64 + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (
        year as i32,
        month as u8,
        (day_of_year - (153 * shifted + 2) / 5 + 1) as u8,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_day() {
        assert_eq!(day(0), (1970, 1, 1));
        assert_eq!(day(951_782_400_000), (2000, 2, 29));
        assert_eq!(day(1_795_305_600_000), (2026, 11, 22));
    }
}
