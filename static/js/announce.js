/** Saying and showing what happened, in the page.
 *
 *   <p id="announcer" class="sr" role="status"></p>            (base.html)
 *   <div id="messages" class="messages" role="status">…</div>  (base.html)
 */

/** Read a sentence out to a screen reader without showing it. */
export function announce(sentence) {
  const place = document.getElementById("announcer");
  if (!place) return;
  place.textContent = "";
  // A fresh text node after a tick is read even when the sentence is the same as before.
  setTimeout(() => { place.textContent = sentence; }, 50);
}

/** Show an error sentence among the page's messages. The same sentence is shown once. */
export function showError(sentence) {
  const place = document.getElementById("messages");
  if (!place || [...place.children].some(message => message.textContent === sentence)) return;
  const message = document.createElement("p");
  message.className = "message error";
  message.textContent = sentence;
  place.append(message);
}
