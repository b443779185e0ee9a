/* The launcher and its panel: a dialog that leaves the page usable; on a small screen it fills the screen, and the page waits. */

import { leave, listenForShift } from "../bot/web/static/leave.js";
import { mount } from "../bot/web/static/chat-mount.js";
import { remember, wasOpen } from "./opened.js";

const FILLS_SCREEN = "(max-width: 640px), (max-height: 480px)";

export function makePanel(root, server) {
  const [launcher, panel, leaving] = ["launcher", "panel", "leave"].map((id) => root.getElementById(id));
  const chat = mount(root, { base: server, scroller: panel });
  let isStarted = false;

  function show(how) {
    how();
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    remember(true);
    if (!isStarted) chat.start();
    isStarted = true;
  }

  function open(event) {
    if (panel.open) return;
    show(() => (matchMedia(FILLS_SCREEN).matches ? panel.showModal() : panel.show()));
    if (event?.pointerType === "touch") panel.focus(); // or the keyboard on the screen would cover the chat
    else chat.focus();
  }

  function close() {
    if (!panel.open) return;
    panel.close();
    closed();
  }

  function closed() {
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    remember(false);
    launcher.focus();
  }

  function go() {
    const { to, title, loading } = leaving.dataset;
    leave({ wipe: () => { remember(false); chat.wipe(); }, to, title, loading });
  }

  launcher.addEventListener("click", open);
  root.getElementById("close").addEventListener("click", close);
  leaving.addEventListener("click", go);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // a modal dialog would close by itself
    close();
  });
  panel.addEventListener("close", () => launcher.hidden && !panel.open && closed());
  listenForShift({ leaving: () => panel.open && go() });
  if (wasOpen() && !matchMedia(FILLS_SCREEN).matches) show(() => { panel.open = true; }); // no focus: nobody asked
  return { open, close };
}
