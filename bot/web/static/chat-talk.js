/* The conversation: begins, goes on, sends what the resident says and shows what the API replies. */

import { newId } from "./chat-api.js";
import { makeTabs } from "./chat-tabs.js";

export function makeTalk({ ui, store, api, lines, log, calls, box }) {
  let shown = null; // the id of the conversation that is in the log
  let isResuming = false;
  let hasMissed = false; // a reply in another tab, while this one was reading the transcript
  const tabs = makeTabs(store, { said, replied, failed, changed, deleted: () => end(ui.word("deleted")) });

  function start() {
    if (api.isOpen()) resume();
    else begin();
  }

  const begin = () => calls.attempt(lines.notice(), async (line) => {
    const messages = await open();
    if (line.isConnected) log.showReply(messages, line);
    line.remove();
  });

  async function open() {
    const messages = await api.open();
    shown = api.id();
    tabs.tell("changed", { conversation: store.kept("conversation") }, true);
    return messages;
  }

  const resume = () => calls.attempt(lines.notice(), async (line) => {
    const transcript = await read();
    if (!line.isConnected) return undefined;
    if (hasMissed) return again();
    line.remove();
    if (!transcript.length) return begin();
    shown = api.id();
    store.keep("conversation", store.kept("conversation")); // coming back is use
    log.list.append(...transcript.map((one) => (one.from === "resident" ? lines.resident(one.text) : lines.assistant(one))));
    showUnanswered(transcript.filter((one) => one.from === "resident").pop());
    log.refresh();
    log.list.dispatchEvent(new Event("chat:resumed"));
    log.reveal(log.list.lastElementChild);
    return undefined;
  });

  async function read() {
    tabs.catchUp();
    [isResuming, hasMissed] = [true, false];
    try {
      return await api.transcript();
    } catch (failure) {
      if (api.isOpen()) throw failure;
      return []; // it is gone: begin a new one
    } finally {
      isResuming = false;
    }
  }

  /** What was sent before a reload and never answered can be sent again. */
  function showUnanswered(lastSaid) {
    for (const { body, text } of api.unsent()) {
      if (lastSaid && lastSaid.text === text) continue;
      const line = log.list.appendChild(lines.resident(text, body.message_id));
      log.showProblem(line, ui.word("unanswered"), () => deliver(line, body, text));
    }
  }

  function deliver(line, body, text) {
    const id = body.message_id;
    api.keepUnsent(body, text);
    tabs.tell("said", { id, text });
    calls.attempt(line, async () => {
      if (!api.isOpen()) log.showReply(await open(), line, { place: "before" });
      const messages = await api.say(body);
      tabs.tell("replied", { id, messages }, true);
      if (line.isConnected) log.showReply(messages, line);
    }, () => tabs.tell("failed", { id }));
    log.refresh();
    log.reveal(line);
  }

  function send(body, text) {
    const id = newId();
    deliver(lines.resident(text, id), { ...body, message_id: id }, text);
  }

  /* What another tab tells */

  function said({ id, text }) {
    if (isResuming) return; // the transcript has it, or its reply is missed
    const line = log.find(id) || lines.resident(text, id);
    log.clearProblem(line);
    log.followEnd(line, () => log.list.append(line));
    log.refresh();
  }

  function replied({ id, messages }) {
    hasMissed ||= isResuming;
    if (isResuming) return;
    const line = log.find(id);
    if (!line) return void again();
    log.clearProblem(line);
    log.showReply(messages, line, { aloud: false });
  }

  function failed({ id }) {
    const line = log.find(id);
    const { body, text } = api.unsent().find((one) => one.body.message_id === id) || {};
    if (line && body) log.showProblem(line, ui.word("unanswered"), () => deliver(line, body, text), false);
  }

  /** Another tab has begun `conversation`. Word of it can be here before the store of this tab has it:
      without it this tab would begin one of its own, and what was said in the other would be lost. */
  function changed({ conversation }) {
    store.keep("conversation", conversation);
    catchUp();
  }

  /** Show the conversation of the store when another one, or less of it, is in the log. */
  function catchUp() {
    if (calls.areWaiting()) return;
    if (api.id() !== shown || tabs.isBehind()) again();
  }

  function again() {
    empty();
    start();
  }

  /* Its end */

  function empty() {
    calls.clear();
    log.list.replaceChildren();
    shown = null;
  }

  function startAgain() {
    if (api.isOpen()) api.remove().catch(() => {}); // at best: nobody could reach the old one
    store.forget();
    empty();
    box.fill("");
    box.focus();
    begin();
  }

  /** Forget everything; only `text` stays in the log. */
  function end(text) {
    store.forget();
    empty();
    box.fill("");
    tabs.catchUp();
    if (text) log.list.append(lines.notice(text));
  }

  async function remove() {
    await calls.settled(); // or a reply under way would write it anew
    const failure = api.isOpen() ? await api.remove().then(() => null, (error) => error) : null;
    if (failure && api.isOpen()) return ui.tell(failure.texts.join(" ") || ui.word("not-deleted"));
    end(ui.word("deleted"));
    box.focus();
    tabs.tell("deleted");
    ui.announce(ui.word("deleted"));
  }

  /** For leaving in a hurry: nothing waits for the network. */
  function wipe() {
    if (api.isOpen()) api.remove().catch(() => {});
    end("");
    tabs.tell("deleted");
  }

  document.addEventListener("visibilitychange", () => document.hidden || !shown || catchUp());
  return { start, send, startAgain, remove, wipe };
}
