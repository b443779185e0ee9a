/* Leaving in a hurry. When leave.js is merged, all of this becomes one line:
   export { leave, listenForShift } from "./leave.js"; and then `make widget`. */

const PRESSES = 3;
const WITHIN = 5000; // milliseconds

/** Cover the page at once, `wipe` what it keeps, and go `to` a neutral site in its place. */
export function leave({ wipe, to, title = "" }) {
  document.documentElement.style.setProperty("visibility", "hidden", "important");
  document.title = title;
  try {
    wipe?.();
  } finally {
    location.replace(to);
  }
}

/** Call `leaving` when Shift is pressed three times by itself. */
export function listenForShift({ leaving }) {
  let pressed = [];
  document.addEventListener("keyup", ({ key }) => {
    const now = Date.now();
    pressed = key === "Shift" ? [...pressed.filter((at) => now - at < WITHIN), now] : [];
    if (pressed.length === PRESSES) leaving();
  }, true);
}
