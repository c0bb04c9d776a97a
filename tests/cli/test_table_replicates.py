"""`lockstep table --replicates`: means and ranges over seeds, formats, files, runs that fail or diverge."""

import csv
import io
import json
import re
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, HAS_REPORTS, ROOT, SIM, SMALL, WORLDS, ProgramTest, needs_real, needs_sim, result_of, run  # noqa: E402
from stand_in import write_stand_in  # noqa: E402
from tables import csv_of, rows_of  # noqa: E402


class Replicates(ProgramTest):
    """Runs of other seeds."""

    ROWS = ["--table-rows", "serial,in-turn:2", "--seed", 5, "--replicates", 3]
    WORDS = [*ROWS, "--world", WORLDS[0]]

    def singles(self, *words: object) -> dict[str, list[dict]]:
        """Of each row the summaries of its runs, made one by one."""
        rows = {"serial": ["--method", "serial"], "in-turn-2": ["--method", "in-turn", "--workers", 2]}
        return {name: [result_of([FRONT, WORLDS[0], *SMALL, *row, *words, "--seed", seed])["summary"] for seed in (5, 6, 7)]
                for name, row in rows.items()}

    def test_mean_and_range_are_those_of_the_single_runs(self) -> None:
        rows = csv_of(*self.WORDS)
        for row, (name, runs) in zip(rows, self.singles().items(), strict=True):
            self.assertEqual((row["row"], row["first_seed"], row["replicates"], row["runs"], row["outcome"]),
                             (name, "5", "3", "3", "finished"))
            for figure in ("test_loss", "test_accuracy"):
                numbers = [run[figure] for run in runs]
                self.assertAlmostEqual(float(row[f"{figure}_mean"]), sum(numbers) / 3, delta=1e-12)
                self.assertEqual((float(row[f"{figure}_min"]), float(row[f"{figure}_max"])), (min(numbers), max(numbers)))
            self.assertLess(row["test_loss_min"], row["test_loss_max"])

    def test_json_holds_every_run(self) -> None:
        rows = rows_of(*self.WORDS)
        for row, from_csv, (name, runs) in zip(rows, csv_of(*self.WORDS), self.singles().items(), strict=True):
            self.assertEqual((row["row"], row["replicates"], row["outcome"]), (name, 3, "finished"))
            self.assertEqual([run["seed"] for run in row["runs"]], [5, 6, 7])
            self.assertEqual([run["result"]["summary"]["parameters_digest"] for run in row["runs"]],
                             [run["parameters_digest"] for run in runs])
            for key, value in row["test_loss"].items():
                self.assertEqual(value, float(from_csv[f"test_loss_{key}"]))

    @needs_sim
    def test_text(self) -> None:
        text = run([FRONT, "table", *SMALL, *self.ROWS, "--world", "sim"]).output
        lines = text.splitlines()
        self.assertEqual([part.strip() for part in lines[0].split("  ") if part.strip()],
                         ["Method", "# Process", "Runs", "Loss", "Range", "Accuracy", "Range", "Time (s)", "CPU usage", "Memory usage"])
        self.assertRegex(lines[2], r"^Serial SGD +1 +3 +(\d\.\d{4}) +\d\.\d{4}-\d\.\d{4} +\d\.\d{4} +\d\.\d{4}-\d\.\d{4} +\d\.\d{4,6} +\d")
        self.assertIn("Means and ranges of 3 runs each, with seeds 5 to 7, each with its own digits.", lines)
        losses = [summary["test_loss"] for summary in self.singles()["in-turn-2"]]
        self.assertIn(f" {sum(losses) / 3:.4f}  {min(losses):.4f}-{max(losses):.4f} ", lines[3])

    @needs_sim
    def test_times_have_a_range_where_they_differ(self) -> None:
        words = [FRONT, "table", *SMALL, *self.ROWS, "--world", "sim", "--variability", "lognormal:0.5"]
        self.assertEqual(run(words).output.splitlines()[0].count("Range"), 3)
        same = run([*words, "--platform-seed", 1]).output.splitlines()
        self.assertEqual(same[0].count("Range"), 2)

    @needs_real
    def test_real_runs(self) -> None:
        done = run([FRONT, "table", *SMALL, *self.ROWS, "--world", "real", "--format", "json"])
        real = json.loads(done.output)["rows"][1]
        self.assertLess(real["elapsed_s"]["min"], real["elapsed_s"]["max"])
        if WORLDS[0] == "sim":
            simulated = rows_of(*self.WORDS)[1]
            self.assertEqual(real["test_loss"], simulated["test_loss"])  # in-turn does not depend on timing

    def test_a_table_of_single_runs_is_as_ever(self) -> None:
        words = ["--table-rows", "serial", "--world", WORLDS[0], "--replicates", 1]
        self.assertEqual(list(csv_of(*words)[0]), list(csv_of(*words[:-2])[0]))
        self.assertIn("result", rows_of(*words)[0])

    def test_a_run_that_diverges_leaves_no_mean(self) -> None:
        """A step of 1e38 overflows: all runs diverge."""
        words = ["--table-rows", "serial", "--world", WORLDS[0], "--replicates", 2, "--lr", "1e38"]
        [row] = csv_of(*words)
        self.assertEqual((row["outcome"], row["test_loss_mean"], row["test_loss_max"]), ("diverged", "", ""))
        self.assertRegex(run([FRONT, "table", *SMALL, *words]).output, r"Serial SGD +1 +2 +diverged ")

    def test_files(self) -> None:
        done = self.run_here([FRONT, "table", *SMALL, *self.WORDS, "--out", "results", "--format", "csv"])
        self.assertEqual(done.status, 0, done.errors)
        self.assertEqual([name for name in self.files() if name.endswith(".json")],
                         [f"results/{row}/seed-{seed}/result.json" for row in ("in-turn-2", "serial") for seed in (5, 6, 7)])
        self.assertEqual((self.folder / "results/summary.csv").read_text(), done.output)
        lines = list(csv.DictReader(io.StringIO((self.folder / "results/table.csv").read_text())))
        self.assertEqual([line["row"] for line in lines], [f"{row}/seed-{seed}" for row in ("serial", "in-turn-2") for seed in (5, 6, 7)])
        if not HAS_REPORTS:
            return
        done = self.run_here([FRONT, "report", "results"])
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("seed-7", (self.folder / "report.html").read_text())

    def test_documentation(self) -> None:
        page = (ROOT / "docs/formats/table.md").read_text()
        section = page.split("## summary.csv")[1].split("\n## ")[0]
        documented = [name for cells in re.findall(r"(?m)^\| (`.*?) \|", section) for name in re.findall(r"`(\w+)`", cells)]
        self.assertEqual(documented, list(csv_of(*self.WORDS)[0]))
        self.assertIn("--replicates N", run([FRONT, "help", "table"]).output)

    @needs_sim
    def test_a_run_that_fails_leaves_the_others(self) -> None:
        write_stand_in(self.folder / "lockstep-sim", 'case "$*" in *--seed=6*in-turn*|*in-turn*--seed=6*) echo "lockstep-sim: disk full" >&2;'
                                                     f' exit 3;; esac\nexec "{SIM}" "$@"')
        shutil.copy(FRONT, self.folder / "lockstep")
        done = self.run_here([self.folder / "lockstep", "table", *SMALL, *self.ROWS, "--world", "sim", "--format", "csv"])
        self.assertEqual((done.status, done.errors), (3, "lockstep: row in-turn-2 with seed 6: disk full\n"))
        row = list(csv.DictReader(io.StringIO(done.output)))[1]
        self.assertEqual((row["runs"], row["outcome"]), ("2", "failed"))
        whole = self.singles()["in-turn-2"]
        self.assertAlmostEqual(float(row["test_loss_mean"]), (whole[0]["test_loss"] + whole[2]["test_loss"]) / 2)

    def test_refusals(self) -> None:
        for words, pattern in [(["--replicates", 0], "--replicates: given '0'; allowed: .*from 1 to 10000"),
                               (["--replicates", "x"], "--replicates: given 'x'"),
                               (["--replicates", 2, "--seed", 2**64 - 1], "--seed: given '18446744073709551615'; allowed: a seed with room")]:
            with self.subTest(words=words):
                self.assert_refused([FRONT, "table", *SMALL, "--table-rows", "serial", "--world", WORLDS[0], *words], pattern)


if __name__ == "__main__":
    unittest.main()
