//! The server's own certificate: made at the first run, kept in the data folder, renewed before it ends.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};
use serde::{Deserialize, Serialize};
use ward_seal::{hash, store::DataDir};

use crate::error::{StartError, StartErrorKind};

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
}

/// What Ward remembers of a certificate it made, so that it need not parse it.
#[derive(Serialize, Deserialize)]
struct About {
    names: Vec<String>,
    ends_unix_ms: u64,
}

/// Reads the certificate of a data folder, or makes one that is good for this address.
///
/// # Errors
/// When the files cannot be read or written, or do not belong together.
pub fn identity(data: &DataDir, listen: SocketAddr, now_unix_ms: u64) -> Result<Identity, StartError> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let host = listen.ip();
    if !host.is_loopback() && !host.is_unspecified() {
        names.push(host.to_string());
    }
    let kept = kept(data, &names, now_unix_ms)?;
    let fresh = kept.is_none();
    let (certificate, key) = match kept {
        Some(pair) => pair,
        None => make(data, names, now_unix_ms)?,
    };
    let broken = |_| {
        let what = "The certificate and key in the data folder's tls/ do not fit together. Remove both files to have new ones made.";
        StartError::new(StartErrorKind::Tls, what)
    };
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|_| broken(()))?;
    let key = PrivatePkcs8KeyDer::from_pem_slice(key.as_bytes()).map_err(|_| broken(()))?;
    let fingerprint = hash::sha256(&certificate);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| broken(()))?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
        .map_err(|_| broken(()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Identity {
        config: Arc::new(config),
        fingerprint,
        path: data.path().join(CERTIFICATE),
        fresh,
    })
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
fn day(unix_ms: u64) -> (i32, u8, u8) {
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
