/** What the desk sends, in both views: decisions through the outbox, and the sign that says where they are.
 *
 *   const sending = new Sending(form.dataset, { saved, refused, extra });
 *   await sending.open();
 *   sending.decide(report, { answer: "include", failed: [], note: "" });
 *
 * `unsent` holds the reports whose decisions the server does not have yet: none of them is offered again.
 */
import { announce } from "./announce.js";
import { newId, Outbox } from "./outbox.js";
import { showOutbox } from "./outbox_notice.js";
import { openFor, showRefused, showSent } from "./paper.js";
import { worded } from "./words.js";

/** What this device's clock says. Nothing is ordered by it; one that is beyond what can be written says nothing. */
function moment() {
  const now = new Date().toISOString();
  return /^\d{4}-/.test(now) ? now : null;
}

export class Sending {
  /** Report id -> how many of its decisions are still to be sent, and what the last of them says. */
  unsent = new Map();
  /** Report id -> the decisions on it that the server refused, the latest last, until they are given again or put aside. */
  notSaved = new Map();

  constructor(data, { saved, refused, extra = () => ({}) }) {
    this.data = data;
    this.outbox = new Outbox(data.account, {
      changed: now => this.#changed(now),
      saved: (entry, answer) => {
        if (!this.ours(entry)) return;
        this.#forget(entry);
        saved(entry, answer, entry.tab === this.outbox.tab);
      },
      refused: entry => {
        if (this.ours(entry)) {
          this.#forget(entry);
          refused(entry);
        }
        this.#setAside(entry);
      },
      extra: entry => (this.ours(entry) ? extra(entry) : {}),
    });
  }

  /** Take up what an earlier page left waiting. Resolves when it is known. */
  async open() {
    await this.outbox.open();
    for (const entry of await this.outbox.entries("waiting")) if (this.ours(entry)) this.#note(entry);
  }

  ours(entry) { return entry.url === this.data.decisions && entry.body.stage === this.data.stage; }

  get decided() { return [...this.unsent.values()].filter(one => one.answer !== null).length; }

  async hasWaiting() { return (await this.outbox.entries("waiting")).length > 0; }

  /** What was marked and noted on a report in a decision that was not saved: not to be marked and typed again. */
  draftOf(report) {
    const entry = report && this.notSaved.get(report.id)?.findLast(one => one.entry.body.answer !== null)?.entry;
    return entry && { answer: entry.body.answer, failed: entry.body.failed, note: entry.body.note };
  }

  #setAside(entry) {
    if (!this.ours(entry)) { showRefused(entry, () => this.outbox.dismiss(entry)); return; }
    const id = openFor(entry);
    const those = this.notSaved.get(id) ?? [];
    const one = { entry };
    one.gone = showRefused(entry, () => {
      those.splice(those.indexOf(one), 1);
      return this.outbox.dismiss(entry);
    });
    those.push(one);
    this.notSaved.set(id, those);
  }

  decide(report, { answer, failed, note }) {
    for (const { gone } of [...this.notSaved.get(report.id) ?? []]) gone();
    const body = { id: newId(), report: report.id, stage: this.data.stage, answer, note, failed, client_time: moment() };
    this.#note({ body });
    this.outbox.add({ url: this.data.decisions, here: this.data.here, title: report.title, body });
  }

  /** Anything else that may wait for a connection, such as a label. */
  send(url, report, body) {
    return this.outbox.add({ url, here: this.data.here, title: report.title, body: { ...body, report: report.id } });
  }

  #note(entry) {
    const n = (this.unsent.get(entry.body.report)?.n ?? 0) + 1;
    this.unsent.set(entry.body.report, { n, answer: entry.body.answer });
  }

  #forget(entry) {
    const there = this.unsent.get(entry.body.report);
    if (there && there.n > 1) there.n -= 1;
    else this.unsent.delete(entry.body.report);
  }

  #changed({ waiting, unkept, keeping, trouble }) {
    const state = showSent(waiting.length, trouble, unkept, keeping);
    showOutbox({ waiting, unkept, trouble: trouble === "offline" ? "" : trouble });
    if (state !== this.state && (state === "offline" || this.state === "offline")) {
      announce(worded(state === "offline" ? "disconnected" : "connected"));
    }
    this.state = state;
    this.changed?.(waiting);
  }
}
