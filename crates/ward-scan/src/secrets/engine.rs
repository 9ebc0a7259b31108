//! One blob from bytes to findings.

use std::{borrow::Cow, ops::Range};

use ward_evidence::Location;

use super::{
    address, blocks, cells,
    decode::{self, Budget, utf16, utf32},
    files, generic, hashes, jwt,
    mask::mask,
    matcher::{Compiled, Event, Hit, Matcher, Trigger},
    page::{Candidate, Certainty, Page},
    place::Place,
    pyc,
    rarity::is_random,
    rule::Verdict,
};
use crate::{
    Blob, Findings, Found,
    report::{More, Value},
};

/// How much is held at once.
struct Limits {
    /// Most bytes of a blob that is held whole; what is longer is read in windows.
    whole: usize,
    /// A window of a long blob.
    window: usize,
    /// How much of the window before it is read again. A secret that starts in the first half of it belongs to the
    /// window
    /// before.
    overlap: usize,
}

const LIMITS: Limits = Limits {
    whole: 32 << 20,
    window: 4 << 20,
    overlap: 128 << 10,
};
/// Shortest stretch of printable characters of a binary file that is searched.
const STRETCH: usize = 16;
/// Most findings of one blob.
const MOST: usize = 10_000;

/// Looks for secrets in `blob`.
pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    scan_within(blob, &LIMITS, findings);
}

fn scan_within(blob: &Blob<'_>, limits: &Limits, findings: &mut Findings) {
    findings.looked = true;
    let name = blob.name();
    let path = blob.place.full_path();
    if let Err(reason) = read(blob, &path, &name, limits, findings) {
        findings.not_examined(blob.place.clone(), reason);
    }
}

fn read(blob: &Blob<'_>, path: &str, name: &str, limits: &Limits, findings: &mut Findings) -> Result<(), &'static str> {
    const UNREADABLE: &str = "it could not be read to its end";
    if let Some(bytes) = blob.content.whole(limits.whole).map_err(|_| UNREADABLE)? {
        if let Some(endian) = utf32::guess(&bytes) {
            let text = utf32::decode(&bytes, endian);
            return whole(blob, &Page::of_file(path, name, &text), findings);
        }
        if let Some(endian) = utf16::guess(&bytes) {
            let text = utf16::decode(&bytes, endian);
            return whole(blob, &Page::of_file(path, name, &text), findings);
        }
        if is_binary(&bytes) {
            return binary(blob, path, name, &bytes, 0, 0..bytes.len(), findings);
        }
        return whole(blob, &Page::of_file(path, name, &bytes), findings);
    }
    let head = blob.content.at(0, 8 << 10).map_err(|_| UNREADABLE)?;
    let binary_content = is_binary(&head);
    if utf16::guess(&head).is_some() || utf32::guess(&head).is_some() {
        return Err("UTF-16 or UTF-32 text of more than 32 MiB is not searched for secrets");
    }
    if !binary_content && files::has_reader(path, name) {
        findings.not_examined(
            blob.place.clone(),
            "more than 32 MiB: searched for tokens and assignments, but not read in its own format",
        );
    }
    let (mut start, mut lines) = (0u64, (1u32, 1u32));
    loop {
        let bytes = blob.content.at(start, limits.window).map_err(|_| UNREADABLE)?;
        let last = start + bytes.len() as u64 >= blob.content.len() || bytes.len() <= limits.overlap;
        let from = if start == 0 { 0 } else { limits.overlap / 2 };
        let to = if last {
            bytes.len()
        } else {
            bytes.len() - limits.overlap / 2
        };
        if binary_content {
            binary(blob, path, name, &bytes, start, from..to, findings)?;
        } else {
            let page = Page::of_file(path, name, &bytes);
            let mut candidates = Vec::new();
            let spent = search(&page, &mut candidates, &mut Budget::of(bytes.len()));
            candidates.retain(|candidate| (from..to).contains(&candidate.span.start));
            report(blob, &page, candidates, lines, findings)?;
            if spent {
                return Err("it holds more encoded text than is decoded");
            }
        }
        if last {
            return Ok(());
        }
        let next = bytes.len() - limits.overlap;
        lines = advance(bytes.get(..next).unwrap_or_default(), lines);
        start += next as u64;
    }
}

/// A text that is held whole.
fn whole(blob: &Blob<'_>, page: &Page<'_>, findings: &mut Findings) -> Result<(), &'static str> {
    let mut candidates = Vec::new();
    let spent = search(page, &mut candidates, &mut Budget::of(page.text.len()));
    files::read(page, &mut candidates);
    report(blob, page, candidates, (1, 1), findings)?;
    if spent {
        return Err("it holds more encoded text than is decoded");
    }
    Ok(())
}

/// Everything that keywords announce in `page`, and in what it holds encoded. True when the budget was spent.
pub(crate) fn search(page: &Page<'_>, out: &mut Vec<Candidate>, budget: &mut Budget) -> bool {
    let matcher = Matcher::get();
    let text = page.text;
    let mut progress = matcher.start();
    let (mut names, mut blocks_done, mut tokens, mut encoded) = (0, 0, 0, false);
    let mut tokens_found = Vec::new();
    let mut provider = |compiled: &Compiled, hit: Hit| {
        let mut candidate = Candidate::new(&compiled.rule.meta, hit.span, Certainty::Provider);
        candidate.shown = compiled.shown;
        match hit.verdict {
            Verdict::Proven => candidate.certainty = Certainty::Proven,
            Verdict::Weaker(severity, why) => candidate = candidate.at_most(severity).note(why),
            Verdict::Plausible | Verdict::Wrong => {}
        }
        tokens_found.push(candidate);
    };
    matcher.events(text, |event, at| match event {
        Event::Rule(index) => matcher.rule(index, text, at, &mut progress, &mut provider),
        Event::Trigger(Trigger::Name) => out.extend(generic::find(page, at, &mut names)),
        Event::Trigger(Trigger::Address) => out.extend(address::find(page, at)),
        Event::Trigger(Trigger::Block) => out.extend(blocks::find(page, at, &mut blocks_done)),
        Event::Trigger(Trigger::Hash) => out.extend(hashes::find(page, at)),
        Event::Trigger(Trigger::Jwt) => out.extend(jwt::find(page, at, &mut tokens)),
        Event::Trigger(Trigger::Encoded) => encoded = true,
    });
    matcher.finish(text, &mut progress, &mut provider);
    out.append(&mut tokens_found);
    if page.depth < decode::DEPTH {
        decode::pieces(text, encoded, budget, &mut |piece, budget| {
            let inner = Page {
                text: &piece.text,
                path: page.path,
                name: page.name,
                place: page.place,
                bare: true,
                depth: page.depth + 1,
            };
            let mut found = Vec::new();
            search(&inner, &mut found, budget);
            for mut candidate in found {
                if candidate.decoded.is_none() {
                    candidate.decoded = Some(inner.get(candidate.span.clone()).to_vec());
                }
                candidate.span = piece.span.clone();
                candidate.chain.insert(0, piece.how);
                out.push(candidate);
            }
        });
    }
    budget.spent
}

/// Printable stretches of a binary file, searched for tokens, keys and addresses.
fn binary(
    blob: &Blob<'_>,
    path: &str,
    name: &str,
    bytes: &[u8],
    offset: u64,
    own: Range<usize>,
    findings: &mut Findings,
) -> Result<(), &'static str> {
    files::binary(name, bytes, offset, blob, findings);
    for Range { start, end } in stretches(bytes) {
        let page = Page {
            bare: false,
            ..Page::of_file(path, name, bytes.get(start..end).unwrap_or_default())
        };
        let mut candidates = Vec::new();
        // Encoded text is not looked for between machine code and weights.
        let undecoded = Page {
            depth: decode::DEPTH,
            ..page
        };
        search(&undecoded, &mut candidates, &mut Budget::of(0));
        candidates.retain(|candidate| {
            candidate.certainty > Certainty::Guess && own.contains(&(start + candidate.span.start))
        });
        for candidate in settle(&undecoded, candidates) {
            if findings.found.len() >= MOST {
                return Err("it holds more than 10,000 secrets; the rest is not listed");
            }
            let at = offset + (start + candidate.span.start) as u64;
            let end = offset + (start + candidate.span.end) as u64;
            findings
                .found
                .push(found(&undecoded, &candidate, blob.place.clone().over(at, end)));
        }
    }
    Ok(())
}

/// Where something printable stands that is long enough: the strings of compiled Python, whose lengths are printable
/// characters themselves, and in other files the runs of printable characters.
fn stretches(bytes: &[u8]) -> Vec<Range<usize>> {
    if pyc::is_compiled(bytes) {
        return pyc::strings(bytes);
    }
    let mut found = Vec::new();
    let mut done = 0;
    let mut probe = STRETCH - 1;
    while let Some(&byte) = bytes.get(probe) {
        if !is_printable(byte) {
            probe += STRETCH;
            continue;
        }
        let before = bytes.get(done..probe).unwrap_or_default();
        let start = probe - before.iter().rev().take_while(|byte| is_printable(**byte)).count();
        let after = bytes.get(probe..).unwrap_or_default();
        done = probe + after.iter().take_while(|byte| is_printable(**byte)).count();
        probe = done + STRETCH - 1;
        if done - start >= STRETCH {
            found.push(start..done);
        }
    }
    found
}

pub(super) fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')
}

fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(8 << 10)).unwrap_or_default();
    memchr::memchr(0, head).is_some()
}

/// The candidates that stay: of those that overlap the surest, and none that its place makes worthless. In order.
pub(crate) fn settle(page: &Page<'_>, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|candidate| {
        let value = candidate
            .decoded
            .as_deref()
            .unwrap_or_else(|| page.get(candidate.span.clone()));
        match (candidate.certainty, page.place) {
            (Certainty::Guess, Place::Lock | Place::Bundle) => false,
            (Certainty::Format, Place::Test | Place::Docs | Place::Example) => is_random(value),
            _ => true,
        }
    });
    candidates.sort_by(|a, b| {
        b.certainty
            .cmp(&a.certainty)
            .then(a.chain.len().cmp(&b.chain.len()))
            .then(a.span.start.cmp(&b.span.start))
            .then(b.span.len().cmp(&a.span.len()))
            .then(a.rule.id.cmp(b.rule.id))
    });
    // Spans that were taken, by start; they do not overlap.
    let mut taken: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let mut inside_chain: std::collections::HashSet<(usize, Vec<u8>)> = std::collections::HashSet::new();
    candidates.retain(|candidate| {
        let span = &candidate.span;
        let free = taken
            .range(..span.end)
            .next_back()
            .is_none_or(|(_, end)| *end <= span.start);
        if free {
            taken.insert(span.start, span.end.max(span.start + 1));
            if let Some(value) = &candidate.decoded {
                inside_chain.insert((span.start, value.clone()));
            }
            return true;
        }
        // Several secrets may lie in one encoded piece.
        candidate.decoded.as_ref().is_some_and(|value| {
            taken.get(&span.start) == Some(&span.end)
                && inside_chain.iter().any(|(start, _)| *start == span.start)
                && inside_chain.insert((span.start, value.clone()))
        })
    });
    candidates.sort_by_key(|candidate| (candidate.span.start, candidate.span.end));
    candidates
}

fn report(
    blob: &Blob<'_>,
    page: &Page<'_>,
    candidates: Vec<Candidate>,
    start: (u32, u32),
    findings: &mut Findings,
) -> Result<(), &'static str> {
    let (mut place, mut at) = (start, 0);
    let settled = settle(page, candidates);
    let cells = match settled.is_empty() {
        false if page.extension() == "ipynb" => cells::of(page.text),
        _ => Vec::new(),
    };
    for candidate in settled {
        if findings.found.len() >= MOST {
            return Err("it holds more than 10,000 secrets; the rest is not listed");
        }
        place = advance(page.get(at..candidate.span.start), place);
        at = candidate.span.start;
        let location = blob.place.clone().at(place.0, place.1);
        let mut one = found(page, &candidate, location);
        one.details.extend(cells::name(&cells, at));
        findings.found.push(one);
    }
    Ok(())
}

/// Line and column after `text`.
fn advance(text: &[u8], (line, column): (u32, u32)) -> (u32, u32) {
    let count = |text: &[u8]| {
        let points = text.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        u32::try_from(points).unwrap_or(u32::MAX)
    };
    match memchr::memrchr(b'\n', text) {
        None => (line, column.saturating_add(count(text))),
        Some(last) => {
            let lines = u32::try_from(memchr::memchr_iter(b'\n', text).count()).unwrap_or(u32::MAX);
            let tail = text.get(last + 1..).unwrap_or_default();
            (line.saturating_add(lines), 1 + count(tail))
        }
    }
}

fn found(page: &Page<'_>, candidate: &Candidate, at: Location) -> Found {
    let value = candidate
        .decoded
        .as_deref()
        .unwrap_or_else(|| page.get(candidate.span.clone()));
    let proven = candidate.certainty == Certainty::Proven;
    let mut details = vec![format!("value: {}", mask(value, candidate.shown))];
    let severity = if proven {
        candidate.severity
    } else {
        page.place.lower(candidate.severity)
    };
    if severity < candidate.severity || page.place.is_doubtful() {
        details.extend(page.place.why().map(str::to_owned));
    }
    if !candidate.chain.is_empty() {
        details.push(format!("read through {}", candidate.chain.join(", then ")));
    }
    if proven {
        details.push("its structure was checked and is right".to_owned());
    }
    Found {
        rule: candidate.rule,
        severity,
        at,
        note: if candidate.note.is_empty() {
            Cow::Borrowed(candidate.rule.summary)
        } else {
            candidate.note.clone()
        },
        details,
        value: Value::new(value),
        more: More::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::sample::Dice;

    /// `path` and a text with holes; what is expected is `rule line:column severity` for each finding.
    #[track_caller]
    fn check(path: &str, text: &str, expect: &[&str]) {
        let text = Dice::new(11).fill(text).unwrap();
        check_bytes(path, text.as_bytes(), expect);
    }

    #[track_caller]
    fn check_bytes(path: &str, bytes: &[u8], expect: &[&str]) {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes(path, bytes), &mut findings);
        let got: Vec<String> = findings
            .found
            .iter()
            .map(|found| {
                let rule = found.rule.id.trim_start_matches("secrets/");
                match found.at.line.zip(found.at.column) {
                    Some((line, column)) => format!("{rule} {line}:{column} {}", found.severity),
                    None => format!("{rule} {}", found.severity),
                }
            })
            .collect();
        assert_eq!(got, expect, "{path}: {}", String::from_utf8_lossy(bytes));
        for found in &findings.found {
            let value = String::from_utf8_lossy(found.value.expose()).into_owned();
            let shown = format!("{}{}", found.note, found.details.join(" "));
            let inner = value.get(value.len().min(5)..).unwrap_or_default();
            assert!(inner.len() < 3 || !shown.contains(inner), "a finding shows its secret");
        }
    }

    #[test]
    fn headers_that_standards_print_are_no_findings() {
        for value in [
            "Basic QWxhZGRpbjpvcGVuc2VzYW1l",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            "Bearer mF_9.B5f-4.1JqM",
        ] {
            check("run.txt", &format!("Authorization: {value}\n"), &[]);
        }
    }

    #[test]
    fn assignments_of_many_languages() {
        check("a.py", "API_KEY = \"<<b62:32>>\"\n", &["generic-key 1:12 high"]);
        check("a.py", "password: str = 's3cr3tK3y'\n", &["password 1:18 high"]);
        check("a.js", "const clientSecret = `<<b62:40>>`;", &["generic-key 1:23 high"]);
        check("a.json", "{\"dbPassword\": \"Tr0ub4dor&3\"}", &["password 1:17 high"]);
        check(
            "a.json",
            "{\"a\": \"{\\\"api_key\\\": \\\"<<b62:32>>\\\"}\"}",
            &["generic-key 1:24 high"],
        );
        check(
            "a.php",
            "define('DB_PASSWORD', 'Tr0ub4dor&3');",
            &["password 1:24 high"],
        );
        check("a.yml", "auth:\n  token: <<b62:40>>\n", &["generic-key 2:10 high"]);
        check("a.sh", "export APP_SECRET=<<hex:40>>\n", &["generic-key 1:19 high"]);
        check("a.go", "apiKey := \"<<hex:32>>\"", &["generic-key 1:12 high"]);
        check(
            "a.rs",
            "let secret_key: &str = \"<<b64:44>>\";",
            &["generic-key 1:25 high"],
        );
        check(
            "a.cs",
            "\"Server=db;User Id=app;Password=Tr0ub4dor&3;\"",
            &["connection-string 1:33 high"],
        );
        check(
            "a.properties",
            "url=jdbc:mysql://db/x?user=app&password=Tr0ub4dor3\n",
            &["connection-string 1:41 high"],
        );
        check(
            "a.py",
            "h = {'Authorization': 'Bearer <<b62:40>>'}",
            &["authorization-header 1:31 high"],
        );
        check("a.xml", "<password>Tr0ub4dor&3</password>", &["password 1:11 high"]);
    }

    #[test]
    fn values_in_the_history_of_an_image() {
        for (step, column) in [
            ("ENV DB_PASSWORD=Zk83mwQpx1", 44),
            ("ENV A=b DB_PASSWORD=Zk83mwQpx1", 48),
            ("/bin/sh -c #(nop)  ENV DB_PASSWORD=Zk83mwQpx1", 63),
            ("RUN |1 DB_PASSWORD=Zk83mwQpx1 /bin/sh -c make", 47),
        ] {
            let text = format!("{{\"history\":[{{\"created_by\":\"{step}\"}}]}}");
            check("c.json", &text, &[&format!("password 1:{column} high")]);
        }
        for step in [
            "ARG DB_PASSWORD",
            "ENV DB_PASSWORD=",
            "ENV DB_PASSWORD=$PASSWORD",
            "say DB_PASSWORD=Zk83mwQpx1",
        ] {
            let text = format!("{{\"history\":[{{\"created_by\":\"{step}\"}}]}}");
            check("c.json", &text, &[]);
        }
    }

    #[test]
    fn values_beside_their_names_and_in_blocks() {
        check(
            "deploy.yaml",
            "env:\n- name: DB_PASSWORD\n  value: Tr0ub4dor&3\n- name: API_TOKEN\n  value: \"<<b62:40>>\"\n- name: REGION\n  value: eu1\n",
            &["password 3:10 high", "generic-key 5:11 high"],
        );
        check(
            "task.json",
            "{\"environment\": [{\"name\": \"DB_PASSWORD\", \"value\": \"Tr0ub4dor&3\"}]}",
            &["password 1:52 high"],
        );
        check(
            "task.json",
            "[{\n \"ParameterKey\": \"DbPassword\",\n \"ParameterValue\": \"Tr0ub4dor&3\"\n}]",
            &["password 3:21 high"],
        );
        check(
            "main.tf",
            "environment {\n  name  = \"DB_PASSWORD\"\n  value = \"Tr0ub4dor&3\"\n}\n",
            &["password 3:12 high"],
        );
        check(
            "a.yml",
            "db:\n  password: |-\n    Tr0ub4dor&3\n  user: x\n",
            &["password 3:5 high"],
        );
        check("a.yml", "api_key: >\n  <<b62:32>>\n", &["generic-key 2:3 high"]);
        for text in [
            "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: Tr0ub4dor&3\n",
            "- name: DB_PASSWORD\n- name: OTHER\n  value: Tr0ub4dor&3\n",
            "- name: DB_PASSWORD\n  value: $(DB_PASSWORD)\n",
            "password: |\n  Tr0ub4dor&3\n  and more of it\n",
            "<input name=\"password\" value=\"Tr0ub4dor&3\">\n",
            "name: password\nvalues: Tr0ub4dor&3\n",
            "password\", \"value\": \"Tr0ub4dor&3\"",
        ] {
            check("a.yml", text, &[]);
        }
    }

    #[test]
    fn what_is_no_secret() {
        for text in [
            "password = os.environ['PASSWORD']",
            "api_key = \"your-api-key-here\"",
            "token = \"${TOKEN}\"",
            "pad_token = \"<|endoftext|>\"",
            "tokenizer = \"bert-base-uncased\"",
            "password = \"password\"",
            "secret: !vault |",
            "def f(token: str = None, password=None):",
            "public_key = \"<<b62:44>>\"",
            "{\"token_type\": \"<<b62:30>>\"}",
            "pipeline = \"LTX2VideoDownBlock3DSecretTokenKey\"",
            "KEY_FILE_PASSWORD = get_password(\"Tr0ub4dor\")",
            "assert key == 'sd-xl-base-1.0-vae-fp16-fix'",
        ] {
            check("a.py", text, &[]);
        }
        let annotation = |name: &str| format!("metadata:\n  annotations:\n    {name}secret: <<hex:64>>\n");
        check("deploy.yaml", &annotation("checksum/"), &[]);
        check("deploy.yaml", &annotation(""), &["generic-key 3:13 high"]);
    }

    #[test]
    fn places_lower_and_lock_files_are_quiet() {
        let text = "API_KEY = \"<<b62:32>>\"\n";
        check("tests/a.py", text, &["generic-key 1:12 low"]);
        check("package-lock.json", text, &[]);
        check("tests/a.py", "password = 'Tr0ub4dor&3'", &[]);
    }

    #[test]
    fn tokens_are_found_through_encodings() {
        let body = Dice::new(4).of(crate::secrets::sample::BASE62, 30);
        let sum = crate::secrets::checksum::base62(crate::secrets::checksum::crc32(body.as_bytes()), 6);
        let token = format!("{}{body}{sum}", concat!("gh", "p_"));
        let line = format!("export X={token} # a comment of a line\n");
        let expect = &["github-token 1:1 critical"][..];
        let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
        let once = base64(line.as_bytes());
        check_bytes("a.txt", line.as_bytes(), &["github-token 1:10 critical"]);
        check_bytes("a.txt", once.as_bytes(), expect);
        check_bytes("a.txt", base64(once.as_bytes()).as_bytes(), expect);
        check_bytes("a.txt", base64(base64(once.as_bytes()).as_bytes()).as_bytes(), expect);
        check_bytes(
            "a.txt",
            base64(base64(base64(once.as_bytes()).as_bytes()).as_bytes()).as_bytes(),
            &[],
        );
        check_bytes(
            "a.txt",
            data_encoding::HEXLOWER.encode(line.as_bytes()).as_bytes(),
            expect,
        );
        let percent: String = token.bytes().map(|byte| format!("%{byte:02x}")).collect();
        check_bytes("a.txt", percent.as_bytes(), expect);
        let escaped: String = token.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        check_bytes("a.txt", escaped.as_bytes(), expect);
        let wide: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check_bytes("a.txt", &wide, &["github-token 1:10 critical"]);
        let mut binary = vec![0, 1, 2, 3];
        binary.extend_from_slice(token.as_bytes());
        binary.push(0);
        check_bytes("a.bin", &binary, &["github-token critical"]);
        let base32 = data_encoding::BASE32.encode(line.as_bytes());
        check_bytes("a.txt", base32.as_bytes(), expect);
        let (first, second) = token.split_at(17);
        check_bytes(
            "a.js",
            format!("const t = \"{first}\" +\n  \"{second}\";").as_bytes(),
            &["github-token 1:12 critical"],
        );
        for shell in [
            format!("export T={first}\"\"{second}\n"),
            format!("export T=\"{first}\"'{second}'\n"),
            format!("export T={first}\\\n{second}\n"),
        ] {
            let column = if shell.contains("\"'") { 11 } else { 8 };
            check_bytes(
                "a.sh",
                shell.as_bytes(),
                &[&format!("github-token 1:{column} critical")],
            );
        }
        check_bytes(
            "a.eml",
            format!("Content-Transfer-Encoding: quoted-printable\n\n{first}=\n{second}\n").as_bytes(),
            &["github-token 3:1 critical"],
        );
        let runs = format!("<w:p><w:r><w:t>{first}</w:t></w:r><w:r><w:t>{second}</w:t></w:r></w:p>");
        check_bytes("document.xml", runs.as_bytes(), expect);
        // Not even a folder of examples hides a token whose checksum is right.
        check_bytes("examples/a.txt", token.as_bytes(), &["github-token 1:1 critical"]);
    }

    #[test]
    fn windows_give_each_secret_once() {
        let line = format!("{}\n", "x = 'nothing to see here'".repeat(4));
        let token = format!(
            "{}{}\n",
            concat!("gh", "p_"),
            Dice::new(4).of(crate::secrets::sample::BASE62, 36)
        );
        let mut text = String::new();
        let mut places = Vec::new();
        let limits = Limits {
            whole: 1 << 20,
            window: 1 << 18,
            overlap: 1 << 14,
        };
        while text.len() < limits.whole * 2 {
            for _ in 0..97 {
                text.push_str(&line);
            }
            places.push((text.len(), text.bytes().filter(|b| *b == b'\n').count() as u32 + 1));
            text.push_str(&token);
        }
        let mut findings = Findings::default();
        scan_within(&Blob::of_bytes("a.txt", text.as_bytes()), &limits, &mut findings);
        let lines: Vec<u32> = findings.found.iter().filter_map(|found| found.at.line).collect();
        let expect: Vec<u32> = places.iter().map(|(_, line)| *line).collect();
        assert_eq!(lines, expect);
    }
}
