//! Replies read strictly: whether a whole completion, or a stream of chunks, is what the OpenAI API promises.

use crate::peers::outcome::want;
use serde_json::Value;

/// What a completion said, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// The text.
    pub(crate) text: String,
    /// `finish_reason`.
    pub(crate) finish: String,
    /// Tokens of prompt and answer, when they were told.
    pub(crate) usage: Option<(u64, u64)>,
    /// The receipt in the object `ward`.
    pub(crate) receipt: String,
    /// What the API promises and the reply does not keep.
    pub(crate) faults: Vec<String>,
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn field<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn usage(value: &Value) -> Option<(u64, u64)> {
    let count = |name| field(value, name).as_u64();
    Some((count("/usage/prompt_tokens")?, count("/usage/completion_tokens")?))
}

/// Reads a `chat.completion`.
pub(crate) fn whole(body: &[u8]) -> Said {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut said = Said {
        text: word(field(&value, "/choices/0/message/content")),
        finish: word(field(&value, "/choices/0/finish_reason")),
        usage: usage(&value),
        receipt: word(field(&value, "/ward/receipt")),
        faults: Vec::new(),
    };
    let faults = &mut said.faults;
    want(
        faults,
        field(&value, "/object") == "chat.completion",
        "not a chat.completion",
    );
    want(
        faults,
        field(&value, "/choices/0/message/content").is_string(),
        "no content",
    );
    want(faults, known(&said.finish), "no known finish_reason");
    said
}

fn known(finish: &str) -> bool {
    matches!(finish, "stop" | "length" | "content_filter")
}

/// The data of each event, in order, with whether the event is called `error`.
fn events(text: &str) -> Vec<(bool, &str)> {
    let mut is_error = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(data) = line.strip_prefix("data: ") {
            found.push((is_error, data));
        } else if let Some(name) = line.strip_prefix("event: ") {
            is_error = name == "error";
        } else if line.is_empty() {
            is_error = false;
        }
    }
    found
}

/// Reads a stream that must be complete.
pub(crate) fn streamed(body: &[u8]) -> Said {
    let text = String::from_utf8_lossy(body);
    let mut said = Said::default();
    let mut faults = Vec::new();
    let events = events(&text);
    want(
        &mut faults,
        events.last().is_some_and(|(_, data)| *data == "[DONE]") && text.ends_with("\n\n"),
        "does not end with [DONE]",
    );
    let mut ended = 0;
    for (at, (is_error, data)) in events.iter().enumerate() {
        want(&mut faults, !is_error, "an error event");
        if *data == "[DONE]" {
            want(&mut faults, at + 1 == events.len(), "something after [DONE]");
            continue;
        }
        let Ok(chunk) = serde_json::from_str::<Value>(data) else {
            faults.push(format!("event {at} is not JSON"));
            continue;
        };
        want(
            &mut faults,
            field(&chunk, "/object") == "chat.completion.chunk",
            "not a chunk",
        );
        want(
            &mut faults,
            field(&chunk, "/choices").is_array(),
            "a chunk without choices",
        );
        if at == 0 {
            want(
                &mut faults,
                field(&chunk, "/choices/0/delta/role") == "assistant",
                "no role at first",
            );
        }
        said.text
            .push_str(field(&chunk, "/choices/0/delta/content").as_str().unwrap_or_default());
        if let Some(finish) = field(&chunk, "/choices/0/finish_reason").as_str() {
            ended += 1;
            finish.clone_into(&mut said.finish);
            said.receipt = word(field(&chunk, "/ward/receipt"));
        }
        said.usage = said.usage.or(usage(&chunk));
    }
    want(
        &mut faults,
        ended == 1 && known(&said.finish),
        "not exactly one known finish_reason",
    );
    said.faults = faults;
    said
}

/// The code of the error event that a broken stream must end with, and the text before it.
pub(crate) fn broken(body: &[u8]) -> (Option<String>, String) {
    let text = String::from_utf8_lossy(body);
    let events = events(&text);
    let parsed = events
        .iter()
        .map(|(_, data)| serde_json::from_str::<Value>(data).unwrap_or_default());
    let said = parsed.filter_map(|chunk| field(&chunk, "/choices/0/delta/content").as_str().map(str::to_owned));
    let said = said.collect();
    let last = events
        .last()
        .filter(|(is_error, _)| *is_error && !text.contains("[DONE]"));
    let code = last.map(|(_, data)| error_code(data.as_bytes()));
    (code, said)
}

/// `error.code` of an error's body.
pub(crate) fn error_code(body: &[u8]) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    word(field(&value, "/error/code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n\
        data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n\
        data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"ward\":{\"receipt\":\"wr_1\"}}\n\n\
        data: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n\
        data: [DONE]\n\n";

    #[test]
    fn a_complete_stream_is_read_and_its_faults_are_told() {
        let said = streamed(GOOD.as_bytes());
        assert_eq!(said.faults, [""; 0]);
        assert_eq!(
            (said.text.as_str(), said.finish.as_str(), said.usage),
            ("Hi", "stop", Some((3, 1)))
        );
        assert_eq!(said.receipt, "wr_1");
        for (from, to, fault) in [
            ("data: [DONE]\n\n", "", "does not end with [DONE]"),
            ("\"stop\"", "null", "not exactly one known finish_reason"),
            ("{\"role\":\"assistant\",\"content\":\"\"}", "{}", "no role at first"),
            ("{\"content\":\"Hi\"}", "{", "event 1 is not JSON"),
            (
                "data: [DONE]",
                "event: error\ndata: {}\n\ndata: [DONE]",
                "an error event",
            ),
            ("\"choices\":[],", "", "a chunk without choices"),
        ] {
            let said = streamed(GOOD.replace(from, to).as_bytes());
            assert!(
                said.faults.iter().any(|found| found == fault),
                "{fault}: {:?}",
                said.faults
            );
        }
    }

    #[test]
    fn a_broken_stream_ends_with_its_error() {
        let cut = GOOD
            .split("data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{}")
            .next()
            .unwrap();
        let error = "event: error\ndata: {\"error\":{\"code\":\"upstream_broken\"}}\n\n";
        let with_error = format!("{cut}{error}");
        assert_eq!(
            broken(with_error.as_bytes()),
            (Some("upstream_broken".to_owned()), "Hi".to_owned())
        );
        assert_eq!(broken(cut.as_bytes()).0, None);
        assert_eq!(broken(format!("{with_error}data: [DONE]\n\n").as_bytes()).0, None);
    }

    #[test]
    fn a_whole_completion_is_read() {
        let body = br#"{"object":"chat.completion","choices":[{"message":{"content":"Hi"},"finish_reason":"length"}],
            "usage":{"prompt_tokens":3,"completion_tokens":1},"ward":{"receipt":"wr_1"}}"#;
        let said = whole(body);
        assert_eq!(
            (said.faults.len(), said.text.as_str(), said.usage),
            (0, "Hi", Some((3, 1)))
        );
        assert_eq!(whole(b"{}").faults.len(), 3);
        assert_eq!(error_code(br#"{"error":{"code":"x"}}"#), "x");
    }
}
