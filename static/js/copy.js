/** Copy a link or a code.
 *
 *   <div class="copy">
 *     <code id="invite-link">https://…</code>
 *     <button class="btn" type="button" data-copy="invite-link">Copy the link</button>
 *     <span class="copied" role="status"></span>
 *   </div>
 *
 * data-copy names the element whose text or value is copied; the status beside the button says so.
 */
import { worded } from "./words.js";

export function startCopy(root = document) {
  root.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      if (status) status.textContent = worded("copied");
    } catch {
      // Without a secure origin there is no clipboard: select it, so that one key copies it.
      getSelection().selectAllChildren(source);
      if (status) status.textContent = worded("selected");
    }
    if (status) setTimeout(() => { status.textContent = ""; }, 4000);
  });
}
