/** Single-key shortcuts (WCAG 2.1.4: they can be switched off, and never act while someone types).
 *
 *   <a href="…" data-key="n" data-key-label="Next conflict">Next</a>      a page's own keys: the key presses the element
 *   register("i", "Include", () => …, { id: "include" })                  a module's own keys; keys of one id are one line
 *   switchable(["undo"], off => …)                                        each id can be switched off: which are, and when that changes
 *   <dialog id="keys">…<dl class="keys-list"></dl><input type="checkbox" data-keys-switch>…</dialog>
 *
 * "?" opens the dialog, whose list is filled with the keys of this page. Off is kept under "brolly.keys" = "off".
 */
import { worded } from "./words.js";

const handlers = new Map();
const CAPS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓" };
let off = new Set();
let switched = null;

/** Let each key be switched off by its id. `changed` gets the list of those that are off. */
export function switchable(ids, changed) {
  off = new Set(ids);
  switched = changed;
}

/** Bind a key. Returns a function that unbinds it. */
export function register(key, label, handler, { id = "" } = {}) {
  handlers.set(key.toLowerCase(), { label, handler, id });
  return () => handlers.delete(key.toLowerCase());
}

export function keysAreOn() {
  try { return localStorage.getItem("brolly.keys") !== "off"; } catch { return true; }
}

/** True when the person types or holds a modifier, so that a letter is a letter. */
export function isTyping(event) {
  const typed = event.target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]");
  return Boolean(typed || event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
}

const marked = key => [...document.querySelectorAll("[data-key]")].find(
  element => element.dataset.key.toLowerCase() === key && element.getClientRects().length && element.ariaDisabled !== "true");

const cap = key => CAPS[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** [keys, words, id], keys that do one thing together. */
function lines() {
  const rows = [];
  for (const [key, { label, id }] of handlers) {
    const there = id && rows.find(row => row.id === id);
    if (there) {
      there.keys.push(key);
      if (there.label !== label) there.label += `, ${label[0].toLowerCase()}${label.slice(1)}`;
    } else rows.push({ keys: [key], label, id });
  }
  for (const row of rows) if (row.keys.length > 2) row.keys = [worded("keys_from_to", { first: cap(row.keys[0]), last: cap(row.keys.at(-1)) })];
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.dataset.key.toLowerCase();
    if (!handlers.has(key) && !rows.some(row => row.keys.includes(key))) {
      rows.push({ keys: [key], label: element.dataset.keyLabel || element.textContent.trim(), id: "" });
    }
  }
  return [...rows, { keys: ["?"], label: worded("show_keys"), id: "" }];
}

function fill(dialog) {
  const items = lines().flatMap(({ keys, label, id }) => {
    const term = document.createElement("dt");
    const words = document.createElement("dd");
    for (const key of keys) {
      const sign = document.createElement("kbd");
      sign.textContent = cap(key);
      term.append(sign);
    }
    if (id && switched) {
      const line = document.createElement("label");
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", checked: !off.has(id) });
      box.dataset.keyId = id;
      line.append(box, ` ${label}`);
      words.append(line);
    } else words.textContent = label;
    return [term, words];
  });
  dialog.querySelector(".keys-list").replaceChildren(...items);
}

function openKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  fill(dialog);
  dialog.showModal();
}

export function startShortcuts(root = document) {
  const mark = () => {
    for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = keysAreOn();
  };
  mark();
  root.addEventListener("change", event => {
    const id = event.target.dataset?.keyId;
    if (id) {
      if (event.target.checked) off.delete(id);
      else off.add(id);
      switched([...off]);
    }
    if (!event.target.matches("[data-keys-switch]")) return;
    try { localStorage.setItem("brolly.keys", event.target.checked ? "on" : "off"); } catch { /* this page alone */ }
    mark();
  });
  root.addEventListener("click", event => {
    if (event.target.closest('[data-opens="keys"]')) fill(document.getElementById("keys"));
  });
  root.addEventListener("keydown", event => {
    if (isTyping(event) || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); openKeys(); return; }
    if (!keysAreOn() || event.repeat) return;
    const key = event.key.toLowerCase();
    const bound = handlers.get(key);
    const element = bound ? null : marked(key);
    if ((!bound && !element) || (bound?.id && off.has(bound.id))) return;
    event.preventDefault();
    if (bound) bound.handler(event);
    else if (element.matches("input:not([type=checkbox]), textarea, select")) element.focus();
    else element.click();
  });
}
