/* Copy, save, start again, delete. */

import { link } from "./chat-text.js";

export function wireOptions(ui, log, talk) {
  function asText() {
    const said = [...log.list.children].filter((line) => line.dataset.plain);
    return said.map((line) => `${line.querySelector(".who").textContent}:\n${line.dataset.plain}`).join("\n\n");
  }

  const copy = () => navigator.clipboard.writeText(asText())
    .then(() => ui.tell(ui.word("copied")), () => ui.tell(ui.word("not-copied")));

  function save() {
    const made = link("", URL.createObjectURL(new Blob([asText()], { type: "text/plain" })));
    made.download = ui.at("save").dataset.filename;
    made.click();
    setTimeout(() => URL.revokeObjectURL(made.href), 1000);
  }

  const afterAsking = (act) => ({ currentTarget }) => confirm(currentTarget.dataset.confirm) && act();

  ui.at("copy").addEventListener("click", copy);
  ui.at("copy").hidden = !navigator.clipboard; // missing on plain http
  ui.at("save").addEventListener("click", save);
  ui.at("start-again").addEventListener("click", afterAsking(talk.startAgain));
  ui.at("delete").addEventListener("click", afterAsking(talk.remove));
}
