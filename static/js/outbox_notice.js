/** Says on any page what waits in this browser to be sent, and sends it where no desk is there to do so.
 *
 *   <meta name="account" content="{id, or nothing}" data-login="/accounts/login/">      (base.html)
 *   <div id="messages">…</div>                                                          (base.html)
 */
import { Outbox } from "./outbox.js";
import { Store } from "./outbox_store.js";

const counted = entries => {
  const word = entries.every(entry => entry.body.stage) ? "decision" : "change";
  return `${entries.length} ${word}${entries.length === 1 ? "" : "s"}`;
};
const verb = (entries, one, many) => (entries.length === 1 ? one : many);

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
  const them = counted(waiting);
  if (waiting.length && trouble === "signed-out") line("waiting", `Sign in to send ${them}, kept in this browser until then.`, ["Sign in", here]);
  else if (waiting.length && trouble === "another") {
    line("waiting", `Another account is signed in now. ${them} of yours ${verb(waiting, "is", "are")} kept in this browser, and sent when you sign in again.`);
  } else if (waiting.length && trouble === "offline") line("waiting", `${them} ${verb(waiting, "waits", "wait")} in this browser until the server can be reached.`);
  else line("waiting", "");
  line("unkept", waiting.length && unkept ? `This browser cannot keep what you decide: its storage is full or switched off. Leave this page open until all is sent (${them} now).` : "");
}

/** What others left here: said, and left alone. */
async function showElsewhere(account) {
  const others = await new Store(account).elsewhere();
  if (!others.length) return;
  const them = counted(others);
  line("elsewhere", account
    ? `${them} made under another account ${verb(others, "waits", "wait")} in this browser. ${verb(others, "It is", "They are")} sent when that account signs in here, and under no other.`
    : `Sign in to send ${them}, kept in this browser under the account that made ${verb(others, "it", "them")}.`);
}

/** Send what an earlier page left waiting, and say what could not be saved. */
async function sendWhatWaits(account) {
  const outbox = new Outbox(account, {
    changed: showOutbox, extra: () => ({}), saved: () => {},
    refused: entry => line("refused", "A decision was not saved. The desk says why.", ["See it", entry.here]),
  });
  await outbox.open();
}

export function startOutbox() {
  const meta = document.querySelector('meta[name="account"]');
  if (!meta || !globalThis.indexedDB) return;
  showElsewhere(meta.content);
  if (meta.content && !document.querySelector("[data-desk], [data-desk-list]")) sendWhatWaits(meta.content);
}
