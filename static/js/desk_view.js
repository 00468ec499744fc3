/** How a member likes their desk: marks, authors and abstracts on or off, and which keys act. Remembered by the server.
 *
 *   <input type="checkbox" data-like="show_include">   class no-include on the body while it is off
 */
import { announce, showError } from "./announce.js";
import { csrfToken } from "./outbox.js";
import { worded } from "./words.js";

const HIDES = { show_include: "no-include", show_exclude: "no-exclude", show_authors: "no-authors", show_abstracts: "no-abstracts" };

export class Liked {
  constructor(data) {
    this.data = data;
    this.set = JSON.parse(data.liked);
    document.addEventListener("change", event => {
      const name = event.target.dataset?.like;
      if (name) this.show(name, event.target);
    });
  }

  show(name, { checked }) {
    for (const other of document.querySelectorAll(`[data-like="${name}"]`)) other.checked = checked;
    document.body.classList.toggle(HIDES[name], !checked);
    this.remember({ [name]: checked });
  }

  /** Kept for the next time, on every device. What could not be kept still holds on this page. */
  async remember(change) {
    try {
      const response = await fetch(this.data.view, {
        method: "PATCH", credentials: "same-origin", redirect: "error",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() }, body: JSON.stringify(change),
      });
      if (!response.ok) throw new Error(response.statusText);
    } catch {
      showError(worded("not_remembered"));
    }
  }

  keys() {
    return { off: this.set.keysOff, changed: off => {
      this.remember({ keys_off: off });
      announce(worded("remembered"));
    } };
  }
}

/** How many terms of each kind the title at hand has, beside the switches. */
export function showCounts(count) {
  for (const kind of ["include", "exclude"]) {
    for (const place of document.querySelectorAll(`[data-n-${kind}]`)) place.textContent = count ? String(count[kind]) : "";
  }
}
