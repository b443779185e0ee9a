/* "Was this useful?" under an answer. A second vote takes the place of the first. */

export function rating(ui, api, topic) {
  const made = ui.copyOf("rating");
  const more = made.querySelector(".more");
  const words = more.querySelector("input");
  const note = made.querySelector(".thanks");
  let useful = null;

  async function vote() {
    const told = { topic, useful, words: words.value.trim() };
    const isKept = await api.rate(told).then(() => true, () => false);
    note.textContent = ui.word(isKept ? (told.words ? "rated-with-words" : "rated") : "not-rated");
    ui.announce(note.textContent);
    made.scrollIntoView({ block: "nearest" });
  }

  made.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-useful]");
    if (!button) return;
    useful = button.dataset.useful === "true";
    made.querySelectorAll("[data-useful]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    more.hidden = useful;
    if (useful) words.value = "";
    vote();
  });
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    if (words.value.trim()) vote();
    else words.focus();
  });
  return made;
}
