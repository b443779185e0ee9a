/* The parts of the chat in its root: the document on our page, a shadow root in the widget. Every word comes from its templates. */

import { writer } from "./chat-text.js";

const ANNOUNCED_FOR = 1500; // milliseconds that a text stays in the live region

export function makeUi(root) {
  const at = (id) => root.getElementById(id);
  const copyOf = (id) => document.importNode(at(id).content.firstElementChild, true);
  const rich = writer([...at("phones").content.children].map((one) => one.getAttribute("value")));

  function word(name, values = {}) {
    const found = at("words").content.querySelector(`[data-word="${name}"]`);
    return found.textContent.replace(/\{(\w+)\}/g, (_, key) => values[key].toLocaleString("en-GB"));
  }

  /** Say `text` once in the one live region. */
  function announce(text) {
    const copy = document.createElement("p");
    copy.textContent = text;
    at("live").append(copy);
    setTimeout(() => copy.remove(), ANNOUNCED_FOR);
  }

  /** Show `text` under the text box, and say it. */
  function tell(text) {
    at("note").textContent = text;
    announce(text);
  }

  return { root, at, copyOf, rich, word, announce, tell };
}

/** A button with a name for people, and the payload that it sends. */
export function choiceButton(title, payload) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = title;
  button.dataset.payload = payload;
  return button;
}
