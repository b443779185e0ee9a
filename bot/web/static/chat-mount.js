/* Puts the chat to work in a root that holds the markup of chat_parts.html. */

import { makeApi } from "./chat-api.js";
import { makeBox } from "./chat-box.js";
import { makeCalls } from "./chat-calls.js";
import { makeLines } from "./chat-lines.js";
import { makeLog } from "./chat-log.js";
import { wireOptions } from "./chat-options.js";
import { wirePhotos } from "./chat-photos.js";
import { makeStore } from "./chat-store.js";
import { makeTalk } from "./chat-talk.js";
import { makeUi } from "./chat-ui.js";

/**
 * `root` is a document or a shadow root, `scroller` the element in it that scrolls, `base` the address of
 * the API's server. Nothing is sent before `start()`. `wipe()` forgets everything at once, for leaving.
 */
export function mount(root, { scroller, base = "" }) {
  const ui = makeUi(root);
  const store = makeStore();
  const api = makeApi(base, store);
  const lines = makeLines(ui, api);
  const log = makeLog(ui, lines, scroller);
  const box = makeBox(ui, store);
  const calls = makeCalls(ui, log, box);
  const talk = makeTalk({ ui, store, api, lines, log, calls, box });

  function choose(event) {
    const button = event.target.closest("[data-payload]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const title = button.getAttribute("aria-label") || button.textContent;
    talk.send({ payload: button.dataset.payload, title }, title);
    box.focus(event);
  }

  log.list.addEventListener("click", choose);
  log.list.addEventListener("chat:changed", () => box.setAsks(log.asks()));
  box.onSend((text) => talk.send({ text }, text));
  wireOptions(ui, log, talk);
  wirePhotos(ui, store, api, log, calls);
  root.querySelectorAll("[data-needs-script]").forEach((one) => { one.hidden = false; });
  box.restore();
  return { start: talk.start, wipe: talk.wipe, focus: box.focus };
}
