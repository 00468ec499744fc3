/** Decisions on their way to the server: kept in the browser until the server has them, sent in order.
 *
 * Each entry is kept (outbox_store.js) under the account that made it and is sent only under that account (the
 * server compares the header X-Brolly-Account with who is signed in). What the server refuses is set aside with its
 * reason until a person has seen it, and those behind it go on. Several tabs share one outbox: a lock lets one of
 * them send at a time, and sending twice is harmless because every decision carries its own id.
 *
 *   const outbox = new Outbox(account, { changed, saved, refused, extra });
 *   await outbox.open();
 *   await outbox.add({ url, title, here, body });
 *
 * `changed({ waiting, unkept, keeping, trouble })`: trouble is "", "offline", "signed-out", "another" (account) or "busy".
 */
import { Store } from "./outbox_store.js";
import { worded } from "./words.js";

const CHANNEL = "brolly-outbox";
const LONGEST_PAUSE = 30_000;
/** Answers of 400 and more without a reason: a proxy may be at fault for a while, but nothing waits behind one for ever. */
const MOST_ODD = 4;

/** A new id, also where the page is not served securely and randomUUID is missing. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The token against forged requests: signing in again changes it, so the cookie is asked before the page. */
export function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  const name = `${meta?.dataset.cookie || "csrftoken"}=`;
  const cookie = document.cookie.split("; ").find(part => part.startsWith(name));
  return cookie?.slice(name.length) || meta?.content || "";
}

/** Whose session it is now, where ours was refused: "signed-out", "another", or "" where it is ours after all. */
async function whose(account) {
  const response = await fetch("/api/v1/me/", { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(20_000) });
  if (response.status === 401) return "signed-out";
  const { id } = await response.json();
  return id === account ? "" : "another";
}

export class Outbox {
  #sending = false;
  #again = false;
  #failures = 0;
  #timer = 0;
  #trouble = "";
  #stored = [];
  #odd = new Map();
  /** Decisions on their way into the store: waiting from the moment of the key, so nothing looks sent that is not. */
  #keeping = [];

  constructor(account, { changed, saved, refused, extra }) {
    this.account = account;
    this.store = new Store(account);
    Object.assign(this, { changed, saved, refused, extra });
    this.tab = newId();
    this.others = "BroadcastChannel" in globalThis ? new BroadcastChannel(`${CHANNEL}-${account}`) : null;
  }

  async open() {
    await this.store.open();
    this.others?.addEventListener("message", ({ data }) => this.#heard(data));
    addEventListener("online", () => this.#now());
    addEventListener("offline", () => this.#tell());
    addEventListener("pageshow", () => this.#now());
    // Signing in again happens in another tab, or another window: try when this one is looked at once more.
    document.addEventListener("visibilitychange", () => { if (!document.hidden && this.#stored.length) this.#now(); });
    addEventListener("focus", () => { if (this.#trouble) this.#now(); });
    addEventListener("beforeunload", event => { if (this.store.unkept) event.preventDefault(); });
    await this.#tell();
    for (const entry of await this.entries("refused")) this.refused(entry);
    this.#send();
  }

  /** Entries of this account: "waiting" or "refused". */
  async entries(state) { return this.store.in(state); }

  /** Keep a decision, then send it. Resolves when it is kept, or held in this page where it cannot be. */
  async add(entry) {
    const kept = { ...entry, id: entry.body.id ?? newId(), account: this.account, tab: this.tab, state: "waiting", why: "" };
    this.#keeping.push(kept);
    this.#say();
    await this.store.add(kept);
    this.#keeping.splice(this.#keeping.indexOf(kept), 1);
    await this.#tell();
    this.#send();
  }

  /** A person has seen this refusal. */
  async dismiss(entry) {
    await this.store.settle(entry, null);
    this.others?.postMessage({ id: entry.body.id ?? entry.id, how: "seen" });
    await this.#tell();
  }

  async #tell() {
    this.#stored = await this.entries("waiting");
    this.#say();
  }

  #say() {
    const there = new Set(this.#stored.map(entry => entry.id));
    const waiting = [...this.#stored, ...this.#keeping.filter(entry => !there.has(entry.id))];
    if (!waiting.length) this.#trouble = "";
    const { unkept } = this.store;
    const trouble = waiting.length && !navigator.onLine ? "offline" : this.#trouble;
    this.changed({ waiting, unkept, keeping: Math.max(this.#keeping.length - unkept, 0), trouble });
  }

  /** Another tab of this account sent something, ours perhaps. */
  #heard({ id, how, why, now, answer }) {
    const entry = this.store.forget(id, how === "refused" ? { state: "refused", why, now } : null);
    if (entry?.state === "waiting") {
      if (how === "saved") this.saved(entry, answer);
      if (how === "refused") this.refused({ ...entry, state: "refused", why, now });
    }
    this.#tell();
  }

  #now() {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#send();
  }

  async #send() {
    if (this.#sending) { this.#again = true; return; }
    this.#sending = true;
    try {
      do {
        this.#again = false;
        // Without a secure address there are no locks: then two tabs may send one decision twice, which writes it once.
        const lock = navigator.locks;
        await (lock ? lock.request(`${CHANNEL}-${this.account}`, () => this.#sendAll()) : this.#sendAll());
      } while (this.#again);
    } finally {
      this.#sending = false;
    }
  }

  async #sendAll() {
    for (;;) {
      const [entry] = await this.entries("waiting");
      if (!entry) return;
      const { how, answer, now, pause } = await this.#post(entry);
      if (how === "later") {
        this.#later(answer, pause);
        await this.#tell();
        return;
      }
      this.#failures = 0;
      this.#trouble = "";
      const set = how === "saved" ? null : { state: "refused", why: answer, now };
      const isNews = await this.store.settle(entry, set);
      if (isNews && how === "saved") this.saved(entry, answer);
      else if (isNews) this.refused({ ...entry, ...set });
      await this.#tell();
      this.others?.postMessage({ id: entry.id, how, ...(set ?? { answer: { ...answer, next: [], left: null } }) });
    }
  }

  #later(trouble, pause) {
    this.#failures += 1;
    this.#trouble = trouble;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), pause ?? Math.min(1000 * 2 ** (this.#failures - 1), LONGEST_PAUSE));
  }

  async #post(entry) {
    const more = entry.tab === this.tab ? this.extra(entry) : {};
    const first = await this.#asked(entry, more);
    // What is asked for besides must not stand in the way of the decision: an order or a filter may be gone.
    return first.how === "refused" && Object.keys(more).length ? this.#asked(entry, {}) : first;
  }

  async #asked(entry, more) {
    let response;
    try {
      response = await fetch(entry.url, {
        method: "POST", signal: AbortSignal.timeout(20_000), credentials: "same-origin", redirect: "error",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "X-Brolly-Account": this.account },
        body: JSON.stringify({ ...entry.body, ...more }),
      });
    } catch {
      return { how: "later", answer: "offline" };
    }
    const answer = await response.json().catch(() => null);
    return this.#judged(entry, response, answer).catch(() => ({ how: "later", answer: "offline" }));
  }

  /** What an answer means for the decision: "saved" only where the server names it, "refused" only with its reason. */
  async #judged(entry, { ok, status, headers }, answer) {
    if (ok) {
      const isIt = answer && (!answer.decision || answer.decision.id === entry.body.id);
      return isIt ? { how: "saved", answer } : { how: "later", answer: "offline" };
    }
    const isToken = status === 403 && answer?.detail?.startsWith("CSRF");
    if (status === 401 || isToken) return { how: "later", answer: (await whose(this.account)) || (isToken ? "signed-out" : "offline") };
    if (status === 429) return { how: "later", answer: "busy", pause: Math.min(Number(headers.get("Retry-After")) || 5, 60) * 1000 };
    if (status >= 500 || [408, 425].includes(status)) return { how: "later", answer: "offline" };
    if (answer?.detail) {
      const fields = (answer.errors || []).map(error => error.remedy).join(" ");
      // Its report may be one with another by now, which the server then names.
      return { how: "refused", answer: [answer.detail, fields].filter(Boolean).join(" "), now: answer.report_now };
    }
    const odd = (this.#odd.get(entry.id) ?? 0) + 1;
    this.#odd.set(entry.id, odd);
    if (odd < MOST_ODD) return { how: "later", answer: "offline" };
    return { how: "refused", answer: worded("no_reason", { status }) };
  }
}
