#!/usr/bin/env python3
"""A million events of a hundred workers: the file stays small, and shows what it can. Times are printed."""

import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from browser import Browser, require_browser  # noqa: E402
from report_sources import TIMING, must, require_reports, write_events  # noqa: E402
from programs import FRONT  # noqa: E402

WORKERS, STEPS = 100, 1150
MOST_BYTES = 20e6
MOST_WRITTEN_S = 10
MOST_MOVED_MS = 3000
MOST_BARS = 16000


class Size(unittest.TestCase):
    def test_a_million_events(self) -> None:
        with tempfile.TemporaryDirectory() as holder:
            root = Path(holder)
            must([FRONT, "sim", *TIMING, "--method", "by-arrival", "--workers", WORKERS, "--batch", 6,
                  "--out", "run"], root)
            write_events(root / "run", WORKERS, STEPS)
            events = sum((file.stat().st_size - 80) // 64 for file in (root / "run/events").iterdir())
            self.assertGreater(events, 1_000_000 - WORKERS)
            begin = time.monotonic()
            must([FRONT, "report", "run", "--out", "report.html"], root)
            written_s = time.monotonic() - begin
            self.assertLess(written_s, MOST_WRITTEN_S)
            size = (root / "report.html").stat().st_size
            self.assertLess(size, MOST_BYTES)
            browser = Browser()
            try:
                drawn_ms = browser.open(root / "report.html")
                moved_ms = self.key_press(browser)
                self.assertLess(moved_ms, MOST_MOVED_MS)
                self.check_page(browser)
            finally:
                browser.close()
            print(f"{events} events: report written in {written_s:.2f} s, {size / 1e6:.1f} MB, drawn in "
                  f"{drawn_ms / 1e3:.2f} s, again after a key press in {moved_ms / 1e3:.2f} s")

    def key_press(self, browser: Browser) -> float:
        """Milliseconds from a key press that narrows the window until the timeline is drawn for it."""
        timeline = "const timeline = lockstep.figures.find((figure) => figure.handle);"
        browser.script(f"{timeline} window.wide = Number(timeline.figure.dataset.end); window.pressed = performance.now();"
                       " timeline.handle.dispatchEvent(new KeyboardEvent('keydown', {key: '+'}))")
        return float(browser.script_when(
            f"{timeline} const width = timeline.figure.dataset.end - timeline.figure.dataset.begin;"
            " return width < 0.9 * window.wide && performance.now() - window.pressed"))

    def check_page(self, browser: Browser) -> None:
        self.assertEqual(browser.errors(), [])
        timeline = "const timeline = lockstep.figures.find((figure) => figure.handle);"
        rows, bars = browser.script(f"{timeline} return [timeline.spec.ranks.length, Number(timeline.figure.dataset.bars)]")
        self.assertEqual(rows, WORKERS + 1)
        self.assertTrue(rows < bars <= MOST_BARS, bars)
        self.assertIn("mostly did", browser.script(f"{timeline} return timeline.readout.textContent"))
        bars = browser.script(f"{timeline} timeline.begin = 0; timeline.end = timeline.spec.end / 1000; timeline.show();"
                              " return [Number(timeline.figure.dataset.bars), timeline.readout.textContent]")
        self.assertIn("every span", bars[1])
        self.assertTrue(rows < bars[0] <= MOST_BARS, bars)
        canvases = browser.script("return [...document.querySelectorAll('figure.chart .canvas canvas')]")
        for canvas in canvases:
            self.assertGreater(browser.coloured(canvas)[0], 30)


if __name__ == "__main__":
    require_reports()
    require_browser()
    unittest.main()
