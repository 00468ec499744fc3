/** A PDF beside its form: pages drawn by pdf.js as they come into view, words found, terms marked, quotes copied.
 *
 *   <section data-viewer data-file="…" data-library="…pdf.min.mjs" data-worker="…" data-cmaps="…/" data-fonts="…/" data-wasm="…/"
 *            data-marks="…" data-say-page="Page {n}" and what else is said, each as data-say-… hidden>
 *     … [data-page-back] [data-page-on] <input data-page-no> <span data-page-count> [data-smaller] [data-larger]
 *     <form data-find><input type="search"> [data-find-back]</form> <span data-found>
 *     [data-marks-switch] [data-quote-this] <div data-pages tabindex="0"></div> <p data-trouble>
 *   </section>
 *   <form data-worksheet> … <li data-place> <textarea data-quote> <input class="page-no"> … </li> </form>
 *
 * Nothing of a document runs: pdf.js is asked for pages and their words alone, without forms, scripts or links. Marks and
 * found words are painted with the CSS Custom Highlight API, so the words themselves are left as they are.
 */
import { announce } from "./announce.js";
import { filled } from "./filled.js";
import { register } from "./shortcuts.js";

const AHEAD = "800px 0px";
const STEPS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
const MOST_PIXELS = 12e6;
const paints = globalThis.CSS?.highlights ? { include: "hi-include", exclude: "hi-exclude", found: "found", here: "found-here" } : null;

const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");

/** The words typed, as a pattern that does not mind case or where lines end. */
export function patternOf(words) {
  const text = words.trim();
  return text ? new RegExp(escaped(text), "giu") : null;
}

/** Whole terms of the team's list, the longest first. */
export function patternOfTerms(terms) {
  const sorted = [...terms].filter(Boolean).sort((a, b) => b.length - a.length).map(escaped);
  return sorted.length ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${sorted.join("|")})(?![\\p{L}\\p{N}])`, "giu") : null;
}

/** What was selected, as one line: words parted at the end of a line are put together. */
export function quoted(text) {
  return text.replace(/\u00ad/g, "").replace(/(\p{Ll})-\s*\n\s*(\p{Ll})/gu, "$1$2").replace(/\s+/g, " ").trim();
}

/** The words of an element as one string, and where each of its texts begins in it; a line break is a space. */
function wordsIn(layer) {
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const nodes = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      nodes.push([text.length, node]);
      text += node.data;
    } else if (node.tagName === "BR") text += " ";
  }
  return { text, nodes };
}

function rangeAt({ nodes }, start, end) {
  const at = place => nodes.findLast(([begins]) => begins <= place);
  const [first, last] = [at(start), at(end - 1)];
  if (!first || !last) return null;
  const range = document.createRange();
  range.setStart(first[1], Math.min(start - first[0], first[1].length));
  range.setEnd(last[1], Math.min(end - last[0], last[1].length));
  return range;
}

class Viewer {
  constructor(root, library) {
    this.root = root;
    this.words = root.dataset;
    this.library = library;
    this.pages = [];
    this.step = null;
    this.terms = { include: null, exclude: null };
    this.marksOn = true;
    this.hits = [];
    this.hit = -1;
    this.holder = root.querySelector("[data-pages]");
    this.painted = Object.fromEntries(Object.entries(paints ?? {}).map(([kind, name]) => {
      const highlight = new Highlight();
      CSS.highlights.set(name, highlight);
      return [kind, highlight];
    }));
    if (this.painted.here) this.painted.here.priority = 2;
  }

  async open() {
    const { file, cmaps, fonts, wasm, worker } = this.root.dataset;
    this.library.GlobalWorkerOptions.workerSrc = worker;
    const task = this.library.getDocument({
      url: file, cMapUrl: cmaps, cMapPacked: true, standardFontDataUrl: fonts, wasmUrl: wasm,
      useWasm: false, isEvalSupported: false, enableXfa: false, stopAtErrors: false,
    });
    this.pdf = await task.promise;
    this.root.querySelector("[data-page-count]").textContent = this.pdf.numPages;
    const first = (await this.pdf.getPage(1)).getViewport({ scale: 1 });
    this.natural = first.width;
    for (let n = 1; n <= this.pdf.numPages; n += 1) this.pages.push(this.emptyPage(n, first));
    this.holder.replaceChildren(...this.pages.map(page => page.element));
    this.watch();
    this.fit();
    this.say(1);
  }

  emptyPage(n, { width, height }) {
    const element = document.createElement("div");
    element.className = "pdf-page";
    element.dataset.page = n;
    element.setAttribute("role", "group");
    element.ariaLabel = filled(this.words.sayPage, { n });
    return { n, element, width, height, drawn: 0, ranges: {} };
  }

  watch() {
    this.near = new IntersectionObserver(seen => {
      for (const one of seen) {
        const page = this.pages[Number(one.target.dataset.page) - 1];
        page.near = one.isIntersecting;
        if (one.isIntersecting) this.draw(page); else this.clear(page);
      }
    }, { root: this.holder, rootMargin: AHEAD });
    for (const page of this.pages) this.near.observe(page.element);
    this.holder.addEventListener("scroll", () => {
      const middle = this.holder.scrollTop + this.holder.clientHeight / 3;
      const here = this.pages.findLast(page => page.element.offsetTop <= middle) ?? this.pages[0];
      this.say(here.n);
    }, { passive: true });
    new ResizeObserver(() => { if (this.step === null) this.fit(); }).observe(this.holder);
  }

  get scale() { return this.step === null ? this.fitted : STEPS[this.step]; }

  fit() {
    const fitted = Math.max(0.3, (this.holder.clientWidth - 24) / this.natural);
    if (Math.abs(fitted - (this.fitted ?? 0)) < 0.01) return;
    this.fitted = fitted;
    this.resize();
  }

  resize() {
    const here = this.here ?? 1;
    for (const page of this.pages) {
      page.element.style.setProperty("--total-scale-factor", this.scale);
      page.element.style.width = `${Math.floor(page.width * this.scale)}px`;
      page.element.style.height = `${Math.floor(page.height * this.scale)}px`;
      this.clear(page);
    }
    this.goTo(here);
    for (const page of this.pages) if (page.near) this.draw(page);
  }

  zoom(by) {
    const now = this.step ?? STEPS.findLastIndex(step => step <= this.fitted);
    this.step = Math.min(Math.max(now + by, 0), STEPS.length - 1);
    this.resize();
  }

  async draw(page) {
    if (page.drawn === this.scale) return;
    const scale = page.drawn = this.scale;
    const source = await this.pdf.getPage(page.n);
    const viewport = source.getViewport({ scale });
    if (page.drawn !== scale) return;
    [page.width, page.height] = [viewport.width / scale, viewport.height / scale];
    page.element.style.width = `${Math.floor(viewport.width)}px`;
    page.element.style.height = `${Math.floor(viewport.height)}px`;
    const density = Math.min(globalThis.devicePixelRatio || 1, 2, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * density);
    canvas.height = Math.floor(viewport.height * density);
    canvas.ariaHidden = "true";
    const layer = document.createElement("div");
    layer.className = "textLayer";
    const words = new this.library.TextLayer({ textContentSource: await source.getTextContent(), container: layer, viewport });
    page.task?.cancel();
    page.task = source.render({ canvas, viewport, transform: density === 1 ? null : [density, 0, 0, density, 0, 0], annotationMode: 0 });
    try {
      await Promise.all([page.task.promise, words.render()]);
    } catch (error) {
      if (error?.name === "RenderingCancelledException") return;
      throw error;
    }
    if (page.drawn !== scale) return;
    page.element.replaceChildren(canvas, layer);
    page.words = wordsIn(layer);
    this.paint(page);
  }

  clear(page) {
    page.drawn = 0;
    page.task?.cancel();
    page.task = null;
    this.unpaint(page);
    page.words = null;
    page.element.replaceChildren();
  }

  unpaint(page) {
    for (const [kind, ranges] of Object.entries(page.ranges)) for (const range of ranges) this.painted[kind]?.delete(range);
    page.ranges = {};
  }

  paint(page) {
    if (!paints || !page.words) return;
    this.unpaint(page);
    const add = (kind, pattern, only) => {
      if (!pattern) return;
      page.ranges[kind] = [...page.words.text.matchAll(pattern)]
        .filter((_, n) => only === undefined || n === only)
        .map(match => match[0] && rangeAt(page.words, match.index, match.index + match[0].length)).filter(Boolean);
      for (const range of page.ranges[kind]) this.painted[kind].add(range);
    };
    if (this.marksOn) { add("include", this.terms.include); add("exclude", this.terms.exclude); }
    add("found", this.sought);
    const here = this.hits[this.hit];
    if (here?.n === page.n) {
      add("here", this.sought, here.nth);
      page.ranges.here?.[0]?.startContainer.parentElement?.scrollIntoView({ block: "center" });
    }
  }

  repaint() { for (const page of this.pages) this.paint(page); }

  async find(words) {
    this.sought = patternOf(words);
    [this.hits, this.hit] = [[], -1];
    if (this.sought) {
      for (const page of this.pages) {
        page.plain ??= (await (await this.pdf.getPage(page.n)).getTextContent()).items.map(item => item.str + (item.hasEOL ? " " : "")).join("");
        [...page.plain.matchAll(this.sought)].forEach((_, nth) => this.hits.push({ n: page.n, nth }));
      }
      this.hit = Math.max(0, this.hits.findIndex(hit => hit.n >= (this.here ?? 1)));
    }
    this.showHit();
  }

  turn(by) {
    if (!this.hits.length) return;
    this.hit = (this.hit + by + this.hits.length) % this.hits.length;
    this.showHit();
  }

  showHit() {
    const place = this.root.querySelector("[data-found]");
    const hit = this.hits[this.hit];
    const at = hit && { at: this.hit + 1, all: this.hits.length, page: hit.n };
    place.textContent = !this.sought ? "" : hit ? filled(this.words.sayFound, at) : this.words.sayNotFound;
    if (hit) this.goTo(hit.n);
    this.repaint();
  }

  goTo(n) {
    const page = this.pages[Math.min(Math.max(n, 1), this.pages.length) - 1];
    if (page) { this.holder.scrollTop = page.element.offsetTop - 8; this.say(page.n); }
  }

  say(n) {
    this.here = n;
    const field = this.root.querySelector("[data-page-no]");
    if (field && document.activeElement !== field) field.value = n;
  }

  setTerms({ include = [], exclude = [] }) {
    this.terms = { include: patternOfTerms(include), exclude: patternOfTerms(exclude) };
    this.repaint();
  }
}

/** The criterion somebody is answering: where they last were, else the first one that is asked. */
function placeOf(form) {
  return form?.querySelector("[data-place].answering") ?? form?.querySelector("[data-place] [data-quote]")?.closest("[data-place]");
}

function startAnswering(form) {
  form.addEventListener("focusin", event => {
    const place = event.target.closest("[data-place]");
    if (!place) return;
    for (const other of form.querySelectorAll(".answering")) other.classList.toggle("answering", other === place);
    place.classList.add("answering");
  });
  // What was typed in the last second before the page goes is sent along.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && form.dataset.typed !== undefined) navigator.sendBeacon(form.getAttribute("hx-post"), new FormData(form));
  });
  form.addEventListener("input", () => { form.dataset.typed = ""; });
  form.addEventListener("submit", () => { delete form.dataset.typed; });
  form.addEventListener("htmx:afterRequest", () => { delete form.dataset.typed; });
}

function quote(viewer, form) {
  const says = viewer.words;
  const selection = document.getSelection();
  const inside = node => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".pdf-page");
  const [first, last] = selection?.rangeCount ? [inside(selection.getRangeAt(0).startContainer), inside(selection.getRangeAt(0).endContainer)] : [];
  const words = first ? quoted(selection.toString()) : "";
  const place = placeOf(form);
  const field = place?.querySelector("[data-quote]");
  if (!words) { announce(says.saySelectFirst); viewer.trouble(says.saySelectThenQuote); return; }
  if (!field) { viewer.trouble(says.sayNothingToQuoteFor); return; }
  const pages = first === last || !last ? first.dataset.page : `${first.dataset.page}-${last.dataset.page}`;
  const page = place.querySelector(".page-no");
  field.value = field.value.trim() ? `${field.value.trim()} […] ${words}` : words;
  const known = page.value.split(/[;,]\s*/).filter(Boolean);
  if (!known.includes(pages)) page.value = [...known, pages].join("; ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const name = place.querySelector("h3")?.textContent.trim() ?? says.sayTheCriterion;
  viewer.trouble("");
  announce(filled(says.sayQuoted, { pages, name }));
  place.classList.add("answering");
  place.scrollIntoView({ block: "nearest" });
}

function wire(viewer, form) {
  const root = viewer.root;
  const on = (selector, act) => root.querySelector(selector)?.addEventListener("click", act);
  viewer.trouble = sentence => { root.querySelector("[data-trouble]").textContent = sentence; };
  on("[data-page-back]", () => viewer.goTo(viewer.here - 1));
  on("[data-page-on]", () => viewer.goTo(viewer.here + 1));
  on("[data-smaller]", () => viewer.zoom(-1));
  on("[data-larger]", () => viewer.zoom(1));
  on("[data-find-back]", () => viewer.turn(-1));
  on("[data-quote-this]", () => quote(viewer, form));
  on("[data-marks-switch]", event => {
    viewer.marksOn = !viewer.marksOn;
    event.currentTarget.ariaPressed = String(viewer.marksOn);
    viewer.repaint();
  });
  root.querySelector("[data-page-no]").addEventListener("change", event => viewer.goTo(Number(event.target.value) || viewer.here));
  const find = root.querySelector("[data-find]");
  let last = "";
  find.addEventListener("submit", event => {
    event.preventDefault();
    const words = find.querySelector("input").value;
    if (words === last && viewer.hits.length) viewer.turn(1); else { last = words; viewer.find(words); }
  });
  register("q", viewer.words.sayKeyQuote, () => quote(viewer, form));
  register(",", viewer.words.sayKeyBack, () => viewer.goTo(viewer.here - 1));
  register(".", viewer.words.sayKeyOn, () => viewer.goTo(viewer.here + 1));
  register("/", viewer.words.sayKeyFind, () => find.querySelector("input").focus());
  for (const link of document.querySelectorAll("[data-page-link]")) {
    link.addEventListener("click", event => { event.preventDefault(); show("document"); viewer.goTo(Number(link.dataset.pageLink)); });
  }
}

/** In a narrow window one side at a time: the document or the answers. */
function show(side) {
  const assess = document.querySelector("[data-assess]");
  if (!assess) return;
  assess.dataset.shown = side;
  for (const button of document.querySelectorAll("[data-side]")) button.ariaPressed = String(button.dataset.side === side);
}

async function startMarks(viewer) {
  const button = viewer.root.querySelector("[data-marks-switch]");
  if (!paints) { button.hidden = true; return; }
  const answer = await fetch(viewer.root.dataset.marks, { headers: { Accept: "application/json" } });
  const terms = answer.ok ? await answer.json() : { include: [], exclude: [] };
  button.hidden = !terms.include.length && !terms.exclude.length;
  viewer.setTerms(terms);
}

async function start() {
  const form = document.querySelector("[data-worksheet]");
  if (form) startAnswering(form);
  const root = document.querySelector("[data-viewer]");
  if (!root) return;
  root.hidden = false;
  if (document.querySelector("[data-sides]")) {
    document.querySelector("[data-sides]").hidden = false;
    for (const button of document.querySelectorAll("[data-side]")) button.addEventListener("click", () => show(button.dataset.side));
    show("document");
  }
  const trouble = root.querySelector("[data-trouble]");
  try {
    const viewer = new Viewer(root, await import(root.dataset.library));
    wire(viewer, form);
    await viewer.open();
    root.dataset.ready = "";
    await startMarks(viewer);
  } catch (error) {
    const says = root.dataset;
    trouble.textContent = error?.name === "PasswordException" ? says.sayPassword : says.sayNotDrawn;
    root.dataset.failed = "";
  }
}

start();
