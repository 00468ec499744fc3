/* Theme. Linked in <head> without defer, so that the choice holds before the first paint.
 *
 *   <button class="btn quiet" type="button" data-theme-button data-system="Theme: …" data-light="…" data-dark="…">…</button>
 *
 * The button goes round: as the system says, light, dark. The choice is kept in localStorage under "brolly.theme".
 */
(function () {
  "use strict";
  var root = document.documentElement;
  var modes = ["system", "light", "dark"];

  function stored() {
    try {
      var mode = localStorage.getItem("brolly.theme");
      return modes.indexOf(mode) > 0 ? mode : "system";
    } catch (refused) {
      return "system"; // Storage may be switched off; the page then follows the system.
    }
  }
  function apply(mode) {
    if (mode === "system") delete root.dataset.theme;
    else root.dataset.theme = mode;
    document.querySelectorAll("[data-theme-button]").forEach(function (button) {
      button.setAttribute("aria-label", button.dataset[mode]);
      button.title = button.dataset[mode];
    });
  }

  apply(stored());
  document.addEventListener("DOMContentLoaded", function () { apply(root.dataset.theme || "system"); });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-button]")) return;
    var next = modes[(modes.indexOf(root.dataset.theme || "system") + 1) % modes.length];
    try { localStorage.setItem("brolly.theme", next); } catch (refused) { /* this page alone, then */ }
    apply(next);
  });
  window.addEventListener("storage", function (event) {
    if (event.key === "brolly.theme") apply(stored());
  });
})();
