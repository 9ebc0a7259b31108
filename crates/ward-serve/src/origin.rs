//! Pages of other places: a browser sends along where the page is from that made it send a request (RFC 6454).

use axum::http::{HeaderMap, Uri, header};

/// Whether a request is not one that a page of another place made a browser send. No `Origin` is no page; one must be this
/// server's own, by the name that the request gives it (`Host`, or `:authority` over HTTP/2).
pub(crate) fn is_own(headers: &HeaderMap, uri: &Uri) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (origin, more) = (origins.next(), origins.next());
    let Some(origin) = origin else { return true };
    let host = headers.get(header::HOST).map(|host| host.as_bytes());
    let host = host.or_else(|| uri.authority().map(|authority| authority.as_str().as_bytes()));
    match (origin.as_bytes().strip_prefix(b"https://"), host, more) {
        (Some(origin), Some(host), None) => origin.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_places_may_not() {
        let check = |uri: &str, host: Option<&str>, origins: &[&str], expect: bool| {
            let mut headers = HeaderMap::new();
            if let Some(host) = host {
                headers.insert("host", host.parse().unwrap());
            }
            for origin in origins {
                headers.append("origin", origin.parse().unwrap());
            }
            assert_eq!(
                is_own(&headers, &uri.parse().unwrap()),
                expect,
                "{uri} {host:?} {origins:?}"
            );
        };
        let host = Some("localhost:8443");
        check("/mcp", host, &[], true);
        check("/mcp", None, &[], true);
        check("/mcp", host, &["https://localhost:8443"], true);
        check("https://localhost:8443/mcp", None, &["https://LOCALHOST:8443"], true);
        for bad in [
            "https://evil.example",
            "https://localhost",
            "http://localhost:8443",
            "null",
            "",
            "https://localhost:8443@evil.example",
            "https://localhost:8443.evil.example",
        ] {
            check("/mcp", host, &[bad], false);
        }
        check("/mcp", None, &["https://localhost"], false);
        check(
            "/mcp",
            Some("localhost"),
            &["https://localhost", "https://evil.example"],
            false,
        );
    }
}
