/** One's own labels on the title at hand: put on and taken off without leaving it.
 *
 *   <details data-labels> … <div data-label-choices></div> <input id="new-label"> <button data-new-label> … </details>
 *
 * Labels go through the outbox like decisions, so they survive a lost connection. Others' labels are not here.
 */
import { announce } from "./announce.js";
import { csrfToken } from "./outbox.js";
import { counted, worded } from "./words.js";

export class Labels {
  constructor(root, data, all, { sending, current }) {
    this.panel = root.querySelector("[data-labels]");
    this.data = data;
    this.all = all;
    this.sending = sending;
    this.current = current;
    this.choices = this.panel.querySelector("[data-label-choices]");
    this.field = this.panel.querySelector("#new-label");
    // The two panels stand in one place: one is open at a time.
    this.note = root.querySelector("[data-note]");
    this.note.addEventListener("toggle", () => { if (this.note.open) this.panel.open = false; });
    this.choices.addEventListener("change", event => this.put(event.target.value, event.target.checked));
    this.panel.querySelector("[data-new-label]").addEventListener("click", () => this.make());
    this.panel.addEventListener("keydown", event => {
      if (event.key === "Escape") this.close();
      if (event.key === "Enter" && event.target === this.field) { event.preventDefault(); this.make(); }
    });
    // It fires after the panel is open: filling it anew would take the focus away that is in it already.
    this.panel.addEventListener("toggle", () => { if (this.panel.open && !this.choices.contains(document.activeElement)) this.fill(); });
  }

  /** Open, with the focus inside before the next key comes. */
  open() {
    this.note.open = false;
    this.panel.open = true;
    this.fill();
    (this.choices.querySelector("input") ?? this.field).focus();
  }

  close() {
    this.panel.open = false;
    this.panel.querySelector("summary").focus();
  }

  fill() {
    const report = this.current();
    this.filledFor = report?.id;
    this.note.open = false;
    this.trouble("");
    this.choices.replaceChildren(...this.all.map(({ id, name }) => {
      const line = document.createElement("label");
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", value: id, checked: Boolean(report?.labels?.includes(id)) });
      line.append(box, " ", name);
      return line;
    }));
  }

  put(id, on) {
    const report = this.current();
    if (!report) return;
    report.labels = [...(report.labels ?? []).filter(one => one !== id), ...(on ? [id] : [])];
    this.sending.send(this.data.labellings, report, { label: id, reports: [report.id], on });
    this.paint(report);
    announce(worded(on ? "put_on" : "taken_off", { label: this.name(id) }));
  }

  /** A new word needs the server: it gives the same word to everybody who makes it. */
  async make() {
    const name = this.field.value.trim();
    if (!name) return;
    try {
      const response = await fetch(this.data.labelList, {
        method: "POST", credentials: "same-origin", redirect: "error",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() }, body: JSON.stringify({ name }),
      });
      const answer = await response.json();
      if (!response.ok) { this.trouble(answer.detail); return; }
      if (!this.all.some(label => label.id === answer.id)) this.all.push({ id: answer.id, name: answer.name });
      this.field.value = "";
      this.put(answer.id, true);
      this.fill();
      this.field.focus();
    } catch {
      this.trouble(worded("label_offline"));
    }
  }

  name(id) { return this.all.find(label => label.id === id)?.name ?? worded("a_label"); }

  trouble(sentence) {
    const place = this.panel.querySelector("[data-label-trouble]");
    place.hidden = !sentence;
    place.textContent = sentence;
  }

  /** The labels of a title, where it stands on the page (`sheet`: its part of the page). */
  paint(report, sheet = this.sheet?.(report)) {
    if (this.panel.open && report?.id !== this.filledFor) this.panel.open = false;
    const tags = (report?.labels ?? []).map(id => {
      const tag = document.createElement("span");
      tag.className = "tag own-label";
      tag.textContent = this.name(id);
      return tag;
    });
    sheet?.querySelector("[data-own-labels]")?.replaceChildren(...tags);
    const n = tags.length;
    this.panel.querySelector("[data-labels-word]").textContent = n ? counted("labels", n) : worded("label");
  }
}
