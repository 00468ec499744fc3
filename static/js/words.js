/** The words scripts show and read out, in the page's language: the page hands them over, and no module holds any.
 *
 *   <meta name="words" data-words='{"copied": "Copied", …}'>       every page (projects/script_words.py)
 *   <form data-desk data-words='{"title": {"": "titles", "1": "title"}, …}'>   a page's own besides
 *
 *   worded("taken_back", { title })     counted("decisions", 3)
 */
import { filled } from "./filled.js";

const language = document.documentElement.lang || "en";
const kinds = new Intl.PluralRules(language);
const words = Object.assign({}, ...[...document.querySelectorAll("[data-words]")].map(place => JSON.parse(place.dataset.words)));

/** The sentence of this name, with values in its places ({title}). */
export const worded = (name, values = {}) => filled(words[name], values);

/** The sentence of this name for a number: the form that belongs to a number of the same kind in this language. */
export function counted(name, n, values = {}) {
  const { "": most, ...others } = words[name];
  const like = Object.keys(others).find(one => kinds.select(Number(one)) === kinds.select(n));
  return filled(others[like] ?? most, { n: number(n), ...values });
}

/** 1200 -> "1,200". */
export const number = n => n.toLocaleString(language);
