//! What Ward counts and how long requests took, to a collector of OpenTelemetry: OTLP over HTTP, in JSON
//! (OpenTelemetry Protocol 1.x, "OTLP/HTTP"; the JSON mapping of its protobuf messages).
//!
//! Nothing of a request can get into it. A span is made of a [`Line`], which has no way to hold text of a caller's; a metric
//! is one of those that the admin listener shows. Nothing on the way of a request waits for it: spans wait in memory, so many
//! and no more, and while the collector is away the oldest give way and are counted.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use serde_json::{Map, Value, json};
use ward_guard::Phi;
use ward_seal::{hash, random};

use crate::{
    app::{App, now},
    fetch,
    log::{Field, Line},
};

/// Most spans that wait.
const MOST_SPANS: usize = 4096;
/// Most spans in one message.
const AT_ONCE: usize = 512;
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where telemetry goes.
#[derive(Clone)]
pub struct OtlpSettings {
    /// The collector's address, without `/v1/..`: `https`, or `http` on this machine.
    pub url: String,
    /// What it asks for, as a bearer token.
    pub token: Option<Arc<Phi<String>>>,
    /// Authorities to believe for it, instead of the system's.
    pub ca: Option<PathBuf>,
    /// How long between two messages.
    pub every: Duration,
}

impl OtlpSettings {
    /// A collector at this address, told every 15 seconds.
    #[must_use]
    pub fn new(url: String) -> Self {
        Self {
            url,
            token: None,
            ca: None,
            every: Duration::from_secs(15),
        }
    }
}

/// Lines that wait to be sent as spans.
#[derive(Default)]
pub(crate) struct Spans(Mutex<VecDeque<Line>>);

impl Spans {
    /// Keeps a line, if it tells how long something took. False when an older one had to give way.
    pub(crate) fn keep(&self, line: &Line) -> bool {
        if took_ms(line).is_none() {
            return true;
        }
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = waiting.len() < MOST_SPANS;
        if !room {
            waiting.pop_front();
        }
        waiting.push_back(line.clone());
        room
    }

    fn first(&self) -> Vec<Line> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().take(AT_ONCE).cloned().collect()
    }

    fn sent(&self, count: usize) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = count.min(waiting.len());
        waiting.drain(..count);
    }
}

fn took_ms(line: &Line) -> Option<u64> {
    line.fields.iter().find_map(|(name, field)| match field {
        Field::Number(ms) if *name == "took_ms" => Some(*ms),
        _ => None,
    })
}

/// Tells the collector until the service ends.
pub(crate) async fn run(app: Weak<App>, settings: OtlpSettings, began_unix_ms: u64) {
    let base = settings.url.trim_end_matches('/');
    let token = settings.token.as_ref().map(|token| token.expose().as_str());
    let send = async |path: &str, body: Value| {
        let url = format!("{base}{path}");
        let body = body.to_string().into_bytes();
        fetch::post(&url, body, token, settings.ca.as_deref(), PATIENCE).await
    };
    let mut ticks = tokio::time::interval(settings.every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(app) = app.upgrade() else { return };
        let text = app.watch.metrics.render(&app);
        if send("/v1/metrics", metrics(&text, began_unix_ms, now())).await.is_err() {
            // It is away: what waits waits.
            continue;
        }
        loop {
            let lines = app.watch.spans().map(Spans::first).unwrap_or_default();
            if lines.is_empty() || send("/v1/traces", traces(&lines)).await.is_err() {
                break;
            }
            if let Some(spans) = app.watch.spans() {
                spans.sent(lines.len());
            }
        }
    }
}

/// What every message says of who sends it.
fn resource() -> Value {
    json!({"attributes": [
        text_attribute("service.name", "ward"),
        text_attribute("service.version", env!("CARGO_PKG_VERSION")),
    ]})
}

fn text_attribute(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

fn nanos(unix_ms: u64) -> String {
    (u128::from(unix_ms) * 1_000_000).to_string()
}

/// Spans of lines. The trace of a question is named by its receipt, so that each finds the other.
fn traces(lines: &[Line]) -> Value {
    let spans: Vec<Value> = lines.iter().map(span).collect();
    json!({"resourceSpans": [{"resource": resource(), "scopeSpans": [{"scope": {"name": "ward"}, "spans": spans}]}]})
}

fn span(line: &Line) -> Value {
    let receipt = line.fields.iter().find_map(|(name, field)| match field {
        Field::Id(id) if *name == "receipt" => Some(id),
        _ => None,
    });
    let drawn: [u8; 24] = random::bytes().unwrap_or([1; 24]);
    let named = receipt.map(|receipt| hash::sha256(receipt.as_bytes()));
    let trace = named.as_ref().map_or(&drawn[..16], |named| &named[..16]);
    let refused = line.fields.iter().any(|(name, field)| match (*name, field) {
        ("refusal", Field::Word(word)) => !word.is_empty(),
        ("outcome", Field::Word(word)) => *word != "answered",
        _ => false,
    });
    let attributes: Vec<Value> = line
        .fields
        .iter()
        .map(|(name, field)| match field {
            Field::Word(word) => text_attribute(&format!("ward.{name}"), word),
            Field::Id(id) => text_attribute(&format!("ward.{name}"), id),
            // 64-bit whole numbers are texts in this mapping.
            Field::Number(n) => json!({"key": format!("ward.{name}"), "value": {"intValue": n.to_string()}}),
        })
        .collect();
    let begins = line.at_unix_ms.saturating_sub(took_ms(line).unwrap_or(0));
    json!({
        "traceId": hash::hex(trace),
        "spanId": hash::hex(&drawn[16..]),
        "name": line.event,
        // Of a server.
        "kind": 2,
        "startTimeUnixNano": nanos(begins),
        "endTimeUnixNano": nanos(line.at_unix_ms),
        "attributes": attributes,
        "status": {"code": if refused { 2 } else { 1 }},
    })
}

/// The metrics of the admin listener's text, one list in two forms.
fn metrics(text: &str, began_unix_ms: u64, now_unix_ms: u64) -> Value {
    let (began, at) = (nanos(began_unix_ms), nanos(now_unix_ms));
    let mut all: Vec<Value> = Vec::new();
    let mut help = "";
    let mut blocks: Vec<(&str, &str, &str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            help = rest.split_once(' ').map_or("", |(_, help)| help);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap_or((rest, ""));
            blocks.push((name, kind, help, Vec::new()));
        } else if let Some((_, _, _, lines)) = blocks.last_mut() {
            lines.push(line);
        }
    }
    for (name, kind, description, lines) in blocks {
        let points: Vec<Value> = lines
            .iter()
            .filter_map(|line| {
                let (series, value) = line.rsplit_once(' ')?;
                let value: u64 = value.parse().ok()?;
                let mut point = json!({"startTimeUnixNano": began, "timeUnixNano": at, "asInt": value.to_string()});
                point["attributes"] = Value::Array(labels(series));
                Some(point)
            })
            .collect();
        let mut metric = Map::new();
        metric.insert("name".to_owned(), name.into());
        metric.insert("description".to_owned(), description.into());
        let (member, data) = match kind {
            // 2 is cumulative.
            "counter" => (
                "sum",
                json!({"dataPoints": points, "aggregationTemporality": 2, "isMonotonic": true}),
            ),
            "gauge" => ("gauge", json!({"dataPoints": points})),
            _ => {
                let point = histogram(&lines, &began, &at);
                ("histogram", json!({"dataPoints": [point], "aggregationTemporality": 2}))
            }
        };
        metric.insert(member.to_owned(), data);
        all.push(Value::Object(metric));
    }
    json!({"resourceMetrics": [{"resource": resource(), "scopeMetrics": [{"scope": {"name": "ward"}, "metrics": all}]}]})
}

/// The labels of `name{label="value"}`. Ward's own hold no quotes.
fn labels(series: &str) -> Vec<Value> {
    let inside = series.split_once('{').and_then(|(_, rest)| rest.strip_suffix('}'));
    let pairs = inside.into_iter().flat_map(|inside| inside.split(','));
    pairs
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some(text_attribute(name, value.trim_matches('"')))
        })
        .collect()
}

/// A histogram: Prometheus counts up to each bound, OTLP between them.
fn histogram(lines: &[&str], began: &str, at: &str) -> Value {
    let (mut bounds, mut counts) = (Vec::new(), Vec::new());
    let (mut below, mut sum, mut count) = (0, 0.0, 0);
    for line in lines {
        let Some((series, value)) = line.rsplit_once(' ') else {
            continue;
        };
        if series.ends_with("_sum") {
            sum = value.parse().unwrap_or(0.0);
        } else if series.ends_with("_count") {
            count = value.parse().unwrap_or(0);
        } else if let Some((_, bound)) = series.split_once("le=\"") {
            let up_to: u64 = value.parse().unwrap_or(below);
            counts.push(up_to.saturating_sub(below).to_string());
            below = up_to;
            bounds.extend(
                bound
                    .trim_end_matches("\"}")
                    .parse::<f64>()
                    .ok()
                    .filter(|bound| bound.is_finite()),
            );
        }
    }
    let count: u64 = count;
    json!({
        "startTimeUnixNano": began, "timeUnixNano": at, "count": count.to_string(), "sum": sum,
        "bucketCounts": counts, "explicitBounds": bounds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at_unix_ms: u64) -> Line {
        Line {
            at_unix_ms,
            event: "question",
            fields: vec![
                ("outcome", Field::Word("answered")),
                ("receipt", Field::Id("wr_1".to_owned())),
                ("took_ms", Field::Number(250)),
            ],
        }
    }

    #[test]
    fn a_line_is_a_span_and_its_receipt_names_the_trace() {
        let said = traces(&[line(1_000), line(2_000)]);
        let spans = said["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap();
        assert_eq!(spans[0]["startTimeUnixNano"], "750000000");
        assert_eq!(spans[0]["endTimeUnixNano"], "1000000000");
        assert_eq!(spans[0]["traceId"], spans[1]["traceId"]);
        assert_ne!(spans[0]["spanId"], spans[1]["spanId"]);
        assert_eq!(spans[0]["traceId"].as_str().unwrap().len(), 32);
        assert_eq!(spans[0]["spanId"].as_str().unwrap().len(), 16);
        assert_eq!(spans[0]["attributes"][2]["value"]["intValue"], "250");
        assert_eq!(spans[0]["status"]["code"], 1);
        assert_eq!(
            said["resourceSpans"][0]["resource"]["attributes"][0]["value"]["stringValue"],
            "ward"
        );
    }

    #[test]
    fn what_waits_is_bounded_and_leaves_when_sent() {
        let spans = Spans::default();
        assert!(
            spans.keep(&Line::now("alert")) && spans.first().is_empty(),
            "no time, no span"
        );
        for n in 0..MOST_SPANS as u64 {
            assert!(spans.keep(&line(n)));
        }
        assert!(!spans.keep(&line(9_999)), "the oldest gave way");
        let first = spans.first();
        assert_eq!((first.len(), first[0].at_unix_ms), (AT_ONCE, 1));
        spans.sent(first.len());
        assert_eq!(spans.first()[0].at_unix_ms, 1 + AT_ONCE as u64);
    }

    #[test]
    fn metrics_say_the_same_in_both_forms() {
        let text = "# HELP a_total As.\n# TYPE a_total counter\na_total{code=\"x\"} 3\na_total{code=\"y\"} 4\n\
            # HELP g G.\n# TYPE g gauge\ng 7\n# HELP h H.\n# TYPE h histogram\n\
            h_bucket{le=\"0.1\"} 2\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"+Inf\"} 6\nh_sum 2.5\nh_count 6\n";
        let said = metrics(text, 1, 2);
        let all = &said["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
        assert_eq!(all[0]["sum"]["dataPoints"][1]["asInt"], "4");
        assert_eq!(
            all[0]["sum"]["dataPoints"][1]["attributes"][0],
            text_attribute("code", "y")
        );
        assert_eq!(all[1]["gauge"]["dataPoints"][0]["asInt"], "7");
        let point = &all[2]["histogram"]["dataPoints"][0];
        assert_eq!(point["bucketCounts"], json!(["2", "3", "1"]));
        assert_eq!(point["explicitBounds"], json!([0.1, 1.0]));
        assert_eq!((point["count"].as_str(), point["sum"].as_f64()), (Some("6"), Some(2.5)));
    }
}
