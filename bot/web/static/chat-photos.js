/* "Add a photo", while a report is being told or read back. */

const WHILE = ["description", "more", "detail", "confirmed"];
const LARGEST = 10 * 1024 * 1024; // bytes

export function wirePhotos(ui, store, api, log, calls) {
  const button = ui.at("add-photo");
  const input = ui.at("photo");
  const kept = () => store.kept("photos") || [];

  function add(file) {
    if (file.size > LARGEST) return ui.tell(ui.word("photo-too-large"));
    const line = ui.copyOf("photo-line");
    const told = line.querySelector(".said");
    calls.attempt(line, async () => {
      told.hidden = false;
      told.querySelector(".told").textContent = ui.word("photo-sending");
      const { photo } = await api.addPhoto(file);
      store.keep("photos", [...kept(), photo]);
      show(line, photo);
      ui.announce(ui.word("photo-added", { n: photo.number }));
    }, () => { told.hidden = true; });
    return log.reveal(line);
  }

  function show(line, photo) {
    const remove = line.querySelector(".remove");
    line.querySelector(".told").textContent = ui.word("photo-added", { n: photo.number });
    remove.setAttribute("aria-label", ui.word("photo-remove", { n: photo.number }));
    remove.hidden = false;
    remove.addEventListener("click", () => drop(line, photo));
  }

  async function drop(line, photo) {
    const failure = await api.removePhoto(photo.id).then(() => null, (error) => error);
    if (failure && failure.status !== 404) {
      ui.tell(failure.texts.join(" ") || ui.word("photo-not-removed"));
      return;
    }
    store.keep("photos", kept().filter((one) => one.id !== photo.id));
    line.remove();
    ui.at("message").focus(); // what was pressed is gone
    ui.tell(ui.word("photo-removed", { n: photo.number }));
  }

  /** After a reload the lines of photos come back, for as long as their report is not sent. */
  function restore() {
    for (const photo of kept()) show(log.list.appendChild(ui.copyOf("photo-line")), photo);
  }

  function refresh() {
    button.hidden = !WHILE.includes(log.asks());
    if (!log.newest()?.querySelector(".receipt") || !kept().length) return;
    store.keep("photos", []); // they have gone with their report
    log.list.querySelectorAll(".remove").forEach((one) => { one.hidden = true; });
  }

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    [...input.files].forEach(add);
    input.value = "";
  });
  log.list.addEventListener("chat:changed", refresh);
  log.list.addEventListener("chat:resumed", restore);
}
