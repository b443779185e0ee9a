/* Keeps the tabs of one browser in step: what is said in one is told to the others. */

/** `on` has a function for each thing that another tab may tell. */
export function makeTabs(store, on) {
  let channel = null;
  let seen = store.kept("turns");

  try {
    channel = new BroadcastChannel("community-safety-chat");
    channel.addEventListener("message", ({ data }) => {
      if (data.turns) seen = data.turns;
      on[data.what]?.(data);
    });
  } catch {
    // Without it, a tab catches up when it is looked at again.
  }

  /** Tell the other tabs; a `turn` is counted, so that a tab which slept knows that it missed one. */
  function tell(what, data = {}, isTurn = false) {
    if (isTurn) store.keep("turns", (seen = `${Date.now()}-${Math.random()}`));
    channel?.postMessage({ what, ...data, turns: isTurn ? seen : null });
  }

  const catchUp = () => { seen = store.kept("turns"); };
  const isBehind = () => store.kept("turns") !== seen;
  return { tell, catchUp, isBehind };
}
