"""`lockstep sim` on a calibration: between which times a run lies by the intervals of its settings."""

import json
import math
import statistics
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SIM, needs_sim, result_of  # noqa: E402
from test_calibrate import MODEL, Calibration, number  # noqa: E402

SYNC = ["--method", "sync-average", "--workers", 2, "--epochs", 1, *MODEL]
ASYNC = ["--method", "by-arrival", "--workers", 3, "--epochs", 1, *MODEL]
# All that is known of a network but its latency.
ALL_BUT_LATENCY = ["--speed", "2Gf", "--bandwidth", "100MBps", "--duplex", 2, "--message-overhead", "0s", "--eager-limit", "0B",
                   "--latency-factor", 1, "--bandwidth-factor", 1, "--overlap-progress", "ideal"]


@needs_sim
class CalibrationRange(Calibration):
    def sim(self, *words: object) -> dict:
        return result_of([FRONT, "sim", *words])

    def time_of(self, *words: object) -> float:
        return result_of([SIM, *words])["summary"]["elapsed_s"]

    def uncertain(self, *words: object, name: str = "known") -> tuple[list[object], dict]:
        """The platform of a run, and its file: steps and latencies scatter."""
        file = self.calibrate("--variability", "lognormal:0.2", "--jitter", "lognormal:0.5", *words, name=name)
        return ["--platform", self.folder / f"{name}.json"], file

    def assert_quadrature(self, result: dict, typical: float) -> None:
        ends = [(setting["lower_change_s"], setting["upper_change_s"]) for setting in result["calibration_range"]["settings"]]
        less = math.hypot(*(min(0, *changes) for changes in ends))
        more = math.hypot(*(max(0, *changes) for changes in ends))
        self.assertAlmostEqual(result["calibration_range"]["lower_s"] / (typical - less), 1, places=9)
        self.assertAlmostEqual(result["calibration_range"]["upper_s"] / (typical + more), 1, places=9)

    def test_a_serial_run_takes_the_inverse_of_its_speed(self) -> None:
        platform, file = self.uncertain("--steps-only", name="steps")
        run = ["--method", "serial", "--epochs", 1, *MODEL, *platform, "--vector-speed", "none", "--update-speed", "none",
               "--copy-bandwidth", "none"]
        result = self.sim(*run)
        speed, slow, fast = (number(text) for text in (file["settings"]["speed"], *file["intervals"]["speed"]))
        self.assertLess(slow, speed)
        self.assertLess(speed, fast)
        found, time = result["calibration_range"], result["summary"]["elapsed_s"]
        self.assertEqual([setting["key"] for setting in found["settings"]], ["speed"])
        self.assertAlmostEqual(found["upper_s"] / (time * speed / slow), 1, places=6)
        self.assertAlmostEqual(found["lower_s"] / (time * speed / fast), 1, places=6)
        self.assertNotIn("time_range", result)

    def test_a_ring_of_two_takes_two_latencies_a_round(self) -> None:
        platform, file = self.uncertain("--network-only", name="network")
        result = self.sim(*SYNC, "--collective", "ring", *platform, *ALL_BUT_LATENCY)
        latency, least, most = (number(text) for text in (file["settings"]["latency"], *file["intervals"]["latency"]))
        self.assertLess(least, most)
        found, time, rounds = result["calibration_range"], result["summary"]["elapsed_s"], result["workers"][0]["steps"]
        self.assertEqual([setting["key"] for setting in found["settings"]], ["latency"])
        self.assertAlmostEqual(found["upper_s"] / (time + 2 * rounds * (most - latency)), 1, places=6)
        self.assertAlmostEqual(found["lower_s"] / (time - 2 * rounds * (latency - least)), 1, places=6)

    def test_every_setting_is_the_run_with_it_at_its_ends(self) -> None:
        platform, file = self.uncertain()
        run = [*SYNC, *platform]
        result = self.sim(*run)
        time = result["summary"]["elapsed_s"]
        varied = [key for key, ends in file["intervals"].items() if key != "eager-limit" and set(ends) != {file["settings"][key]}]
        self.assertIn("speed", varied)
        self.assertEqual([setting["key"] for setting in result["calibration_range"]["settings"]], varied)
        for setting in result["calibration_range"]["settings"]:
            for change, end in zip((setting["lower_change_s"], setting["upper_change_s"]), file["intervals"][setting["key"]], strict=True):
                self.assertAlmostEqual(change, self.time_of(*run, f"--{setting['key']}", end) - time, delta=1e-12)
        self.assert_quadrature(result, time)

    def test_where_timing_decides_medians_are_compared(self) -> None:
        platform, file = self.uncertain()
        run = [*ASYNC, *platform]
        result = self.sim(*run, "--platform-seeds", 3)

        def typical(*words: object) -> float:
            return statistics.median(self.time_of(*run, *words, "--platform-seed", seed) for seed in (1, 2, 3))

        self.assertEqual(result["config"]["seed"], "1")
        self.assertEqual(result["time_range"]["over"], "3 platform seeds")
        self.assertEqual(result["time_range"]["median_s"], typical())
        speed = next(setting for setting in result["calibration_range"]["settings"] if setting["key"] == "speed")
        for change, end in zip((speed["lower_change_s"], speed["upper_change_s"]), file["intervals"]["speed"], strict=True):
            self.assertAlmostEqual(change, typical("--speed", end) - typical(), delta=1e-12)
        self.assert_quadrature(result, typical())

    def test_the_run_itself_stays_as_it_is(self) -> None:
        platform, _ = self.uncertain()
        for run in ([*SYNC, *platform], [*ASYNC, *platform]):
            ours, theirs = self.sim(*run), result_of([SIM, *run])
            self.assertIn("calibration_range", ours)
            for result in (ours, theirs):
                result.pop("provenance")
            for key in ("time_range", "calibration_range"):
                ours.pop(key, None)
            self.assertEqual(ours, theirs)

    def test_text_and_files(self) -> None:
        platform, _ = self.uncertain()
        done = self.run_here([FRONT, "sim", *SYNC, *platform, "--out", "run"])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertRegex(done.output, r"(?m)^time +\S+ [mu]?s  \(\S+ [mu]?s to \S+ [mu]?s, 95 % by the calibration\)\n +simulated, calibrated")
        self.assertIn("calibration_range", json.loads((self.folder / "run/result.json").read_text()))
        shown = self.run_here([FRONT, "show", "run"])
        self.assertIn("95 % by the calibration)", " ".join(shown.output.split()))

    def test_there_is_none_where_nothing_is_known_or_asked_for(self) -> None:
        platform, file = self.uncertain()
        self.assertNotIn("calibration_range", self.sim(*SYNC, "--speed", "2Gf", "--latency", "30us"))
        self.assertNotIn("calibration_range", self.sim(*SYNC, *platform, "--platform-seeds", 1))
        given = [word for key in file["intervals"] for word in (f"--{key}", file["settings"][key])]
        self.assertNotIn("calibration_range", self.sim(*SYNC, *platform, *given))
        self.assertNotIn("calibration_range", self.sim(*SYNC, "--platform", self.folder / "known.xml"))


if __name__ == "__main__":
    unittest.main()
