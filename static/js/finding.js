/** Ticking reports in the list: all on the page at once, and how many are ticked.
 *
 *   <label class="tick-all" hidden><input type="checkbox" data-tick-all> …</label>
 *   <span data-ticked data-none="(none yet)"></span>
 *   <input type="checkbox" form="many" name="report">
 *
 * The list is redrawn by htmx, so everything is listened for on the document. A panel closes on Escape and when another opens.
 */
const ticks = () => [...document.querySelectorAll('.found-rows input[name="report"]')];

function show() {
  const boxes = ticks();
  const n = boxes.filter(box => box.checked).length;
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    all.closest("label").hidden = false;
    all.checked = boxes.length > 0 && n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
  }
  const said = document.querySelector("[data-ticked]");
  if (said) said.textContent = n ? `(${n})` : said.dataset.none;
}

document.addEventListener("change", event => {
  if (event.target.matches?.("[data-tick-all]")) for (const box of ticks()) box.checked = event.target.checked;
  show();
});
document.addEventListener("toggle", event => {
  if (!event.target.matches?.(".tool[open]")) return;
  for (const other of document.querySelectorAll(".tool[open]")) if (other !== event.target) other.open = false;
}, true);
document.addEventListener("keydown", event => {
  const open = event.key === "Escape" && document.querySelector(".tool[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("htmx:afterSwap", show);
show();
