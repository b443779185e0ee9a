/* Leaves this site quickly, after "Exit this page" of the GOV.UK Design System: docs/decisions/0011-leave-this-site.md.
   A page with the form #leave-site is set up by loading this; the widget imports the functions. */

const PRESSES = 3;
const WITHIN = 5000; // milliseconds between two presses of Shift

/** Cover the page at once, `wipe` what it keeps, and go `to` a neutral site in its place. */
export function leave({ wipe, to, title = "", loading = "" }) {
  const cover = document.createElement("div");
  cover.setAttribute("role", "alert");
  cover.style.cssText = "position:fixed;inset:0;z-index:2147483647;background:Canvas;color:Canvas";
  document.documentElement.append(cover);
  document.body.style.setProperty("display", "none", "important");
  document.title = title;
  cover.textContent = loading;
  try {
    wipe?.();
  } finally {
    location.replace(to);
  }
}

/** Call `leaving` when Shift is pressed three times by itself, and `pressed(times, expired)` before.
    Returns a function that stops listening. */
export function listenForShift({ leaving, pressed = () => {}, target = document }) {
  let times = 0;
  let wasModifier = false; // Shift+A lets go of A with Shift down, then of Shift: no press of its own
  let timer;

  function reset() {
    clearTimeout(timer);
    if (times) pressed((times = 0), true);
  }

  function letGo(event) {
    if (event.key !== "Shift") reset();
    else if (!wasModifier) {
      clearTimeout(timer);
      times += 1;
      if (times === PRESSES) {
        times = 0;
        leaving();
      } else {
        timer = setTimeout(reset, WITHIN);
        pressed(times, false);
      }
    }
    wasModifier = event.shiftKey;
  }

  target.addEventListener("keyup", letGo, true);
  return () => {
    clearTimeout(timer);
    target.removeEventListener("keyup", letGo, true);
  };
}

/** Empty what this site keeps in the browser, and delete its conversation and session on the server. */
export function wipe(action = "/leave") {
  for (const store of ["localStorage", "sessionStorage"]) {
    try {
      deleteConversation(JSON.parse(window[store].getItem("community-safety-chat.conversation")));
      window[store].clear();
    } catch {
      // Storage that the browser refuses holds nothing.
    }
  }
  fetch(action, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
}

function deleteConversation(kept) {
  if (!kept) return;
  const headers = { Authorization: `Bearer ${kept.token}` };
  fetch(`/api/conversations/${encodeURIComponent(kept.id)}`, { method: "DELETE", headers, keepalive: true }).catch(() => {});
}

function setUp(form) {
  const status = form.querySelector("[role=status]");
  const { to, title, loading, one, two, expired } = form.dataset;
  const others = otherTabs();
  const go = () => {
    others?.postMessage("");
    leave({ wipe: () => wipe(form.action), to, title, loading });
  };
  others?.addEventListener("message", () => leave({ to, title, loading }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  listenForShift({
    leaving: go,
    pressed(times, isOver) {
      form.dataset.pressed = times;
      status.textContent = isOver ? expired : times === 1 ? two : one;
    },
  });
}

/** A channel to the other tabs, and to pages that Back would bring up; none where the browser refuses. */
function otherTabs() {
  try {
    return new BroadcastChannel("leave");
  } catch {
    return null;
  }
}

const form = document.getElementById("leave-site");
if (form) setUp(form);
