/** Decisions on their way to the server: kept in the browser until the server has them, sent in order.
 *
 * Each entry lives in IndexedDB under the account that made it and is sent only under that account (the server
 * compares the header X-Brolly-Account with who is signed in). What the server refuses stays, with its reason,
 * until a person has seen it. Several tabs share one outbox: a lock lets one of them send at a time, and sending
 * twice is harmless because every decision carries its own id.
 *
 *   const outbox = new Outbox(account, { changed, saved, refused, extra });
 *   await outbox.open();
 *   await outbox.add({ url, title, here, body });
 */
const DATABASE = "brolly-outbox";
const STORE = "entries";
const LONGEST_PAUSE = 30_000;

const asked = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

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

/** Entries in IndexedDB; where the browser has none (some private windows), in memory for as long as the page stands. */
class Store {
  memory = null;
  n = 0;

  async open() {
    try {
      const opening = indexedDB.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true }).createIndex("account", "account");
      this.database = await asked(opening);
    } catch {
      this.memory = new Map();
    }
  }

  #entries(mode) { return this.database.transaction(STORE, mode).objectStore(STORE); }

  async add(entry) {
    if (!this.memory) return asked(this.#entries("readwrite").add(entry));
    this.n += 1;
    this.memory.set(this.n, { ...entry, n: this.n });
    return this.n;
  }

  async put(entry) { return this.memory ? this.memory.set(entry.n, entry) : asked(this.#entries("readwrite").put(entry)); }
  async drop(n) { return this.memory ? this.memory.delete(n) : asked(this.#entries("readwrite").delete(n)); }

  /** All entries of an account in the order they were made. */
  async of(account) {
    if (this.memory) return [...this.memory.values()];
    return asked(this.#entries("readonly").index("account").getAll(account));
  }
}

export class Outbox {
  #store = new Store();
  #sending = false;
  #again = false;
  #failures = 0;
  #timer = 0;
  #trouble = "";
  #stored = [];
  /** Decisions on their way into the store: waiting from the moment of the key, so nothing looks sent that is not. */
  #keeping = [];

  constructor(account, { changed, saved, refused, extra }) {
    this.account = account;
    Object.assign(this, { changed, saved, refused, extra });
    this.tab = newId();
    this.others = "BroadcastChannel" in globalThis ? new BroadcastChannel(DATABASE) : null;
  }

  async open() {
    await this.#store.open();
    this.others?.addEventListener("message", () => this.#tell());
    addEventListener("online", () => this.#now());
    addEventListener("offline", () => this.#tell());
    addEventListener("beforeunload", event => {
      if (this.#store.memory && [...this.#store.memory.values()].some(entry => entry.state === "waiting")) event.preventDefault();
    });
    await this.#tell();
    for (const entry of await this.entries("refused")) this.refused(entry);
    this.#send();
  }

  async entries(state) { return (await this.#store.of(this.account)).filter(entry => entry.state === state); }

  /** Keep a decision, then send it. Resolves when it is kept. */
  async add(entry) {
    this.#keeping.push(entry);
    this.#say();
    try {
      await this.#store.add({ ...entry, account: this.account, tab: this.tab, state: "waiting", why: "" });
    } finally {
      this.#keeping.splice(this.#keeping.indexOf(entry), 1);
    }
    await this.#tell();
    this.#send();
  }

  /** A person has seen this refusal. */
  async dismiss(n) {
    await this.#store.drop(n);
    await this.#tell();
  }

  async #tell() {
    this.#stored = await this.entries("waiting");
    this.#say();
  }

  #say() {
    const waiting = [...this.#stored, ...this.#keeping];
    if (!waiting.length) this.#trouble = "";
    this.changed({ waiting, trouble: waiting.length && !navigator.onLine ? "offline" : this.#trouble });
  }

  #now() {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#send();
  }

  async #send() {
    if (this.#sending) { this.#again = true; return; }
    this.#sending = true;
    do {
      this.#again = false;
      const lock = navigator.locks;
      await (lock ? lock.request(`${DATABASE}-${this.account}`, () => this.#sendAll()) : this.#sendAll());
    } while (this.#again && !this.#trouble);
    this.#sending = false;
  }

  async #sendAll() {
    for (;;) {
      const [entry] = await this.entries("waiting");
      if (!entry) return;
      const { how, answer } = await this.#post(entry);
      if (how === "later") {
        this.#failures += 1;
        this.#trouble = answer;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#send(), Math.min(1000 * 2 ** (this.#failures - 1), LONGEST_PAUSE));
        await this.#tell();
        return;
      }
      this.#failures = 0;
      this.#trouble = "";
      if (how === "saved") await this.#store.drop(entry.n);
      else await this.#store.put({ ...entry, state: "refused", why: answer });
      if (how === "saved") this.saved(entry, answer);
      else this.refused({ ...entry, why: answer });
      await this.#tell();
      this.others?.postMessage("changed");
    }
  }

  async #post(entry) {
    const more = entry.tab === this.tab ? this.extra(entry) : {};
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
    if (response.ok && answer) return { how: "saved", answer };
    if (response.status === 401 || (response.status === 403 && answer?.detail?.startsWith("CSRF"))) return { how: "later", answer: "signed-out" };
    if (response.status >= 500 || [408, 425, 429].includes(response.status) || !answer) return { how: "later", answer: "offline" };
    const fields = (answer.errors || []).map(error => error.remedy).join(" ");
    return { how: "refused", answer: [answer.detail, fields].filter(Boolean).join(" ") };
  }
}
