/** The desk as a list of cards: each is decided where it stands, by its buttons or by the keys on the card at hand.
 *
 *   <div data-desk-list …> <li class="card" data-card data-report='{…}'> … <button name="answer" value="include"> … </li>
 *   <aside> the criteria, for the card at hand </aside> <div data-dock> note, labels, skip </div> </div>   (decisions/desk_list.html)
 *
 * Without this module each card is a form of its own. Nothing moves when a card is decided: it says so, and stays.
 */
import { announce } from "./announce.js";
import { bindKeys } from "./desk_keys.js";
import { Labels } from "./desk_labels.js";
import { keepSeats } from "./desk_seats.js";
import { Sending } from "./desk_sending.js";
import { Liked, showCounts } from "./desk_view.js";
import { countMarks } from "./marks.js";
import { showProgress } from "./paper.js";
import { counted, worded } from "./words.js";

/** One card: its report, what was decided on it on this page, what is marked and noted. */
class Card {
  answer = null;
  failed = [];
  note = "";
  state = "";

  constructor(element) {
    this.element = element;
    this.report = JSON.parse(element.dataset.report);
    this.find = name => element.querySelector(`[data-${name}]`);
    this.picks = [...element.querySelectorAll("button[name=answer]")];
  }

  get isBehindNote() { return Boolean(this.find("care")) && this.find("sheet").hidden; }

  show() {
    this.find("care").hidden = true;
    this.find("sheet").hidden = false;
  }

  say(sentence) {
    const place = this.find("say");
    place.hidden = !sentence;
    place.querySelector("span").textContent = sentence;
  }

  paint(labels) {
    this.element.classList.toggle("is-decided", this.answer !== null);
    for (const pick of this.picks) pick.setAttribute("aria-pressed", String(pick.value === this.answer));
    const marks = [this.failed.length ? worded("not_met", { criteria: this.failed.map(id => labels.get(id)).join("; ") }) : "", this.note.trim() ? worded("note_written") : ""];
    this.find("marks").textContent = marks.filter(Boolean).join(". ");
    const where = this.state ? worded(`state_${this.state}`) : "";
    this.find("state").textContent = this.answer === null ? where : [worded(this.answer), where].filter(Boolean).join(", ");
  }
}

class DeskList {
  past = [];

  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.left = Number(this.data.left);
    this.done = Number(this.data.done);
    this.cards = [...root.querySelectorAll("[data-card]")].map(element => new Card(element));
    this.boxes = [...root.querySelectorAll('input[name="failed"]')];
    this.names = new Map(this.boxes.map(box => [box.value, box.dataset.label]));
    this.note = root.querySelector("[name=note]");
    this.liked = new Liked(this.data);
    this.sending = new Sending(this.data, { saved: entry => this.saved(entry), refused: entry => this.refused(entry) });
    this.labels = new Labels(root, this.data, this.liked.set.labels, { sending: this.sending, current: () => this.at?.report });
    this.labels.sheet = report => this.cards.find(card => card.report.id === report?.id)?.element;
  }

  async start() {
    for (const card of this.cards) this.labels.paint(card.report, card.element);
    this.listen();
    await this.sending.open();
    for (const card of this.cards) {
      const waiting = this.sending.unsent.get(card.report.id);
      if (!waiting || waiting.answer === null) continue;
      Object.assign(card, { answer: waiting.answer, state: "waiting" });
      card.paint(this.names);
    }
    this.left = Math.max(0, this.left - this.sending.decided);
    this.done += this.sending.decided;
    this.count();
    this.go(this.cards.find(card => card.answer === null) ?? this.cards[0], { quietly: true });
    keepSeats(this.data, { held: () => this.open.map(card => card.report.id), lost: ids => this.lost(ids) });
    this.data.ready = "";
  }

  listen() {
    this.root.addEventListener("submit", event => {
      const card = this.cardOf(event.target);
      if (!card) return;
      event.preventDefault();
      this.go(card, { quietly: true });
      this.decide(event.submitter.value, { byHand: true });
    });
    this.root.addEventListener("click", event => {
      const card = this.cardOf(event.target);
      if (event.target.closest("[data-skip]")) { event.preventDefault(); this.skip(); }
      else if (event.target.closest("[data-care-show]")) { this.go(card, { quietly: true }); this.show(); }
      else if (card && card !== this.at) this.go(card, { quietly: true });
    });
    this.root.addEventListener("focusin", event => {
      const card = this.cardOf(event.target);
      if (card && card !== this.at) this.go(card, { quietly: true });
    });
    this.root.addEventListener("change", event => { if (this.boxes.includes(event.target)) this.marked(); });
    this.note.addEventListener("input", () => { if (this.at) { this.at.note = this.note.value; this.at.paint(this.names); } });
    this.note.addEventListener("keydown", event => { if (event.key === "Escape") this.closeNote(); });
    const on = {
      decide: answer => this.decide(answer), undo: () => this.undo(), skip: () => this.skip(), note: () => this.openNote(),
      label: () => { if (this.at && !this.at.isBehindNote) this.labels.open(); },
      mark: box => { box.checked = !box.checked; this.marked(); announce(worded(box.checked ? "marked" : "not_marked", { criterion: box.dataset.label })); },
      move: step => this.move(step), show: () => this.show(),
    };
    const arrows = [["ArrowDown", worded("key_next"), 1], ["ArrowUp", worded("key_previous"), -1]];
    bindKeys(on, this.boxes, { ...this.liked.keys(), arrows });
  }

  get open() { return this.cards.filter(card => card.answer === null); }

  /** Others have these by now. They can be decided on all the same, and it is kept. */
  lost(ids) {
    for (const card of this.open) {
      if (ids.includes(card.report.id)) card.state = "elsewhere";
      else if (card.state === "elsewhere") card.state = "";
      card.paint(this.names);
    }
  }

  cardOf(target) {
    const element = target.closest?.("[data-card]");
    return element ? this.cards.find(card => card.element === element) : null;
  }

  /** Make this the card at hand: the criteria, note and labels are its own from now on. */
  go(card, { quietly = false } = {}) {
    if (!card) return;
    this.at?.element.removeAttribute("aria-current");
    this.at = card;
    card.element.setAttribute("aria-current", "true");
    for (const box of this.boxes) box.checked = card.failed.includes(box.value);
    this.note.value = card.note;
    this.root.querySelector("[data-note]").open = false;
    this.root.querySelector("[data-note-word]").textContent = worded(card.note.trim() ? "note_written" : "note");
    showCounts(card.isBehindNote ? null : countMarks(card.report));
    this.labels.paint(card.report, card.element);
    if (quietly) return;
    const place = card.isBehindNote ? card.element.querySelector("[data-care-show]") : card.find("title");
    place.focus({ preventScroll: true });
    const fits = card.element.offsetHeight <= this.root.querySelector("[data-read]").clientHeight;
    card.element.scrollIntoView({ block: fits ? "nearest" : "start" });
  }

  move(step) {
    const to = this.cards[this.cards.indexOf(this.at) + step];
    if (to) this.go(to);
    else announce(worded(step > 0 ? "last_of_list" : "first_of_list"));
  }

  marked() {
    if (!this.at) return;
    this.at.failed = this.boxes.filter(box => box.checked).map(box => box.value);
    this.at.say("");
    this.at.paint(this.names);
  }

  show() {
    if (!this.at?.isBehindNote) return;
    this.at.show();
    this.go(this.at);
  }

  /** `byHand`: by a button of the card, so the page stays where the pointer is. */
  decide(answer, { byHand = false } = {}) {
    const card = this.at;
    if (!card) return;
    if (card.isBehindNote) { card.say(worded("show_first")); return; }
    if (answer === "include" && card.failed.length) { card.say(worded("no_failed")); return; }
    card.say("");
    this.past.push({ card, before: card.answer });
    const isNew = card.answer === null;
    this.give(card, answer);
    if (isNew) this.step(1);
    const open = this.following(card);
    if (!open) { this.finished(answer); return; }
    const title = open.isBehindNote ? worded("before_you_read", { words: open.report.care.join(" ") }) : open.report.title;
    announce(worded(`${answer}_next`, { title }));
    this.go(open, { quietly: byHand });
  }

  /** Send what this card says now. */
  give(card, answer) {
    Object.assign(card, { answer, state: "waiting" });
    const { failed, note } = answer === null ? { failed: [], note: "" } : card;
    card.paint(this.names);
    this.sending.decide(card.report, { answer, failed, note });
  }

  /** One more, or one fewer, is decided. */
  step(n) {
    this.left = Math.max(0, this.left - n);
    this.done = Math.max(0, this.done + n);
    this.count();
  }

  count() {
    showProgress(this.left, this.done);
    const decided = this.cards.filter(card => card.answer !== null).length;
    this.root.querySelector("[data-now]").textContent = worded("decided_here", { n: decided, all: this.cards.length });
  }

  /** The next card still open, after this one and then from the top. */
  following(card) {
    const n = this.cards.indexOf(card);
    return [...this.cards.slice(n + 1), ...this.cards.slice(0, n)].find(one => one.answer === null && one.state !== "skipped") ?? null;
  }

  finished(answer) {
    const skipped = this.cards.filter(card => card.answer === null).length;
    announce(skipped ? counted(`open_${answer}`, skipped) : worded(`done_${answer}`));
    const more = this.root.querySelector("[data-more]");
    more.focus({ preventScroll: true });
    more.scrollIntoView({ block: "nearest" });
  }

  skip() {
    if (!this.at || this.at.answer !== null) { this.move(1); return; }
    this.at.state = "skipped";
    this.at.paint(this.names);
    const open = this.following(this.at);
    if (!open) { this.finished("skipped"); return; }
    announce(worded("left_open"));
    this.go(open);
  }

  /** Take the last decision of this page back, to what the card said before it. */
  undo() {
    const last = this.past.pop();
    if (!last) { announce(worded("nothing_to_undo")); return; }
    this.give(last.card, last.before);
    if (last.before === null) this.step(-1);
    announce(worded("taken_back", { title: last.card.report.title }));
    this.go(last.card);
  }

  openNote() {
    if (!this.at || this.at.isBehindNote) return;
    this.root.querySelector("[data-note]").open = true;
    this.note.focus();
  }

  closeNote() {
    this.root.querySelector("[data-note]").open = false;
    this.at?.find("title").focus({ preventScroll: true });
  }

  saved(entry) { this.state(entry, "sent"); }

  refused(entry) {
    const card = this.cards.find(one => one.report.id === entry.body.report);
    if (!card || this.sending.unsent.has(card.report.id)) return;
    const counted = card.answer !== null;
    Object.assign(card, { answer: null, state: "refused" });
    card.paint(this.names);
    if (counted) this.step(-1);
  }

  state(entry, words) {
    const card = this.cards.find(one => one.report.id === entry.body.report);
    if (!card || this.sending.unsent.has(card.report.id)) return;
    card.state = card.answer === null ? "taken_back" : words;
    card.paint(this.names);
  }
}

const root = document.querySelector("[data-desk-list]");
if (root) new DeskList(root).start();
