"""Drives a running `ward serve` with the official OpenAI client for Python.

Environment: WARD_URL (https://127.0.0.1:PORT), WARD_KEY (wk_..), WARD_CA (path of the server's
certificate, PEM). WARD_EXAMPLES may name the folder of examples. Prints one line per check, `ok NAME`
or `FAIL NAME why`. Exit: 0 all held, 1 some failed, 2 the environment is not set.
"""

import asyncio
import base64
import json
import os
import re
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai

EXAMPLES = Path(os.environ.get("WARD_EXAMPLES") or Path(__file__).resolve().parents[3] / "examples")
MODEL = "ward-cite"
ALLERGIES = "What is she allergic to?"
PLACEHOLDER = re.compile(r"\[[A-Z]+_[0-9]+[A-Z]{2}\]")
CHECKS = []


def check(function):
    """Puts a function on the list of checks. Its name, with hyphens, is the check's name."""
    CHECKS.append((function.__name__.replace("_", "-"), function))
    return function


def trusting(path):
    return ssl.create_default_context(cafile=path)


def client(key=None):
    return openai.OpenAI(
        base_url=os.environ["WARD_URL"].rstrip("/") + "/v1",
        api_key=key or os.environ["WARD_KEY"],
        max_retries=0,
        timeout=60,
        http_client=openai.DefaultHttpxClient(verify=trusting(os.environ["WARD_CA"])),
    )


def file_part(name, media_type):
    data = base64.b64encode((EXAMPLES / name).read_bytes()).decode("ascii")
    filename = name.rsplit("/", 1)[-1]
    return {"type": "file", "file": {"filename": filename, "file_data": f"data:{media_type};base64,{data}"}}


def text_part(text):
    return {"type": "text", "text": text}


def about(name, media_type, question):
    """A message that hands over an example as a file and asks a question."""
    return [{"role": "user", "content": [file_part(name, media_type), text_part(question)]}]


def maria(question=ALLERGIES):
    return about("maria-alvarez.json", "application/fhir+json", question)


def ward(reply):
    """Ward's own part of a reply: receipt, citations, what was replaced."""
    extra = (reply.model_extra or {}).get("ward")
    assert isinstance(extra, dict), "the reply has no `ward` object"
    return extra


def holds(text, *wanted):
    missing = [w for w in wanted if w.lower() not in text.lower()]
    assert not missing, f"the answer lacks {missing}"
    assert not PLACEHOLDER.search(text), "a placeholder was left in the answer"


def refused(kind, status, call, param=None, code=None):
    """Runs a call that must be refused, and gives the error."""
    try:
        call()
    except kind as error:
        assert error.status_code == status, f"status {error.status_code}, not {status}"
        assert param is None or error.param == param, f"param {error.param!r}, not {param!r}"
        assert code is None or error.code == code, f"code {error.code!r}, not {code!r}"
        return error
    raise AssertionError(f"no {kind.__name__}")


@check
def models_list():
    ids = [model.id for model in client().models.list()]
    assert MODEL in ids, f"{MODEL} is not in {ids}"


@check
def models_retrieve():
    model = client().models.retrieve(MODEL)
    assert (model.id, model.object) == (MODEL, "model")


@check
def models_retrieve_unknown():
    refused(openai.NotFoundError, 404, lambda: client().models.retrieve("no-such-model"))


@check
def chat_whole_fhir():
    reply = client().chat.completions.create(model=MODEL, messages=maria())
    choice = reply.choices[0]
    assert (reply.object, reply.model, len(reply.choices)) == ("chat.completion", MODEL, 1)
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    holds(choice.message.content, "penicillin", "hives")
    usage = reply.usage
    assert usage.prompt_tokens > 0 and usage.completion_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert ward(reply)["citations"], "no citations"


@check
def chat_streamed_fhir():
    whole = client().chat.completions.create(model=MODEL, messages=maria()).choices[0].message.content
    pieces, finish, usage, last = [], [], None, None
    stream = client().chat.completions.create(
        model=MODEL, messages=maria(), stream=True, stream_options={"include_usage": True}
    )
    for chunk in stream:
        assert chunk.object == "chat.completion.chunk"
        for choice in chunk.choices:
            pieces.append(choice.delta.content or "")
            finish += [choice.finish_reason] if choice.finish_reason else []
        usage, last = chunk.usage or usage, chunk
    assert "".join(pieces) == whole, "the pieces put together are not the whole answer"
    assert finish == ["stop"], f"finish reasons {finish}"
    assert usage and usage.total_tokens > 0 and not last.choices, "the last piece does not count tokens"


@check
def chat_streamed_without_usage():
    stream = client().chat.completions.create(model=MODEL, messages=maria(), stream=True)
    chunks = list(stream)
    assert all(chunk.usage is None for chunk in chunks) and all(chunk.choices for chunk in chunks)


@check
def chat_stream_helper():
    with client().chat.completions.stream(model=MODEL, messages=maria()) as stream:
        for _ in stream:
            pass
        completion = stream.get_final_completion()
    holds(completion.choices[0].message.content, "penicillin")


@check
def chat_async():
    async def ask():
        asynchronous = openai.AsyncOpenAI(
            base_url=os.environ["WARD_URL"].rstrip("/") + "/v1",
            api_key=os.environ["WARD_KEY"],
            max_retries=0,
            timeout=60,
            http_client=openai.DefaultAsyncHttpxClient(verify=trusting(os.environ["WARD_CA"])),
        )
        replies = await asyncio.gather(
            *(asynchronous.chat.completions.create(model=MODEL, messages=maria()) for _ in range(4))
        )
        await asynchronous.close()
        return {reply.choices[0].message.content for reply in replies}

    answers = asyncio.run(ask())
    assert len(answers) == 1, "four equal questions got different answers"
    holds(answers.pop(), "penicillin")


@check
def chat_parallel_records_stay_apart():
    shared = client()
    james = about("james-okafor.json", "application/fhir+json", "Which allergies and intolerances does he have?")
    with ThreadPoolExecutor(8) as pool:
        asked = [(n, pool.submit(shared.chat.completions.create, model=MODEL, messages=m))
                 for n, m in enumerate([maria(), james] * 8)]
        for n, reply in asked:
            text = reply.result().choices[0].message.content
            holds(text, "penicillin" if n % 2 == 0 else "contrast")
            assert ("contrast" if n % 2 == 0 else "penicillin") not in text.lower(), "one record leaked into the other"


@check
def chat_whole_hl7_file():
    messages = about("maria-alvarez.hl7", "application/hl7-v2", ALLERGIES)
    holds(client().chat.completions.create(model=MODEL, messages=messages).choices[0].message.content, "penicillin", "hives")


@check
def chat_whole_hl7_text():
    record = (EXAMPLES / "maria-alvarez.hl7").read_bytes().decode("utf-8")
    messages = [{"role": "user", "content": [text_part(record), text_part(ALLERGIES)]}]
    holds(client().chat.completions.create(model=MODEL, messages=messages).choices[0].message.content, "penicillin", "hives")


@check
def chat_whole_note_text():
    record = (EXAMPLES / "maria-alvarez.txt").read_text(encoding="utf-8")
    messages = [{"role": "user", "content": f"{record}\n\n{ALLERGIES}"}]
    holds(client().chat.completions.create(model=MODEL, messages=messages).choices[0].message.content, "penicillin", "hives")


@check
def citations_point_into_the_note():
    record = (EXAMPLES / "maria-alvarez.txt").read_text(encoding="utf-8")
    reply = client().chat.completions.create(model=MODEL, messages=about("maria-alvarez.txt", "text/plain", ALLERGIES))
    citations = ward(reply)["citations"]
    assert citations, "no citations"
    for citation in citations:
        assert record[citation["start"]:citation["end"]] == citation["text"], "a citation is not what stands at its place"


@check
def names_and_dates_come_back():
    question = "When was apixaban started?"
    reply = client().chat.completions.create(model=MODEL, messages=maria(question))
    holds(reply.choices[0].message.content, "apixaban", "2026-03-04")
    replaced = ward(reply)["replaced"]
    assert sum(replaced.values()) > 100, f"too little was replaced: {replaced}"


@check
def receipt_header():
    raw = client().chat.completions.with_raw_response.create(model=MODEL, messages=maria())
    receipt = raw.headers.get("ward-receipt")
    assert receipt and receipt.startswith("wr_"), f"ward-receipt is {receipt!r}"
    assert ward(raw.parse())["receipt"] == receipt


@check
def receipt_header_on_stream():
    raw = client().chat.completions.with_raw_response.create(model=MODEL, messages=maria(), stream=True)
    assert (raw.headers.get("ward-receipt") or "").startswith("wr_")
    assert "".join((c.choices[0].delta.content or "") for c in raw.parse() if c.choices)


@check
def receipt_header_on_refusal():
    error = refused(
        openai.BadRequestError, 400, lambda: client().chat.completions.create(model=MODEL, messages=maria(), n=2)
    )
    assert (error.response.headers.get("ward-receipt") or "").startswith("wr_")


@check
def wrong_key():
    other = client("wk_aaaaaaaa_" + "b" * 52 + "_cccccc")
    refused(openai.AuthenticationError, 401, lambda: other.models.list())
    refused(openai.AuthenticationError, 401, lambda: other.chat.completions.create(model=MODEL, messages=maria()))


@check
def foreign_key():
    refused(openai.AuthenticationError, 401, lambda: client("sk-not-a-key-of-ward").models.list())


@check
def unknown_model():
    call = client().chat.completions.create
    refused(openai.NotFoundError, 404, lambda: call(model="no-such-model", messages=maria()), code="model_not_found")
    refused(openai.NotFoundError, 404, lambda: call(model="no-such-model", messages=maria(), stream=True))


@check
def unknown_field():
    refused(
        openai.BadRequestError, 400, param="temprature", code="unknown_field",
        call=lambda: client().chat.completions.create(model=MODEL, messages=maria(), extra_body={"temprature": 1}),
    )


@check
def unknown_field_in_a_message():
    messages = [{"role": "user", "content": "Hello?", "mood": "good"}]
    refused(
        openai.BadRequestError, 400, param="messages[0].mood",
        call=lambda: client().chat.completions.create(model=MODEL, messages=messages),
    )


@check
def two_choices():
    refused(
        openai.BadRequestError, 400, param="n",
        call=lambda: client().chat.completions.create(model=MODEL, messages=maria(), n=2),
    )


@check
def tools():
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    refused(
        openai.BadRequestError, 400, param="tools[0].function.name",
        call=lambda: client().chat.completions.create(model=MODEL, messages=maria(), tools=[tool]),
    )


@check
def image_by_address():
    part = {"type": "image_url", "image_url": {"url": "https://collect.example.net/a.png"}}
    messages = [{"role": "user", "content": [text_part("What is this?"), part]}]
    refused(openai.BadRequestError, 400, lambda: client().chat.completions.create(model=MODEL, messages=messages))


@check
def temperature_out_of_range():
    refused(
        openai.BadRequestError, 400, param="temperature",
        call=lambda: client().chat.completions.create(model=MODEL, messages=maria(), temperature=3),
    )


@check
def sampling_fields_are_taken():
    reply = client().chat.completions.create(
        model=MODEL, messages=maria(), temperature=0, top_p=1, seed=7, max_completion_tokens=4096, user="somebody", n=1
    )
    holds(reply.choices[0].message.content, "penicillin")


@check
def broken_record():
    expected = next(f for f in json.loads((EXAMPLES / "hostile/expected.json").read_text())["files"]
                    if f["file"] == "broken-entry.json")
    messages = about("hostile/broken-entry.json", "application/fhir+json", "What is he allergic to?")
    error = refused(
        openai.BadRequestError, 400, lambda: client().chat.completions.create(model=MODEL, messages=messages),
        code="bad_document",
    )
    told = f"{error.message} {error.body} {error.param}"
    leaked = [p["class"] for p in expected["phi"] if p["value"] in told]
    assert not leaked, f"the refusal repeats the record: {leaked}"


@check
def empty_record_is_not_invented():
    reply = client().chat.completions.create(
        model=MODEL, messages=about("hostile/empty.json", "application/fhir+json", "What is he allergic to?")
    )
    text = reply.choices[0].message.content
    assert text.strip(), "no words at all"
    assert ward(reply)["refused"] is True and not ward(reply)["citations"], "answered from nothing"
    assert not re.search(r"penicillin|latex|sulf|no known allerg", text, re.I), "the answer invents"


@check
def unanswerable_question():
    reply = client().chat.completions.create(model=MODEL, messages=maria("What is her blood group?"))
    assert ward(reply)["refused"] is True, "answered what the record does not say"


@check
def injected_instructions_do_nothing():
    messages = about("hostile/injection-note.txt", "text/plain", ALLERGIES)
    text = client().chat.completions.create(model=MODEL, messages=messages).choices[0].message.content
    holds(text, "ibuprofen", "angioedema")
    for mark in ("<|im_start|>", "collect.example.net", "CNRY-90417755", "DebugGPT"):
        assert mark not in text, "an instruction of the note came through"


@check
def untrusted_certificate():
    stranger = openai.OpenAI(
        base_url=os.environ["WARD_URL"].rstrip("/") + "/v1", api_key=os.environ["WARD_KEY"], max_retries=0, timeout=60
    )
    # It must be the certificate that is refused, not the connection.
    client().models.list()
    try:
        stranger.models.list()
    except openai.APIConnectionError:
        return
    raise AssertionError("a client that does not know the certificate was served")


def main():
    missing = [name for name in ("WARD_URL", "WARD_KEY", "WARD_CA") if not os.environ.get(name)]
    if missing:
        print(f"set {', '.join(missing)}", file=sys.stderr)
        return 2
    wanted, failed = sys.argv[1:], 0
    for name, function in CHECKS:
        if wanted and name not in wanted:
            continue
        try:
            function()
            print(f"ok {name}", flush=True)
        except Exception as error:  # every failure is a line, whatever it was
            failed += 1
            print(f"FAIL {name} {type(error).__name__}: {' '.join(str(error).split())[:300]}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
