/* Calls the conversation API (docs/api.md) and keeps this tab's conversation, so that a reload goes on with it. */

const BASE = "/api/conversations";
const TIMEOUT = 45000; // milliseconds
const memory = {}; // stands in where the browser refuses storage

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

export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return memory[name];
  }
}

export function keep(name, value) {
  memory[name] = value;
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A full or forbidden store: this page still works, only a reload starts anew.
  }
}

export const isOpen = () => Boolean(kept("conversation"));

export const forget = () => ["conversation", "unsent", "draft"].forEach((name) => keep(name, null));

export async function open() {
  const { conversation_id, token, messages } = await call("POST", "", {});
  keep("conversation", { id: conversation_id, token });
  return messages;
}

export async function say(body) {
  const { messages } = await call("POST", "/messages", body);
  keep("unsent", unsentBut(body));
  return messages;
}

/** Messages that have no answer yet, so that a reload does not lose them. */
export const unsent = () => kept("unsent") || [];

export const keepUnsent = (body, text) => keep("unsent", [...unsentBut(body), { body, text }]);

const unsentBut = (body) => unsent().filter((one) => one.body.message_id !== body.message_id);

export const transcript = async () => (await call("GET", "/messages")).messages;

export const remove = () => call("DELETE");

/** An id for a message: sent twice with the same one, it acts once. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // missing on plain http
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function call(method, path, body) {
  const own = path === "" ? null : kept("conversation");
  const headers = { "Content-Type": "application/json" };
  if (own) headers.Authorization = `Bearer ${own.token}`;
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), TIMEOUT);
  try {
    const url = own ? `${BASE}/${encodeURIComponent(own.id)}${path || ""}` : BASE;
    const reply = await fetch(url, { method, headers, body: body && JSON.stringify(body), signal: giveUp.signal });
    const said = await reply.json().catch(() => ({}));
    if (reply.ok) return said;
    if (own && [401, 404].includes(reply.status)) keep("conversation", null);
    throw new Failure(reply.status, said, Number(reply.headers.get("Retry-After")));
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(0);
  } finally {
    clearTimeout(timer);
  }
}
