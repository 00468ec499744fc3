/** Keeps one's seats at the titles on the screen while somebody works here: a seat left alone goes back after half an hour.
 *
 *   keepSeats(data, { held: () => ids, lost: ids => … })     <… data-seats="/api/v1/…/seats/" data-account="…">
 *
 * What somebody does is the clock: a page that lies open with nobody at it keeps nothing from the others.
 */
import { csrfToken } from "./outbox.js";

const EVERY = 10 * 60_000;

/** `held`: the reports to keep; `lost`: told those that others have by now. Neither is asked more often than every ten minutes. */
export function keepSeats(data, { held, lost }) {
  let last = Date.now();
  const keep = async () => {
    const reports = held();
    if (document.hidden || Date.now() - last < EVERY || !reports.length) return;
    last = Date.now();
    try {
      const response = await fetch(data.seats, {
        method: "POST", signal: AbortSignal.timeout(20_000), credentials: "same-origin", redirect: "error",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "X-Brolly-Account": data.account },
        body: JSON.stringify({ reports }),
      });
      if (!response.ok) return;
      const kept = new Set((await response.json()).reports);
      lost(reports.filter(id => !kept.has(id)));
    } catch { /* Not connected: the seat is asked for again, and what is decided is kept whatever becomes of it. */ }
  };
  for (const name of ["keydown", "pointerdown", "scroll"]) addEventListener(name, keep, { capture: true, passive: true });
  document.addEventListener("visibilitychange", keep);
}
