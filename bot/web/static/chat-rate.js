/* "Was this useful?" under an answer. A second vote takes the place of the first. */

export function rating(ui, api, topic) {
  const form = ui.copyOf("rating");
  const more = form.querySelector(".more");
  const words = more.querySelector("input");
  const note = form.querySelector(".thanks");
  let useful = null;

  async function vote() {
    const told = { topic, useful, words: words.value.trim() };
    const isKept = await api.rate(told).then(() => true, () => false);
    note.textContent = ui.word(isKept ? (told.words ? "rated-with-words" : "rated") : "not-rated");
    ui.announce(note.textContent);
  }

  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-useful]");
    if (!button) return;
    useful = button.dataset.useful === "true";
    form.querySelectorAll("[data-useful]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    more.hidden = useful;
    if (useful) words.value = "";
    vote();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (words.value.trim()) vote();
    else words.focus();
  });
  return form;
}
