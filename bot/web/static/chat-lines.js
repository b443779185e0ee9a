/* The lines of the conversation, and the one live region. Fixed words come from the templates in chat.html. */

import { link, longDate, writer } from "./chat-text.js";

const ANNOUNCED_FOR = 1500; // milliseconds that a text stays in the live region
const NEAR_END = 150; // pixels

export const at = (id) => document.getElementById(id);
export const log = at("log");
export const copyOf = (id) => at(id).content.firstElementChild.cloneNode(true);
const rich = writer([...at("phones").content.children].map((one) => one.value));

export function word(name, n = "") {
  const found = at("words").content.querySelector(`[data-word="${name}"]`);
  return found.textContent.replace("{n}", Number(n).toLocaleString("en-GB"));
}

export function announce(text) {
  const copy = document.createElement("p");
  copy.textContent = text;
  at("live").append(copy);
  setTimeout(() => copy.remove(), ANNOUNCED_FOR);
}

export function residentLine(text) {
  const line = copyOf("resident");
  line.querySelector(".said").textContent = line.dataset.plain = text;
  return line;
}

export function assistantLine({ text, buttons = [], sources = [] }) {
  const line = copyOf("assistant");
  const choices = line.querySelector(".choices");
  const sourceLines = sources.map(sourceLine);
  line.querySelector(".said").append(rich(text));
  line.querySelector(".sources").append(...sourceLines);
  line.dataset.plain = [text, ...sourceLines.map((one, n) => `${one.textContent} ${sources[n].url}`)].join("\n\n");
  choices.append(...buttons.map(choice));
  if (!buttons.length) choices.remove();
  return line;
}

export function noticeLine(text = "") {
  const line = copyOf("notice");
  line.querySelector(".said").textContent = text;
  return line;
}

function sourceLine({ title, url, reviewed }) {
  const line = copyOf("source");
  line.querySelector("a").replaceWith(/^https?:/.test(url) ? link(title, url) : title);
  if (reviewed) line.querySelector("time").textContent = longDate(reviewed);
  else line.querySelector("span").remove();
  return line;
}

function choice({ title, payload }) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = title;
  button.dataset.payload = payload;
  return button;
}

/** Only what was offered since the resident last spoke can still be chosen. */
export function refreshChoices() {
  const spoken = log.querySelectorAll(".resident:not(.failed)");
  const last = spoken[spoken.length - 1];
  for (const button of log.querySelectorAll(".choices button")) {
    const isOld = last && button.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING;
    button.setAttribute("aria-disabled", String(Boolean(isOld)));
  }
}

/** Put the assistant's `messages` after or before `line`, and announce them. */
export function showReply(messages, line, place = "after") {
  const lines = messages.map(assistantLine);
  followEnd(lines[0], () => line[place](...lines));
  for (const { text, buttons = [] } of messages) {
    const titles = buttons.map((button) => button.title).join(", ");
    announce(titles ? `${text} ${word("choices")} ${titles}` : text);
  }
  refreshChoices();
}

/** Tell on `line` that it failed; `again` is called by its button. No button when `again` is missing. */
export function showProblem(line, text, again) {
  const button = copyOf("try-again");
  button.addEventListener("click", again);
  followEnd(line, () => {
    line.classList.add("failed");
    line.querySelector(".problem").replaceChildren(rich(text), ...(again ? [button] : []));
  });
  announce(text);
  refreshChoices();
}

export function clearProblem(line) {
  line.classList.remove("failed");
  line.querySelector(".problem").replaceChildren();
}

/** Make a change, and show it to a reader who was at the end; one who reads further up stays there. */
function followEnd(line, change) {
  const wasAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR_END;
  change();
  if (wasAtEnd && line && log.querySelector(".resident")) reveal(line); // the greeting moves nothing
}

/** Scroll to the end, but not past the beginning of `line`. */
export function reveal(line) {
  scrollTo(0, document.documentElement.scrollHeight);
  const top = Math.max(0, at("bar").getBoundingClientRect().bottom);
  if (line.getBoundingClientRect().top < top) line.scrollIntoView();
}
