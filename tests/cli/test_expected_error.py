"""How far off a simulated time may be: what runs say of it, and that it is what docs/data/error-classes.csv says."""

import csv
import json
import math
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, HAS_SIM, ROOT, SIM, SMALL, ProgramTest, needs_real, needs_sim, result_of  # noqa: E402

MODEL = ["--hidden", "8", "--batch", "20", "--train-samples", "400", "--test-samples", "50"]
LARGER = ["--hidden", "8", "--batch", "20", "--train-samples", "2000", "--test-samples", "50"]  # a batch for each of 64 workers
MODEL_BYTES = 4 * (785 * 8 + 9 * 10)
CALIBRATION = [*MODEL, "--budget", "1s", "--largest-message", "32KiB", "--folder", ".", "--name", "known"]
DESCRIBED = "times are those of the platform as described; calibrate to get one"
FIGURES = ("median_percent", "nine_in_ten_percent", "worst_percent")


@needs_sim
class Unknown(ProgramTest):
    def why(self, *words: object) -> str:
        found = json.loads(self.run_here([SIM, *words, "--format", "json"]).output)["expected_error"]
        self.assertEqual(list(found), ["like", "cases", *FIGURES, "why_unknown"])
        self.assertEqual((found["like"], found["cases"], *(found[name] for name in FIGURES)), ("", 0, None, None, None))
        return found["why_unknown"]

    def text(self, *words: object) -> str:
        done = self.run_here([FRONT, *words])
        self.assertEqual((done.status, done.errors), (0, ""))
        return done.output

    def test_platforms_that_are_described(self) -> None:
        self.assertEqual(self.why(*SMALL), DESCRIBED)
        self.assertEqual(self.why(*SMALL, "--workers", 2, "--method", "sync-average", "--platform", ROOT / "platforms/lan_8.xml"), DESCRIBED)

    def test_models_known_by_their_size(self) -> None:
        self.assertIn("size alone", self.why("--model", "resnet-50", "--batch", 4, "--train-samples", 4, "--epochs", 1))

    def test_a_simulated_platform_that_was_calibrated(self) -> None:
        done = self.run_here([SIM, "calibrate", "--workers", 2, *CALIBRATION])
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("real machine", self.why(*MODEL, "--workers", 2, "--method", "in-turn", "--epochs", 1, "--platform", "known.json"))

    def test_a_standstill_has_no_time_to_be_off(self) -> None:
        words = [FRONT, "sim", *SMALL, "--method", "sync-average", "--workers", 2, "--failure", "worker=1,at=1ms"]
        result = result_of(words)
        self.assertEqual(result["summary"]["outcome"], "stalled")
        self.assertNotIn("expected_error", result)

    def test_text(self) -> None:
        lines = self.text("sim", *SMALL, "--out", "run").splitlines()
        place = next(i for i, line in enumerate(lines) if line.startswith("  expected error "))
        self.assertEqual(" ".join([*lines[place].split()[2:], *lines[place + 1].split()]), f"unknown {DESCRIBED}")
        self.assertLessEqual(max(len(line) for line in lines[place:place + 2]), 80)
        self.assertIn("expected error unknown", self.text("show", "run"))

    def test_tables_say_it_once(self) -> None:
        for words in (["compare", *SMALL, "--methods", "serial,in-turn:2"], ["table", *SMALL, "--world", "sim", "--table-rows", "serial,in-turn:2"]):
            with self.subTest(words[0]):
                text = self.text(*words)
                self.assertEqual(text.count("Expected error"), 1)
                self.assertIn(f"Expected error of times: unknown: {DESCRIBED}\n", text.replace("\n  ", " "))
                self.assertLessEqual(max(len(line) for line in text[text.index("Expected error"):].splitlines()[:2]), 80)


@needs_real
@unittest.skipUnless(HAS_SIM, "the simulated world is not built")
class OfThisMachine(ProgramTest):
    """What a run on its own calibration says is what the classes say."""

    def classes(self) -> list[dict[str, str]]:
        rows = csv.DictReader((ROOT / "docs/data/error-classes.csv").read_text().splitlines())
        return [row for row in rows if (row["kind"], row["processors"], row["link"]) == ("fixed order", "emulated", "one machine")]

    def is_like(self, row: dict[str, str], method: str, workers: int) -> bool:
        return (int(row["cases"]) >= 10 and method in row["methods"].split(";") and int(row["least_workers"]) <= workers <= int(row["most_workers"])
                and int(row["least_bytes"]) / 4 <= MODEL_BYTES <= 4 * int(row["most_bytes"]))

    def test_emulated_processors(self) -> None:
        done = self.run_here([FRONT, "calibrate", "--workers", 4, "--emulate-speed", "20Mf", *CALIBRATION])
        self.assertEqual(done.status, 0, done.errors)
        for method, workers in (("sync-average", 4), ("local-sgd", 4), ("sync-average", 64)):
            with self.subTest(method=method, workers=workers):
                result = result_of([SIM, "--method", method, "--workers", workers, "--epochs", 1, *LARGER, "--platform", self.folder / "known.json"])
                self.assert_found(result["expected_error"], [row for row in self.classes() if self.is_like(row, method, workers)])

    def assert_found(self, found: dict, like: list[dict[str, str]]) -> None:
        if not like:
            self.assertEqual((found["cases"], found["like"]), (0, ""))
            self.assertNotEqual(found["why_unknown"], "")
            return
        self.assertEqual((found["cases"], found["why_unknown"]), (int(like[0]["cases"]), ""))
        self.assertEqual(found["like"], "fixed order, messages within one machine, emulated processors")
        for name in FIGURES:
            self.assertTrue(math.isclose(found[name], float(like[0][name])), name)


if __name__ == "__main__":
    unittest.main()
