/* Whether the panel was open on the page before, in this tab. */

const NAME = "community-safety-chat.open";

export function remember(isOpen) {
  try {
    if (isOpen) sessionStorage.setItem(NAME, "1");
    else sessionStorage.removeItem(NAME);
  } catch {
    // Storage refused: it begins closed on the next page.
  }
}

export function wasOpen() {
  try {
    return sessionStorage.getItem(NAME) === "1";
  } catch {
    return false;
  }
}
