/* The chat page: sends what the resident types or chooses, and shows what the API (docs/api.md) replies. */

import * as api from "./chat-api.js";
import { link } from "./chat-text.js";
import {
  announce, assistantLine, at, clearProblem, log, noticeLine, refreshChoices, residentLine, reveal,
  showProblem, showReply, word,
} from "./chat-lines.js";

const SLOW = 4000; // milliseconds; then waiting is announced too
const CANNOT_BE_RETRIED = [400, 413, 422];
const box = at("message");
const note = at("note");
const limit = Number(box.dataset.limit);
const waiting = new Set(); // lines whose call is under way
let queue = Promise.resolve(); // one call at a time, in the order sent
let slow;

/* Calls. Each has a line of its own, where a failure is told and can be tried again. */

function attempt(line, work) {
  clearProblem(line);
  log.append(line);
  wait(() => waiting.add(line));
  queue = queue.then(async () => {
    if (!line.isConnected) return; // started again meanwhile
    const failure = await work(line).then(() => null, (error) => error);
    wait(() => waiting.delete(line));
    if (failure && line.isConnected) fail(line, failure, () => attempt(line, work));
  });
}

function wait(change) {
  change();
  at("waiting").hidden = waiting.size === 0;
  clearTimeout(slow);
  if (waiting.size) slow = setTimeout(() => announce(at("waiting").textContent), SLOW);
}

function fail(line, { status, texts = [], seconds }, again) {
  const text = texts.join("\n\n") || word("offline");
  const told = seconds > 0 ? `${text}\n\n${word("wait", seconds)}` : text;
  showProblem(line, told, CANNOT_BE_RETRIED.includes(status) ? null : (event) => {
    again();
    focusBox(event);
  });
}

const begin = () => attempt(noticeLine(), async (line) => {
  const messages = await api.open();
  if (line.isConnected) showReply(messages, line);
  line.remove();
});

const resume = () => attempt(noticeLine(), async (line) => {
  const said = await api.transcript().catch((failure) => {
    if (api.isOpen()) throw failure;
    return []; // it is gone: begin a new one
  });
  line.remove();
  if (!said.length) return begin();
  log.append(...said.map((one) => (one.from === "resident" ? residentLine(one.text) : assistantLine(one))));
  showUnanswered(said.filter((one) => one.from === "resident").pop());
  refreshChoices();
  reveal(log.lastElementChild);
});

/** What was sent before a reload and never answered can be sent again. */
function showUnanswered(lastSaid) {
  for (const { body, text } of api.unsent()) {
    if (lastSaid && lastSaid.text === text) continue;
    const line = log.appendChild(residentLine(text));
    showProblem(line, word("unanswered"), () => deliver(line, body, text));
  }
}

function deliver(line, body, text) {
  api.keepUnsent(body, text);
  attempt(line, async () => {
    if (!api.isOpen()) showReply(await api.open(), line, "before");
    const messages = await api.say(body);
    if (line.isConnected) showReply(messages, line);
  });
  refreshChoices();
  reveal(line);
}

const send = (body, text) => deliver(residentLine(text), { ...body, message_id: api.newId() }, text);

function choose(event) {
  const button = event.target.closest(".choices button");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  send({ payload: button.dataset.payload, title: button.textContent }, button.textContent);
  focusBox(event);
}

/* The text box */

/** A finger's press leaves the focus: the keyboard on the screen would cover the answer. */
function focusBox(event) {
  if (event.pointerType !== "touch") box.focus({ preventScroll: true });
}

function tell(text) {
  note.textContent = text;
  announce(text);
}

const tooLong = (text) => Array.from(text).length - limit;

function countCharacters() {
  const over = tooLong(box.value);
  const state = over > 0 ? "over" : over >= -limit / 5 ? "left" : "";
  note.textContent = state && word(state, Math.abs(over));
  box.setAttribute("aria-invalid", String(over > 0));
  if (state && state !== note.dataset.state) announce(note.textContent);
  note.dataset.state = state;
  api.keep("draft", box.value);
}

function submit(event) {
  event.preventDefault();
  const text = box.value.trim();
  box.focus();
  if (!text) return tell(word("empty"));
  if (tooLong(text) > 0) return tell(word("over", tooLong(text)));
  fillBox("");
  send({ text }, text);
}

function fillBox(text) {
  box.value = text;
  countCharacters();
}

/* Options */

function clear() {
  api.forget();
  log.replaceChildren();
  wait(() => waiting.clear());
  queue = Promise.resolve();
  fillBox("");
  box.focus();
}

function startAgain() {
  if (api.isOpen()) api.remove().catch(() => {}); // at best: nobody could reach the old one
  clear();
  begin();
}

async function deleteChat() {
  await queue; // or a reply under way would write it anew
  const failure = api.isOpen() ? await api.remove().then(() => null, (error) => error) : null;
  if (failure && api.isOpen()) return tell(failure.texts.join(" ") || word("not-deleted"));
  clear();
  log.append(noticeLine(word("deleted")));
  announce(word("deleted"));
}

function asText() {
  const lines = [...log.children].filter((line) => line.dataset.plain);
  return lines.map((line) => `${line.querySelector(".who").textContent}:\n${line.dataset.plain}`).join("\n\n");
}

const copy = () => navigator.clipboard.writeText(asText())
  .then(() => tell(word("copied")), () => tell(word("not-copied")));

function save() {
  const made = link("", URL.createObjectURL(new Blob([asText()], { type: "text/plain" })));
  made.download = at("save").dataset.filename;
  made.click();
  setTimeout(() => URL.revokeObjectURL(made.href), 1000);
}

const afterAsking = (act) => ({ currentTarget }) => confirm(currentTarget.dataset.confirm) && act();

/* Start */

log.addEventListener("click", choose);
at("composer").addEventListener("submit", submit);
box.addEventListener("input", countCharacters);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});
at("copy").addEventListener("click", copy);
at("copy").hidden = !navigator.clipboard; // missing on plain http
at("save").addEventListener("click", save);
at("start-again").addEventListener("click", afterAsking(startAgain));
at("delete").addEventListener("click", afterAsking(deleteChat));
document.querySelectorAll("[data-needs-script]").forEach((one) => { one.hidden = false; });
fillBox(api.kept("draft") || box.value);
if (api.isOpen()) resume();
else begin();
