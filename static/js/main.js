/** Loaded by every page as a module. Each import says in its docstring which HTML it serves. */
import { announce, showError } from "./announce.js";
import { startCopy } from "./copy.js";
import { startFiles } from "./files.js";
import { startHeatmaps } from "./heatmap.js";
import { startMenus } from "./menu.js";
import { csrfToken } from "./outbox.js";
import { startOutbox } from "./outbox_notice.js";
import { startShortcuts } from "./shortcuts.js";
import { worded } from "./words.js";

startMenus();
startCopy();
startFiles();
startShortcuts();
startHeatmaps();
startOutbox();

// An error summary is where a person must look first after sending a form.
document.querySelector("[data-focus]")?.focus();
// In a narrow window the strip scrolls: bring where one is into view, without moving the page.
const here = document.querySelector(".strip [aria-current]");
if (here) {
  const row = here.closest("ol");
  row.scrollLeft = Math.max(0, here.offsetLeft + here.offsetWidth - row.clientWidth);
}

// htmx: the CSRF token travels as a header; after signing in again in another window it is another one than the page came with.
document.addEventListener("htmx:configRequest", event => {
  const token = csrfToken();
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:afterSwap", event => {
  startHeatmaps(event.target);
});
// A polled job is redrawn every second: only its end is read out.
document.addEventListener("htmx:load", event => {
  // What came in is what is loaded; the target of a swap may be what went out.
  (event.target.matches?.("[data-focus]") ? event.target : event.target.querySelector?.("[data-focus]"))?.focus();
  const ended = event.target.matches?.("[data-announce]") ? event.target : event.target.querySelector?.("[data-announce]");
  if (ended) announce(ended.dataset.announce);
});
document.addEventListener("htmx:sendError", () => showError(worded("unreachable")));
document.addEventListener("htmx:responseError", event => {
  const status = event.detail.xhr.status;
  showError(worded({ 401: "signed_out_here", 403: "not_allowed", 404: "gone" }[status] ?? "failed", { status }));
});
