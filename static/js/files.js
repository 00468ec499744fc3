/** Drop files onto a file input; their names and sizes are listed before anything is sent.
 *
 *   <div class="drop" data-files>
 *     <label for="id_files">Files</label>
 *     <input type="file" id="id_files" name="files" multiple>
 *     <p class="help">RIS, PubMed (nbib) or CSV. Or drop them here.</p>
 *     <ul class="files" aria-live="polite"></ul>
 *   </div>
 *
 * data-limit-mb on the .drop marks files over that size with data-say-over ("{size}, over the limit of 4 MB");
 * data-say-bytes is the word for bytes.
 */
import { filled } from "./filled.js";

const units = ["bytes", "kB", "MB", "GB"];

/** 1536 -> "1.5 kB". `small` is the page's word for bytes. */
export function sizeInWords(bytes, small = units[0]) {
  let unit = 0;
  let size = bytes;
  while (size >= 1000 && unit < units.length - 1) { size /= 1000; unit += 1; }
  return `${unit && size < 10 ? size.toFixed(1) : Math.round(size)} ${unit ? units[unit] : small}`;
}

function list(drop) {
  const input = drop.querySelector("input[type=file]");
  const place = drop.querySelector(".files");
  if (!input || !place) return;
  const limit = Number(drop.dataset.limitMb || 0) * 1e6;
  place.replaceChildren(...[...input.files].map(file => {
    const line = document.createElement("li");
    const size = document.createElement("span");
    size.className = "num";
    const words = sizeInWords(file.size, drop.dataset.sayBytes);
    size.textContent = limit && file.size > limit ? filled(drop.dataset.sayOver, { size: words }) : words;
    line.append(file.name, size);
    return line;
  }));
}

export function startFiles(root = document) {
  root.addEventListener("change", event => {
    const drop = event.target.closest?.("[data-files]");
    if (drop) list(drop);
  });
  root.addEventListener("dragover", event => {
    const drop = event.target.closest?.("[data-files]");
    if (drop && event.dataTransfer?.types.includes("Files")) { event.preventDefault(); drop.dataset.over = ""; }
  });
  root.addEventListener("dragleave", event => {
    const drop = event.target.closest?.("[data-files]");
    if (drop && !drop.contains(event.relatedTarget)) delete drop.dataset.over;
  });
  root.addEventListener("drop", event => {
    const drop = event.target.closest?.("[data-files]");
    const input = drop?.querySelector("input[type=file]");
    if (!input || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    delete drop.dataset.over;
    const chosen = new DataTransfer();
    const dropped = [...event.dataTransfer.files];
    for (const file of input.multiple ? [...input.files, ...dropped] : dropped.slice(0, 1)) chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
