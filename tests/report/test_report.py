#!/usr/bin/env python3
"""Reports in headless Chromium: nothing fails, charts show their data, texts are the results', the timeline's window is
chosen by click and by keyboard, text from files is no markup; light, dark, on a phone and on paper.

With LOCKSTEP_SCREENSHOTS=DIR pictures of the pages stay in that folder.
"""

import os
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True
from browser import DESKTOP, PHONE, Browser, require_browser  # noqa: E402
from report_sources import ATTACK, Sources, require_reports  # noqa: E402

TABLE = """
const tables = [...document.querySelectorAll("table")].filter((table) => table.caption.textContent === arguments[0]);
return tables.map((table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => {
  const data = cell.querySelector("data");
  return data ? Number(data.value) : cell.textContent;
})));
"""
# Bars of the timeline that are not where their times are, in pixels.
MISPLACED = """
const chart = Chart.getChart(arguments[0]);
const {x} = chart.scales;
let worst = 0;
let bars = 0;
for (const [place, set] of chart.data.datasets.entries()) {
  for (const [i, bar] of chart.getDatasetMeta(place).data.entries()) {
    ++bars;
    const wanted = set.data[i].x.map((time) => x.getPixelForValue(time));
    worst = Math.max(worst, Math.abs(bar.base - wanted[0]), Math.abs(bar.x - wanted[1]));
  }
}
return [worst, bars];
"""
PICTURES = os.environ.get("LOCKSTEP_SCREENSHOTS")
SUMMARY = {"Time": "elapsed_s", "Test loss": "test_loss", "Test accuracy": "test_accuracy", "Computing": "compute_share",
           "Waiting": "wait_share", "In transfer": "transfer_share", "Samples a second": "samples_per_s",
           "Updates": "updates", "Mean staleness": "mean_staleness", "Messages": "messages", "Bytes": "bytes",
           "Memory": "memory_bytes", "Parameters": "parameters_digest"}


def setUpModule() -> None:
    holder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(holder.cleanup)
    root = Path(holder.name)
    Pages.sources = Sources(root)
    Pages.browser = Browser()
    unittest.addModuleCleanup(Pages.browser.close)
    Pages.report = Pages.sources.report("report.html", *Pages.sources.runs, "comparison", "sweep", "validation",
                                        "--title", ATTACK)


class Pages(unittest.TestCase):
    browser: Browser
    sources: Sources
    report: Path

    def setUp(self) -> None:
        self.browser.show()

    def open(self) -> None:
        self.browser.open(self.report)

    def table(self, caption: str) -> list[list[list[Any]]]:
        return self.browser.script(TABLE, caption)

    def timeline(self) -> dict[str, Any]:
        """The figure of the only timeline, its parts, and its window in seconds."""
        figure = self.browser.script("return document.querySelector('.strip').closest('figure')")
        find = "return arguments[0].querySelector(arguments[1])"
        data = self.browser.script("return {...arguments[0].dataset}", figure)
        return {"figure": figure, "strip": self.browser.script(find, figure, ".strip"),
                "handle": self.browser.script(find, figure, ".window"),
                "canvas": self.browser.script(find, figure, ".canvas canvas"),
                "begin": float(data["begin"]), "end": float(data["end"]), "bars": int(data["bars"])}

    def settle(self) -> dict[str, Any]:
        """The timeline once the next picture is drawn."""
        self.browser.script_when("window.frames_seen = (window.frames_seen ?? 0) + 1; return window.frames_seen % 3 === 0")
        return self.timeline()


class Content(Pages):
    def test_no_error_and_no_markup_from_texts(self) -> None:
        self.open()
        self.assertEqual(self.browser.errors(), [])
        self.assertIsNone(self.browser.script("return window.attacked"))
        self.assertEqual(self.browser.script("return document.querySelector('h1').textContent"), ATTACK)
        self.assertEqual(self.browser.script("return document.images.length"), 0)
        headings = self.browser.script("return [...document.querySelectorAll('h2')].map((heading) => heading.textContent)")
        self.assertIn(f"Run {self.sources.attack.name}", headings)

    def test_nothing_is_loaded(self) -> None:
        self.open()
        self.assertEqual(self.browser.script("return performance.getEntriesByType('resource').map((entry) => entry.name)"), [])

    def test_every_view_of_every_chart_shows_its_data(self) -> None:
        self.open()
        figures = self.browser.script("return [...document.querySelectorAll('figure.chart')]")
        self.assertGreater(len(figures), 20)
        empty = 0  # all bars have no length, as of waiting where nobody waits
        for figure in figures:
            title = self.browser.script("return arguments[0].querySelector('figcaption').textContent", figure)
            views = self.browser.script("return [...arguments[0].querySelectorAll('option')].map((o) => o.textContent)", figure)
            for place, view in enumerate(views or [""]):
                with self.subTest(chart=title[:60], view=view):
                    if views:
                        self.browser.script("const select = arguments[0].querySelector('select'); select.value = arguments[1];"
                                            " select.dispatchEvent(new Event('change'))", figure, str(place))
                    for canvas in self.browser.script("return [...arguments[0].querySelectorAll('canvas')]", figure):
                        pixels, has_data = self.browser.coloured(canvas)
                        empty += not has_data
                        self.assertTrue(pixels > 3 or not has_data, pixels)
        self.assertLess(empty, 4)
        self.assertEqual(self.browser.errors(), [])

    def test_a_switch_changes_the_picture(self) -> None:
        self.open()
        figure = self.browser.script("return document.querySelector('figure.chart:has(select)')")
        picture = "return arguments[0].querySelector('canvas').toDataURL()"
        before = self.browser.script(picture, figure)
        self.browser.script("const select = arguments[0].querySelector('select'); select.value = '1';"
                            " select.dispatchEvent(new Event('change'))", figure)
        self.assertNotEqual(self.browser.script(picture, figure), before)

    def test_texts_are_the_results(self) -> None:
        self.open()
        folders = [*self.sources.runs, *(self.sources.root / "comparison" / name for name in ("serial", "allreduce-2"))]
        summaries, ranks = self.table("Summary"), self.table("Where each rank's time went")
        self.assertEqual(len(summaries), len(folders))
        for folder, summary, times in zip(folders, summaries, ranks, strict=True):
            result = self.sources.result(folder)
            shown = {row[0]: row[1] for row in summary}
            for name, field in SUMMARY.items():
                with self.subTest(run=folder.name, field=field):
                    value = result["summary"][field]
                    if name == "Time" and "time_range" in result:
                        value = result["time_range"]["median_s"]
                    self.assertEqual(shown[name], "-" if value is None else value)
            fields = ("elapsed_s", "compute_s", "wait_s", "transfer_s", "other_s", "steps")
            for row, worker in zip(times, result["workers"], strict=True):
                for value, field in zip(row[2:4] + row[5:8] + [row[13]], fields, strict=True):
                    # What is left of a difference of times, 1e-18 s, is shown as 0.
                    self.assertAlmostEqual(value, worker[field], delta=1e-15, msg=f"{folder.name}, rank {worker['rank']}: {field}")

    def test_charts_hold_the_results(self) -> None:
        self.open()
        data = self.browser.script("return lockstep.data")
        charts = self.browser.script("return Object.fromEntries([...document.querySelectorAll('section')].map((section) =>"
                                     " [section.querySelector('h2').textContent, [...section.querySelectorAll('figure.chart')]"
                                     ".map((figure) => [figure.querySelector('strong').textContent, figure.id])]))")
        result = self.sources.result(self.sources.root / "by-arrival")
        own = dict(charts["Run by-arrival"])
        shares = data[own["Time of each rank"]]["views"][1]["series"]
        for series in shares:
            self.assertEqual(series["values"], [max(worker[f"{series['name']}_s"], 0) for worker in result["workers"]])
        accuracy = data[own["Accuracy"]]["views"][0]["series"][0]["points"]
        self.assertEqual(accuracy, [[row["elapsed_s"], row["test_accuracy"]] for row in result["history"]])

    def test_verdict_and_winner(self) -> None:
        self.open()
        text = self.browser.script("return document.querySelector('main').textContent")
        self.assertIn("PASS: all", text)
        self.assertIn("Who wins where", text)
        self.assertIn("Speed-up", text)

    def test_headings_go_down_by_one_and_images_have_names(self) -> None:
        self.open()
        levels = self.browser.script("return [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))")
        self.assertEqual(levels[0], 1)
        self.assertTrue(all(after - before <= 1 for before, after in zip(levels, levels[1:])))
        names = self.browser.script("return [...document.querySelectorAll('canvas')].map((canvas) =>"
                                    " [canvas.getAttribute('role'), canvas.getAttribute('aria-label').length > 20])")
        self.assertEqual(set(map(tuple, names)), {("img", True)})


class Timeline(Pages):
    def setUp(self) -> None:
        super().setUp()
        self.open()
        self.whole = self.timeline()

    def press(self, *keys: str) -> dict[str, Any]:
        self.timeline()["handle"].send_keys(*keys)
        return self.settle()

    def click(self, share: float) -> dict[str, Any]:
        """Into the overview, at this share of its width."""
        from selenium.webdriver import ActionChains
        strip = self.timeline()["strip"]
        self.browser.script("arguments[0].scrollIntoView({block: 'center'})", strip)
        width = strip.rect["width"]
        ActionChains(self.browser.driver, duration=0).move_to_element_with_offset(
            strip, round((share - 0.5) * width), 0).click().perform()
        return self.settle()

    def drag(self, first: float, last: float) -> dict[str, Any]:
        from selenium.webdriver import ActionChains
        strip = self.timeline()["strip"]
        self.browser.script("arguments[0].scrollIntoView({block: 'center'})", strip)
        width = strip.rect["width"]
        ActionChains(self.browser.driver, duration=0).move_to_element_with_offset(
            strip, round((first - 0.5) * width), 0).click_and_hold().move_by_offset(
            round((last - first) * width), 0).release().perform()
        return self.settle()

    def test_bars_lie_at_their_times(self) -> None:
        def check(window: dict[str, Any]) -> None:
            worst, bars = self.browser.script(MISPLACED, window["canvas"])
            self.assertLess(worst, 0.51)  # the library moves a bar off the axis by half a pixel
            self.assertEqual(bars, window["bars"])
        check(self.whole)
        part = self.click(0.5)
        check(part)
        self.assertGreater(self.whole["bars"], part["bars"])

    def test_the_bars_are_the_events(self) -> None:
        """Rank 0 begins by computing for 1 s; its message takes 50 ms, its update 175 ms, the way back 50 ms."""
        bars = self.browser.script("return Chart.getChart(arguments[0]).data.datasets.map((set) => [set.label,"
                                   " set.data.filter((bar) => bar.y === 'rank 0').slice(0, 1).map((bar) => bar.x)[0]])",
                                   self.whole["canvas"])
        first = {name: bar for name, bar in bars if bar}
        for name, times in {"compute": [0, 1], "send": [1, 1.05], "wait": [1.05, 1.225], "receive": [1.225, 1.275]}.items():
            for shown, expected in zip(first[name], times, strict=True):
                self.assertAlmostEqual(shown, expected, delta=1e-6)

    def test_by_click_and_drag(self) -> None:
        whole_s = self.whole["end"]
        self.assertEqual(self.whole["begin"], 0)
        clicked = self.click(0.5)
        self.assertAlmostEqual((clicked["begin"] + clicked["end"]) / 2, whole_s / 2, delta=whole_s / 100)
        self.assertAlmostEqual(clicked["end"] - clicked["begin"], whole_s / 10, delta=whole_s / 1000)
        moved = self.click(0.8)
        self.assertAlmostEqual(moved["end"] - moved["begin"], whole_s / 10, delta=whole_s / 1000)
        self.assertAlmostEqual((moved["begin"] + moved["end"]) / 2, 0.8 * whole_s, delta=whole_s / 100)
        dragged = self.drag(0.2, 0.6)
        self.assertAlmostEqual(dragged["begin"], 0.2 * whole_s, delta=whole_s / 100)
        self.assertAlmostEqual(dragged["end"], 0.6 * whole_s, delta=whole_s / 100)
        text = self.browser.script("return arguments[0].querySelector('.readout').textContent", dragged["figure"])
        self.assertRegex(text, r"^[\d.]+ s to [\d.]+ s of [\d.]+ s: every span$")

    def test_by_keyboard(self) -> None:
        from selenium.webdriver import Keys
        whole_s = self.whole["end"]
        zoomed = self.press("+", "+")
        self.assertAlmostEqual(zoomed["end"] - zoomed["begin"], whole_s / 4, delta=1e-6 * whole_s)
        right = self.press(Keys.ARROW_RIGHT)
        self.assertAlmostEqual(right["begin"] - zoomed["begin"], whole_s / 8, delta=1e-6 * whole_s)
        self.assertAlmostEqual(self.press(Keys.ARROW_LEFT)["begin"], zoomed["begin"], delta=1e-6 * whole_s)
        self.assertEqual(self.press(Keys.HOME)["begin"], 0)
        self.assertAlmostEqual(self.press(Keys.END)["end"], whole_s, delta=1e-6 * whole_s)
        self.assertAlmostEqual(self.press("-")["end"] - self.timeline()["begin"], whole_s / 2, delta=1e-6 * whole_s)
        self.assertEqual(self.press(Keys.ESCAPE)["end"], whole_s)
        value = self.browser.script("return arguments[0].getAttribute('aria-valuetext')", self.timeline()["handle"])
        self.assertIn("every span", value)

    def test_tab_reaches_the_window(self) -> None:
        from selenium.webdriver import Keys
        self.browser.script("arguments[0].closest('figure').querySelector('.views button:last-child').focus()",
                            self.whole["handle"])
        self.browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        self.assertTrue(self.browser.script("return document.activeElement === arguments[0]", self.whole["handle"]))


class Looks(Pages):
    CONTRAST = """
const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map((part) => part / 255)
  .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
const style = getComputedStyle(document.body);
const [a, b] = [light(style.color), light(style.backgroundColor)];
return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), b];
"""

    def look(self, name: str, device: dict[str, Any], scheme: str) -> tuple[float, float]:
        self.browser.show(device, scheme)
        self.open()
        if PICTURES:
            self.browser.screenshot(Path(PICTURES) / f"{name}.png", device["width"])
        self.assertEqual(self.browser.script("return document.documentElement.scrollWidth"), device["width"])
        return self.browser.script(self.CONTRAST)

    def test_light_dark_and_phone(self) -> None:
        self.assertGreater(self.look("light", DESKTOP, "light")[1], 0.8)
        contrast, background = self.look("dark", DESKTOP, "dark")
        self.assertGreater(contrast, 7)
        self.assertLess(background, 0.1)
        axis = self.browser.script("return Chart.getChart(document.querySelector('.canvas canvas')).options.scales.x.ticks.color")
        self.assertEqual(axis, self.browser.script("return lockstep.theme().text"))
        self.assertGreater(self.look("phone", PHONE, "light")[0], 7)

    def test_on_paper(self) -> None:
        self.browser.show(scheme="dark")
        self.open()
        self.browser.script("dispatchEvent(new Event('beforeprint'))")
        self.assertGreater(self.browser.script(self.CONTRAST)[1], 0.8)
        self.assertEqual(self.browser.script("return [...document.querySelectorAll('details[data-rows]')].filter((details) =>"
                                             " !details.open && Number(details.dataset.rows) <= 40).length"), 0)
        self.browser.script("dispatchEvent(new Event('afterprint'))")
        self.assertLess(self.browser.script(self.CONTRAST)[1], 0.1)
        self.assertEqual(self.browser.script("return document.querySelectorAll('details[open]').length"), 0)


if __name__ == "__main__":
    require_reports()
    require_browser()
    unittest.main()
