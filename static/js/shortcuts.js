/** Single-key shortcuts (WCAG 2.1.4: they can be switched off, and never act while someone types).
 *
 *   <a href="…" data-key="n" data-key-label="Next conflict">Next</a>      a page's own keys: the key presses the element
 *   register("i", "Include", () => …)                                     a module's own keys
 *   <dialog id="keys">…<dl class="keys-list"></dl><input type="checkbox" data-keys-switch>…</dialog>
 *
 * "?" opens the dialog, whose list is filled with the keys of this page. Off is kept under "brolly.keys" = "off".
 */
const handlers = new Map();

/** Bind a key. Returns a function that unbinds it. */
export function register(key, label, handler) {
  handlers.set(key.toLowerCase(), { label, handler });
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

function fill(dialog) {
  const rows = [...handlers].map(([key, { label }]) => [key, label]);
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!rows.some(([key]) => key === element.dataset.key.toLowerCase())) {
      rows.push([element.dataset.key.toLowerCase(), element.dataset.keyLabel || element.textContent.trim()]);
    }
  }
  rows.push(["?", "Show these keys"]);
  const items = rows.flatMap(([key, label]) => {
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    const words = document.createElement("dd");
    cap.textContent = key.length === 1 ? key.toUpperCase() : key;
    words.textContent = label;
    term.append(cap);
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
    if (!bound && !element) return;
    event.preventDefault();
    if (bound) bound.handler(event);
    else if (element.matches("input:not([type=checkbox]), textarea, select")) element.focus();
    else element.click();
  });
}
