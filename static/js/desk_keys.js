/** The keys of the desk, by what they do. Each can be switched off for oneself (WCAG 2.1.4), under "?".
 *
 *   bindKeys({ decide, undo, skip, note, label, mark, move, show }, boxes, { off, changed });
 */
import { register, switchable } from "./shortcuts.js";

const DECIDE = [["include", "iy", "Include"], ["maybe", "m", "Maybe"], ["exclude", "en", "Exclude"]];

/** `arrows`: [key, words, step] of the view; `boxes`: the criteria, of which the first nine have digits. */
export function bindKeys(on, boxes, { off, changed, arrows }) {
  for (const [id, keys, label] of DECIDE) {
    for (const key of keys) register(key, label, () => on.decide(id), { id });
  }
  boxes.slice(0, 9).forEach((box, n) => register(String(n + 1), "Mark a criterion as not met", () => on.mark(box), { id: "digits" }));
  for (const [key, label, step] of arrows) register(key, label, () => on.move(step), { id: "arrows" });
  register("u", "Undo the last decision", on.undo, { id: "undo" });
  register("k", "Skip: it comes back at the end", on.skip, { id: "skip" });
  register("c", "Write a note (Escape closes it)", on.note, { id: "note" });
  register("l", "Labels (Escape closes them)", on.label, { id: "label" });
  register("s", "Show a title behind a content note", on.show, { id: "show" });
  const narrow = document.querySelector("[data-narrow]");
  if (narrow) register("f", "Order and filters", () => location.assign(narrow.href), { id: "narrow" });
  const clear = document.querySelector("[data-clear]");
  if (clear) register("x", "Show all titles again", () => clear.click(), { id: "clear" });
  switchable(off, changed);
}
