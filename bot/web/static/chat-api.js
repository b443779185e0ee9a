/* Calls the conversation API (docs/api.md) for the conversation that the store holds. */

const TIMEOUT = 45000; // milliseconds
const PHOTO_TIMEOUT = 180000;

/** A call that did not work. `status` is 0 when nothing came back; `texts` is what the server said about it. */
export class Failure extends Error {
  constructor(status, body = {}, seconds = 0) {
    super(`status ${status}`);
    this.status = status;
    this.texts = (body.messages || [body.error && { text: body.error.message }])
      .map((message) => message && message.text)
      .filter(Boolean);
    this.seconds = seconds; // from Retry-After
  }
}

/** The API at `base`, "" on our own pages. */
export function makeApi(base, store) {
  const current = () => store.kept("conversation");

  async function open() {
    const { conversation_id, token, messages } = await call("POST", null, { body: {} });
    store.keep("conversation", { id: conversation_id, token });
    return messages;
  }

  async function say(body) {
    const { messages } = await call("POST", "/messages", { body });
    store.keep("unsent", unsentBut(body));
    return messages;
  }

  /** Messages that have no answer yet, so that a reload does not lose them. */
  const unsent = () => store.kept("unsent") || [];
  const unsentBut = (body) => unsent().filter((one) => one.body.message_id !== body.message_id);
  const keepUnsent = (body, text) => store.keep("unsent", [...unsentBut(body), { body, text }]);

  function addPhoto(file) {
    const form = new FormData();
    form.append("photo", file);
    return call("POST", "/photos", { form, timeout: PHOTO_TIMEOUT });
  }

  async function call(method, path, { body, form, timeout = TIMEOUT, keepalive = false } = {}) {
    const own = path === null ? null : current();
    const headers = body ? { "Content-Type": "application/json" } : {};
    if (own) headers.Authorization = `Bearer ${own.token}`;
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), timeout);
    try {
      const url = `${base}/api/conversations${own ? `/${encodeURIComponent(own.id)}${path}` : ""}`;
      const sent = body ? JSON.stringify(body) : form;
      const reply = await fetch(url, { method, headers, body: sent, keepalive, signal: giveUp.signal });
      const said = await reply.json().catch(() => ({}));
      if (reply.ok) return said;
      if (own && isGone(reply.status, path) && current()?.id === own.id) store.keep("conversation", null);
      throw new Failure(reply.status, said, Number(reply.headers.get("Retry-After")));
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(0);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    open, say, unsent, keepUnsent, addPhoto,
    id: () => current()?.id,
    isOpen: () => Boolean(current()),
    transcript: async () => (await call("GET", "/messages")).messages,
    remove: () => call("DELETE", "", { keepalive: true }),
    rate: (body) => call("POST", "/feedback", { body }),
    removePhoto: (id) => call("DELETE", `/photos/${encodeURIComponent(id)}`),
  };
}

const isGone = (status, path) => status === 401 || (status === 404 && ["", "/messages"].includes(path));

/** An id for a message: sent twice with the same one, it acts once. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // missing on plain http
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
