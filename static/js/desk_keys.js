/** The keys of the desk, by what they do. Each can be switched off for oneself (WCAG 2.1.4), under "?".
 *
 *   bindKeys({ decide, undo, skip, note, label, mark, move, show }, boxes, { off, changed });
 */
import { register, switchable } from "./shortcuts.js";
import { worded } from "./words.js";

const DECIDE = [["include", "iy"], ["maybe", "m"], ["exclude", "en"]];

/** `arrows`: [key, words, step] of the view; `boxes`: the criteria, of which the first nine have digits. */
export function bindKeys(on, boxes, { off, changed, arrows }) {
  for (const [id, keys] of DECIDE) {
    for (const key of keys) register(key, worded(`key_${id}`), () => on.decide(id), { id });
  }
  boxes.slice(0, 9).forEach((box, n) => register(String(n + 1), worded("key_criterion"), () => on.mark(box), { id: "digits" }));
  for (const [key, label, step] of arrows) register(key, label, () => on.move(step), { id: "arrows" });
  register("u", worded("key_undo"), on.undo, { id: "undo" });
  register("k", worded("key_skip"), on.skip, { id: "skip" });
  register("c", worded("key_note"), on.note, { id: "note" });
  register("l", worded("key_label"), on.label, { id: "label" });
  register("s", worded("key_show"), on.show, { id: "show" });
  const narrow = document.querySelector("[data-narrow]");
  if (narrow) register("f", worded("key_narrow"), () => location.assign(narrow.href), { id: "narrow" });
  const clear = document.querySelector("[data-clear]");
  if (clear) register("x", worded("key_clear"), () => clear.click(), { id: "clear" });
  switchable(off, changed);
}
