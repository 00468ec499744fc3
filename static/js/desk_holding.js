/** The titles the desk holds: the one at hand, those ahead, those gone past, those put off to the end. No page in here.
 *
 *   const holding = new Holding(form.dataset, first, { unsent, order, filters });
 *   holding.next();  holding.previous();  holding.skip();  await holding.fill();
 *
 * It asks for as many new titles as it has used, so that the next one is here before it is wanted.
 */
import { csrfToken } from "./outbox.js";

export const AHEAD = 20;
const LOW = 8;
const MOST_WITHOUT = 1500;

export class Holding {
  ahead = [];
  /** Gone past with the arrows, undecided, the latest last. */
  passed = [];
  skipped = [];
  /** The server has nothing more to offer than what is held here. */
  exhausted = false;
  #fetching = null;

  constructor(data, first, { unsent, order, filters }) {
    this.data = data;
    this.current = first;
    this.unsent = unsent;
    this.asking = { ...(order ? { order } : {}), ...(filters ? { filters } : {}) };
  }

  /** The next title: held ones first, then what was gone past, then what was skipped. Null where none is held. */
  advance() {
    this.current = this.ahead.shift() ?? (this.exhausted ? this.passed.shift() ?? this.skipped.shift() : undefined) ?? null;
    return this.current;
  }

  /** On to the next without deciding. False where no other is held. */
  next() {
    if (!this.current || !this.ahead.length) return false;
    this.passed.push(this.current);
    this.current = this.ahead.shift();
    return true;
  }

  /** Back to the one gone past last. */
  previous() {
    if (!this.passed.length) return false;
    if (this.current) this.ahead.unshift(this.current);
    this.current = this.passed.pop();
    return true;
  }

  /** Put the title at hand off to the end. False where it is the only one. */
  skip() {
    if (!this.current || (this.exhausted && !this.ahead.length && !this.passed.length && !this.skipped.length)) return false;
    this.skipped.push(this.current);
    return true;
  }

  /** A title comes back to hand, before the one that was. */
  back(report) {
    if (this.current) this.ahead.unshift(this.current);
    this.current = report;
  }

  /** A title that is decided on by now (under the one it was joined to), or with others: it does not come again. What is at hand stays. */
  drop(id) {
    for (const held of [this.ahead, this.passed, this.skipped]) {
      const n = held.findIndex(report => report.id === id);
      if (n >= 0) held.splice(n, 1);
    }
  }

  get isLow() { return this.ahead.length < LOW && !this.exhausted; }

  get ids() {
    const held = [this.current, ...this.ahead, ...this.passed, ...this.skipped].filter(Boolean).map(report => report.id);
    return [...new Set([...held, ...this.unsent.keys()])].slice(0, MOST_WITHOUT);
  }

  /** What a decision asks for besides: as many new titles as were used. */
  get more() { return { next: Math.max(0, AHEAD - this.ahead.length), without: this.ids, ...this.asking }; }

  take(reports) {
    const known = new Set(this.ids);
    const fresh = reports.filter(report => !known.has(report.id));
    this.ahead.push(...fresh);
    return fresh.length;
  }

  /** Ask for as many as there is room for. Resolves to how many are left in all; rejects where the server did not answer. */
  fill() {
    this.#fetching ??= this.#fetch().finally(() => { this.#fetching = null; });
    return this.#fetching;
  }

  async #fetch() {
    const wanted = AHEAD - this.ahead.length;
    if (wanted < 1) return null;
    // Posted: somebody who skips a hundred titles holds more than an address can carry.
    const response = await fetch(this.data.queue, {
      method: "POST", signal: AbortSignal.timeout(20_000), credentials: "same-origin", redirect: "error",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "X-Brolly-Account": this.data.account },
      body: JSON.stringify({ n: wanted, without: this.ids, ...this.asking }),
    });
    if (!response.ok) throw new Error(response.statusText);
    const { results, left } = await response.json();
    this.exhausted = this.take(results) < wanted;
    return left;
  }
}
