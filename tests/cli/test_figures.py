"""How figures are shown: three significant digits at least, the unit of the asker, one unit a column."""

import re
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SMALL, ProgramTest, needs_sim, result_of  # noqa: E402
from sweeps import TIMING  # noqa: E402

PHANTOM = ["--model", "phantom", "--parameters", "1M", "--batch", "1", "--train-samples", "8", "--epochs", "1"]


def column(text: str, heading: str) -> list[str]:
    """The cells below a heading, each between two or more blanks."""
    lines = text.splitlines()
    top = next(i for i, line in enumerate(lines) if heading in re.split(r"  +", line.strip()))
    place = re.split(r"  +", lines[top].strip()).index(heading)
    cells = []
    for line in lines[top + 2:]:
        if not line.strip():
            break
        cells.append(re.split(r"  +", line.strip())[place])
    return cells


def units(cells: list[str]) -> set[str]:
    return {unit for cell in cells for unit in re.findall(r"[\d.]+(?:e-?\d+)? ?([A-Za-z]+)", cell)}


@needs_sim
class Figures(ProgramTest):
    def text(self, *words: object) -> str:
        done = self.run_here([FRONT, *words])
        self.assertEqual(done.status, 0, done.errors)
        return done.output

    def test_a_slow_rate_has_digits(self) -> None:
        words = ["sim", "--model", "resnet-50", "--batch", "4", "--train-samples", "4", "--epochs", "1", "--speed", "10Gf"]
        rate = result_of([FRONT, *words])["summary"]["samples_per_s"]
        self.assertLess(rate, 1)
        self.assertRegex(self.text(*words, "--out", "run"), rf"\nsamples a second +{rate:.3f}\n")
        self.assertRegex(self.text("show", "run"), rf"\nsamples/s +{rate:.3f}\n")

    def test_bytes_are_shown_in_the_unit_of_the_table_beside_their_exact_number(self) -> None:
        words = ["sim", *PHANTOM, "--method", "allreduce", "--workers", "2", "--flops-per-sample", "1M"]
        sent = result_of([FRONT, *words])["summary"]["bytes"]
        self.assertRegex(self.text(*words), rf"\nbytes +{sent / 2**20:.2f} MiB  {sent}, as predicted\n")

    def test_a_phantom_may_cost_nothing(self) -> None:
        words = ["sim", *PHANTOM, "--method", "allreduce", "--workers", "2", "--flops-per-sample"]
        nothing, something = (result_of([FRONT, *words, flops])["summary"]["elapsed_s"] for flops in ("0", "1M"))
        self.assertLess(nothing, something)
        self.assert_refused([FRONT, *words[:-1]], "--flops-per-sample: given 'none'; allowed: a number, which may be 0")
        self.assert_refused([FRONT, "sim", "--model", "phantom", "--parameters", "0"], "--parameters: given '0'; allowed: at least 1")

    def test_break_even_speaks_the_units_of_its_range(self) -> None:
        words = ["break-even", *PHANTOM, "--method", "allreduce", "--workers", "2", "--flops-per-sample", "10M",
                 "--against", "serial", "--vary", "bandwidth", "--between"]
        for between, unit in (("100Mbps..1000000Mbps", {"Mbps"}), ("100Mbps..1000Gbps", {"Mbps"}), ("0.1GBps..100GBps", {"GBps"}),
                              ("10MBps..800Gbps", {"MBps"})):
            with self.subTest(between=between):
                text = self.text(*words, between)
                cells = column(text, "bandwidth")
                self.assertEqual(cells[0], between.split("..")[0])
                self.assertEqual(units(cells), unit)
                self.assertIn(f" at bandwidth {cells[1]};", text)
                self.assertLessEqual(len(re.sub(r"^0\.0*|\D", "", cells[1])), 6)
                self.assertEqual(len(units(column(text, "allreduce:2") + column(text, "serial"))), 1, text)

    def test_a_sweep_speaks_the_units_of_its_axes(self) -> None:
        text = self.text("sweep", *TIMING, "--method", "in-turn", "--workers", "2", "--sweep", "bandwidth=1Mbps..1000Mbps:log:6",
                         "--sweep", "latency=10us,1000us,50000us", "--out", "results")
        self.assertEqual(units(column(text, "bandwidth")), {"Mbps"})
        self.assertEqual(set(column(text, "latency")), {"10us", "1000us", "50000us"})
        self.assertEqual(len(units(column(text, "time"))), 1)

    def test_columns_of_times_have_one_unit_and_three_digits(self) -> None:
        """Times from 7 ms to 130 s."""
        text = self.text("sweep", *TIMING, "--sweep", "speed=100Gf,1Gf,10Mf,17Mf,1Mf", "--out", "results")
        cells = column(text, "time")
        self.assertEqual(len(units(cells)), 1, cells)
        for cell in cells:
            self.assertGreaterEqual(len(re.sub(r"^0\.0*|\D", "", cell)), 3, cells)


@needs_sim
class ShowSweep(ProgramTest):
    def test_the_table_that_the_sweep_printed(self) -> None:
        swept = self.run_here([FRONT, "sweep", "--train-samples", "200", "--test-samples", "50", "--epochs", "1", "--batch", "20",
                               "--target-accuracy", "0.2", "--sweep", "lr=0.001,1", "--replicates", "3", "--out", "results"])
        shown = self.run_here([FRONT, "show", "results"])
        self.assertEqual((shown.status, shown.errors), (0, ""))
        self.assertTrue(shown.output.startswith("results: a sweep of 2 points\n"))
        table = swept.output.split("\n\n")[0]
        self.assertIn(f"\n{table}\n", shown.output)
        self.assertIn("never", table)

    def test_what_there_is_not(self) -> None:
        self.run_here([FRONT, "sweep", *TIMING, "--sweep", "batch=10,20", "--out", "results"])
        self.assert_refused([FRONT, "show", "results", "--partial"], "--partial: it does not apply to a sweep")
        for command in (["trace"], ["plot", "--figure", "time-shares", "--out", "x.svg"]):
            self.assert_refused([FRONT, *command, "results"], "given 'the folder of a sweep'.*lockstep show results")
        self.assert_refused([FRONT, "validate", *SMALL, "--measured", "results"], "given 'the folder of a sweep'; allowed: that of a run")
        (self.folder / "results/summary.csv").write_text("point,epochs\n1,2\n")
        self.assert_refused([FRONT, "show", "results"], "summary.csv: it is not the summary of a sweep")
        (self.folder / "results/summary.csv").unlink()
        self.assert_refused([FRONT, "show", "results"], "summary.csv: given 'no such file'.*lockstep report results --partial")


@needs_sim
class OtherFolders(ProgramTest):
    """Whatever a command is given, it says what the folder is of and what shows it."""

    COMMANDS = (["show"], ["trace"], ["plot", "--script", "--figure", "loss"], ["plot", "--script", "--figure", "sweep"],
                ["report", "--diff", "run"], ["validate", *SMALL, "--measured"])

    def test_folders_of_several_runs(self) -> None:
        for name, words in (("compared", ["compare", "--methods", "serial,in-turn:2"]), ("table", ["table", "--table-rows", "serial,in-turn:2"]),
                            ("run", ["sim"])):
            self.assertEqual(self.run_here([FRONT, *words, *SMALL, "--out", name]).status, 0)
        for name, kind in (("compared", "a comparison"), ("table", "a table")):
            for command in self.COMMANDS:
                with self.subTest(name=name, command=command):
                    self.assert_refused([FRONT, *command, name], f"{name}: given 'the folder of {kind}'; .*lockstep report {name} shows it; "
                                        f"there are runs in it: {name}/in-turn-2 {name}/serial")

    def test_what_is_no_folder_of_ours(self) -> None:
        (self.folder / "empty").mkdir()
        self.assertEqual(self.run_here([FRONT, "sim", *SMALL, "--out", "run"]).status, 0)
        for command in self.COMMANDS:
            with self.subTest(command=command):
                self.assert_refused([FRONT, *command, "empty"], "empty: it holds no run: none of result.json, sweep.csv,")
                self.assert_refused([FRONT, *command, "nowhere"], "nowhere: given 'no folder'")
        self.assert_refused([FRONT, "show", ""], "the folder: given ''; allowed: the folder that --out")


if __name__ == "__main__":
    unittest.main()
