"use strict";
// The review page. What decides is in `Review`, which knows no page, so that it can be tested alone.

class Review {
  constructor(data) {
    this.files = data.files.map((file) => ({
      ...file,
      texts: file.texts.map((text) => ({
        place: text.place,
        text: text.text,
        spans: text.spans.map((span) => ({ ...span, rejected: false, added: false })),
      })),
    }));
    this.history = [];
  }

  // Rejects a span, or takes that back. An added span goes altogether.
  toggle(text, span) {
    const index = text.spans.indexOf(span);
    if (index < 0) return;
    if (span.added) {
      text.spans.splice(index, 1);
      this.history.push(() => { text.spans.push(span); this.sort(text); });
    } else {
      span.rejected = !span.rejected;
      this.history.push(() => { span.rejected = !span.rejected; });
    }
  }

  // Adds a span without the white space around it. Gives what is wrong, or nothing.
  add(text, start, end, label) {
    while (start < end && /\s/.test(text.text[start])) start += 1;
    while (end > start && /\s/.test(text.text[end - 1])) end -= 1;
    // Never half of a character outside of the basic plane.
    if (start > 0 && isLow(text.text.charCodeAt(start))) start -= 1;
    if (end < text.text.length && isLow(text.text.charCodeAt(end))) end += 1;
    if (start >= end) return "select some text of the original first";
    const covers = text.spans.filter((span) => !span.rejected && span.start < end && start < span.end);
    if (covers.some((span) => span.start <= start && end <= span.end)) return "that is replaced already";
    const gone = text.spans.filter((span) => span.added && covers.includes(span));
    const span = { start, end, class: label, with: "[" + label + "]", rejected: false, added: true };
    text.spans = text.spans.filter((other) => !gone.includes(other));
    text.spans.push(span);
    this.sort(text);
    this.history.push(() => {
      text.spans = text.spans.filter((other) => other !== span).concat(gone);
      this.sort(text);
    });
    return "";
  }

  undo() {
    const last = this.history.pop();
    if (last) last();
    return Boolean(last);
  }

  sort(text) {
    text.spans.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  // The original in parts: { text, span } where span may be missing. Spans that overlap an earlier one show what is left.
  parts(text) {
    const parts = [];
    let at = 0;
    for (const span of text.spans) {
      const start = Math.max(span.start, at);
      if (start >= span.end) continue;
      if (start > at) parts.push({ text: text.text.slice(at, start) });
      parts.push({ text: text.text.slice(start, span.end), span });
      at = span.end;
    }
    if (at < text.text.length) parts.push({ text: text.text.slice(at) });
    return parts;
  }

  counts(file) {
    const counts = { rejected: 0, added: 0, classes: {} };
    for (const text of file.texts) {
      for (const span of text.spans) {
        if (span.rejected) counts.rejected += 1;
        else counts.classes[span.class] = (counts.classes[span.class] || 0) + 1;
        if (span.added) counts.added += 1;
      }
    }
    return counts;
  }

  // The decisions, as `ward deid --accept` reads them. Offsets count bytes.
  decisions() {
    const encoder = new TextEncoder();
    const files = [];
    for (const file of this.files) {
      const changes = [];
      for (const text of file.texts) {
        for (const span of text.spans) {
          if (span.rejected) {
            changes.push({ place: text.place, start: span.from, end: span.to, action: "remove" });
          } else if (span.added) {
            const start = encoder.encode(text.text.slice(0, span.start)).length;
            const end = start + encoder.encode(text.text.slice(span.start, span.end)).length;
            changes.push({ place: text.place, start, end, class: span.class, action: "add" });
          }
        }
      }
      if (changes.length > 0) files.push({ file: file.file, sha256: file.sha256, changes });
    }
    return { ward_review: 1, files };
  }
}

function isLow(code) {
  return code >= 0xdc00 && code <= 0xdfff;
}

const PER_PAGE = 40;

function start() {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const review = new Review(data);
  let file = 0, page = 0, chosen = null, saved = true;

  const say = (what) => { byId("said").textContent = what; };
  for (const [index, one] of review.files.entries()) byId("file").add(new Option(one.file, String(index)));
  for (const one of data.classes) byId("class").add(new Option(one.word, one.label));
  if (data.omitted > 0) say(data.omitted + " texts were too many to show and are not on this page");

  // Text with a line break shown after every carriage return that stands alone; the text itself is unchanged.
  function put(parent, text) {
    for (const piece of text.split(/(?<=\r)(?!\n)/)) {
      parent.append(document.createTextNode(piece));
      if (piece.endsWith("\r")) parent.append(document.createElement("br"));
    }
  }

  function mark(part, text, side) {
    const span = part.span;
    const node = document.createElement("mark");
    node.className = "c-" + span.class + (span.rejected ? " rejected" : "") + (span.added ? " added" : "");
    put(node, side === "left" || span.rejected ? part.text : span.with);
    node.title = span.class + (span.rule ? " by " + span.rule + ", score " + span.score : " added by you");
    if (side === "left") {
      node.tabIndex = 0;
      node.setAttribute("role", "button");
      node.setAttribute("aria-pressed", String(span.rejected));
    }
    if (chosen && chosen.span === span) node.classList.add("on");
    node.addEventListener("click", () => { if (String(getSelection()) === "") choose(text, span); });
    node.addEventListener("focus", () => { chosen = { text, span }; light(); });
    node.spanOf = span;
    return node;
  }

  function light() {
    for (const node of document.querySelectorAll("mark")) node.classList.toggle("on", Boolean(chosen) && node.spanOf === chosen.span);
  }

  function choose(text, span) {
    chosen = { text, span };
    light();
    const node = [...document.querySelectorAll(".left mark")].find((one) => one.spanOf === span);
    if (node) { node.focus({ preventScroll: true }); node.scrollIntoView({ block: "center" }); }
  }

  function show() {
    const one = review.files[file];
    const list = byId("texts");
    list.replaceChildren();
    if (!one) { say("there is nothing to review"); return; }
    const pages = Math.max(1, Math.ceil(one.texts.length / PER_PAGE));
    page = Math.min(Math.max(page, 0), pages - 1);
    for (const text of one.texts.slice(page * PER_PAGE, (page + 1) * PER_PAGE)) {
      const row = document.createElement("div");
      row.className = "row";
      if (text.place) {
        const place = document.createElement("div");
        place.className = "place";
        place.textContent = text.place;
        row.append(place);
      }
      const left = document.createElement("div"), right = document.createElement("div");
      left.className = "text left";
      right.className = "text right";
      left.textOf = text;
      for (const part of review.parts(text)) {
        if (part.span) {
          left.append(mark(part, text, "left"));
          right.append(mark(part, text, "right"));
        } else {
          put(left, part.text);
          put(right, part.text);
        }
      }
      row.append(left, right);
      list.append(row);
    }
    byId("where").textContent = "page " + (page + 1) + " of " + pages;
    byId("pages").hidden = pages < 2;
    const counts = review.counts(one);
    byId("counts").replaceChildren();
    const words = Object.fromEntries(data.classes.map((c) => [c.label, c.word]));
    for (const [label, count] of Object.entries(counts.classes).sort()) {
      const node = document.createElement("span"), swatch = document.createElement("mark");
      swatch.className = "c-" + label;
      swatch.textContent = words[label] || label;
      node.append(swatch, " " + count);
      byId("counts").append(node);
    }
    const node = document.createElement("span");
    node.textContent = "added " + counts.added + ", rejected " + counts.rejected;
    byId("counts").append(node);
  }

  function decide() {
    saved = false;
    show();
  }

  function move(step) {
    const marks = [...document.querySelectorAll(".left mark")];
    if (marks.length === 0) { say("no spans on this page"); return; }
    const at = chosen ? marks.findIndex((node) => node.spanOf === chosen.span) : -1;
    const next = at < 0 ? (step > 0 ? 0 : marks.length - 1) : at + step;
    if (next < 0 || next >= marks.length) { say(step > 0 ? "that was the last on this page" : "that was the first on this page"); return; }
    say("");
    marks[next].focus({ preventScroll: true });
    marks[next].scrollIntoView({ block: "center" });
  }

  function add() {
    const selection = getSelection();
    if (selection.rangeCount === 0 || selection.isCollapsed) { say("select some text of the original first"); return; }
    const range = selection.getRangeAt(0);
    const of = (node) => (node.nodeType === 1 ? node : node.parentElement).closest(".left");
    const pane = of(range.startContainer);
    if (!pane || pane !== of(range.endContainer)) { say("select text of the original, within one text"); return; }
    const before = document.createRange();
    before.setStart(pane, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const from = before.toString().length;
    const wrong = review.add(pane.textOf, from, from + range.toString().length, byId("class").value);
    say(wrong || "added");
    if (!wrong) { selection.removeAllRanges(); decide(); }
  }

  function reject() {
    if (!chosen) { say("choose a span first (n)"); return; }
    const { text, span } = chosen;
    review.toggle(text, span);
    say(span.added ? "taken away" : span.rejected ? "rejected: it will stay as it stands" : "restored: it will be replaced");
    decide();
    if (!span.added) choose(text, span);
  }

  function save() {
    const text = JSON.stringify(review.decisions(), null, 1) + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "review.json";
    link.click();
    byId("json").value = text;
    byId("saved").showModal();
    saved = true;
  }

  const turn = (to) => { page = to; chosen = null; show(); };
  const open = (to) => { file = to; byId("file").value = String(to); turn(0); };
  byId("file").addEventListener("change", () => open(Number(byId("file").value)));
  byId("add").addEventListener("mousedown", (event) => event.preventDefault());
  byId("add").addEventListener("click", add);
  byId("reject").addEventListener("click", reject);
  byId("undo").addEventListener("click", () => { say(review.undo() ? "undone" : "nothing to undo"); decide(); });
  byId("export").addEventListener("click", save);
  byId("before").addEventListener("click", () => turn(page - 1));
  byId("after").addEventListener("click", () => turn(page + 1));
  byId("close").addEventListener("click", () => byId("saved").close());
  addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("saved").open) return;
    if (event.target.closest("select, textarea, input") && event.key !== "Escape") return;
    const keys = {
      n: () => move(1), j: () => move(1), p: () => move(-1), k: () => move(-1),
      r: reject, Delete: reject, a: add, e: save,
      u: () => byId("undo").click(),
      c: () => byId("class").focus(),
      f: () => open((file + 1) % review.files.length),
      ",": () => turn(page - 1), ".": () => turn(page + 1),
      Escape: () => document.activeElement.blur(),
    };
    if (event.key === "Enter" && event.target.closest("mark")) reject();
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });
  show();
}

if (typeof document === "undefined") module.exports = { Review };
else start();
