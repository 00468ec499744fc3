/** Heat map: one tab stop, arrows move between pairs, the panel beside it reads out the chosen pair.
 *
 *   <figure class="heat"><svg role="group" aria-label="…" data-heatmap data-panel="pair">
 *     <text class="lab" data-lab="A">…</text>
 *     <g role="button" tabindex="0" aria-pressed="true" aria-label="A and B: 32.4%, very high, 12 shared"
 *        data-i="0" data-j="1" data-a="A" data-b="B" data-name="A and B" data-cca="32.4%" data-shared="12">
 *       <rect class="cell h4" x= y= width= height=/><text class="v on4">32.4</text></g>
 *     <rect class="ring under" data-ring/><rect class="ring" data-ring/></svg></figure>
 *   <section id="pair" aria-live="polite"><h3 data-field="name"></h3><dd data-field="cca"></dd>…
 *
 * Every data-field="x" in the panel shows the cell's data-x; an element with data-href="x" gets it as its address.
 */
const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function show(panel, cell) {
  if (!panel) return;
  for (const place of panel.querySelectorAll("[data-field]")) place.textContent = cell.dataset[place.dataset.field] ?? "";
  for (const link of panel.querySelectorAll("[data-href]")) if (cell.dataset[link.dataset.href]) link.href = cell.dataset[link.dataset.href];
}

function start(svg) {
  const cells = [...svg.querySelectorAll("[role=button]")];
  const grid = new Map(cells.map(cell => [`${cell.dataset.i},${cell.dataset.j}`, cell]));
  const panel = document.getElementById(svg.dataset.panel);
  let current = null;

  function choose(cell) {
    current?.setAttribute("aria-pressed", "false");
    if (current) current.tabIndex = -1;
    current = cell;
    cell.setAttribute("aria-pressed", "true");
    cell.tabIndex = 0;
    const square = cell.querySelector(".cell");
    for (const ring of svg.querySelectorAll("[data-ring]")) {
      ring.setAttribute("x", square.getAttribute("x") - 2);
      ring.setAttribute("y", square.getAttribute("y") - 2);
    }
    const { a, b } = cell.dataset;
    for (const label of svg.querySelectorAll(".lab")) label.classList.toggle("hot", label.dataset.lab === a || label.dataset.lab === b);
    show(panel, cell);
  }

  const first = cells.find(cell => cell.getAttribute("aria-pressed") === "true") ?? cells[0];
  if (first) choose(first);
  svg.addEventListener("click", event => {
    const cell = event.target.closest("[role=button]");
    if (cell) { choose(cell); cell.focus(); }
  });
  svg.addEventListener("keydown", event => {
    const cell = event.target.closest("[role=button]");
    const step = steps[event.key];
    if (!cell || !step) return;
    const next = grid.get(`${+cell.dataset.i + step[0]},${+cell.dataset.j + step[1]}`);
    if (next) { event.preventDefault(); choose(next); next.focus(); }
  });
}

/** Start every heat map within root; one started before is left alone. */
export function startHeatmaps(root = document) {
  for (const svg of root.querySelectorAll("svg[data-heatmap]:not([data-started])")) {
    svg.dataset.started = "";
    start(svg);
  }
}
