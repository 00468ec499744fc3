/** Painting the desk: what stands on the sheet, in the bar and in the dock. Words only ever go in as text.
 *
 *   <form data-desk> … [data-title] [data-byline] [data-flags] [data-doi] [data-abstract] [data-last-line] [data-say] [data-standing]
 *                      [data-sheet] [data-care] [data-care-words]
 *   In the bar: <a data-speak="/p/…/speak/?from=/p/…/reports/">, to which the id of the report on the desk is added.
 */
import { countMarks, marked } from "./marks.js";
import { showCounts } from "./desk_view.js";
import { counted, number, worded } from "./words.js";

const made = (name, text, className = "") => {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
};

export class Paper {
  constructor(form) {
    this.form = form;
    this.find = name => form.querySelector(`[data-${name}]`);
    this.boxes = [...form.querySelectorAll('input[name="failed"]')];
    this.picks = [...form.querySelectorAll('button[name="answer"]')];
    this.note = form.elements.note;
    this.speak = document.querySelector("[data-speak]");
    // The line of an earlier sitting stands until something is decided in this one.
    this.earlier = [...this.find("last-line").childNodes];
  }

  get marks() { return this.boxes.filter(box => box.checked).map(box => box.value); }

  /** Put a report on the sheet, with what was marked and noted on it before. */
  show(report, { failed = [], note = "" } = {}) {
    this.find("care").hidden = true;
    this.find("sheet").hidden = false;
    this.find("title").replaceChildren(...marked(report.title, report.marks?.title));
    this.find("byline").textContent = report.byline;
    const flags = this.find("flags");
    flags.hidden = !report.flags?.length;
    flags.lastElementChild.textContent = (report.flags || []).join(", ");
    const doi = this.find("doi");
    doi.hidden = !report.doi;
    doi.href = report.doi ? `https://doi.org/${encodeURIComponent(report.doi)}` : "";
    const parts = report.abstract.map(([heading, words], n) => {
      const paragraph = made("p", "");
      if (heading) paragraph.append(made("b", heading));
      paragraph.append(...marked(words, report.marks?.abstract[n]));
      return paragraph;
    });
    this.find("abstract").replaceChildren(...(parts.length ? parts : [made("p", worded("no_abstract"), "none")]));
    showCounts(countMarks(report));
    this.#at(report, failed, note);
  }

  /** What is to be known before a report: its title and abstract are not on the page until they are asked for. */
  care(report, { failed = [], note = "" } = {}) {
    this.show({ id: report.id, title: "", byline: "", doi: "", abstract: [["", ""]] }, { failed, note });
    showCounts(null);
    this.find("sheet").hidden = true;
    this.find("care").hidden = false;
    this.find("care-words").replaceChildren(...report.care.map(words => made("p", words)));
  }

  #at(report, failed, note) {
    this.form.elements.report.value = report.id;
    // Words said from the desk are about the title on it; while none is there, about the review.
    if (this.speak) this.speak.href = this.speak.dataset.speak + (report.id ? `${report.id}/` : "");
    this.fill({ failed, note });
    for (const pick of this.picks) pick.removeAttribute("aria-pressed");
    this.find("standing").hidden = true;
    this.find("note").open = false;
    this.say("");
  }

  /** Mark these criteria and write this note. */
  fill({ failed, note }) {
    for (const box of this.boxes) box.checked = failed.includes(box.value);
    this.note.value = note;
    this.noteChanged();
  }

  /** Back to where a title begins. Asked for before anything changes: after it, the page would be laid out twice. */
  up() { this.find("read").scrollTop = 0; }

  /** Nothing to decide on for a moment: the sheet must not show a title that is decided already. */
  fetching() {
    this.up();
    this.show({ id: "", title: worded("fetching"), byline: "", doi: "", abstract: [["", ""]] });
  }

  /** What was decided last, with its undo. */
  last(decided) {
    const line = this.find("last-line");
    if (!decided) { line.replaceChildren(...this.earlier); return; }
    const glyph = this.form.querySelector(`button[name="answer"][value="${decided.answer}"] .glyph`).cloneNode(true);
    glyph.classList.add({ include: "inc", exclude: "exc", maybe: "may" }[decided.answer]);
    const undo = made("button", worded("undo"), "btn link");
    undo.type = "button";
    undo.dataset.undo = "";
    line.replaceChildren(glyph, made("em", worded(`last_${decided.answer}`, { title: decided.report.title })), undo, made("kbd", "U"));
  }

  noteChanged() { this.find("note-word").textContent = worded(this.note.value.trim() ? "note_written" : "note"); }

  /** A sentence about what cannot be done, above the title. */
  say(sentence) {
    const place = this.find("say");
    place.hidden = !sentence;
    place.querySelector("span").textContent = sentence;
  }

  counts(left, done) { showProgress(left, done); }

  /** Nothing left: the dock goes, and a calm sentence stands instead. */
  end(done, left, answers) {
    this.form.hidden = true;
    const end = document.querySelector("[data-end]");
    const narrowed = Boolean(document.querySelector("[data-narrowed]"));
    end.hidden = false;
    end.querySelector("[data-end-title]").textContent = worded(narrowed ? "end_narrowed" : "end");
    this.endWords(done, left, answers);
    end.querySelector("[data-end-title]").focus();
  }

  endWords(done, left, answers) {
    const elsewhere = left ? ` ${counted("end_elsewhere", left)}` : "";
    const said = { include: number(answers.include), maybe: number(answers.maybe), exclude: number(answers.exclude) };
    document.querySelector("[data-end-words]").textContent = `${counted("end_decided", done, said)}${elsewhere}`;
  }

  back() {
    this.form.hidden = false;
    document.querySelector("[data-end]").hidden = true;
  }
}

/** How far one is: in the bar, behind it, and as the line below it. */
export function showProgress(left, done) {
  for (const [name, n] of [["left", left], ["left-too", left], ["done", done], ["done-too", done]]) {
    for (const place of document.querySelectorAll(`b[data-${name}], dd[data-${name}]`)) place.textContent = number(n);
  }
  const line = document.querySelector("[data-line]");
  line.setAttribute("viewBox", `0 0 ${Math.max(left + done, 1)} 3`);
  line.setAttribute("aria-label", worded("progress", { n: done, all: left + done }));
  line.firstElementChild.setAttribute("width", done);
}

const TROUBLES = ["offline", "signed-out", "another"];

/** The fixed slot that says whether everything is at the server; `unkept` are in this page alone, `keeping` are on
 * their way into the browser: none is called kept before it is. */
export function showSent(n, trouble, unkept = 0, keeping = 0) {
  const place = document.querySelector("[data-sent]");
  const isKnown = TROUBLES.includes(trouble);
  const state = n === 0 ? "sent" : isKnown || unkept ? "offline" : "waiting";
  const where = unkept ? "_unkept" : keeping ? "" : "_kept";
  const why = isKnown ? trouble : "waiting";
  const words = n === 0 ? worded("all_sent") : state === "waiting" ? counted("n_waiting", n) : worded(`at_${why}${where}`, { n });
  const mark = made("span", { sent: "✓", waiting: "◌", offline: "!" }[state]);
  mark.setAttribute("aria-hidden", "true");
  place.dataset.state = state;
  place.replaceChildren(mark, made("span", words));
  return state;
}

/** What a decision that was not saved says, so that it can be given again: it is kept nowhere else. */
function saidIn({ answer, note = "" }) {
  if (!answer) return [];
  return [worded("you_said", { answer: worded(answer) }), ...(note.trim() ? [worded("you_noted", { note: note.trim() })] : [])];
}

/** The report a decision that was not saved can be given on now: its own, or the one that is joined to. */
export const openFor = entry => entry.now ?? entry.body.report;

/** One line per decision the server refused: which title, why, and the way back to it. Returns what takes the line away. */
export function showRefused(entry, dismiss) {
  const place = document.querySelector("[data-refused]");
  const item = document.createElement("li");
  // Its line stays until it is given again or put aside: the words are kept nowhere else.
  const open = made("a", worded(entry.now ? "open_other" : "open_again"), "btn");
  open.href = `${entry.here}?report=${openFor(entry)}`;
  const close = made("button", worded("seen"), "btn");
  close.type = "button";
  const gone = () => {
    item.remove();
    place.hidden = !place.querySelector("li");
    return dismiss();
  };
  close.addEventListener("click", gone);
  const why = worded("why_refused", { title: entry.title, why: entry.why });
  item.append(made("span", [why, ...saidIn(entry.body)].join(" ")), open, close);
  place.querySelector("ul").append(item);
  place.hidden = false;
  return gone;
}
