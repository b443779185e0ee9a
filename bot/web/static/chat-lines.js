/* Makes the lines of the conversation. */

import { offerMap } from "./chat-place.js";
import { progressLine, readBack, receiptPanel } from "./chat-report.js";
import { rating } from "./chat-rate.js";
import { link, longDate } from "./chat-text.js";
import { choiceButton } from "./chat-ui.js";

export function makeLines(ui, api) {
  function resident(text, id = "") {
    const line = ui.copyOf("resident");
    line.querySelector(".said").textContent = line.dataset.plain = text;
    line.dataset.id = id;
    return line;
  }

  function assistant(message) {
    const { text, buttons = [], sources = [], summary, progress, receipt, topic } = message;
    const line = ui.copyOf("assistant");
    const said = line.querySelector(".said");
    const sourceLines = sources.map(sourceLine);
    if (progress) said.before(progressLine(ui, progress));
    if (receipt) said.before(receiptPanel(ui, receipt));
    said.append(...(summary?.length ? readBack(ui, text, summary) : [ui.rich(text)]));
    line.querySelector(".sources").append(...sourceLines);
    if (topic) line.append(rating(ui, api, topic));
    line.dataset.plain = [text, ...sourceLines.map((one, n) => `${one.textContent} ${sources[n].url}`)].join("\n\n");
    line.dataset.asks = progress?.asks || "";
    if (progress?.asks === "place") offerMap(ui, line);
    const choices = line.querySelector(".choices");
    choices.append(...buttons.map(({ title, payload }) => choiceButton(title, payload)));
    if (!buttons.length) choices.remove();
    return line;
  }

  function notice(text = "") {
    const line = ui.copyOf("notice");
    line.querySelector(".said").textContent = text;
    return line;
  }

  function sourceLine({ title, url, reviewed }) {
    const line = ui.copyOf("source");
    line.querySelector("a").replaceWith(/^https?:/.test(url) ? link(title, url) : title);
    if (reviewed) line.querySelector("time").textContent = longDate(reviewed);
    else line.querySelector("span").remove();
    return line;
  }

  /** What is said aloud of a message. */
  function spoken({ text, buttons = [], progress }) {
    const titles = buttons.map((button) => button.title).join(", ");
    const told = titles ? `${text} ${ui.word("choices")} ${titles}` : text;
    return progress ? `${ui.word("progress", { n: progress.step, of: progress.of })}. ${told}` : told;
  }

  return { resident, assistant, notice, spoken };
}
