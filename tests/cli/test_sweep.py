"""`lockstep sweep`: points, files, failures, refusals."""

import json
import math
import re
import shutil
import statistics
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SIM, in_one_line, result_of  # noqa: E402
from stand_in import write_stand_in  # noqa: E402
from sweeps import PAIRS, TEN, TIMING, TINY, SweepTest, contents  # noqa: E402

T_975 = {1: 12.706204736, 2: 4.302652730}  # Student's t
FIGURES = ["elapsed_s", "test_loss", "test_accuracy", "time_to_target_s", "time_to_target_low_s", "time_to_target_high_s", "accuracy_at_budget",
           "compute_share", "wait_share", "transfer_share", "idle_fraction", "mean_staleness", "samples_per_s", "energy_J",
           "energy_to_target_J"]


class Outputs(SweepTest):
    def test_rows_are_the_single_runs(self) -> None:
        self.sweep(*TINY, *PAIRS, "--sweep", "lr=0.5,1", "--replicates", 2, "--seed", 5, "--target-accuracy", "0.2",
                   "--out", "results")
        rows = self.rows()
        self.assertEqual([row["point"] for row in rows], [str(1 + i // 2) for i in range(12)])
        self.assertEqual([row["replicate"] for row in rows], ["1", "2"] * 6)
        self.assertEqual([row["seed"] for row in rows], ["5", "6"] * 6)
        self.assertEqual([(row["method"], row["workers"], row["lr"]) for row in rows[::2]],
                         [(method, workers, lr) for method, workers in (("serial", "1"), ("in-turn", "2"),
                                                                        ("sync-average", "3")) for lr in ("0.5", "1")])
        for i in (0, 7):
            single = result_of([SIM, *TINY, "--method", rows[i]["method"], "--workers", rows[i]["workers"], "--lr",
                                rows[i]["lr"], "--seed", rows[i]["seed"], "--target-accuracy", "0.2"])["summary"]
            fields = [name for name in single if name not in ("method", "workers", "cpu_and_memory")]
            self.assertEqual(list(rows[i]), ["point", "replicate", "run", "seed", "method", "workers", "lr", *fields, "failure"])
            for name in fields:
                with self.subTest(row=i, field=name):
                    given = "" if single[name] is None else single[name]
                    self.assertEqual(rows[i][name] if isinstance(given, str) else float(rows[i][name]), given)

    def test_every_column_is_documented(self) -> None:
        self.sweep(*TIMING, "--sweep", "lr=1", "--out", "results")
        section = (ROOT / "docs/formats/sweep.md").read_text().split("\n## sweep.csv\n")[1].split("\n## ")[0]
        documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
        self.assertEqual([name for name in self.rows()[0] if name != "lr"], documented)

    def test_formats(self) -> None:
        words = [*TIMING, "--sweep", "latency=1ms", "--method", "in-turn", "--workers", 2, "--out", "results"]
        text = self.sweep(*words).output
        self.assertRegex(text, r"^latency +time +accuracy +waiting\n")
        self.assertIn("1 point with 1 run each: every run in results/sweep.csv, every point in results/summary.csv", in_one_line(text))
        self.assertEqual(self.sweep(*words, "--format", "csv").output, (self.folder / "results/summary.csv").read_text())
        [point] = json.loads(self.sweep(*words, "--format", "json").output)
        self.assertEqual((point["point"], point["axes"], point["runs"], point["failed"], point["reached"]),
                         (1, {"latency": "1ms"}, 1, 0, None))
        self.assertEqual(point["elapsed_s_mean"], float(self.points()[0]["elapsed_s_mean"]))
        self.assertIsNone(point["elapsed_s_ci95"])

    def test_mean_and_confidence_interval(self) -> None:
        self.sweep(*TINY, *PAIRS, "--replicates", 3, "--target-accuracy", "0.35", "--busy-power", "100W",
                   "--variability", "lognormal:0.2", "--out", "results")
        rows, points = self.rows(), self.points()
        self.assertEqual(list(points[0]), ["point", "method", "workers", "runs", "failed", "stalled", "reached",
                                           *(f"{name}_{kind}" for name in FIGURES for kind in ("mean", "ci95"))])
        for point in points:
            mine = [row for row in rows if row["point"] == point["point"]]
            self.assertEqual((point["runs"], point["failed"]), ("3", "0"))
            self.assertEqual(int(point["reached"]), sum(row["time_to_target_s"] != "never" for row in mine))
            for name in FIGURES:
                with self.subTest(point=point["point"], figure=name):
                    self.check_figure(point, name, [row[name] for row in mine])

    def test_a_time_to_a_target_comes_with_its_bracket(self) -> None:
        """In the table of a sweep and in what show prints of its folder: serial steps of 200 samples are too coarse for 0.3."""
        words = ["--method", "serial", "--train-samples", 1200, "--test-samples", 200, "--epochs", 2, "--lr", "0.5",
                 "--target-accuracy", "0.3", "--sweep", "batch=10,200,1200", "--out", "results"]
        text = self.sweep(*words).output
        point = self.points()[0]
        self.assertLess(float(point["time_to_target_low_s_mean"]), float(point["time_to_target_s_mean"]))
        self.assertLessEqual(float(point["time_to_target_s_mean"]), float(point["time_to_target_high_s_mean"]))
        for table in (text, self.run_here([FRONT, "show", "results"]).output):
            fine, coarse, none = [line for line in table.splitlines() if line.split()[:1] in (["10"], ["200"], ["1200"])]
            self.assertRegex(fine, r"s +\d[\d.]+-\d[\d.]+ m?s +\S+ %$")
            self.assertRegex(coarse, r" \d[\d.]+-\d[\d.]+ m?s \(coarse\) ")
            self.assertRegex(none, r"never +- ")

    def check_figure(self, point: dict[str, str], name: str, cells: list[str]) -> None:
        numbers = [float(cell) for cell in cells if cell not in ("", "never")]
        mean, half_width = point[f"{name}_mean"], point[f"{name}_ci95"]
        if not numbers:
            self.assertEqual((mean, half_width), ("never" if "never" in cells else "", ""))
            return
        self.assertAlmostEqual(float(mean) / (statistics.mean(numbers) or 1), 1 if any(numbers) else 0, places=12)
        if len(numbers) == 1:
            self.assertEqual(half_width, "")
        else:
            expected = T_975[len(numbers) - 1] * statistics.stdev(numbers) / math.sqrt(len(numbers))
            self.assertAlmostEqual(float(half_width), expected, delta=1e-9 * expected + 1e-15)

    def test_values_with_commas_and_quotes(self) -> None:
        self.sweep(*TIMING, "--method", "in-turn", "--workers", 2, "--sweep",
                   "failure=|worker=0,at=1ms", "--sweep", "speeds=5Gf,5Gf|5Gf,1Gf", "--out", "results")
        self.assertEqual([(row["--failure"], row["speeds"]) for row in self.rows()],
                         [("", "5Gf,5Gf"), ("", "5Gf,1Gf"), ("worker=0,at=1ms", "5Gf,5Gf"), ("worker=0,at=1ms", "5Gf,1Gf")])
        self.assertEqual([row["outcome"] for row in self.rows()], ["finished"] * 2 + ["stalled"] * 2)

    def test_a_key_without_effect(self) -> None:
        """Two points, one run."""
        self.sweep(*TIMING, "--sweep", "method+workers=serial+1|sync-average+2", "--sweep", "collective=tree,ring", "--out",
                   "results")
        rows = self.rows()
        self.assertEqual(len(list((self.folder / "results/runs").iterdir())), 3)
        self.assertEqual([row["collective"] for row in rows], ["tree", "ring", "tree", "ring"])
        same = [{key: row[key] for key in row if key not in ("point", "collective")} for row in rows[:2]]
        self.assertEqual(same[0], same[1])

    def test_a_file_with_axes(self) -> None:
        self.write("a.ini", "sweep = workers=1..3\nreplicates = 2\njobs = 1\nmethod = in-turn\nout = results\n"
                            "sweep = latency=10us..1ms:log:3   ; three\nnumerics = none\ntrain-samples = 600\nepochs = 1\n")
        self.sweep("a.ini")
        self.assertEqual([(row["workers"], row["latency"]) for row in self.rows()[::2]],
                         [(workers, latency) for workers in "123" for latency in ("10us", "100us", "1000us")])
        self.sweep("a.ini", "--sweep", "latency=5us", "--replicates", 1)
        self.assertEqual([row["latency"] for row in self.rows()], ["5us"])
        self.assertEqual(self.run_here([SIM, "a.ini"]).status, 0)

    def test_another_sweep_in_the_folder(self) -> None:
        self.write("results/notes.txt", "mine")
        words = [*TIMING, "--method", "in-turn", "--out", "results"]
        self.assertEqual(self.sweep(*words, "--sweep", "workers=1,2").errors, "")
        before = contents(self.folder / "results")
        self.assertEqual(self.sweep(*words, "--sweep", "workers=1,2,3").errors, "")
        self.assertRegex(self.sweep(*words, "--sweep", "lr=0.1,1").errors,
                         r"^lockstep: warning: results/sweep.csv is of a sweep of other keys .*results/runs\n$")
        self.sweep(*words, "--sweep", "workers=1,2")
        after = contents(self.folder / "results")
        self.assertEqual({name: after[name] for name in before}, before)

    def test_progress(self) -> None:
        self.assertEqual(self.sweep(*TEN).errors, "")
        again = self.sweep(*TEN, "--progress", "always").errors
        self.assertIn("10 of 10 runs", again)
        self.assertTrue(again.endswith("\033[K"))


class Failures(SweepTest):
    def install(self, script: str) -> Path:
        """The front end beside another simulator."""
        shutil.copy(FRONT, self.folder / "lockstep")
        write_stand_in(self.folder / "lockstep-sim", script)
        return self.folder / "lockstep"

    def test_a_combination_that_makes_no_sense(self) -> None:
        done = self.sweep(*TIMING, "--sweep", "method=serial,in-turn", "--sweep", "workers=1,2", "--replicates", 2, "--out",
                          "results", status=3)
        rows, points = self.rows(), self.points()
        self.assertEqual([row["outcome"] for row in rows], ["finished"] * 2 + ["failed"] * 2 + ["finished"] * 4)
        self.assertIn("--workers: given '2'; allowed: 1 with --method serial", rows[2]["failure"])
        self.assertEqual((rows[2]["elapsed_s"], rows[0]["failure"]), ("", ""))
        self.assertEqual([(point["runs"], point["failed"]) for point in points],
                         [("2", "0"), ("2", "2"), ("2", "0"), ("2", "0")])
        self.assertEqual(points[1]["elapsed_s_mean"], "")
        self.assertRegex(done.errors, r"\Alockstep: point 2: --workers: given '2'.*\n\Z")
        self.assertIn("2 of 2", done.output)

    def test_a_run_that_fails_is_tried_again(self) -> None:
        front = self.install(f'case "$*" in *--workers=2*) test -e fixed || {{ echo "lockstep-sim: no, \\"never\\", no" >&2; '
                             f'exit 3; }};; esac\nexec "{SIM}" "$@"')
        words = [front, "sweep", *TIMING, "--method", "in-turn", "--sweep", "workers=1,2,3", "--out", "results"]
        done = self.run_here(words)
        self.assertEqual(done.status, 3)
        self.assertEqual(done.errors, 'lockstep: point 2: no, "never", no\n')
        self.assertEqual([row["failure"] for row in self.rows()], ["", 'no, "never", no', ""])
        self.assertEqual(len(list((self.folder / "results/runs").iterdir())), 2)
        self.write("fixed", "")
        self.assertEqual(self.run_here(words).status, 0)
        self.assertEqual([row["outcome"] for row in self.rows()], ["finished"] * 3)

    def test_a_refusal_of_every_run_is_said_once(self) -> None:
        front = self.install('echo "lockstep-sim: --platform p.xml: no links" >&2; exit 2')
        done = self.run_here([front, "sweep", *TIMING, "--method", "in-turn", "--sweep", "workers=1..5", "--out", "results"])
        self.assertEqual(done, (2, "", "lockstep: no run of the sweep can be made; the first: --platform p.xml: no links\n"))
        self.assertFalse((self.folder / "results/sweep.csv").exists())

    def test_a_program_that_says_nonsense(self) -> None:
        front = self.install("echo nonsense")
        done = self.run_here([front, "sweep", "--sweep", "lr=1", "--out", "results"])
        self.assertEqual(done.status, 3)
        self.assertIn("not a result of lockstep", self.rows()[0]["failure"])


class Refusals(SweepTest):
    def test_requests(self) -> None:
        for words, pattern in [
            (["--sweep", "latency=1ms,5"], "--sweep latency: given '5'.*unit is missing"),
            (["--sweep", "latancy=1ms"], "--sweep: given 'latancy=1ms'.*did you mean latency"),
            (["--sweep", "latency"], "--sweep: given 'latency'; allowed: KEY=VALUES"),
            (["--sweep", "out=a,b"], "--out is the same for the whole sweep"),
            (["--sweep", "workers=4..1"], "--sweep workers: given '4..1'.*the smaller one"),
            (["--sweep", "lr=1", "--sweep", "lr=2"], "lr is swept already"),
            (["--sweep", "lr=1,2", "--lr", "3"], "--lr: it is swept, too"),
            (["--sweep", "seed=1,2", "--replicates", "2"], "--replicates: given '2'; allowed: 1 where seed is swept"),
            (["--sweep", "lr=1", "--replicates", "0"], "--replicates: given '0'"),
            (["--sweep", "lr=1", "--jobs", "x"], "--jobs: given 'x'"),
            (["--sweep", "beta=0.1"], "--sweep beta: it applies only with --update mix"),
            (["--sweep", "lr=1", "--beta", "0.1"], "--beta: it applies only with --update mix"),
            (["--sweep", "workers=2,3"], "no run of the sweep can be made.*--workers: given '2'"),
            (["--sweep", "lr=1", "--data", "mnist:nowhere"], "no run of the sweep can be made.*nowhere"),
            ([], "--sweep: given ''; allowed: at least one axis"),
        ]:
            with self.subTest(words=words):
                self.assert_refused([FRONT, "sweep", *words, "--out", "results"], pattern)
        self.assert_refused([FRONT, "sweep", "--sweep", "lr=1"], "--out: given ''.*where the sweep keeps its results")

    def test_folders(self) -> None:
        self.write("file", "x")
        self.assert_refused([FRONT, "sweep", "--sweep", "lr=1", "--out", "file/a"], "--out: given 'file/a'")
        self.assert_refused([FRONT, "sweep", "--sweep", "lr=1", "--out", "results", "--data-cache", "file"],
                            "--data-cache: given 'file'")
        self.assert_refused([SIM, *TINY, "--data-cache", "file"], "--data-cache: given 'file'")

    def test_a_bad_axis_leaves_a_finished_sweep_alone(self) -> None:
        self.sweep(*TEN)
        before = contents(self.folder / "results")
        self.assert_refused([FRONT, "sweep", *TEN, "--sweep", "lr=x"], "--sweep lr: given 'x'")
        self.assertEqual(contents(self.folder / "results"), before)


if __name__ == "__main__":
    unittest.main()
