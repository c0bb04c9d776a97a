"""`lockstep report`: what it writes, what it refuses, what a part shows, where two runs part. Pages: tests/report."""

import json
import os
import re
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from programs import BIN, FRONT, HAS_REPORTS, SIM, Done, ProgramTest, in_one_line, needs_real, needs_reports, needs_sim, run  # noqa: E402

TINY = ["--train-samples", 200, "--test-samples", 50, "--epochs", 1, "--batch", 20]
SYNC = [*TINY, "--method", "sync-average", "--workers", 2]


@needs_sim
class ReportTest(ProgramTest):
    def made(self, *words: object) -> Done:
        done = self.run_here(words)
        self.assertEqual((done.status, done.errors), (0, ""), done.output)
        return done

    def simulate(self, name: str, *words: object) -> None:
        self.made(SIM, *(words or SYNC), "--out", name)

    def events(self, name: str, *words: object) -> None:
        self.made(BIN / "write_events", name, *words)

    def report(self, *words: object) -> str:
        """The page."""
        done = self.made(FRONT, "report", *words, "--out", "r.html")
        self.assertRegex(done.output, r"^r\.html: [\d.]+ [KM]iB(, \d+ \w+)*\n$")
        return (self.folder / "r.html").read_text()

    def refused(self, *patterns: str, words: tuple[object, ...] = ("run",)) -> None:
        self.assert_refused([FRONT, "report", *words], *patterns)


class ChartJs(unittest.TestCase):
    @unittest.skipUnless("LOCKSTEP_HAS_CHART_JS" in os.environ, "cmake did not find Chart.js")
    def test_it_came_into_the_program(self) -> None:
        self.assertTrue(HAS_REPORTS)


@needs_reports
class Pages(ReportTest):
    def test_one_file_named_report(self) -> None:
        self.simulate("run")
        self.made(FRONT, "report", "run")
        self.assertIn("report.html", self.files())
        self.assertNotRegex((self.folder / "report.html").read_text(), r"""(src|href)=["']?(http|//)""")

    def test_the_same_twice(self) -> None:
        self.simulate("run")
        self.events("run", 2, 10)
        self.assertEqual(self.report("run"), self.report("run"))

    def test_kinds_may_be_mixed(self) -> None:
        self.simulate("run")
        self.made(FRONT, "compare", *TINY, "--methods", "serial,in-turn:2", "--out", "compared")
        self.made(FRONT, "sweep", *SYNC, "--numerics", "none", "--sweep", "latency=1us,1ms", "--out", "swept")
        self.made(FRONT, "table", *TINY, "--table-rows", "serial,in-turn:2", "--out", "tabled")
        page = self.report("run", "compared", "swept", "tabled")
        self.assertEqual(re.findall(r"<h2[^>]*>(.*?)</h2>", page),
                         ["Comparison compared", "Comparison tabled", "Sweep swept", "Run run", "Run serial", "Run in-turn-2",
                          "Run serial", "Run in-turn-2"])
        self.assertIn("What limits each", page)

    def test_help(self) -> None:
        text = self.made(FRONT, "help", "report").output
        for key in ("--out FILE", "--title TEXT", "--partial", "--diff", "--tolerance PERCENT"):
            self.assertIn(key, text)


@needs_reports
class Standstill(ReportTest):
    """A run that stalled has ended: its events are whole."""

    FAILURE = ("--failure", "worker=1,at=1ms", "--events", "full")

    def test_run(self) -> None:
        self.simulate("run", *TINY, "--method", "sync-average", "--workers", 3, *self.FAILURE)
        self.assertEqual(json.loads((self.folder / "run/result.json").read_text())["summary"]["outcome"], "stalled")
        self.assertIn('class="strip"', self.report("run"))
        self.assertIn("Timeline", self.made(FRONT, "show", "run").output)
        self.assertIn("traceEvents", self.made(FRONT, "trace", "run").output)

    def test_comparison(self) -> None:
        self.made(FRONT, "compare", *TINY, "--methods", "serial,sync-average:3", *self.FAILURE, "--out", "compared")
        self.assertIn('class="strip"', self.report("compared"))

    def test_a_run_of_a_comparison_is_missing(self) -> None:
        self.made(FRONT, "compare", *TINY, "--methods", "serial,in-turn:2", "--out", "compared")
        shutil.rmtree(self.folder / "compared/in-turn-2")
        self.refused("compared/in-turn-2: given 'no folder'", words=("compared",))
        page = self.report("compared", "--partial")
        self.assertIn("compared/in-turn-2: given", page)
        self.assertIn("Run serial", page)

    def test_a_run_of_a_comparison_or_table_is_another(self) -> None:
        self.made(FRONT, "compare", *TINY, "--methods", "serial,in-turn:2", "--out", "compared")
        self.made(FRONT, "table", *TINY, "--table-rows", "in-turn:2", "--replicates", 2, "--out", "tabled")
        for run, other in (("compared/in-turn-2", "compared/serial"), ("tabled/in-turn-2/seed-1", "tabled/in-turn-2/seed-2")):
            shutil.copy(self.folder / other / "result.json", self.folder / run)
        self.refused("compared/in-turn-2/result.json: method: given 'serial'; allowed: 'in-turn', as in compared/compare.csv; it is of another run",
                     words=("compared",))
        self.refused("tabled/in-turn-2/seed-1/result.json: (elapsed_s|parameters_digest): given .*, as in tabled/table.csv", words=("tabled",))
        self.assertIn("compared/in-turn-2/result.json: method: given", self.report("compared", "--partial"))


@needs_reports
class Refusals(ReportTest):
    def test_folders_that_hold_no_run(self) -> None:
        self.refused("run: given 'no folder'", "--out DIR")
        (self.folder / "run/inner").mkdir(parents=True)
        self.refused("run: it holds no run", "result.json")
        self.write("run/inner/result.json", "{}")
        self.refused("there are runs in it: run/inner")
        self.write("file", "")
        self.refused("file: given 'a file'", words=("file",))

    def test_results_that_are_damaged_or_of_another_version(self) -> None:
        self.simulate("run")
        path = self.folder / "run/result.json"
        text = path.read_text()
        path.write_text(text[:len(text) // 2])
        self.refused(r"run/result\.json: ", "nothing here is usable")
        result = json.loads(text)
        result["format"] = "lockstep-result-99"
        path.write_text(json.dumps(result))
        self.refused(r"run/result\.json", "lockstep-result-99")

    def test_one_message_names_what_is_usable(self) -> None:
        self.simulate("run")
        self.events("run", 2, 10)
        path = self.folder / "run/result.json"
        path.write_text(path.read_text()[:100])
        self.refused(r"run/result\.json", "usable: events; --partial shows that")

    def test_events(self) -> None:
        self.simulate("run")
        self.events("run", 2, 10)
        path = self.folder / "run/events/rank-1.events"
        whole = path.read_bytes()
        for damaged, pattern in ((whole[:-100], "it ends before its run did"), (b"", "it holds no event"),
                                 (whole.replace(b"lockstep-events-1", b"lockstep-events-9", 1), "lockstep-events-9")):
            path.write_bytes(damaged)
            self.refused(r"run/events/rank-1\.events", pattern, "usable: result.json, events in part; --partial")
        path.write_bytes(whole[:-100])
        (self.folder / "run/result.json").unlink()
        self.refused("run: its run did not end: it has left no result.json; usable: events in part; --partial shows that")
        path.unlink()
        self.refused("run: its run did not end: ")

    def test_sweeps_and_validations(self) -> None:
        self.made(FRONT, "sweep", *SYNC, "--numerics", "none", "--sweep", "latency=1us,1ms", "--out", "run")
        table = self.folder / "run/sweep.csv"
        table.write_text(table.read_text()[:-9])
        self.refused(r"run/sweep\.csv", "usable: 2 finished runs", "--partial")
        shutil.rmtree(self.folder / "run/runs")
        self.refused(r"run/sweep\.csv", "nothing here is usable")
        self.write("other/validation.json", '{"format": "lockstep-validation-1"')
        self.refused(r"other/validation\.json: not a validation", words=("other",))
        self.write("other/validation.json", '{"format": "lockstep-validation-9"}')
        self.refused("lockstep-validation-9", words=("other",))

    def test_an_unwritable_file(self) -> None:
        self.simulate("run")
        done = self.run_here([FRONT, "report", "run", "--out", "nowhere/r.html"])
        self.assertIn(done.status, (2, 3))
        self.assertIn("nowhere", done.errors)


@needs_reports
class Partial(ReportTest):
    def test_what_is_usable_is_shown_with_the_problem(self) -> None:
        self.simulate("run")
        self.events("run", 2, 10)
        path = self.folder / "run/events/rank-1.events"
        path.write_bytes(path.read_bytes()[:-100])
        page = self.report("run", "--partial")
        self.assertRegex(page, r'class="warning">run/events/rank-1\.events: it ends before its run did; \d+ events are shown')
        self.assertIn("Where each rank&#39;s time went", page)
        self.assertIn('class="strip"', page)
        (self.folder / "run/result.json").write_text("{")
        page = self.report("run", "--partial")
        self.assertNotIn("Where each rank&#39;s time went", page)
        self.assertIn('class="strip"', page)

    def test_an_empty_rank_file_hides_no_other(self) -> None:
        self.simulate("run")
        self.events("run", 3, 10)
        (self.folder / "run/events/rank-1.events").write_bytes(b"")
        page = self.report("run", "--partial")
        self.assertRegex(page, r'class="warning">run/events/rank-1\.events: [^<]* it holds no event')
        self.assertIn('class="strip"', page)
        spans = [line for line in self.made_partly("trace", "run", "--partial", "--format", "csv").splitlines()[1:]]
        self.assertEqual({line.split(",")[0] for line in spans}, {"0", "2", "3"})

    def made_partly(self, *words: object) -> str:
        done = self.run_here([FRONT, *words])
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("rank-1.events", done.errors)
        return done.output

    def test_usable_folders_beside_others(self) -> None:
        self.simulate("run")
        (self.folder / "empty").mkdir()
        page = self.report("run", "empty", "--partial")
        self.assertIn("empty: it holds no run", page)
        self.refused("empty: it holds no run", words=("empty", "--partial"))

    def test_a_sweep_that_was_interrupted(self) -> None:
        self.made(FRONT, "sweep", *SYNC, "--numerics", "none", "--sweep", "latency=1us,1ms,2ms", "--out", "run")
        whole = self.report("run")
        (self.folder / "run/sweep.csv").unlink()
        self.refused("the sweep has not ended", "usable: 3 finished runs")
        part = self.report("run", "--partial")
        self.assertIn("swept: latency (3 values)", part)
        self.assertIn("swept: latency (3 values)", whole)


class Differences(ReportTest):
    def test_text(self) -> None:
        self.simulate("a")
        self.simulate("b", *SYNC, "--latency", "50ms")
        text = self.made(FRONT, "report", "--diff", "a", "b").output
        self.assertRegex(text, r"(?m)^rank 0 +elapsed .*-\d")
        self.assertIn("They part most in transfer of rank", in_one_line(text))
        self.assertIn("not both runs have recorded their events", in_one_line(text))
        self.assertIn("parameters: equal, bit for bit", text)
        self.assertNotIn("report.html", self.files())

    @needs_reports
    def test_phases_are_those_of_the_results(self) -> None:
        self.simulate("a")
        self.simulate("b", *SYNC, "--latency", "50ms")
        page = self.report("--diff", "a", "b")
        workers = [json.loads((self.folder / name / "result.json").read_text())["workers"] for name in "ab"]
        rows = re.findall(r'<tr><th scope="row">rank \d</th>.*</tr>', page.split("Every rank and phase")[-1].split("</table>")[0])
        shown = [float(re.findall('<data value="([^"]+)">', row)[2]) for row in rows]
        for worker in (*workers[0], *workers[1]):
            worker["communication_s"] = worker["wait_s"] + worker["transfer_s"]
        fields = ("elapsed_s", "compute_s", "communication_s", "wait_s", "transfer_s", "other_s")
        expected = [one[field] - other[field] for one, other in zip(*workers, strict=True) for field in fields]
        for value, wanted in zip(shown, expected, strict=True):
            self.assertAlmostEqual(value, wanted, places=12)

    def test_the_first_step_elsewhere(self) -> None:
        for name, words in (("a", SYNC), ("b", [*SYNC, "--latency", "50ms"])):
            self.simulate(name, *words)
            self.events(name, 1, 10)
        self.assertIn("Every step of every rank begins within", in_one_line(self.made(FRONT, "report", "--diff", "a", "b").output))

    def test_refusals(self) -> None:
        self.simulate("a")
        self.simulate("b", *SYNC, "--lr", "0.3")
        self.refused("lr is", words=("--diff", "a", "b"))
        self.refused("--diff: given '1 folders'", words=("--diff", "a"))

    @needs_real
    @needs_reports
    def test_both_worlds(self) -> None:
        self.simulate("a")
        self.made(FRONT, "real", *SYNC, "--events", "full", "--out", "b")
        self.assertIn("parameters: equal, bit for bit", self.made(FRONT, "report", "--diff", "a", "b").output)
        page = self.report("a", "b")
        self.assertIn("a simulated, b measured", page)
        self.assertRegex(page, "Each rank(&#39;|')s clock is known within .* measured at the start and at the end")


class WithoutChartJs(ReportTest):
    """A front end that was built where Chart.js was not found."""

    FRONT = BIN / "lockstep_without_charts"
    MESSAGE = (r"\Alockstep: reports as HTML are switched off: this lockstep was built without Chart\.js 3; install it "
               r"\(Debian: libjs-chart\.js\), .* lockstep show DIR prints .*\n\Z")

    def test_one_message_and_no_file(self) -> None:
        self.simulate("run")
        before = self.files()
        for words in (["run"], ["run", "--out", "r.html"], ["--diff", "run", "run", "--out", "r.html"]):
            done = self.run_here([self.FRONT, "report", *words])
            self.assertEqual((done.status, done.output), (3, ""))
            self.assertRegex(done.errors, self.MESSAGE)
            self.assertEqual(self.files(), before)

    def test_what_does_without(self) -> None:
        self.simulate("run")
        self.assertIn("They part", self.made(self.FRONT, "report", "--diff", "run", "run").output)
        self.assertIn("--out FILE", self.made(self.FRONT, "report", "--help").output)
        self.assert_refused([self.FRONT, "report"], "RUN: the folder is missing")


if __name__ == "__main__":
    unittest.main()
