/* The text box and its counter. A long message is never cut, and under the limit never refused. */

const LONG_ANSWER = 1000; // characters; over it a hint, where no description is asked for
const OPEN_QUESTIONS = ["", "danger", "description"]; // "" before a report

export function makeBox(ui, store) {
  const box = ui.at("message");
  const limit = Number(box.dataset.limit);
  const length = (text) => Array.from(text).length;
  let asks = "";

  /** A finger's press leaves the focus: the keyboard on the screen would cover the answer. */
  function focus(event) {
    if (event?.pointerType !== "touch") box.focus({ preventScroll: true });
  }

  function count() {
    const [state, n] = stateOf(length(box.value));
    const note = ui.at("note");
    note.textContent = state && ui.word(state, { n });
    box.setAttribute("aria-invalid", String(state === "over"));
    if (state && state !== note.dataset.state) ui.announce(note.textContent);
    note.dataset.state = state;
  }

  /** Which hint, and its number: told from four fifths of what is counted towards. */
  function stateOf(typed) {
    const goal = typed <= LONG_ANSWER && !OPEN_QUESTIONS.includes(asks) ? LONG_ANSWER : limit;
    if (typed > limit) return ["over", typed - limit];
    if (typed >= goal * 0.8) return [goal === limit ? "left" : "long-soon", goal - typed];
    if (typed > LONG_ANSWER && !OPEN_QUESTIONS.includes(asks)) return ["long", typed - LONG_ANSWER];
    return ["", 0];
  }

  function fill(text) {
    box.value = text;
    changed();
  }

  function changed() {
    count();
    store.keep("draft", box.value);
  }

  /** The text to send; empty after telling why there is none. */
  function take() {
    const text = box.value.trim();
    box.focus();
    if (!text) ui.tell(ui.word("empty"));
    else if (length(text) > limit) ui.tell(ui.word("over", { n: length(text) - limit }));
    else {
      fill("");
      return text;
    }
    return "";
  }

  function onSend(send) {
    const submit = (event) => {
      event.preventDefault();
      const text = take();
      if (text) send(text);
    };
    ui.at("composer").addEventListener("submit", submit);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    });
  }

  function setAsks(now) {
    if (now === asks) return;
    asks = now;
    if (box.value) count();
  }

  box.addEventListener("input", changed);
  return { focus, fill, onSend, setAsks, restore: () => fill(store.kept("draft") || box.value) };
}
