"""lockstep plot: the script holds the result's numbers; gnuplot makes files of them. Drawing is skipped without gnuplot."""

import json
import re
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from event_files import ring, write_events  # noqa: E402
from programs import FRONT, SMALL, WORLDS, ProgramTest, environment, needs_reports, needs_sim  # noqa: E402

FIGURES = {
    "accuracy": ("time (s)", "test accuracy"),
    "loss": ("time (s)", "loss", "test loss", "training loss"),
    "time-shares": ("rank", "time (s)", "compute", "wait", "transfer", "other"),
    "staleness": ("staleness (versions)", "updates"),
    "updates": ("worker", "updates"),
    "timeline": ("time (s)", "rank", "compute", "transfer"),
}
MAGIC = {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n"}
needs_gnuplot = unittest.skipUnless(shutil.which("gnuplot"), "needs gnuplot (Debian: gnuplot-nox)")


class PlotTest(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.make_run("run")
        self.result = json.loads((self.folder / "run/result.json").read_text())
        write_events(self.folder / "run", ring(2, 10))

    def make_run(self, name: str) -> None:
        done = self.run_here([FRONT, WORLDS[0], *SMALL, "--method", "in-turn", "--workers", "2", "--out", name])
        self.assertEqual(done.status, 0, done.errors)

    def script(self, *words: object) -> str:
        done = self.run_here([FRONT, "plot", *words, "--script"])
        self.assertEqual((done.status, done.errors), (0, ""))
        return done.output


def blocks(script: str) -> list[list[list[float]]]:
    """The numbers of each block of data."""
    found = re.findall(r"^\$data\d+ << EOD\n(.*?)^EOD$", script, re.MULTILINE | re.DOTALL)
    return [[[float(number) for number in line.split()] for line in block.splitlines()] for block in found]


class Script(PlotTest):
    def test_courses(self) -> None:
        history = self.result["history"]
        for axis, key in (("time", "elapsed_s"), ("epochs", "epoch"), ("samples", "samples")):
            [accuracy] = blocks(self.script("run", "--figure", "accuracy", "--against", axis))
            self.assertEqual(accuracy, [[row[key], row["test_accuracy"]] for row in history])
        test, train = blocks(self.script("run", "--figure", "loss"))
        self.assertEqual(test, [[row["elapsed_s"], row["test_loss"]] for row in history])
        self.assertEqual(train, [[row["elapsed_s"], row["train_loss"]] for row in history if row["train_loss"] is not None])

    def test_bars(self) -> None:
        [shares] = blocks(self.script("run", "--figure", "time-shares"))
        keys = ("rank", "compute_s", "wait_s", "transfer_s", "other_s")
        self.assertEqual(shares, [[worker[key] for key in keys] for worker in self.result["workers"]])
        [staleness] = blocks(self.script("run", "--figure", "staleness"))
        self.assertEqual({str(int(key)): int(count) for key, count in staleness}, self.result["staleness"])
        [updates] = blocks(self.script("run", "--figure", "updates"))
        self.assertEqual(updates, [[worker["rank"], worker["updates"]] for worker in self.result["workers"]])

    def test_timeline(self) -> None:
        compute = blocks(self.script("run", "--figure", "timeline"))[0]
        self.assertEqual(len(compute), 20)
        self.assertEqual(compute[0], [0, 0.001, -0.4, 0.4])

    def test_several_runs(self) -> None:
        self.make_run("it's another")
        script = self.script("run", "it's another", "--figure", "accuracy")
        self.assertIn("title 'run'", script)
        self.assertIn("title 'it''s another'", script)
        self.assertEqual(len(blocks(script)), 2)

    @needs_sim
    def test_sweep(self) -> None:
        done = self.run_here([FRONT, "sweep", *SMALL, "--numerics", "none", "--sweep", "method=sync-average,in-turn", "--sweep",
                              "workers=10,2,3", "--batch", "50", "--replicates", "2", "--variability", "lognormal:0.2", "--out", "sweep"])
        self.assertEqual(done.status, 0, done.errors)
        script = self.script("sweep", "--figure", "sweep", "--column", "samples_per_s")
        self.assertEqual(script, self.script("sweep", "--figure", "sweep", "--column", "samples_per_s_mean"))
        self.assertIn("title 'method in-turn'", script)
        lines = blocks(script)
        self.assertEqual([[row[0] for row in line] for line in lines], [[2, 3, 10]] * 2)
        rows = [row.split(",") for row in (self.folder / "sweep/summary.csv").read_text().splitlines()]
        mean, half_width = (rows[0].index(f"samples_per_s_{kind}") for kind in ("mean", "ci95"))
        expected = [[float(row[2]), float(row[mean]), float(row[half_width])] for row in rows if row[1] == "in-turn"]
        expected.sort()
        self.assertIn(expected, lines)
        self.assertTrue(all(row[2] > 0 for row in expected))
        self.assert_refused([FRONT, "plot", "sweep", "--figure", "sweep", "--column", "loss", "--script"],
                            "--column: given 'loss'; allowed: elapsed_s, ")
        self.assert_refused([FRONT, "plot", "run", "--figure", "sweep", "--script"],
                            "run: given 'the folder of a run'; allowed: that of a sweep; lockstep show run ")
        self.assert_refused([FRONT, "plot", "sweep", "--figure", "sweep", "--column", "test_loss", "--script"],
                            "--column: given 'test_loss'.*some point has a value of")
        whole = (self.folder / "sweep/summary.csv").read_text()
        (self.folder / "sweep/summary.csv").write_text(whole[:-1])
        self.assert_refused([FRONT, "plot", "sweep", "--figure", "sweep", "--script"], "the file was cut off")
        self.assert_refused([FRONT, "plot", "sweep", "--figure", "sweep", "--script", "--partial"],
                            "--partial: it does not apply to --figure sweep")

    @needs_sim
    @needs_reports
    def test_the_axis_of_a_sweep_has_the_unit_of_the_request(self) -> None:
        done = self.run_here([FRONT, "sweep", *SMALL, "--numerics", "none", "--method", "in-turn", "--workers", "2", "--sweep",
                              "bandwidth=100Mbps..10Gbps:log:5", "--out", "sweep"])
        self.assertEqual(done.status, 0, done.errors)
        script = self.script("sweep", "--figure", "sweep")
        self.assertIn("set xlabel 'bandwidth (Mbps)'", script)
        self.assertEqual([row[0] for row in blocks(script)[0]], [100, 316.228, 1000, 3162.28, 10000])
        done = self.run_here([FRONT, "report", "sweep", "--out", "report.html"])
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("bandwidth (Mbps)", (self.folder / "report.html").read_text())

    def test_temporary_folder(self) -> None:
        done = self.run_here([FRONT, "plot", "run", "--figure", "loss", "--out", "x.svg"], env=environment(TMPDIR="/nowhere"))
        if "gnuplot is not on PATH" not in done.errors:
            self.assertEqual((done.status, done.output), (2, ""))
            self.assertRegex(done.errors, "TMPDIR: given '/nowhere'; allowed: a folder for temporary files")

    def test_refusals(self) -> None:
        self.assert_refused([FRONT, "plot", "run", "--out", "x.svg"], "--figure is missing")
        self.assert_refused([FRONT, "plot", "run", "--figure", "acuracy", "--out", "x.svg"], "did you mean accuracy")
        self.assert_refused([FRONT, "plot", "run", "--figure", "loss", "--out", "x.jpg"], "--out: given 'x.jpg'", ".svg")
        self.assert_refused([FRONT, "plot", "run", "--figure", "loss"], "--out is missing")
        self.assert_refused([FRONT, "plot", "run", "run", "--figure", "timeline", "--script"], "given '2 runs'; allowed: one")
        self.assert_refused([FRONT, "plot", "--figure", "loss", "--script"], "folder is missing")

    def test_without_gnuplot(self) -> None:
        done = self.run_here([FRONT, "plot", "run", "--figure", "loss", "--out", "x.svg"], env=environment(PATH="/nowhere"))
        self.assertEqual((done.status, done.output), (3, ""))
        self.assertIn("gnuplot-nox", done.errors)


@needs_gnuplot
class Drawing(PlotTest):
    def test_kinds_of_file(self) -> None:
        for ending, magic in MAGIC.items():
            file = self.folder / f"figure.{ending}"
            done = self.run_here([FRONT, "plot", "run", "--figure", "accuracy", "--out", file.name])
            self.assertEqual((done.status, done.output, done.errors), (0, "", ""))
            self.assertTrue(file.read_bytes().startswith(magic), ending)

    def test_labels(self) -> None:
        for figure, labels in FIGURES.items():
            done = self.run_here([FRONT, "plot", "run", "--figure", figure, "--out", "figure.svg"])
            self.assertEqual((done.status, done.errors), (0, ""), figure)
            drawn = (self.folder / "figure.svg").read_text()
            shown = {text.strip() for text in re.findall(r"<text>(.*?)</text>", drawn)}
            for label in labels:
                self.assertIn(label, shown, figure)

    def test_names_are_no_markup(self) -> None:
        self.make_run("a_b^2 {c} it's")
        done = self.run_here([FRONT, "plot", "run", "a_b^2 {c} it's", "--figure", "loss", "--out", "figure.svg"])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertIn("a_b^2 {c} it's", (self.folder / "figure.svg").read_text().replace("&#39;", "'").replace("&apos;", "'"))


if __name__ == "__main__":
    unittest.main()
