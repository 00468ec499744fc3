/** Says on any page what waits in this browser to be sent, and sends it where no desk is there to do so.
 *
 *   <meta name="account" content="{id, or nothing}" data-login="/accounts/login/">      (base.html)
 *   <div id="messages">…</div>                                                          (base.html)
 */
import { Outbox } from "./outbox.js";
import { Store } from "./outbox_store.js";
import { counted, worded } from "./words.js";

const inWords = entries => counted(entries.every(entry => entry.body.stage) ? "decisions" : "changes", entries.length);

/** One line among the page's messages, by name; without a sentence it goes. */
function line(name, sentence, link) {
  const place = document.getElementById("messages");
  const there = place?.querySelector(`[data-outbox="${name}"]`);
  if (!place || (there ? there.firstChild.textContent === sentence : !sentence)) return;
  there?.remove();
  if (!sentence) return;
  const message = document.createElement("p");
  message.className = "message warning";
  message.dataset.outbox = name;
  const words = document.createElement("span");
  words.textContent = sentence;
  message.append(words);
  if (link) {
    const anchor = document.createElement("a");
    [anchor.textContent, anchor.href] = link;
    message.append(" ", anchor);
  }
  place.append(message);
}

/** The sentence about what waits under this account, where there is something to do or to know about it. */
export function showOutbox({ waiting, unkept, trouble }) {
  const { login } = document.querySelector('meta[name="account"]').dataset;
  const here = `${login}?${new URLSearchParams({ next: location.pathname })}`;
  const them = inWords(waiting);
  if (waiting.length && trouble === "signed-out") line("waiting", worded("signed_out", { them }), [worded("sign_in"), here]);
  else if (waiting.length && trouble === "another") line("waiting", counted("another", waiting.length, { them }));
  else if (waiting.length && trouble === "offline") line("waiting", counted("offline", waiting.length, { them }));
  else line("waiting", "");
  line("unkept", waiting.length && unkept ? worded("unkept", { them }) : "");
}

/** What others left here: said, and left alone. */
async function showElsewhere(account) {
  const others = await new Store(account).elsewhere();
  if (!others.length) return;
  const them = inWords(others);
  line("elsewhere", counted(account ? "elsewhere" : "elsewhere_signed_out", others.length, { them }));
}

/** Send what an earlier page left waiting, and say what could not be saved. */
async function sendWhatWaits(account) {
  const outbox = new Outbox(account, {
    changed: showOutbox, extra: () => ({}), saved: () => {},
    refused: entry => line("refused", worded("not_saved"), [worded("see_it"), entry.here]),
  });
  await outbox.open();
}

export function startOutbox() {
  const meta = document.querySelector('meta[name="account"]');
  if (!meta || !globalThis.indexedDB) return;
  showElsewhere(meta.content);
  if (meta.content && !document.querySelector("[data-desk], [data-desk-list]")) sendWhatWaits(meta.content);
}
