/** The desk, one title at a time: a decision paints the next in the same frame and is sent behind one's back.
 *
 *   <form class="desk-form" data-desk data-account data-stage data-queue data-decisions data-here
 *         data-left data-done data-report='{…}' data-liked='{…}' data-words='{…}'> … </form>            (decisions/desk.html)
 *
 * Without this module the same form posts one decision at a time. What is held: desk_holding.js; what is sent:
 * desk_sending.js and outbox.js; what is painted: paper.js; keys: desk_keys.js; the list of cards: desk_list.js.
 */
import { announce } from "./announce.js";
import { Holding } from "./desk_holding.js";
import { bindKeys } from "./desk_keys.js";
import { Labels } from "./desk_labels.js";
import { keepSeats } from "./desk_seats.js";
import { Sending } from "./desk_sending.js";
import { Liked, showCounts } from "./desk_view.js";
import { countMarks } from "./marks.js";
import { newId } from "./outbox.js";
import { Paper } from "./paper.js";
import { worded } from "./words.js";

const RETRY = 3000;

class Desk {
  past = [];
  /** Reports behind a content note that were opened all the same: not asked again on this page. */
  opened = new Set();
  /** Report id -> what is counted as decided there without being known as saved, and what it replaces: a refusal takes it back. */
  counted = new Map();

  constructor(form) {
    this.form = form;
    this.data = form.dataset;
    this.paper = new Paper(form);
    this.changing = !form.querySelector("[data-standing]").hidden;
    this.left = Number(this.data.left);
    this.done = Number(this.data.done);
    this.answers = { include: 0, maybe: 0, exclude: 0, ...JSON.parse(this.data.answers) };
    /** What was said before on the title at hand, where it is a decision that is changed. */
    this.said = form.querySelector("button[name=answer][aria-pressed=true]")?.value ?? null;
    this.liked = new Liked(this.data);
    this.sending = new Sending(this.data, {
      saved: (entry, answer, isOurs) => this.saved(entry, answer, isOurs), refused: entry => this.refused(entry), extra: () => this.holding.more,
    });
    const first = this.data.report ? JSON.parse(this.data.report) : null;
    this.holding = new Holding(this.data, first, { unsent: this.sending.unsent, order: this.liked.set.order, filters: this.liked.set.filters });
    this.labels = new Labels(form, this.data, this.liked.set.labels, { sending: this.sending, current: () => this.holding.current });
    this.labels.sheet = () => form;
  }

  async start() {
    const { holding, sending } = this;
    this.listen();
    await sending.open();
    this.left = Math.max(0, this.left - sending.decided);
    this.done += sending.decided;
    for (const [id, { answer }] of sending.unsent) {
      if (!answer) continue;
      this.answers[answer] += 1;
      this.counted.set(id, { answer, isNew: true });
    }
    this.counts();
    if (holding.current && sending.unsent.has(holding.current.id)) holding.current = null;
    if (new URLSearchParams(location.search).get("shown") && holding.current) this.opened.add(holding.current.id);
    if (new URLSearchParams(location.search).size) history.replaceState(null, "", this.data.here);
    if (holding.current) this.again();
    keepSeats(this.data, { held: () => holding.ids.filter(id => !sending.unsent.has(id)), lost: ids => ids.forEach(id => holding.drop(id)) });
    const began = this.form.hidden;
    await this.fill();
    if (!holding.current && (!began || holding.ahead.length)) this.advance();
    this.data.ready = "";
  }

  /** The title the page came with. What was said on it and not saved is marked and noted again, to be looked over and given. */
  again() {
    const { current } = this.holding;
    const draft = this.sending.draftOf(current);
    if (draft) current.draft = draft;
    if (draft && this.isReading) this.paper.fill(draft);
    this.arrived();
    if (draft) this.paper.say(worded("said_before", { answer: worded(draft.answer) }));
  }

  listen() {
    this.form.addEventListener("submit", event => {
      event.preventDefault();
      if (event.submitter?.name === "answer") this.decide(event.submitter.value);
      if (event.submitter?.name === "undo") this.undo();
    });
    this.form.addEventListener("click", event => {
      if (event.target.closest("button[data-undo][type=button]")) this.undo();
      if (event.target.closest("[data-skip]")) { event.preventDefault(); this.skip(); }
      if (event.target.closest("[data-care-show]")) { event.preventDefault(); this.show(); }
    });
    const { note } = this.paper;
    note.addEventListener("input", () => this.paper.noteChanged());
    note.addEventListener("keydown", event => { if (event.key === "Escape") this.closeNote(); });
    this.form.querySelector("[data-note]").addEventListener("toggle", event => { if (event.target.open) note.focus(); });
    const on = {
      decide: answer => this.decide(answer), undo: () => this.undo(), skip: () => this.skip(), note: () => this.openNote(),
      label: () => { if (this.isReading) this.labels.open(); }, mark: box => this.mark(box), move: step => this.move(step), show: () => this.show(),
    };
    const arrows = [["ArrowRight", worded("key_next"), 1], ["ArrowLeft", worded("key_previous"), -1]];
    bindKeys(on, this.paper.boxes, { ...this.liked.keys(), arrows });
  }

  counts() { this.paper.counts(this.left, this.done); }

  /** A title is on the sheet to be decided on: not behind its note, and not the end. */
  get isReading() { return Boolean(this.holding.current) && !this.form.hidden && !this.isBehindNote(this.holding.current); }

  isBehindNote(report) { return Boolean(report.care?.length) && !this.opened.has(report.id); }

  mark(box) {
    if (!this.isReading) return;
    box.checked = !box.checked;
    announce(worded(box.checked ? "marked" : "not_marked", { criterion: box.dataset.label }));
  }

  /** The box has the focus before the next key comes: "toggle" fires later, and an early letter would decide. */
  openNote() {
    if (!this.isReading) return;
    this.form.querySelector("[data-note]").open = true;
    this.paper.note.focus();
  }

  closeNote() {
    this.form.querySelector("[data-note]").open = false;
    this.form.querySelector("[data-note] summary").focus();
  }

  decide(answer) {
    const report = this.holding.current;
    if (!report || this.form.hidden) return;
    if (!this.isReading) { this.paper.say(worded("show_first")); return; }
    const failed = this.paper.marks;
    if (answer === "include" && failed.length) { this.paper.say(worded("no_failed")); return; }
    const note = this.paper.note.value;
    this.past.push({ report, answer, failed, note, changing: this.changing });
    if (!this.changing) { this.left = Math.max(0, this.left - 1); this.done += 1; }
    else if (this.said) this.answers[this.said] -= 1;
    this.answers[answer] += 1;
    this.counted.set(report.id, { answer, isNew: !this.changing, instead: this.changing ? this.said : null });
    this.sending.decide(report, { answer, failed, note });
    this.advance(worded(`said_${answer}`));
  }

  /** Take the last decision back: a fact of its own. Its title returns to the sheet, with its marks and note. */
  undo() {
    const last = this.past.pop();
    if (!last) { this.undoEarlier(); return; }
    this.holding.back(last.report);
    this.changing = false;
    this.left += 1;
    this.done = Math.max(0, this.done - 1);
    this.answers[last.answer] -= 1;
    this.counted.delete(last.report.id);
    this.sending.decide(last.report, { answer: null, failed: [], note: "" });
    this.paint(last);
    announce(worded("taken_back", { title: last.report.title }));
  }

  /** The last decision of an earlier sitting: its report is not here, so the server does it and shows it. */
  async undoEarlier() {
    const button = this.form.querySelector("button[name=undo]");
    if (!button || await this.sending.hasWaiting()) return;
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
    if (!this.holding.current || this.form.hidden) return;
    this.keepDraft();
    if (!this.holding.skip()) { this.paper.say(worded("only_one")); return; }
    this.advance(worded("skipped"));
  }

  /** What was marked and noted on a title that is left undecided comes back with it. */
  keepDraft() {
    const { current } = this.holding;
    if (current) current.draft = { failed: this.paper.marks, note: this.paper.note.value };
  }

  /** On to the next, or back, without deciding. */
  move(step) {
    if (this.form.hidden) return;
    this.keepDraft();
    const moved = step > 0 ? this.holding.next() : this.holding.previous();
    if (!moved) { announce(worded(step > 0 ? "none_further" : "none_before")); return; }
    this.changing = false;
    this.paint();
    this.arrived();
    if (this.holding.isLow && !this.sending.unsent.size) this.fill();
  }

  show() {
    const report = this.holding.current;
    if (!report || !this.isBehindNote(report)) return;
    this.opened.add(report.id);
    this.paint();
    this.form.querySelector("[data-title]").focus();
    announce(report.title);
  }

  /** What is at hand, painted now. */
  paint(was = this.holding.current.draft) {
    const report = this.holding.current;
    this.paper.up();
    this.paper.last(this.past.at(-1));
    this.counts();
    this.paper.back();
    if (this.isBehindNote(report)) this.paper.care(report, was);
    else this.paper.show(report, was);
    this.labels.paint(this.isBehindNote(report) ? null : report);
  }

  /** Said to whoever cannot see that another title is here. */
  arrived(said = "") {
    const report = this.holding.current;
    const words = this.isBehindNote(report) ? worded("before_you_read", { words: report.care.join(" ") }) : said ? worded("next", { title: report.title }) : "";
    if (words || said) announce(`${said} ${words || report.title}`.trim());
    if (!this.isBehindNote(report)) showCounts(countMarks(report));
    this.labels.paint(this.isBehindNote(report) ? null : report);
  }

  /** The next title, painted now; what is skipped comes when nothing else does. */
  advance(said = "") {
    const next = this.holding.advance();
    this.changing = false;
    if (next) {
      this.paint();
      this.arrived(said || worded("arrived"));
      if (this.holding.isLow && !this.sending.unsent.size) this.fill();
      return;
    }
    this.paper.last(this.past.at(-1));
    this.counts();
    if (this.holding.exhausted) {
      this.paper.end(this.done, this.left, this.answers);
      announce(`${said} ${worded("end")}`.trim());
    } else {
      this.paper.fetching();
      this.fill().then(fetched => { if (fetched && !this.holding.current) this.advance(said); });
    }
  }

  saved(entry, answer, isOurs) {
    if (answer.decision && answer.decision.report !== entry.body.report) this.holding.drop(answer.decision.report);
    if (isOurs) {
      if (this.holding.take(answer.next)) this.holding.exhausted = false;
      if (answer.left !== null) {
        this.holding.exhausted = true;
        this.left = Math.max(0, answer.left - this.sending.decided);
        this.counts();
      }
    }
    if (!this.holding.current && this.holding.ahead.length) this.advance();
    // Another tab sent it, and asked for nothing on behalf of this one.
    else if (isOurs && this.holding.isLow && !this.sending.unsent.size) this.fill();
  }

  /** What was not saved is no decision: neither to be undone nor counted. */
  refused({ body }) {
    this.past = this.past.filter(one => one.report.id !== body.report);
    const counted = this.counted.get(body.report);
    if (!counted || this.sending.unsent.has(body.report)) return;
    this.counted.delete(body.report);
    this.answers[counted.answer] -= 1;
    if (counted.instead) this.answers[counted.instead] += 1;
    if (counted.isNew) { this.left += 1; this.done = Math.max(0, this.done - 1); }
    this.counts();
    if (this.form.hidden) this.paper.endWords(this.done, 0, this.answers);
  }

  /** Ask for as many titles as there is room for. Resolves to whether the server answered. */
  async fill() {
    try {
      const left = await this.holding.fill();
      if (left !== null) this.left = Math.max(0, left - this.sending.decided);
      this.counts();
      return true;
    } catch {
      setTimeout(() => this.fill().then(fetched => { if (fetched && !this.holding.current) this.advance(); }), RETRY);
      if (!this.holding.current) this.paper.say(worded("not_fetched"));
      return false;
    }
  }
}

const form = document.querySelector("[data-desk]");
if (form) new Desk(form).start();
