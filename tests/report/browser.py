"""Headless Chromium, driven by the system's selenium, and what tests ask of a page in it."""

import base64
import shutil
import sys
from pathlib import Path
from typing import Any

NOT_HERE = 77
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    HAS_SELENIUM = True
except ImportError:
    HAS_SELENIUM = False
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

DESKTOP = {"width": 1200, "height": 900, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}

# Of a chart: how many pixels within its axes have a colour of its data, and whether it has any but empty bars.
PIXELS = """
const chart = Chart.getChart(arguments[0]);
const {left, right, top, bottom} = chart.chartArea;
const place = [left, top, right - left, bottom - top].map((part) => Math.round(part * chart.currentDevicePixelRatio));
const pixels = chart.canvas.getContext("2d").getImageData(...place).data;
const sets = chart.data.datasets.filter((set) => /^#[0-9a-f]{6}$/i.test(set.backgroundColor));
const wanted = sets.map((set) => [1, 3, 5].map((at) => parseInt(set.backgroundColor.slice(at, at + 2), 16)));
let count = 0;
for (let i = 0; i < pixels.length; i += 4) {
  const isOf = (colour) => colour.every((part, j) => Math.abs(part - pixels[i + j]) < 3);
  if (pixels[i + 3] === 255 && wanted.some(isOf)) ++count;
}
return [count, sets.some((set) => set.data.some((value) => typeof value === "object" ? value !== null : value))];
"""


def require_browser() -> None:
    """Ends the test as skipped where there is none."""
    missing = [name for name, found in (("chromium", CHROMIUM), ("chromium-driver", DRIVER),
                                        ("python3-selenium", HAS_SELENIUM)) if not found]
    if missing:
        print(f"skipped: reports are not opened in a browser: install {' '.join(missing)}", file=sys.stderr)
        sys.exit(NOT_HERE)


class Browser:
    """Errors that a page has written to its console are kept until asked for."""

    def __init__(self) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.driver.set_script_timeout(60)
        self.show()

    def close(self) -> None:
        self.driver.quit()

    def show(self, device: dict[str, Any] | None = None, scheme: str = "light", media: str = "") -> None:
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", device or DESKTOP)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, page: Path) -> float:
        """Milliseconds from the start of navigation until every chart is drawn."""
        self.driver.get(page.resolve().as_uri())
        drawn = self.script_when("return document.documentElement.dataset.drawn")
        return float(drawn)

    def script(self, code: str, *arguments: Any) -> Any:
        return self.driver.execute_script(code, *arguments)

    def script_when(self, code: str, *arguments: Any) -> Any:
        """What `code` returns, as soon as that is true."""
        return self.driver.execute_async_script(
            "const [done, ...given] = [arguments[arguments.length - 1], ...[...arguments].slice(0, -1)];"
            f"const look = () => {{ const found = (function () {{ {code} }})(...given);"
            " if (found) done(found); else requestAnimationFrame(look); }; look();", *arguments)

    def errors(self) -> list[str]:
        """Warnings too, but for what reading pixels causes, which only tests do."""
        return [entry["message"] for entry in self.driver.get_log("browser") if "getImageData" not in entry["message"]]

    def coloured(self, canvas: Any) -> tuple[int, bool]:
        return tuple(self.script(PIXELS, canvas))

    def screenshot(self, path: Path, width: int) -> None:
        """Of the whole page."""
        height = self.script("return document.documentElement.scrollHeight")
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        path.write_bytes(base64.b64decode(picture["data"]))
