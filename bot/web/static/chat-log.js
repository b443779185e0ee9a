/* The log: where lines go, what can still be chosen, and how far a reader is. */

const NEAR_END = 150; // pixels

/** `scroller` is what scrolls: the page, or the widget's panel. */
export function makeLog(ui, lines, scroller) {
  const list = ui.at("log");

  /** Put the assistant's `messages` after or before `line`; `aloud`, unless another tab has said them. */
  function showReply(messages, line, { place = "after", aloud = true } = {}) {
    const made = messages.map(lines.assistant);
    followEnd(made[0], () => line[place](...made));
    if (aloud) messages.forEach((message) => ui.announce(lines.spoken(message)));
    refresh();
  }

  /** Tell on `line` that it failed; `again` is called by its button. No button when `again` is missing. */
  function showProblem(line, text, again, aloud = true) {
    const button = ui.copyOf("try-again");
    button.addEventListener("click", again);
    followEnd(line, () => {
      line.classList.add("failed");
      line.querySelector(".problem").replaceChildren(ui.rich(text), ...(again ? [button] : []));
    });
    if (aloud) ui.announce(text);
    refresh();
  }

  function clearProblem(line) {
    line.classList.remove("failed");
    line.querySelector(".problem").replaceChildren();
  }

  /** Only what was offered since the resident last spoke can still be chosen. */
  function refresh() {
    const spoken = list.querySelectorAll(".resident:not(.failed)");
    const last = spoken[spoken.length - 1];
    for (const button of list.querySelectorAll("[data-payload]")) {
      const isOld = last && button.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING;
      button.setAttribute("aria-disabled", String(Boolean(isOld)));
    }
    for (const map of list.querySelectorAll(".place-map")) {
      if (!newest().contains(map)) map.remove(); // its question was answered
    }
    list.dispatchEvent(new Event("chat:changed"));
  }

  /** What the newest message of the assistant asks for: "place", "description", or "" outside a report. */
  const asks = () => newest()?.dataset.asks || "";

  const newest = () => [...list.querySelectorAll(".assistant")].pop();

  /** Make a change, and show it to a reader who was at the end; one who reads further up stays there. */
  function followEnd(line, change) {
    const wasAtEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - NEAR_END;
    change();
    if (wasAtEnd && line && list.querySelector(".resident")) reveal(line); // the greeting moves nothing
  }

  /** Scroll to the end, but not past the beginning of `line`. */
  function reveal(line) {
    scroller.scrollTo(0, scroller.scrollHeight);
    const hidden = line.getBoundingClientRect().top - Math.max(0, ui.at("bar").getBoundingClientRect().bottom);
    if (hidden < 0) scroller.scrollBy(0, hidden);
  }

  const find = (id) => [...list.children].find((line) => id && line.dataset.id === id);

  return { list, showReply, showProblem, clearProblem, refresh, asks, newest, followEnd, reveal, find };
}
