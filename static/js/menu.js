/** Disclosure menus and dialogs.
 *
 *   <details class="menu"><summary class="btn quiet">Ana K.</summary><div class="list">…</div></details>
 *   <button type="button" data-opens="keys">Keys</button>  <dialog id="keys">…<button data-closes>Close</button></dialog>
 *
 * A menu closes on Escape (focus returns to its summary), on a click elsewhere and when focus leaves it.
 */
const openMenus = () => document.querySelectorAll("details.menu[open]");

export function startMenus(root = document) {
  root.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary").focus();
    }
  });
  const closeOthers = event => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  };
  root.addEventListener("click", closeOthers);
  root.addEventListener("focusin", closeOthers);

  root.addEventListener("click", event => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    // The dialog itself is the target only when the click falls on its backdrop or its padding.
    if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) event.target.close();
  });
}

function isOutside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
