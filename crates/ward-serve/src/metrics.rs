//! Counts of what happens, in the text format of Prometheus (version 0.0.4).
//!
//! Names of keys, models and addresses are no labels: they would be as many as somebody likes, and metrics travel further
//! than ledgers.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::Duration,
};

use ward_guard::{Code, refusal::TABLE};

use crate::{alert::RULES, app::App, routes};

/// Upper bounds of the histograms, in microseconds.
const BOUNDS_US: [u64; 14] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_500_000, 10_000_000, 60_000_000,
];
/// Most kinds of refusals that are counted apart.
const MAX_CODES: usize = 128;
/// Most routes and rules that are counted apart.
const MAX_ROWS: usize = 32;

/// How long things took.
#[derive(Debug)]
pub struct Histogram {
    buckets: [AtomicU64; BOUNDS_US.len()],
    count: AtomicU64,
    sum_us: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            buckets: std::array::from_fn(|_| AtomicU64::new(0)),
            count: AtomicU64::new(0),
            sum_us: AtomicU64::new(0),
        }
    }
}

impl Histogram {
    /// Counts one more.
    pub fn seen(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for (bound, bucket) in BOUNDS_US.iter().zip(&self.buckets) {
            if us <= *bound {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    fn render(&self, name: &str, help: &str, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} histogram");
        for (bound, bucket) in BOUNDS_US.iter().zip(&self.buckets) {
            let seconds = *bound as f64 / 1e6;
            let _ = writeln!(
                out,
                "{name}_bucket{{le=\"{seconds}\"}} {}",
                bucket.load(Ordering::Relaxed)
            );
        }
        let count = self.count.load(Ordering::Relaxed);
        let sum = self.sum_us.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(
            out,
            "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum {sum}\n{name}_count {count}"
        );
    }
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    /// Requests by route, in the order of the table of routes, with one more for all other addresses.
    routes: [AtomicU64; MAX_ROWS],
    /// Refusals by code, in the order of the table.
    refusals: [AtomicU64; MAX_CODES],
    answered: AtomicU64,
    alerts: [AtomicU64; MAX_ROWS],
    alerts_dropped: AtomicU64,
    spans_dropped: AtomicU64,
    connections: AtomicI64,
    connections_refused: AtomicU64,
    handshakes_failed: AtomicU64,
    tokens_prompt: AtomicU64,
    tokens_completion: AtomicU64,
    reloads: AtomicU64,
    reloads_failed: AtomicU64,
    /// Seconds since 1970 at which the certificate ends; 0 is unknown.
    certificate_ends: AtomicU64,
    /// From the whole body to the entry on the ledger, before an engine is asked.
    pub prepare: Histogram,
    /// From the first byte of a request's body to the last entry.
    pub whole: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        fn zeros<const N: usize>() -> [AtomicU64; N] {
            std::array::from_fn(|_| AtomicU64::new(0))
        }
        Self {
            routes: zeros(),
            refusals: zeros(),
            answered: AtomicU64::new(0),
            alerts: zeros(),
            alerts_dropped: AtomicU64::new(0),
            spans_dropped: AtomicU64::new(0),
            connections: AtomicI64::new(0),
            connections_refused: AtomicU64::new(0),
            handshakes_failed: AtomicU64::new(0),
            tokens_prompt: AtomicU64::new(0),
            tokens_completion: AtomicU64::new(0),
            reloads: AtomicU64::new(0),
            reloads_failed: AtomicU64::new(0),
            certificate_ends: AtomicU64::new(0),
            prepare: Histogram::default(),
            whole: Histogram::default(),
        }
    }
}

fn add(counter: Option<&AtomicU64>, much: u64) {
    if let Some(counter) = counter {
        counter.fetch_add(much, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(crate) fn request(&self, route: &'static str) {
        let row = routes::all().position(|one| one.path == route);
        add(self.routes.get(row.unwrap_or(MAX_ROWS - 1)), 1);
    }

    pub(crate) fn refusal(&self, code: Code) {
        add(self.refusals.get(code as usize), 1);
    }

    pub(crate) fn answered(&self, prompt: u64, completion: u64) {
        add(Some(&self.answered), 1);
        add(Some(&self.tokens_prompt), prompt);
        add(Some(&self.tokens_completion), completion);
    }

    pub(crate) fn alert(&self, rule: &str) {
        let row = RULES.iter().position(|one| one.word == rule);
        add(row.and_then(|row| self.alerts.get(row)), 1);
    }

    pub(crate) fn alerts_dropped(&self) {
        add(Some(&self.alerts_dropped), 1);
    }

    pub(crate) fn span_dropped(&self) {
        add(Some(&self.spans_dropped), 1);
    }

    pub(crate) fn connection_opened(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn connection_closed(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn connection_refused(&self) {
        add(Some(&self.connections_refused), 1);
    }

    pub(crate) fn handshake_failed(&self) {
        add(Some(&self.handshakes_failed), 1);
    }

    pub(crate) fn reloaded(&self, well: bool) {
        add(Some(if well { &self.reloads } else { &self.reloads_failed }), 1);
    }

    pub(crate) fn certificate_ends(&self, unix_ms: u64) {
        self.certificate_ends.store(unix_ms / 1000, Ordering::Relaxed);
    }

    /// Everything, as Prometheus reads it.
    #[must_use]
    pub fn render(&self, app: &App) -> String {
        let mut out = String::with_capacity(8 << 10);
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let head = |out: &mut String, name: &str, kind: &str, help: &str| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        };
        head(&mut out, "ward_build_info", "gauge", "The version that runs.");
        let _ = writeln!(out, "ward_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
        head(&mut out, "ward_requests_total", "counter", "Requests by route.");
        // A path with several methods is one route to whoever reads the numbers.
        let mut by_path: BTreeMap<&str, u64> = BTreeMap::new();
        for (route, counter) in routes::all().zip(&self.routes) {
            *by_path.entry(route.path).or_default() += get(counter);
        }
        for (path, count) in by_path {
            let _ = writeln!(out, "ward_requests_total{{route=\"{path}\"}} {count}");
        }
        let other = self.routes.last().map_or(0, get);
        let _ = writeln!(out, "ward_requests_total{{route=\"other\"}} {other}");
        head(&mut out, "ward_refusals_total", "counter", "Refusals by code.");
        for (row, counter) in TABLE.iter().zip(&self.refusals) {
            let _ = writeln!(out, "ward_refusals_total{{code=\"{}\"}} {}", row.word, get(counter));
        }
        head(&mut out, "ward_alerts_total", "counter", "Alerts by rule.");
        for (rule, counter) in RULES.iter().zip(&self.alerts) {
            let _ = writeln!(out, "ward_alerts_total{{rule=\"{}\"}} {}", rule.word, get(counter));
        }
        let counters = [
            (
                "ward_answers_total",
                "Questions answered to the end.",
                get(&self.answered),
            ),
            (
                "ward_alerts_dropped_total",
                "Alerts that could be neither delivered nor kept.",
                get(&self.alerts_dropped),
            ),
            (
                "ward_spans_dropped_total",
                "Spans that gave way while the collector was away.",
                get(&self.spans_dropped),
            ),
            (
                "ward_connections_refused_total",
                "Connections over the limits of one address.",
                get(&self.connections_refused),
            ),
            (
                "ward_handshakes_failed_total",
                "TLS handshakes that failed or took too long.",
                get(&self.handshakes_failed),
            ),
            (
                "ward_tokens_prompt_total",
                "Estimated tokens of prompts.",
                get(&self.tokens_prompt),
            ),
            (
                "ward_tokens_completion_total",
                "Tokens of answers.",
                get(&self.tokens_completion),
            ),
            (
                "ward_reloads_total",
                "Settings taken up while running.",
                get(&self.reloads),
            ),
            (
                "ward_reloads_failed_total",
                "Settings that could not be taken up.",
                get(&self.reloads_failed),
            ),
        ];
        for (name, help, value) in counters {
            head(&mut out, name, "counter", help);
            let _ = writeln!(out, "{name} {value}");
        }
        let body_bytes = (app.body_kib_all - app.body_kib.available_permits().min(app.body_kib_all)) as u64 * 1024;
        let under_way = (app.max_requests - app.under_way.available_permits().min(app.max_requests)) as u64;
        let open = u64::try_from(self.connections.load(Ordering::Relaxed)).unwrap_or(0);
        let gauges = [
            ("ward_connections", "Connections open.", open),
            ("ward_requests_under_way", "Requests that have a place.", under_way),
            (
                "ward_requests_waiting",
                "Requests that wait for a place.",
                app.waiting.load(Ordering::Relaxed) as u64,
            ),
            ("ward_body_bytes_reserved", "Memory set aside for bodies.", body_bytes),
            ("ward_ledger_entries", "Entries on the ledger.", app.ledger.size()),
            (
                "ward_ledger_writable",
                "1 while the ledger can be written.",
                u64::from(app.ledger.failure().is_none()),
            ),
            (
                "ward_certificate_ends_seconds",
                "When the certificate ends, seconds since 1970; 0 is unknown.",
                get(&self.certificate_ends),
            ),
            (
                "ward_resident_bytes",
                "Memory of the process, as the system counts it; 0 where it does not tell.",
                resident_bytes(),
            ),
        ];
        for (name, help, value) in gauges {
            head(&mut out, name, "gauge", help);
            let _ = writeln!(out, "{name} {value}");
        }
        self.prepare.render(
            "ward_prepare_seconds",
            "From the whole body to the entry before an engine is asked.",
            &mut out,
        );
        self.whole.render(
            "ward_request_seconds",
            "From the whole body to the last entry.",
            &mut out,
        );
        out
    }
}

/// What the process holds in memory.
fn resident_bytes() -> u64 {
    // Linux: the second number is pages; these are 4 KiB on every machine that Ward is built for with `procfs`.
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_fit() {
        assert!(TABLE.len() <= MAX_CODES);
        assert!(RULES.len() <= MAX_ROWS && routes::all().count() < MAX_ROWS);
    }

    #[test]
    fn a_histogram_counts_up() {
        let histogram = Histogram::default();
        for us in [1, 100, 101, 1_000_000_000] {
            histogram.seen(Duration::from_micros(us));
        }
        let mut out = String::new();
        histogram.render("x", "X.", &mut out);
        assert!(out.contains("x_bucket{le=\"0.0001\"} 2\n"), "{out}");
        assert!(out.contains("x_bucket{le=\"0.00025\"} 3\n"));
        assert!(out.contains("x_bucket{le=\"60\"} 3\nx_bucket{le=\"+Inf\"} 4\n"));
        assert!(out.contains("x_count 4\n"));
    }
}
