/** The desk: a decision paints the next title in the same frame and is sent behind one's back.
 *
 *   <form class="desk-form" data-desk data-account data-stage data-queue data-decisions data-here
 *         data-left data-done data-report='{…}' data-last='{…}'> … </form>            (decisions/desk.html)
 *
 * Without this module the same form posts one decision at a time. With it, the desk holds the next reports,
 * keeps what is decided in the outbox until the server has it, and asks for as many new ones as it has used.
 */
import { announce } from "./announce.js";
import { newId, Outbox } from "./outbox.js";
import { Paper, showRefused, showSent, WORD } from "./paper.js";
import { register } from "./shortcuts.js";

const AHEAD = 20;
const LOW = 8;
const RETRY = 3000;
const MOST_WITHOUT = 1500;

class Desk {
  ahead = [];
  skipped = [];
  past = [];
  /** Report id -> how many of its decisions are still to be sent, and whether the last is an answer: never offered again. */
  unsent = new Map();
  /** The server has nothing more to offer than what is held here. */
  exhausted = false;
  fetching = null;

  constructor(form) {
    this.form = form;
    this.data = form.dataset;
    this.paper = new Paper(form);
    this.current = this.data.report ? JSON.parse(this.data.report) : null;
    this.changing = !this.form.querySelector("[data-standing]").hidden;
    this.left = Number(this.data.left);
    this.done = Number(this.data.done);
    this.outbox = new Outbox(this.data.account, {
      changed: now => this.sentChanged(now), saved: (entry, answer) => this.saved(entry, answer),
      refused: entry => this.wasRefused(entry), extra: entry => this.asksFor(entry),
    });
  }

  async start() {
    this.listen();
    await this.outbox.open();
    for (const entry of await this.outbox.entries("waiting")) if (this.ours(entry)) this.note(entry);
    this.left = Math.max(0, this.left - this.decidedUnsent);
    this.done += this.decidedUnsent;
    this.paper.counts(this.left, this.done);
    if (this.current && this.unsent.has(this.current.id)) this.current = null;
    if (new URLSearchParams(location.search).size) history.replaceState(null, "", this.data.here);
    const began = this.form.hidden;
    await this.fill();
    if (!this.current && (!began || this.ahead.length)) this.advance();
    this.data.ready = "";
  }

  ours(entry) { return entry.url === this.data.decisions && entry.body.stage === this.data.stage; }

  note(entry) {
    const n = (this.unsent.get(entry.body.report)?.n ?? 0) + 1;
    this.unsent.set(entry.body.report, { n, decided: entry.body.answer !== null });
  }

  forget(entry) {
    const there = this.unsent.get(entry.body.report);
    if (there && there.n > 1) there.n -= 1;
    else this.unsent.delete(entry.body.report);
  }

  get decidedUnsent() { return [...this.unsent.values()].filter(one => one.decided).length; }

  listen() {
    this.form.addEventListener("submit", event => {
      event.preventDefault();
      if (event.submitter?.name === "answer") this.decide(event.submitter.value);
      if (event.submitter?.name === "undo") this.undo();
    });
    this.form.addEventListener("click", event => {
      if (event.target.closest("button[data-undo][type=button]")) this.undo();
      if (event.target.closest("[data-skip]")) { event.preventDefault(); this.skip(); }
    });
    this.paper.note.addEventListener("input", () => this.paper.noteChanged());
    this.paper.note.addEventListener("keydown", event => { if (event.key === "Escape") this.closeNote(); });
    this.form.querySelector("[data-note]").addEventListener("toggle", event => { if (event.target.open) this.paper.note.focus(); });
    for (const [keys, answer, label] of [["iy", "include", "Include"], ["en", "exclude", "Exclude"], ["m", "maybe", "Maybe"]]) {
      for (const key of keys) register(key, label, () => this.decide(answer));
    }
    register("u", "Undo the last decision", () => this.undo());
    register("c", "Write a note (Escape closes it)", () => this.openNote());
    register("k", "Skip: it comes back at the end", () => this.skip());
    this.paper.boxes.slice(0, 9).forEach((box, n) => register(String(n + 1), `Not met: ${box.dataset.label}`, () => this.mark(box)));
  }

  mark(box) {
    if (this.form.hidden) return;
    box.checked = !box.checked;
    announce(`${box.dataset.label}: ${box.checked ? "marked as not met" : "not marked"}`);
  }

  /** The box has the focus before the next key comes: "toggle" fires later, and an early letter would decide. */
  openNote() {
    this.form.querySelector("[data-note]").open = true;
    this.paper.note.focus();
  }

  closeNote() {
    this.form.querySelector("[data-note]").open = false;
    this.form.querySelector("[data-note] summary").focus();
  }

  decide(answer) {
    const report = this.current;
    if (!report || this.form.hidden) return;
    const failed = this.paper.marks;
    if (answer === "include" && failed.length) {
      const sentence = "A title that is included cannot have a criterion marked as not met. Take the mark away, or choose another answer.";
      this.paper.say(sentence);
      return;
    }
    const note = this.paper.note.value;
    this.past.push({ report, answer, failed, note, changing: this.changing });
    if (!this.changing) { this.left = Math.max(0, this.left - 1); this.done += 1; }
    this.send(report, { answer, failed, note });
    this.advance(`${WORD[answer]}.`);
  }

  /** Take the last decision back: a fact of its own. Its title returns to the sheet, with its marks and note. */
  undo() {
    const last = this.past.pop();
    if (!last) { this.undoEarlier(); return; }
    if (this.current) this.ahead.unshift(this.current);
    this.current = last.report;
    this.changing = false;
    this.left += 1;
    this.done = Math.max(0, this.done - 1);
    this.send(last.report, { answer: null, failed: [], note: "" });
    this.paper.back();
    this.paper.show(last.report, last);
    this.paper.last(this.past.at(-1));
    this.paper.counts(this.left, this.done);
    announce(`Taken back: ${last.report.title}`);
  }

  /** The last decision of an earlier sitting: its report is not here, so the server does it and shows it. */
  async undoEarlier() {
    const button = this.form.querySelector("button[name=undo]");
    if (!button || (await this.outbox.entries("waiting")).length) return;
    const form = document.createElement("form");
    form.method = "post";
    form.action = button.formAction;
    for (const [name, value] of [["undo", button.value], ["id", newId()], ["csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value]]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }

  skip() {
    if (!this.current || this.form.hidden) return;
    if (!this.ahead.length && !this.skipped.length && this.exhausted) {
      this.paper.say("This is the only title left for now.");
      return;
    }
    this.skipped.push(this.current);
    this.advance("Skipped. It comes back at the end.");
  }

  send(report, { answer, failed, note }) {
    const body = { id: newId(), report: report.id, stage: this.data.stage, answer, note, failed, client_time: new Date().toISOString() };
    this.note({ body });
    this.outbox.add({ url: this.data.decisions, here: this.data.here, title: report.title, body }).catch(() => {
      this.wasRefused({ title: report.title, here: this.data.here, body, why: "This browser could not keep the decision. Decide again." });
    });
  }

  /** The next title, painted now; what is skipped comes when nothing else does. */
  advance(said = "") {
    const next = this.ahead.shift() ?? (this.exhausted ? this.skipped.shift() : undefined);
    this.current = next ?? null;
    this.changing = false;
    this.paper.last(this.past.at(-1));
    this.paper.counts(this.left, this.done);
    if (next) {
      this.paper.back();
      this.paper.show(next);
      announce(`${said} Next: ${next.title}`.trim());
      if (this.ahead.length < LOW && !this.exhausted && !this.unsent.size) this.fill();
    } else if (this.exhausted) {
      this.paper.end(this.done, this.left);
      announce(`${said} That was the last one. Thank you.`.trim());
    } else {
      this.paper.fetching();
      this.fill().then(fetched => { if (fetched && !this.current) this.advance(said); });
    }
  }

  get held() {
    const ids = [this.current, ...this.ahead, ...this.skipped].filter(Boolean).map(report => report.id);
    return [...new Set([...ids, ...this.unsent.keys()])].slice(0, MOST_WITHOUT);
  }

  /** What a decision asks for besides: as many new reports as the desk has used. */
  asksFor(entry) {
    if (!this.ours(entry)) return {};
    return { next: Math.max(0, AHEAD - this.ahead.length), without: this.held };
  }

  take(reports) {
    const known = new Set(this.held);
    const fresh = reports.filter(report => !known.has(report.id));
    this.ahead.push(...fresh);
    return fresh.length;
  }

  saved(entry, answer) {
    if (!this.ours(entry)) return;
    this.forget(entry);
    if (entry.tab === this.outbox.tab) {
      if (this.take(answer.next)) this.exhausted = false;
      if (answer.left !== null) {
        this.exhausted = true;
        this.left = Math.max(0, answer.left - this.decidedUnsent);
        this.paper.counts(this.left, this.done);
      }
    }
    if (!this.current && this.ahead.length) this.advance();
  }

  /** Ask for as many reports as there is room for. Resolves to whether the server answered. */
  fill() {
    this.fetching ??= this.fetchNext().finally(() => { this.fetching = null; });
    return this.fetching;
  }

  async fetchNext() {
    const wanted = AHEAD - this.ahead.length;
    if (wanted < 1) return true;
    const query = new URLSearchParams({ n: String(wanted), without: this.held.join(",") });
    try {
      const response = await fetch(`${this.data.queue}?${query}`, {
        headers: { Accept: "application/json", "X-Brolly-Account": this.data.account }, signal: AbortSignal.timeout(20_000), credentials: "same-origin",
      });
      if (!response.ok) throw new Error(response.statusText);
      const { results, left } = await response.json();
      this.exhausted = this.take(results) < wanted;
      this.left = Math.max(0, left - this.decidedUnsent);
      this.paper.counts(this.left, this.done);
      return true;
    } catch {
      setTimeout(() => this.fill().then(fetched => { if (fetched && !this.current) this.advance(); }), RETRY);
      if (!this.current) this.paper.say("The next titles could not be fetched. Trying again every few seconds; what you decided is kept.");
      return false;
    }
  }

  sentChanged({ waiting, trouble }) {
    const state = showSent(waiting.length, trouble);
    if (state !== this.state && (state === "offline" || this.state === "offline")) {
      announce(state === "offline" ? "Not connected. What you decide is kept in this browser." : "Connected again.");
    }
    this.state = state;
  }

  wasRefused(entry) {
    if (this.ours(entry)) {
      this.forget(entry);
      this.past = this.past.filter(one => one.report.id !== entry.body.report);
    }
    showRefused(entry, () => entry.n && this.outbox.dismiss(entry.n));
  }
}

const form = document.querySelector("[data-desk]");
if (form) new Desk(form).start();
