/* Leaving in a hurry. To be: export { leave, listenForShift } from "./leave.js"; once that module is merged. */

/** Cover the page at once, forget (`wipe`), and go to the address `to`. */
export function leave({ wipe, to }) {
  document.documentElement.hidden = true;
  wipe();
  location.replace(to);
}

const PRESSES = 3;
const WITHIN = 5000; // milliseconds

/** Three presses of Shift: `onProgress` hears of each, `onDone` of the last. */
export function listenForShift(onProgress, onDone) {
  let pressed = [];
  addEventListener("keydown", ({ key, repeat }) => {
    if (repeat) return;
    const now = Date.now();
    pressed = key === "Shift" ? [...pressed.filter((at) => now - at < WITHIN), now] : [];
    if (pressed.length) onProgress(pressed.length);
    if (pressed.length === PRESSES) onDone();
  });
}
