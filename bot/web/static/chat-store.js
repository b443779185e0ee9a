/* What this browser keeps of the conversation. Shared by its tabs, and forgotten after a day without use. */

const PREFIX = "community-safety-chat.";
const LONGEST_REST = 24 * 60 * 60 * 1000; // milliseconds
const SHARED = ["conversation", "unsent", "photos", "turns", "used"];
const OWN = ["draft"]; // of this tab: two tabs may hold two half-written messages

/** A store. In a browser that refuses storage it lasts as long as the page. */
export function makeStore() {
  const shared = shelf(() => localStorage);
  const own = shelf(() => sessionStorage);
  const shelfOf = (name) => (OWN.includes(name) ? own : shared);

  function forget() {
    SHARED.forEach(shared.drop);
    OWN.forEach(own.drop);
  }

  function kept(name) {
    if (Date.now() - shared.read("used") > LONGEST_REST) forget();
    return shelfOf(name).read(name);
  }

  function keep(name, value) {
    if (isNothing(value)) return shelfOf(name).drop(name);
    shelfOf(name).write(name, value);
    return shared.write("used", Date.now());
  }

  return { kept, keep, forget };
}

const isNothing = (value) => value === null || value.length === 0;

function shelf(open) {
  const memory = new Map(); // what could not be stored
  const attempt = (work) => {
    try {
      return work(open());
    } catch {
      return undefined;
    }
  };

  function read(name) {
    if (memory.has(name)) return memory.get(name);
    return attempt((storage) => JSON.parse(storage.getItem(PREFIX + name))) ?? null;
  }

  function write(name, value) {
    const isStored = attempt((storage) => {
      storage.setItem(PREFIX + name, JSON.stringify(value));
      return true;
    });
    if (isStored) memory.delete(name);
    else memory.set(name, value);
  }

  function drop(name) {
    memory.delete(name);
    attempt((storage) => storage.removeItem(PREFIX + name));
  }

  return { read, write, drop };
}
