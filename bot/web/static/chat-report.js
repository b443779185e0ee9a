/* The parts of a message about a report: how far it is, what is read back, and the receipt. */

import { choiceButton } from "./chat-ui.js";

export function progressLine(ui, { step, of }) {
  const line = document.createElement("p");
  line.className = "progress";
  line.textContent = ui.word("progress", { n: step, of });
  return line;
}

/** What is read back, as a list with a button to change each line; the words around it stay. */
export function readBack(ui, text, summary) {
  const [before, after] = around(text, summary);
  const list = document.createElement("dl");
  list.className = "summary";
  list.append(...summary.map((line) => row(ui, line)));
  return [ui.rich(before), list, ui.rich(after)];
}

/** The words before and after the lines "• Where: 12 Hatfield Road" in `text`. */
function around(text, summary) {
  const lead = ({ label }) => `• ${label}:`;
  const last = summary[summary.length - 1];
  const start = text.indexOf(lead(summary[0]));
  const lastLine = text.lastIndexOf(lead(last));
  if (start < 0 || lastLine < start) return ["", ""];
  const whole = `${lead(last)} ${last.value}`;
  const gap = text.indexOf("\n\n", lastLine);
  const end = text.startsWith(whole, lastLine) ? lastLine + whole.length : gap < 0 ? text.length : gap;
  return [text.slice(0, start), text.slice(end)];
}

function row(ui, { label, value, payload }) {
  const made = document.createElement("div");
  const term = made.appendChild(document.createElement("dt"));
  const told = made.appendChild(document.createElement("dd"));
  term.textContent = label;
  told.textContent = value;
  if (!payload) return made;
  const button = choiceButton(ui.word("change"), payload);
  button.setAttribute("aria-label", `${button.textContent}: ${label}`);
  made.appendChild(document.createElement("dd")).append(button);
  return made;
}

/** Reference and code, to copy and to print. */
export function receiptPanel(ui, { reference, follow_up_code: code }) {
  const panel = ui.copyOf("receipt");
  panel.querySelector(".reference").textContent = reference;
  panel.querySelector(".code").textContent = code;
  const both = [...panel.querySelectorAll("dl > div")]
    .map((one) => `${one.querySelector("dt").textContent}: ${one.querySelector("dd").textContent}`).join("\n");
  const copy = panel.querySelector(".copy-receipt");
  copy.hidden = !navigator.clipboard; // missing on plain http
  copy.addEventListener("click", () => navigator.clipboard.writeText(both)
    .then(() => ui.tell(ui.word("receipt-copied")), () => ui.tell(ui.word("receipt-not-copied"))));
  panel.querySelector(".print-receipt").addEventListener("click", () => {
    if (ui.root.host?.print) ui.root.host.print();
    else print();
  });
  return panel;
}
