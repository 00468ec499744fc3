/** Where what waits to be sent is kept: in IndexedDB, one counter for all tabs giving the order (no clock has a say).
 *
 *   const store = new Store(account);
 *   await store.open();  await store.add(entry);  await store.in("waiting");  await store.settle(entry, null);
 *
 * An entry counts as kept when its transaction is complete, not before. What cannot be kept (no IndexedDB, a full
 * disk) stays in this page in its order, is tried again with each change, and `unkept` says how many there are.
 * Entries this page knows of are written anew when somebody clears the browser's storage under it: each carries an
 * id of its own, so that what is sent twice is written once.
 */
const DATABASE = "brolly-outbox";
const STORE = "entries";
const PATIENCE = 3000;

const idOf = entry => entry.body.id ?? entry.id;

export class Store {
  #database = null;
  /** Written by nobody yet, in order. */
  #loose = [];
  /** Written, not settled, as far as this page knows: id -> entry. */
  #known = new Map();
  #writing = Promise.resolve();

  constructor(account) { this.account = account; }

  /** Resolves whether or not the browser can keep anything. */
  async open() {
    try {
      for (const entry of await this.#rows()) this.#known.set(idOf(entry), entry);
    } catch { /* What comes stays in the page, and is said to. */ }
  }

  /** How many entries would be gone with this page. */
  get unkept() { return this.#loose.filter(entry => entry.failed).length; }

  /** Keep an entry. Resolves to whether it is kept; where it is not, it is held in this page and can be sent from it. */
  async add(entry) {
    this.#loose.push(entry);
    await this.#write();
    return !this.#loose.includes(entry);
  }

  /** The entries in a state, in the order they were made; what only this page holds comes last. */
  async in(state) {
    if (this.#loose.length) await this.#write();
    const rows = await this.#rows().catch(() => null);
    if (rows) {
      const there = new Set(rows.map(idOf));
      const lost = [...this.#known.values()].filter(entry => !there.has(idOf(entry)));
      if (lost.length) {
        // Storage was cleared under this page. They were made before anything that is still loose.
        for (const entry of lost) this.#known.delete(idOf(entry));
        this.#loose.unshift(...lost.map(({ n, ...entry }) => entry));
        await this.#write();
        return this.in(state);
      }
      for (const entry of rows) this.#known.set(idOf(entry), entry);
    } else {
      // Storage cannot be read now: what this page knows of still stands.
      return this.#unique([...this.#known.values(), ...this.#loose], state);
    }
    return this.#unique([...rows, ...this.#loose], state);
  }

  /** What other accounts left waiting in this browser. */
  async elsewhere() {
    const all = await this.#run("readonly", entries => entries.getAll()).catch(() => []);
    return all.filter(entry => entry.account !== this.account && entry.state === "waiting");
  }

  /** Change what an entry says, or take it out (null), wherever it is held. Resolves to false where it was settled already. */
  async settle(entry, change) {
    await this.#writing;
    const loose = this.#loose.findIndex(one => idOf(one) === idOf(entry));
    if (loose >= 0) {
      if (change) Object.assign(this.#loose[loose], change);
      else this.#loose.splice(loose, 1);
      return true;
    }
    const n = entry.n ?? this.#known.get(idOf(entry))?.n;
    const changed = change && { ...entry, n, ...change };
    if (changed) this.#known.set(idOf(entry), changed);
    else this.#known.delete(idOf(entry));
    try {
      return await this.#run("readwrite", (entries, done) => {
        entries.get(n).onsuccess = ({ target: { result } }) => {
          done(Boolean(result));
          if (result && changed) entries.put(changed);
          else if (result) entries.delete(n);
        };
      });
    } catch {
      return true;
    }
  }

  /** Another page settled this one. */
  forget(id, change) {
    const entry = this.#known.get(id);
    if (entry && change) this.#known.set(id, { ...entry, ...change });
    else this.#known.delete(id);
    return entry;
  }

  #unique(entries, state) {
    const seen = new Set();
    return entries.filter(entry => entry.state === state && !seen.has(idOf(entry)) && seen.add(idOf(entry)));
  }

  #write() {
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  /** In order, so that nothing made later is kept, and sent, before something made earlier. */
  async #writeAll() {
    while (this.#loose.length) {
      try {
        await this.#open();
        const [entry] = this.#loose;
        const { failed, ...plain } = entry;
        const n = await this.#run("readwrite", (entries, done) => {
          entries.add(plain).onsuccess = ({ target }) => done(target.result);
        });
        this.#loose.shift();
        this.#known.set(idOf(entry), { ...plain, state: entry.state, n });
      } catch {
        for (const one of this.#loose) one.failed = true;
        return;
      }
    }
  }

  async #rows() { return this.#run("readonly", entries => entries.index("account").getAll(this.account)); }

  async #open() {
    if (this.#database) return this.#database;
    const { database, isNew } = await opened();
    database.onclose = database.onversionchange = () => {
      database.close();
      if (this.#database === database) this.#database = null;
    };
    this.#database = database;
    if (isNew && this.#known.size) {
      // Everything was cleared under this page: what it knows of was made before anything that is still loose.
      this.#loose.unshift(...[...this.#known.values()].map(({ n, ...entry }) => entry));
      this.#known.clear();
    }
    return database;
  }

  /** One transaction. Resolves when it is complete: on the disk, as far as the browser can tell. */
  async #run(mode, work) {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      let result;
      let transaction;
      try {
        transaction = database.transaction(STORE, mode, { durability: "strict" });
      } catch (error) {
        this.#database = null;
        reject(error);
        return;
      }
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      const request = work(transaction.objectStore(STORE), value => { result = value; });
      if (request) request.onsuccess = () => { result = request.result; };
    });
  }
}

/** The database, or a rejection where there is none: some private windows, or one that does not answer in time. */
function opened() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no answer")), PATIENCE);
    const opening = indexedDB.open(DATABASE, 1);
    let isNew = false;
    opening.onupgradeneeded = () => {
      isNew = true;
      opening.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true }).createIndex("account", "account");
    };
    opening.onsuccess = () => resolve({ database: opening.result, isNew });
    opening.onerror = () => reject(opening.error);
  });
}
