/**
 * Putting lines in order by keyboard: Alt with the up or down arrow moves the line that has the focus, and the focus
 * goes with it. The buttons do the same without this module.
 */

const KEPT = "brolly-moved";
const WAYS = { ArrowUp: "earlier", ArrowDown: "later" };

/** The button of a line that moves it that way; nothing where it stands first or last. */
const button = (line, to) => line?.querySelector(`.order button[value="${to}"]:not(:disabled)`);

document.addEventListener("keydown", event => {
  const to = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && WAYS[event.key];
  if (!to || event.target.closest?.("textarea, select, input")) return;
  const press = button(event.target.closest?.(".lines > li"), to);
  if (!press) return;
  event.preventDefault();
  press.click();
});

/** Where the browser keeps nothing, lines still move; only the focus is lost. */
function keep(way) {
  try { sessionStorage.setItem(KEPT, way); } catch { /* as said */ }
}

function kept() {
  try {
    const way = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return way;
  } catch { return null; }
}

document.addEventListener("submit", event => {
  if (event.target.matches(".order")) keep(event.submitter?.value ?? "");
});

const to = kept();
/** The line that moved is at the address's fragment: its button again, or the other where it cannot go on. */
function refocus() {
  const line = document.getElementById(location.hash.slice(1));
  (button(line, to) ?? button(line, to === "earlier" ? "later" : "earlier"))?.focus();
}
// Going to a fragment takes the focus away, and happens as late as the page is loaded.
if (to) addEventListener("load", () => setTimeout(refocus));
