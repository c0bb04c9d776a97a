"""A trace loads in a browser without error. Skipped without Debian's chromium, chromium-driver and python3-selenium."""

import json
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from event_files import ring, write_events  # noqa: E402
from programs import FRONT, SMALL, WORLDS, ProgramTest, run  # noqa: E402

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None

DRIVER, BROWSER = shutil.which("chromedriver"), shutil.which("chromium")

PAGE = """<!doctype html><meta charset="utf-8"><title>loading</title>
<script type="application/json" id="trace">{trace}</script>
<script>
const events = JSON.parse(document.getElementById("trace").textContent).traceEvents;
const slices = new Map(), problems = [];
for (const e of events.filter(e => e.ph === "X")) {{
  if (!slices.has(e.tid)) slices.set(e.tid, []);
  const track = slices.get(e.tid), last = track.at(-1);
  if (last && e.ts + 1e-4 < last.ts + last.dur) problems.push(`overlap on ${{e.tid}} at ${{e.ts}}`);
  track.push(e);
}}
const starts = new Map(events.filter(e => e.ph === "s").map(e => [e.id, e]));
for (const e of events.filter(e => e.ph === "f")) {{
  if (!starts.delete(e.id)) problems.push(`arrow ${{e.id}} ends without a start`);
  if (!slices.get(e.tid).some(s => s.ts <= e.ts && e.ts < s.ts + s.dur)) problems.push(`arrow ${{e.id}} is not bound`);
}}
if (starts.size > 0) problems.push(`${{starts.size}} arrows have no end`);
window.walked = {{ tracks: slices.size, events: events.length, problems }};
document.title = "done";
</script>
"""


@unittest.skipUnless(webdriver and DRIVER and BROWSER,
                     "needs Debian's chromium, chromium-driver and python3-selenium")
class Browser(ProgramTest):
    def test_a_page_that_walks_the_rules(self) -> None:
        self.assertEqual(self.run_here([FRONT, WORLDS[0], *SMALL, "--out", "run"]).status, 0)
        write_events(self.folder / "run", ring(5, 200))
        trace = run([FRONT, "trace", self.folder / "run"]).output
        page = self.write("page.html", PAGE.format(trace=trace.replace("<", "\\u003c")))
        options = webdriver.ChromeOptions()
        options.binary_location = BROWSER
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(service=Service(DRIVER), options=options)
        self.addCleanup(browser.quit)
        browser.get(page.as_uri())
        self.assertEqual(browser.title, "done")
        walked = browser.execute_script("return window.walked")
        self.assertEqual(walked, {"tracks": 5, "events": len(json.loads(trace)["traceEvents"]), "problems": []})
        self.assertEqual([entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"], [])


if __name__ == "__main__":
    unittest.main()
