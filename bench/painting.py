"""Key press to next report painted, in headless Chromium, over 300 decisions at 10,000 reports.

Two clocks, both the browser's own, for each real key that comes in through its input pipeline:
- Event Timing (PerformanceObserver, entries of type "event"): from the moment the key was pressed to the frame in
  which what it changed was painted, by the browser itself. It rounds to 8 ms and counts the wait for the next frame
  of the display, up to 16.7 ms, so "in the next frame" reads as 16 or 24 there.
- Ours, which the target is held to: from the key's timestamp to the end of the frame that paints the next title. A
  requestAnimationFrame asked for in the key's handler runs just before that frame is laid out and painted; a message
  posted from it is handled right after. What is left of the frame's own time (style, layout, paint) lies between.
  The wait for that frame to begin is the display's, so it is told apart: work = the key's handler and the frame.

Target: the work fits one frame of 60 Hz (16.7 ms) at the 95th percentile, and the key's title is gone in that frame,
with the server as it is and with the server's answers held back by 500 ms. Frames missed are counted besides.
Run: python -m config.dev with-servers python -m bench.painting
"""

import os
import shutil
import sys
from contextlib import ExitStack
from typing import Any

from bench.desk import at, brolly_server, made_records

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "300"))
FRAME = 1000 / 60
SLOWED = 500  # ms
FETCHING = "Fetching the next titles"  # what stands there while nothing is held
PAUSE = 120  # ms between two keys: faster than anybody reads

# What stands in the page: notes, for each key, when it was pressed, when its handlers were through, when its frame
# began and when it was painted, and which title was there.
WATCH = """
window.noted = [];
window.events = [];
new PerformanceObserver(list => { for (const one of list.getEntries()) if (one.name === "keydown") window.events.push(one.duration); })
  .observe({ type: "event", durationThreshold: 16 });
const title = () => document.querySelector("[data-title]")?.textContent;
addEventListener("keydown", event => {
  const one = { pressed: event.timeStamp, began: performance.now(), before: title() };
  const after = new MessageChannel();
  after.port1.onmessage = () => { one.painted = performance.now(); window.noted.push(one); };
  requestAnimationFrame(() => { one.frame = performance.now(); one.after = title(); after.port2.postMessage(0); });
  window.addEventListener("keydown", () => { one.through = performance.now(); }, { once: true });
}, true);
"""


class Thread:
    """The page's main thread: processor seconds, by what it did."""

    WHAT = {"ScriptDuration": "scripts", "RecalcStyleDuration": "style", "LayoutDuration": "layout", "TaskDuration": "in all"}

    def __init__(self, session: Any) -> None:
        self.session = session
        session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        session.send("Performance.enable")

    def seconds(self) -> dict[str, float]:
        return {one["name"]: one["value"] for one in self.session.send("Performance.getMetrics")["metrics"]}

    def tell(self, before: dict[str, float], n: int) -> None:
        """Processor milliseconds for each of n decisions since, sending and its answers included."""
        now = self.seconds()
        each = [f"{words} {(now[name] - before[name]) * 1000 / n:.1f}" for name, words in self.WHAT.items()]
        layouts = (now["LayoutCount"] - before["LayoutCount"]) / n
        print(f"  the page's processor time for each decision: {', '.join(each)} ms; laid out {layouts:.1f} times", flush=True)


def painted(page: Any, rounds: int) -> tuple[list[dict[str, Any]], list[float]]:
    """Decide so many times with real keys. Returns what was noted of each, and Event Timing's durations (16 ms and more)."""
    page.evaluate("window.noted = []; window.events = []")
    for n in range(rounds):
        page.keyboard.press("ei"[n % 2])
        page.wait_for_timeout(PAUSE)
    while page.evaluate("window.noted.length") < rounds:
        page.wait_for_timeout(PAUSE)
    return page.evaluate("window.noted"), page.evaluate("window.events")


def told(title: str, noted: list[dict[str, Any]], events: list[float]) -> bool:
    """Print the figures; whether the target is held."""
    handling = [one["through"] - one["began"] for one in noted]
    work = [one["through"] - one["pressed"] + one["painted"] - one["frame"] for one in noted]
    whole = [one["painted"] - one["pressed"] for one in noted]
    stayed = sum(one["after"] in (one["before"], FETCHING) for one in noted)
    # Chromium tells of no event shorter than 16 ms: those it left out are below.
    timed = sorted([*[8.0] * max(0, len(noted) - len(events)), *events])
    print(f"{title}: {len(noted)} decisions (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores), milliseconds")
    for name, values in (("key's handler", handling), ("work", work), ("with the wait for a frame", whole), ("Event Timing", timed)):
        print(f"  {name:26} median {at(0.5, values):6.1f}   p95 {at(0.95, values):6.1f}   longest {max(values):6.1f}")
    held = at(0.95, work) <= FRAME and not stayed
    print(f"  the next title stood in the key's own frame in {len(noted) - stayed} of {len(noted)}")
    print(f"  Target {FRAME:.1f} ms at p95: {'met' if held else 'NOT met'}", flush=True)
    return held


def main() -> int:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver has a loop of its own in this thread
    records = made_records()
    with ExitStack() as stack:
        server = brolly_server(stack, records)
        driver = stack.enter_context(sync_playwright())
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        quiet = ["--disable-dev-shm-usage", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=[*as_root, *quiet])
        stack.callback(browser.close)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": name, "value": value, "url": server.address} for name, value in server.cookies.items()])
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{server.address}/p/{server.slug}/screening/")
        page.locator("[data-desk][data-ready]").wait_for(state="attached", timeout=60_000)
        painted(page, 20)
        session = context.new_cdp_session(page)
        thread = Thread(session)
        before = thread.seconds()
        held = [told("The server as it is", *painted(page, ROUNDS))]
        thread.tell(before, ROUNDS)
        session.send("Network.enable")
        slow = {"offline": False, "latency": SLOWED, "downloadThroughput": -1, "uploadThroughput": -1}
        session.send("Network.emulateNetworkConditions", slow)
        held.append(told(f"The server {SLOWED} ms slower", *painted(page, ROUNDS)))
        session.send("Network.emulateNetworkConditions", {**slow, "latency": 0})
        page.locator("[data-sent][data-state=sent]").wait_for(timeout=300_000)
        done = server.decided()
        print(f"  decisions made {2 * ROUNDS + 20}, in the database {done}")
        held.append(done == 2 * ROUNDS + 20)
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
