"""`lockstep fit`: machines of known truth are found again, and what is simulated on them takes what it would there."""

import csv
import io
import json
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SIM, ProgramTest, needs_sim, option_entry, result_of, run  # noqa: E402

PARAMETERS, WORKERS, STEP = 1_000_000, 4, 0.02
GBIT = 1.25e8  # B/s
COLUMNS = ["algorithm", "period", "bandwidth", "repeat", "steps_timed", "syncs_timed", "compute_ms_median", "sync_ms_median",
           "optimiser_ms_median", "wall_s_of_timed_steps", "workers", "parameters"]
ELSEWHERE = ROOT / "docs/data/diloco-measured.csv"


def sync(gbps: float, reached: float = 0.9) -> float:
    """A ring of four."""
    return 2 * (WORKERS - 1) / WORKERS * 4 * PARAMETERS / (reached * gbps * GBIT)


def cell(gbps: float, period: int = 8, reached: float = 0.9, steps: int = 80, wall_factor: float = 1) -> list[object]:
    syncs = steps // period
    wall = wall_factor * (steps * STEP + syncs * sync(gbps, reached))
    return ["localsgd", period, f"{gbps}Gbps", 0, steps, syncs, 1e3 * STEP, 1e3 * sync(gbps, reached), "", wall, WORKERS, PARAMETERS]


def table(*cells: list[object], header: list[str] = COLUMNS) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in (header, *cells))


@needs_sim
class Fits(ProgramTest):
    def fitted(self, content: str, *words: object) -> dict:
        done = self.run_here([FRONT, "fit", self.write("runs.csv", content), *words, "--format", "json"])
        self.assertEqual((done.status, done.errors), (0, ""))
        return json.loads(done.output)

    def test_the_truth_is_found_and_predicted(self) -> None:
        fit = self.fitted(table(cell(1), cell(0.1)), "--predict", "local-sgd:8,local-sgd:2,sync-average,allreduce,diloco:4")
        self.assertAlmostEqual(fit["step_s"]["value"], STEP)
        self.assertEqual([links["name"] for links in fit["links"]], ["0.1Gbps", "1Gbps"])
        for links, gbps in zip(fit["links"], (0.1, 1)):
            for end in ("low", "value"):
                self.assertAlmostEqual(links["bandwidth_Bps"][end] / (0.9 * gbps * GBIT), 1, delta=1e-4)
        self.assertEqual(len(fit["predictions"]), 10)
        for prediction in fit["predictions"]:
            with self.subTest(prediction=prediction):
                expected = STEP + sync(float(prediction["links"][:-4])) / (prediction["period"] or 1)
                self.assertAlmostEqual(prediction["closed_form_s"] / expected, 1, delta=1e-4)
                for end in ("low", "value", "high"):
                    self.assertAlmostEqual(prediction["step_s"][end] / expected, 1, delta=2e-3)

    def test_whole_runs_alone(self) -> None:
        """Steps and synchronisations follow from two periods."""
        names = ["algorithm", "period", "bandwidth", "steps_timed", "wall_s_of_timed_steps", "workers", "parameters"]
        cells = [[row[COLUMNS.index(name)] for name in names] for row in (cell(1, 4), cell(1, 16), cell(0.1, 8))]
        fit = self.fitted(table(*cells, header=names), "--predict", "local-sgd:2")
        self.assertAlmostEqual(fit["step_s"]["value"], STEP)
        self.assertEqual((fit["scatter"], fit["step_s"]["low"]), (None, None))
        self.assertEqual({prediction["step_s"]["high"] for prediction in fit["predictions"]}, {None})
        self.assertAlmostEqual(fit["predictions"][0]["step_s"]["value"] / (STEP + sync(0.1) / 2), 1, delta=2e-3)

    def test_intervals_hold_what_is_predicted(self) -> None:
        fit = self.fitted(table(cell(1, wall_factor=1.01), cell(0.1, wall_factor=1.02)), "--predict", "local-sgd:8,ddp,local-sgd:8@300Mbps")
        self.assertFalse(fit["repeats"])
        for prediction in fit["predictions"]:
            low, value, high = (prediction["step_s"][end] for end in ("low", "value", "high"))
            self.assertLess(low, value)
            self.assertLess(value, high)
        ddp = [prediction for prediction in fit["predictions"] if prediction["method"] == "ddp"]
        self.assertEqual([prediction["closed_form_s"] for prediction in ddp], [None, None])
        between = fit["predictions"][-1]
        self.assertFalse(between["measured_links"])
        self.assertAlmostEqual(between["step_s"]["value"] / (STEP + sync(0.3) / 8), 1, delta=0.03)

    def test_formats_agree_and_text_is_narrow(self) -> None:
        content = table(cell(1, wall_factor=1.01), cell(0.1))
        fit = self.fitted(content)
        words = [FRONT, "fit", "runs.csv"]
        rows = list(csv.DictReader(io.StringIO(self.run_here([*words, "--format", "csv"]).output)))
        self.assertEqual([float(row["step_s"]) for row in rows], [one["step_s"]["value"] for one in fit["predictions"]])
        self.assertAlmostEqual(float(rows[0]["wall_s"]), 80 * fit["predictions"][0]["step_s"]["value"])
        text = self.run_here(words).output
        for part in ("2 runs of", "local-sgd:32", "ddp", "0.1Gbps", "with 1 degree of freedom", "No run was repeated",
                     "Overhead is not told apart"):
            self.assertIn(part, text)

    def test_text_is_narrow(self) -> None:
        """Whatever links and runs are called, and however far their figures lie apart."""
        predicted = "local-sgd:8,bounded-staleness,diloco:1000@1Mbps,sync-average@100Gbps"
        for names in (["100Gbps", "1Mbps"], ["999.9Mbps", "123.456Gbps"], ["a-class-of-a-very-long-name", "1Mbps"], ["1Mbps"]):
            rows = [cell(gbps, wall_factor=factor) for gbps, factor in zip((1, 0.001), (1.01, 0.9))][: len(names)]
            for row, name in zip(rows, names):
                row[COLUMNS.index("bandwidth")] = name
            self.write("runs.csv", table(*rows))
            for words in ([], ["--predict", predicted, "--workers", 4]):
                done = self.run_here([FRONT, "fit", "runs.csv", *words])
                self.assertEqual(done.status, 0, done.errors)
                with self.subTest(names=names, words=words, text=done.output):
                    self.assertLessEqual(max(map(len, done.output.splitlines())), 80)

    def test_one_run_alone(self) -> None:
        fit = self.fitted(table(cell(1, wall_factor=1.01)), "--predict", "local-sgd:8")
        self.assertEqual((fit["scatter"], fit["degrees_of_freedom"], fit["step_s"]["low"]), (None, 0, None))
        self.assertIsNone(fit["predictions"][0]["wall_s"]["high"])
        text = self.run_here([FRONT, "fit", "runs.csv", "--predict", "local-sgd:8"]).output
        for part in ("1 run of", "not known", "No scatter is known"):
            self.assertIn(part, text)

    def test_beyond_what_was_measured(self) -> None:
        content = table(cell(1, wall_factor=1.01), cell(0.1, reached=0.7))
        fit = self.fitted(content, "--predict", "local-sgd:8@1Gbps,local-sgd:8@300Mbps,local-sgd:8@20Mbps")
        self.assertEqual([one["extrapolated"] for one in fit["predictions"]], [False, False, True])
        text = self.run_here([FRONT, "fit", "runs.csv", "--predict", "local-sgd:8@20Mbps"]).output
        self.assertIn("20Mbps**", text)
        self.assertIn("** Extrapolated", text)

    def test_the_folder_and_its_platforms(self) -> None:
        """The platform gives any run of that model the times that were predicted."""
        fit = self.fitted(table(cell(1), cell(0.1)), "--out", "fit", "--predict", "local-sgd:4@1Gbps")
        self.assertEqual(sorted(path.name for path in (self.folder / "fit").iterdir()),
                         ["fit.json", "platform-0.1Gbps.json", "platform-1Gbps.json", "predictions.csv"])
        self.assertEqual(json.loads((self.folder / "fit/fit.json").read_text()), fit)
        platform = self.folder / "fit/platform-1Gbps.json"
        flops = json.loads(platform.read_text())["flops_per_sample"]
        result = result_of([SIM, "--platform", platform, "--model", "phantom", "--parameters", PARAMETERS, "--flops-per-sample", int(flops),
                            "--batch", 1, "--epochs", 1, "--train-samples", 80 * WORKERS, "--method", "local-sgd", "--period", 4,
                            "--workers", WORKERS, "--collective", "ring"])
        self.assertTrue(result["provenance"]["calibrated"])
        self.assertAlmostEqual(result["summary"]["elapsed_s"] / 80 / fit["predictions"][0]["step_s"]["value"], 1, delta=1e-6)
        other = [SIM, "--platform", platform, "--model", "phantom", "--parameters", PARAMETERS, "--flops-per-sample", int(flops) // 2,
                 "--batch", 1, "--method", "in-turn", "--workers", WORKERS]
        self.assert_refused(other, r"it was calibrated with flops-per-sample '.*', and this run has")

    def test_refusals(self) -> None:
        self.write("runs.csv", table(cell(1)))
        self.write("short.csv", table(cell(1))[:-1])
        for words, pattern in [
            ([], "the table of runs is missing; write for example lockstep fit runs.csv"),
            (["missing.csv"], "missing.csv: given 'No such file"),
            (["short.csv"], "short.csv: its last line has no end"),
            (["runs.csv", "--collective", "library"], "--collective: given 'library'; allowed: tree, ring"),
            (["runs.csv", "--workers", "1"], "--workers: given '1'"),
            (["runs.csv", "--steps", "many"], "--steps: given 'many'"),
            (["runs.csv", "--steps", "250001"], "--steps: given '250001'; allowed: .*250000"),
            (["runs.csv", "--steps", "250000", "--predict", "local-sgd:1000000"],
             "--steps: given '1000000 steps of 4 workers'; allowed: at most 250000, in whole periods"),
            (["runs.csv", "--predict", "local-sgd"], "--predict: given 'local-sgd'.*with its period"),
            (["runs.csv", "--predict", "ddp@wifi"], "--predict: given 'wifi'; allowed: links of the file"),
            (["runs.csv", "--predikt", "ddp"], r"--predikt: unknown option; did you mean --predict\?"),
        ]:
            with self.subTest(words=words):
                self.assert_refused([FRONT, "fit", *words], pattern)

    def test_runs_that_overlap(self) -> None:
        """By name they are refused; by what they reach they are warned of."""
        self.write("runs.csv", table(cell(1)).replace("localsgd", "ddp"))
        self.assert_refused([FRONT, "fit", "runs.csv"], "row 2: algorithm: given 'ddp'; allowed: allreduce, .*leave such rows out")
        self.write("runs.csv", table(cell(1, reached=2)))
        done = self.run_here([FRONT, "fit", "runs.csv", "--predict", "local-sgd:8", "--out", "fit"])
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("lockstep: warning: 1Gbps: 200", done.errors)
        warning, = json.loads((self.folder / "fit/fit.json").read_text())["warnings"]
        self.assertIn(f"lockstep: warning: {warning}\n", done.errors)
        self.assertIn("is reached", json.loads((self.folder / "fit/platform-1Gbps.json").read_text())["warnings"][0])

    def test_documentation(self) -> None:
        page = (ROOT / "docs/formats/fit.md").read_text()
        self.write("runs.csv", table(cell(1)))
        for name in self.run_here([FRONT, "fit", "runs.csv", "--format", "csv"]).output.splitlines()[0].split(","):
            self.assertIn(f"`{name}`", page)
        for name in self.fitted(table(cell(1))):
            self.assertIn(f"`{name}`", page)
        self.assertIn("default: ring", option_entry(run([FRONT, "help", "fit"]).output, "collective"))


@needs_sim
class Elsewhere(ProgramTest):
    """A real cluster, of which one class of links is held out."""

    def predicted(self, held_out: str) -> tuple[dict, dict]:
        rows = list(csv.DictReader(io.StringIO(ELSEWHERE.read_text())))
        kept = [row for row in rows if row["bandwidth"] != held_out]
        self.write("runs.csv", table(*([row[name] for name in COLUMNS] for row in kept)))
        row = next(row for row in rows if row["bandwidth"] == held_out)
        words = [FRONT, "fit", "runs.csv", "--predict", f"local-sgd:8@{held_out}", "--steps", row["steps_timed"], "--format", "json"]
        done = self.run_here(words)
        self.assertEqual(done.status, 0, done.errors)
        return json.loads(done.output)["predictions"][0], row

    def test_links_that_are_held_out(self) -> None:
        """Two lie between those that were measured, two beyond; each is within its interval."""
        for held_out, is_beyond, within in (("50Mbps", True, 0.08), ("200Mbps", False, 0.05), ("1Gbps", False, 0.1), ("5Gbps", True, 0.07)):
            prediction, row = self.predicted(held_out)
            measured = float(row["wall_s_of_timed_steps"])
            with self.subTest(held_out=held_out, prediction=prediction, measured=measured):
                self.assertAlmostEqual(prediction["wall_s"]["value"] / measured, 1, delta=within)
                self.assertLess(prediction["wall_s"]["low"], measured)
                self.assertGreater(prediction["wall_s"]["high"], measured)
                self.assertEqual((prediction["measured_links"], prediction["extrapolated"]), (False, is_beyond))

    def test_what_was_measured_is_predicted(self) -> None:
        self.write("runs.csv", ELSEWHERE.read_text())
        done = self.run_here([FRONT, "fit", "runs.csv", "--predict", "local-sgd:8", "--format", "json"])
        self.assertEqual(done.status, 0, done.errors)
        rows = {row["bandwidth"]: row for row in csv.DictReader(io.StringIO(ELSEWHERE.read_text()))}
        for prediction in json.loads(done.output)["predictions"]:
            row = rows[prediction["links"]]
            step = (float(row["compute_ms_median"]) + float(row["sync_ms_median"]) / 8) / 1e3
            self.assertAlmostEqual(prediction["step_s"]["value"] / step, 1, delta=0.01)

    def test_the_wall_times_that_were_fitted_are_within_those_predicted(self) -> None:
        """Of 140 steps with H = 8, which have 17 synchronisations, and of 72, which have 9."""
        for row in csv.DictReader(io.StringIO(ELSEWHERE.read_text())):
            words = ["--predict", f"local-sgd:8@{row['bandwidth']}", "--steps", row["steps_timed"], "--format", "json"]
            done = self.run_here([FRONT, "fit", ELSEWHERE, *words])
            self.assertEqual(done.status, 0, done.errors)
            wall = json.loads(done.output)["predictions"][0]["wall_s"]
            with self.subTest(bandwidth=row["bandwidth"], predicted=wall):
                self.assertLess(wall["low"], float(row["wall_s_of_timed_steps"]))
                self.assertGreater(wall["high"], float(row["wall_s_of_timed_steps"]))


if __name__ == "__main__":
    unittest.main()
