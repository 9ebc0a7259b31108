//! `POST /v1/chat/completions`: the body, read strictly.
//!
//! A field that is not known is refused by name; so is a known one that asks for something Ward does
//! not do (several choices, audio..). A field that is `null` counts as absent. What identifies
//! the caller's user (`user`, `metadata`, `safety_identifier`) is accepted and dropped.

use data_encoding::BASE64;
use ward_formats::{
    Budget, ErrorKind, Kind,
    json::{JsonKind, NodeId, Tree},
};
use ward_guard::{Code, Message, Part, Refusal, Request, Sampling, Speaker, media::Media};

/// A chat request and how its reply should look.
pub struct Chat {
    /// What to answer.
    pub request: Request,
    /// How to reply.
    pub shape: Shape,
    /// Names of the tools it offers. What their arguments may be is for the operator to say.
    pub tools: Vec<String>,
}

/// How the reply should look.
#[derive(Debug, Clone)]
pub struct Shape {
    /// In pieces.
    pub stream: bool,
    /// With a last piece that counts tokens.
    pub include_usage: bool,
    /// The model's id, to be repeated.
    pub model: String,
    /// Seconds since 1970.
    pub created: u64,
}

/// Reads a body. The caller has checked its size.
///
/// # Errors
/// `InvalidEncoding`, `InvalidJson`, `TooComplex`, and the field errors, each naming its field.
pub fn chat(body: &[u8], now_unix_ms: u64) -> Result<Chat, Refusal> {
    let budget = Budget {
        bytes: body.len(),
        ..Budget::RECORD
    };
    let tree = Tree::parse(body, budget).map_err(|error| match error.kind() {
        ErrorKind::Encoding => Refusal::new(Code::InvalidEncoding).at(&format!("byte {}", error.at())),
        ErrorKind::Budget => Refusal::new(Code::TooComplex),
        _ => Refusal::new(Code::InvalidJson)
            .at(&format!("byte {}", error.at()))
            .note(error.what()),
    })?;
    let root = Object::new(&tree, tree.root(), String::new())?;
    let mut draft = Draft::default();
    for (name, value) in root.fields()? {
        draft.take(&root, name, value)?;
    }
    let missing = |name: &str| Refusal::new(Code::MissingField).at(name);
    let model = draft.model.ok_or_else(|| missing("model"))?;
    let messages = draft.messages.ok_or_else(|| missing("messages"))?;
    let shape = Shape {
        stream: draft.stream,
        include_usage: draft.include_usage,
        model: model.clone(),
        created: now_unix_ms / 1000,
    };
    Ok(Chat {
        request: Request {
            model,
            messages,
            sampling: draft.sampling,
            stream: draft.stream,
        },
        shape,
        tools: if draft.no_tools { Vec::new() } else { draft.tools },
    })
}

/// Fields that are accepted and dropped: they say nothing to a model, and name people.
const DROPPED: &[&str] = &[
    "user",
    "metadata",
    "safety_identifier",
    "prompt_cache_key",
    "store",
    "service_tier",
];

/// Fields that the API knows and Ward does not do, with the values at which they ask for nothing.
const UNSUPPORTED: &[&str] = &[
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "audio",
    "modalities",
    "prediction",
    "reasoning_effort",
    "response_format",
    "verbosity",
    "web_search_options",
];

#[derive(Default)]
struct Draft {
    model: Option<String>,
    messages: Option<Vec<Message>>,
    sampling: Sampling,
    stream: bool,
    include_usage: bool,
    tools: Vec<String>,
    /// `tool_choice` says that none is to be called: then none is offered.
    no_tools: bool,
}

impl Draft {
    fn take(&mut self, at: &Object<'_>, name: &str, value: NodeId) -> Result<(), Refusal> {
        match name {
            "model" => self.model = Some(model_name(at.string(name, value)?).ok_or_else(|| at.wrong(name))?),
            "messages" => self.messages = Some(messages(at, name, value)?),
            "stream" => self.stream = at.boolean(name, value)?,
            "stream_options" => {
                let options = at.object(name, value)?;
                for (name, value) in options.fields()? {
                    match name {
                        "include_usage" => self.include_usage = options.boolean(name, value)?,
                        "include_obfuscation" => drop(options.boolean(name, value)?),
                        _ => return Err(options.unknown(name)),
                    }
                }
            }
            "temperature" => self.sampling.temperature = Some(at.number(name, value, 0.0, 2.0)?),
            "top_p" => self.sampling.top_p = Some(at.number(name, value, 0.0, 1.0)?),
            "presence_penalty" => self.sampling.presence_penalty = Some(at.number(name, value, -2.0, 2.0)?),
            "frequency_penalty" => self.sampling.frequency_penalty = Some(at.number(name, value, -2.0, 2.0)?),
            "max_tokens" | "max_completion_tokens" => {
                let most = at.integer(name, value, 1, i64::from(u32::MAX))?;
                self.sampling.max_tokens = u32::try_from(most).ok();
            }
            "seed" => self.sampling.seed = Some(at.integer(name, value, i64::MIN, i64::MAX)?),
            "stop" => self.sampling.stop = stop(at, name, value)?,
            "tools" => self.tools = tools(at, name, value)?,
            "n" => {
                if at.integer(name, value, 1, 128)? != 1 {
                    return Err(at.unsupported(name));
                }
            }
            _ if DROPPED.contains(&name) => {}
            _ if UNSUPPORTED.contains(&name) => {
                asks_for_nothing(at, name, value)?;
                self.no_tools |= name == "tool_choice" && at.tree.str(value) == Some("none");
            }
            _ => return Err(at.unknown(name)),
        }
        Ok(())
    }
}

/// Model ids: the characters that hubs and servers use, at most 128.
fn model_name(text: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._:/@+-".contains(&b);
    (!text.is_empty() && text.len() <= 128 && text.bytes().all(plain)).then(|| text.to_owned())
}

/// The values at which an unsupported field changes nothing.
fn asks_for_nothing(at: &Object<'_>, name: &str, value: NodeId) -> Result<(), Refusal> {
    let tree = at.tree;
    let harmless = match (name, tree.kind(value)) {
        ("response_format", JsonKind::Object) => tree.get(value, "type").and_then(|t| tree.str(t)) == Some("text"),
        ("modalities", JsonKind::Array) => tree.items(value).all(|item| tree.str(item) == Some("text")),
        // The model may call what is offered, or nothing: it is not made to.
        ("tool_choice", JsonKind::String) => matches!(tree.str(value), Some("none" | "auto")),
        ("function_call", JsonKind::String) => tree.str(value) == Some("none"),
        ("parallel_tool_calls", JsonKind::Bool) => true,
        (_, JsonKind::Bool) => tree.text(value) == Some("false"),
        (_, JsonKind::Array) => tree.items(value).next().is_none(),
        (_, JsonKind::Object) => tree.members(value).next().is_none(),
        (_, JsonKind::Number) => tree.text(value) == Some("0"),
        _ => false,
    };
    if harmless { Ok(()) } else { Err(at.unsupported(name)) }
}

/// Names of the tools that are offered. Descriptions and schemas are the operator's, so that nobody can offer a tool under
/// a known name that takes something else.
fn tools(at: &Object<'_>, name: &str, value: NodeId) -> Result<Vec<String>, Refusal> {
    if at.tree.kind(value) != JsonKind::Array {
        return Err(at.wrong(name));
    }
    let mut names = Vec::new();
    for (index, node) in at.tree.items(value).enumerate() {
        let tool = Object::new(at.tree, node, format!("tools[{index}]"))?;
        for (name, value) in tool.fields()? {
            match name {
                "type" if tool.string(name, value)? == "function" => {}
                "type" => return Err(tool.unsupported(name)),
                "function" => {
                    let function = tool.object(name, value)?;
                    for (name, value) in function.fields()? {
                        match name {
                            "name" => names.push(function.string(name, value)?.to_owned()),
                            "description" | "parameters" | "strict" => {}
                            _ => return Err(function.unknown(name)),
                        }
                    }
                }
                _ => return Err(tool.unknown(name)),
            }
        }
        if names.len() != index + 1 {
            return Err(Refusal::new(Code::MissingField).at(&tool.place("function.name")));
        }
    }
    Ok(names)
}

/// Calls that an earlier answer made, as words: the model is told what was called, and nobody can make it believe more.
fn earlier_calls(at: &Object<'_>, name: &str, value: NodeId) -> Result<Vec<Part>, Refusal> {
    if at.tree.kind(value) != JsonKind::Array {
        return Err(at.wrong(name));
    }
    let mut calls = Vec::new();
    for (index, node) in at.tree.items(value).enumerate() {
        let call = Object::new(at.tree, node, format!("{}[{index}]", at.place(name)))?;
        for (name, value) in call.fields()? {
            match name {
                "function" => {
                    let function = call.object(name, value)?;
                    let of = |wanted: &str| -> Result<&str, Refusal> {
                        let value = at.tree.get(value, wanted);
                        let value =
                            value.ok_or_else(|| Refusal::new(Code::MissingField).at(&function.place(wanted)))?;
                        function.string(wanted, value)
                    };
                    calls.push(Part::Text(format!("Called {} with {}", of("name")?, of("arguments")?)));
                }
                "id" | "type" | "index" | "ward_needs_approval" => {}
                _ => return Err(call.unknown(name)),
            }
        }
    }
    Ok(calls)
}

fn stop(at: &Object<'_>, name: &str, value: NodeId) -> Result<Vec<String>, Refusal> {
    let texts: Vec<String> = match at.tree.kind(value) {
        JsonKind::String => vec![at.string(name, value)?.to_owned()],
        JsonKind::Array => at
            .tree
            .items(value)
            .map(|item| at.string(name, item).map(str::to_owned))
            .collect::<Result<_, _>>()?,
        _ => return Err(at.wrong(name)),
    };
    if texts.len() > 4 || texts.iter().any(|text| text.len() > 256) {
        return Err(at.wrong(name).note("at most 4 texts of 256 bytes"));
    }
    Ok(texts)
}

fn messages(at: &Object<'_>, name: &str, value: NodeId) -> Result<Vec<Message>, Refusal> {
    if at.tree.kind(value) != JsonKind::Array {
        return Err(at.wrong(name));
    }
    let mut messages = Vec::new();
    for (index, node) in at.tree.items(value).enumerate() {
        messages.push(message(&Object::new(at.tree, node, format!("messages[{index}]"))?)?);
    }
    if messages.is_empty() {
        return Err(at.wrong(name).note("at least one message"));
    }
    Ok(messages)
}

fn message(at: &Object<'_>) -> Result<Message, Refusal> {
    let (mut speaker, mut parts) = (None, None);
    let (mut calls, mut call_id) = (Vec::new(), false);
    for (name, value) in at.fields()? {
        match name {
            "role" => {
                speaker = Some(match at.string(name, value)? {
                    "system" | "developer" => Speaker::System,
                    "user" => Speaker::User,
                    "assistant" => Speaker::Assistant,
                    "tool" => Speaker::Tool,
                    "function" => return Err(at.unsupported(name)),
                    _ => return Err(at.wrong(name)),
                });
            }
            "content" => parts = Some(content(at, name, value)?),
            "name" => drop(at.string(name, value)?),
            // What an earlier answer carries when a client sends it back unchanged.
            "refusal" => drop(at.string(name, value)?),
            "tool_calls" => calls = earlier_calls(at, name, value)?,
            "tool_call_id" => call_id = at.string(name, value).map(|id| !id.is_empty())?,
            "annotations" | "function_call" | "audio" => asks_for_nothing(at, name, value)?,
            _ => return Err(at.unknown(name)),
        }
    }
    let missing = |name: &str| Refusal::new(Code::MissingField).at(&at.place(name));
    let speaker = speaker.ok_or_else(|| missing("role"))?;
    if !calls.is_empty() && speaker != Speaker::Assistant {
        return Err(at.wrong("tool_calls"));
    }
    match (speaker == Speaker::Tool, call_id) {
        (true, false) => return Err(missing("tool_call_id")),
        (false, true) => return Err(at.wrong("tool_call_id")),
        _ => {}
    }
    let mut parts = match parts {
        Some(parts) => parts,
        None if speaker == Speaker::Assistant => Vec::new(),
        None => return Err(missing("content")),
    };
    parts.extend(calls);
    Ok(Message { speaker, parts })
}

fn content(at: &Object<'_>, name: &str, value: NodeId) -> Result<Vec<Part>, Refusal> {
    match at.tree.kind(value) {
        JsonKind::String => Ok(vec![Part::Text(at.string(name, value)?.to_owned())]),
        JsonKind::Array => at
            .tree
            .items(value)
            .enumerate()
            .map(|(index, node)| part(&Object::new(at.tree, node, format!("{}[{index}]", at.place(name)))?))
            .collect(),
        _ => Err(at.wrong(name)),
    }
}

fn part(at: &Object<'_>) -> Result<Part, Refusal> {
    let fields = at.fields()?;
    let of = |wanted: &str| fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    let kind = of("type").ok_or_else(|| Refusal::new(Code::MissingField).at(&at.place("type")))?;
    let payload = match at.string("type", kind)? {
        "text" => "text",
        "file" => "file",
        "image_url" => "image_url",
        "input_audio" => {
            let why = "speech cannot be de-identified here, so none is passed on";
            return Err(at.unsupported("type").note(why));
        }
        "refusal" => return Err(at.unsupported("type")),
        _ => return Err(at.wrong("type")),
    };
    if let Some((name, _)) = fields.iter().find(|(name, _)| *name != "type" && *name != payload) {
        return Err(at.unknown(name));
    }
    let value = of(payload).ok_or_else(|| Refusal::new(Code::MissingField).at(&at.place(payload)))?;
    if payload == "text" {
        return Ok(Part::Text(at.string("text", value)?.to_owned()));
    }
    if payload == "image_url" {
        return picture(&at.object("image_url", value)?);
    }
    file(&at.object("file", value)?)
}

/// An `image_url` part: `{"url": "data:image/png;base64,..", "detail": ..}`. Nothing is fetched.
fn picture(at: &Object<'_>) -> Result<Part, Refusal> {
    let mut url = None;
    for (name, value) in at.fields()? {
        match name {
            "url" => url = Some(at.string(name, value)?),
            // How closely a model should look is for who runs it to say.
            "detail" => drop(at.string(name, value)?),
            _ => return Err(at.unknown(name)),
        }
    }
    let url = url.ok_or_else(|| Refusal::new(Code::MissingField).at(&at.place("url")))?;
    let only = || {
        at.unsupported("url")
            .note("send the picture itself, as data:image/png;base64, or data:image/jpeg;base64,")
    };
    let (head, encoded) = url
        .strip_prefix("data:")
        .and_then(|rest| rest.split_once(','))
        .ok_or_else(only)?;
    let media = head.strip_suffix(";base64").and_then(Media::of_word).ok_or_else(only)?;
    let bytes = BASE64
        .decode(encoded.as_bytes())
        .map_err(|_| at.wrong("url").note("not valid base64"))?;
    Ok(Part::Picture { media, bytes })
}

/// A `file` part: `{"filename": .., "file_data": "data:application/fhir+json;base64,.."}`, or bare base64.
fn file(at: &Object<'_>) -> Result<Part, Refusal> {
    let (mut name_of_file, mut data) = (None, None);
    for (name, value) in at.fields()? {
        match name {
            "filename" => name_of_file = Some(at.string(name, value)?.to_owned()),
            "file_data" => data = Some(at.string(name, value)?),
            "file_id" => return Err(at.unsupported(name).note("send the file itself as file_data")),
            _ => return Err(at.unknown(name)),
        }
    }
    let data = data.ok_or_else(|| Refusal::new(Code::MissingField).at(&at.place("file_data")))?;
    let (media_type, encoded) = match data.strip_prefix("data:") {
        None => ("", data),
        Some(url) => {
            let (head, encoded) = url.split_once(',').ok_or_else(|| at.wrong("file_data"))?;
            let head = head
                .strip_suffix(";base64")
                .ok_or_else(|| at.wrong("file_data").note("use base64"))?;
            (head.split(';').next().unwrap_or_default(), encoded)
        }
    };
    let kind = match media_type.to_ascii_lowercase().as_str() {
        "application/fhir+json" => Some(Kind::Fhir),
        "application/hl7-v2" | "x-application/hl7-v2+er7" | "application/edi-hl7" => Some(Kind::Hl7),
        "" | "text/plain" | "text/markdown" | "application/json" | "application/octet-stream" => None,
        _ => {
            return Err(at
                .unsupported("file_data")
                .note("FHIR JSON, HL7 v2 and plain text are read"));
        }
    };
    let bytes = BASE64
        .decode(encoded.as_bytes())
        .map_err(|_| at.wrong("file_data").note("not valid base64"))?;
    Ok(Part::Document {
        name: name_of_file,
        kind,
        bytes,
    })
}

/// An object of the body, with its place for error messages.
struct Object<'a> {
    tree: &'a Tree,
    node: NodeId,
    place: String,
}

impl<'a> Object<'a> {
    fn new(tree: &'a Tree, node: NodeId, place: String) -> Result<Self, Refusal> {
        if tree.kind(node) != JsonKind::Object {
            return Err(Refusal::new(Code::InvalidValue).at(&place).note("an object is needed"));
        }
        Ok(Self { tree, node, place })
    }

    /// The members that are not null. A name that stands twice is refused: two readers of the body
    /// could each believe another one.
    fn fields(&self) -> Result<Vec<(&'a str, NodeId)>, Refusal> {
        let mut fields: Vec<(&str, NodeId)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        for (name, value) in self.tree.members(self.node) {
            if !names.insert(name) {
                return Err(Refusal::new(Code::DuplicateField).at(self.unknown(name).param().unwrap_or_default()));
            }
            if self.tree.kind(value) != JsonKind::Null {
                fields.push((name, value));
            }
        }
        Ok(fields)
    }

    fn place(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    fn wrong(&self, name: &str) -> Refusal {
        Refusal::new(Code::InvalidValue).at(&self.place(name))
    }

    fn unsupported(&self, name: &str) -> Refusal {
        Refusal::new(Code::UnsupportedValue).at(&self.place(name))
    }

    /// A field's name is the caller's text. Only what looks like a name is repeated: no blanks, and no more than three
    /// digits, which no date, telephone number or record number has.
    fn unknown(&self, name: &str) -> Refusal {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let digits = name.chars().filter(char::is_ascii_digit).count();
        if (1..=40).contains(&name.len()) && name.chars().all(plain) && digits <= 3 {
            return Refusal::new(Code::UnknownField).at(&self.place(name));
        }
        Refusal::new(Code::UnknownField)
            .at(&self.place("?"))
            .note("its name has blanks, many digits or odd signs, and is not repeated here")
    }

    fn object(&self, name: &str, value: NodeId) -> Result<Object<'a>, Refusal> {
        Object::new(self.tree, value, self.place(name))
    }

    fn string(&self, name: &str, value: NodeId) -> Result<&'a str, Refusal> {
        self.tree
            .str(value)
            .ok_or_else(|| self.wrong(name).note("a string is needed"))
    }

    fn boolean(&self, name: &str, value: NodeId) -> Result<bool, Refusal> {
        match (self.tree.kind(value), self.tree.text(value)) {
            (JsonKind::Bool, Some(text)) => Ok(text == "true"),
            _ => Err(self.wrong(name).note("true or false is needed")),
        }
    }

    fn number(&self, name: &str, value: NodeId, least: f64, most: f64) -> Result<f64, Refusal> {
        let number = match self.tree.kind(value) {
            JsonKind::Number => self.tree.text(value).and_then(|text| text.parse::<f64>().ok()),
            _ => None,
        };
        number
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(|| self.wrong(name))
    }

    fn integer(&self, name: &str, value: NodeId, least: i64, most: i64) -> Result<i64, Refusal> {
        let number = match self.tree.kind(value) {
            JsonKind::Number => self.tree.text(value).and_then(|text| text.parse::<i64>().ok()),
            _ => None,
        };
        number
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(|| self.wrong(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, code: Code, param: &str) {
        let refusal = chat(body.as_bytes(), 0).err().unwrap();
        assert_eq!(
            (refusal.code(), refusal.param().unwrap_or_default()),
            (code, param),
            "{body}"
        );
    }

    #[test]
    fn reads_what_clients_send() {
        let body = br#"{"model":"ward-cite","messages":[
            {"role":"developer","content":"Be brief."},
            {"role":"assistant","content":"Hello.","refusal":null,"annotations":[],"tool_calls":null},
            {"role":"user","name":"x","content":[{"type":"text","text":"Q?"},
             {"type":"file","file":{"filename":"a.json","file_data":"data:application/fhir+json;base64,e30="}}]}],
            "stream":true,"stream_options":{"include_usage":true},"temperature":0.5,"top_p":1,"n":1,"stop":"x",
            "max_completion_tokens":10,"seed":-4,"user":"u","tools":[],"logprobs":false,"response_format":{"type":"text"}}"#;
        let chat = chat(body, 5_000).unwrap();
        assert!(chat.shape.stream && chat.shape.include_usage);
        assert_eq!(chat.shape.created, 5);
        assert_eq!(chat.request.messages.len(), 3);
        assert_eq!(chat.request.sampling.max_tokens, Some(10));
        assert_eq!(chat.request.sampling.stop, ["x"]);
        let Part::Document { kind, bytes, .. } = &chat.request.messages[2].parts[1] else {
            panic!()
        };
        assert_eq!((*kind, bytes.as_slice()), (Some(Kind::Fhir), b"{}".as_slice()));
    }

    #[test]
    fn reads_what_goes_between_a_model_and_its_tools() {
        let body = br#"{"model":"m","messages":[{"role":"user","content":"Dose?"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"call_0","type":"function","index":0,
             "function":{"name":"look_up","arguments":"{\"drug\":\"x\"}"},"ward_needs_approval":false}]},
            {"role":"tool","tool_call_id":"call_0","content":"10 mg"}],"tool_choice":"auto",
            "tools":[{"type":"function","function":{"name":"look_up","description":"d","parameters":{"type":"object"}}}]}"#;
        let chat = chat(body, 0).unwrap();
        assert_eq!(chat.tools, ["look_up"]);
        let none = String::from_utf8_lossy(body).replace("\"auto\"", "\"none\"");
        assert!(super::chat(none.as_bytes(), 0).unwrap().tools.is_empty());
        let said: Vec<_> = chat.request.messages.iter().map(|said| said.speaker).collect();
        assert_eq!(said, [Speaker::User, Speaker::Assistant, Speaker::Tool]);
        let Part::Text(called) = &chat.request.messages[1].parts[0] else {
            panic!()
        };
        assert_eq!(called, "Called look_up with {\"drug\":\"x\"}");
    }

    #[test]
    fn refuses_the_rest_by_name() {
        let user = r#"{"role":"user","content":"hi"}"#;
        check("", Code::InvalidJson, "byte 0");
        check("[]", Code::InvalidValue, "");
        check("{}", Code::MissingField, "model");
        check(r#"{"model":"a b","messages":[]}"#, Code::InvalidValue, "model");
        check(r#"{"model":"m"}"#, Code::MissingField, "messages");
        check(r#"{"model":"m","messages":[]}"#, Code::InvalidValue, "messages");
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"temprature":1}}"#),
            Code::UnknownField,
            "temprature",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"extra_1":1}}"#),
            Code::UnknownField,
            "extra_1",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"Jane Roe":1}}"#),
            Code::UnknownField,
            "?",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"928-555-0143":1}}"#),
            Code::UnknownField,
            "?",
        );
        check(
            &format!(r#"{{"model":"m","model":"m","messages":[{user}]}}"#),
            Code::DuplicateField,
            "model",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"n":2}}"#),
            Code::UnsupportedValue,
            "n",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"temperature":3}}"#),
            Code::InvalidValue,
            "temperature",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"temperature":"1"}}"#),
            Code::InvalidValue,
            "temperature",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"tools":[{{}}]}}"#),
            Code::MissingField,
            "tools[0].function.name",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"tools":[{{"type":"code","function":{{"name":"x"}}}}]}}"#),
            Code::UnsupportedValue,
            "tools[0].type",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"tool_choice":"required"}}"#),
            Code::UnsupportedValue,
            "tool_choice",
        );
        check(
            r#"{"model":"m","messages":[{"role":"user","content":"hi","tool_calls":[{"function":{"name":"x","arguments":""}}]}]}"#,
            Code::InvalidValue,
            "messages[0].tool_calls",
        );
        check(
            r#"{"model":"m","messages":[{"role":"user","content":"hi","tool_call_id":"1"}]}"#,
            Code::InvalidValue,
            "messages[0].tool_call_id",
        );
        check(
            &format!(r#"{{"model":"m","messages":[{user}],"logprobs":true}}"#),
            Code::UnsupportedValue,
            "logprobs",
        );
        check(
            r#"{"model":"m","messages":[{"role":"user"}]}"#,
            Code::MissingField,
            "messages[0].content",
        );
        check(
            r#"{"model":"m","messages":[{"role":"tool","content":""}]}"#,
            Code::MissingField,
            "messages[0].tool_call_id",
        );
        check(
            r#"{"model":"m","messages":[{"role":"user","content":"","mood":1}]}"#,
            Code::UnknownField,
            "messages[0].mood",
        );
        check(
            r#"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x"}}]}]}"#,
            Code::UnsupportedValue,
            "messages[0].content[0].image_url.url",
        );
        for (url, code) in [
            ("file:///etc/passwd", Code::UnsupportedValue),
            ("//127.0.0.1/x.png", Code::UnsupportedValue),
            ("data:image/svg+xml;base64,PHN2Zz4=", Code::UnsupportedValue),
            ("data:image/png,raw", Code::UnsupportedValue),
            ("data:image/png;base64,*", Code::InvalidValue),
        ] {
            check(
                &format!(
                    r#"{{"model":"m","messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"{url}"}}}}]}}]}}"#
                ),
                code,
                "messages[0].content[0].image_url.url",
            );
        }
        check(
            r#"{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]}"#,
            Code::UnsupportedValue,
            "messages[0].content[0].type",
        );
        check(
            r#"{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:;base64,*"}}]}]}"#,
            Code::InvalidValue,
            "messages[0].content[0].file.file_data",
        );
        assert_eq!(
            chat(b"{\"model\":\"\xff\"}", 0).err().unwrap().code(),
            Code::InvalidEncoding
        );
        let deep = "[".repeat(100_000);
        assert_eq!(chat(deep.as_bytes(), 0).err().unwrap().code(), Code::TooComplex);
    }
}
