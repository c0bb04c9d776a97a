"""Digests are of the parameters that were tested last; targets are found as finely as steps allow; rows are of one moment; what is dropped counts as nothing."""

import csv
import io
import json
import math
import re
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from methods import METHODS, WITH_SERVERS, words_of  # noqa: E402
from programs import FRONT, SIM, ProgramTest, environment, in_one_line, needs_real, needs_reports, needs_sim, result_of, run  # noqa: E402

SMALL = ["--train-samples", 600, "--test-samples", 200, "--batch", 20]


def simulated(method: str, *words: object) -> dict:
    rate = [] if "--lr" in words else ["--lr", "0.05"]
    return result_of([SIM, *words_of(method), *rate, *SMALL, *words])


def shared(result: dict) -> list[dict]:
    return [row for row in result["history"] if row["worker"] is None]


@needs_sim
class Digests(unittest.TestCase):
    def test_they_move_with_the_last_steps_of_every_method(self) -> None:
        for method in METHODS:
            with self.subTest(method=method):
                slow, fast = (simulated(method, "--epochs", 2, "--lr-decay", decay) for decay in ("1", "0.5"))
                self.assertNotEqual(slow["summary"]["test_loss"], fast["summary"]["test_loss"])
                self.assertNotEqual(slow["summary"]["parameters_digest"], fast["summary"]["parameters_digest"])

    def test_they_do_not_depend_on_how_often_parameters_are_tested(self) -> None:
        for method in METHODS:
            with self.subTest(method=method):
                summaries = [simulated(method, "--epochs", 2, *words)["summary"]
                             for words in ([], ["--evaluations", 7], ["--target-accuracy", "0.3", "--time-budget", "1ms"])]
                for key in ("parameters_digest", "test_loss", "test_accuracy", "elapsed_s"):
                    self.assertEqual(len({summary[key] for summary in summaries}), 1, key)

    def test_nor_do_they_where_some_are_far_away(self) -> None:
        far = ["--latencies", "200ms,1ms,1ms,1ms", "--epochs", 2]
        cases = [(method, far) for method in METHODS if method != "serial"]
        cases += [(method, [*far, "--server", "dedicated", "--servers", 2]) for method in WITH_SERVERS]
        for method, words in cases:
            with self.subTest(method=method, words=words):
                summaries = [simulated(method, *words, "--evaluations", n)["summary"] for n in (1, 10)]
                for key in ("parameters_digest", "test_loss", "elapsed_s"):
                    self.assertEqual(summaries[0][key], summaries[1][key], key)

    def test_outer_steps_are_in_it(self) -> None:
        """The last epoch of these ends between two averages."""
        for method in ("local-sgd", "diloco", "hierarchical"):
            found = {rate: simulated(method, "--epochs", 2, "--lr", rate) for rate in ("0.05", "0.06")}
            self.assertEqual(len({result["summary"]["parameters_digest"] for result in found.values()}), 2, method)
        rates = [simulated("diloco", "--epochs", 2, "--outer-lr", rate)["summary"] for rate in ("0.1", "0.7")]
        self.assertNotEqual(rates[0]["test_loss"], rates[1]["test_loss"])
        self.assertNotEqual(rates[0]["parameters_digest"], rates[1]["parameters_digest"])


@needs_sim
class Targets(ProgramTest):
    WORDS = ["--method", "serial", "--train-samples", 6000, "--test-samples", 1000, "--batch", 50, "--epochs", 3, "--lr", "0.1"]

    # Parameters are thrown about by steps that are too long.
    NOISY = ["--train-samples", 2000, "--test-samples", 400, "--batch", 10, "--hidden", 10, "--epochs", 2, "--lr", "1", "--workers", 4]

    def test_it_does_not_hang_on_the_number_of_tests(self) -> None:
        cases = [[*self.WORDS, "--target-accuracy", "0.6"],
                 *([*self.NOISY, "--method", method, "--target-accuracy", "0.5"]
                   for method in ("in-turn", "by-arrival", "gossip", "local-sgd"))]
        for words in cases:
            found = [result_of([SIM, *words, "--evaluations", n])["summary"] for n in (1, 7, 100)]
            with self.subTest(words=words):
                self.assertEqual(len({summary["time_to_target_s"] for summary in found}), 1, found)
                low, high, time = (found[0][f"time_to_target{end}_s"] for end in ("_low", "_high", ""))
                self.assertLessEqual(low, time)
                self.assertLessEqual(time, high)
                if words is cases[0]:
                    self.assertLessEqual(high - low, time / 10)

    def test_the_accuracy_at_a_time_neither(self) -> None:
        found = {result_of([SIM, *self.WORDS, "--time-budget", "2ms", "--evaluations", n])["summary"]["accuracy_at_budget"]
                 for n in (1, 7, 150)}
        self.assertEqual(len(found), 1)

    def test_few_tests_are_made(self) -> None:
        words = [3000 if word == 1000 else word for word in self.WORDS]
        rows = shared(result_of([SIM, *words, "--target-accuracy", "0.6"]))
        self.assertLess(len(rows), 35)
        self.assertEqual([row["elapsed_s"] for row in rows], sorted(row["elapsed_s"] for row in rows))

    def test_a_loss_can_be_the_target(self) -> None:
        words = [*self.WORDS, "--target-loss", "1.5"]
        result = result_of([SIM, *words])
        met = [row["elapsed_s"] for row in shared(result) if row["test_loss"] <= 1.5]
        self.assertAlmostEqual(result["summary"]["time_to_target_s"] / met[0], 1, delta=0.1)
        self.assertIn("time to loss 1.5", run([SIM, *words]).output)
        self.assertEqual(result_of([SIM, *self.WORDS, "--target-loss", "0.0001"])["summary"]["time_to_target_s"], "never")

    def test_the_bracket_is_shown_with_a_warning_where_it_is_wide(self) -> None:
        coarse = run([SIM, "--method", "serial", "--train-samples", 400, "--test-samples", 200, "--batch", 100, "--epochs", 1,
                      "--lr", "0.5", "--target-accuracy", "0.3"])
        self.assertRegex(in_one_line(coarse.output), r" time to 0\.3 \S+ \w+ between \S+ \w+ and \S+ \w+: too far apart for an exact time ")
        fine = run([SIM, *self.WORDS, "--target-accuracy", "0.6"])
        self.assertRegex(fine.output, r"time to 0\.6 +\S+ \w+  between \S+ \w+ and \S+ \w+\n")
        row = next(csv.DictReader(io.StringIO(run([SIM, *self.WORDS, "--target-accuracy", "0.6", "--format", "csv"]).output)))
        self.assertLessEqual(float(row["time_to_target_low_s"]), float(row["time_to_target_high_s"]))

    def test_energy_is_unknown_without_powers_and_never_with_them(self) -> None:
        for target, reached in (("0.2", True), ("0.9999", False)):
            words = [*self.WORDS, "--target-accuracy", target]
            plain = result_of([SIM, *words])["summary"]
            self.assertEqual(plain["time_to_target_s"] != "never", reached)
            self.assertIsNone(plain["energy_J"])
            self.assertIsNone(plain["energy_to_target_J"])
            powered = result_of([SIM, *words, "--busy-power", "90W"])["summary"]["energy_to_target_J"]
            self.assertEqual(powered != "never", reached)
            row = next(csv.DictReader(io.StringIO(run([SIM, *words, "--format", "csv"]).output)))
            self.assertEqual((row["energy_J"], row["energy_to_target_J"]), ("", ""))

    def test_show_prints_what_sim_does(self) -> None:
        for words in ([*self.WORDS, "--target-accuracy", "0.6"], [*self.WORDS, "--target-loss", "1.2"],
                      ["--method", "serial", "--train-samples", 400, "--test-samples", 200, "--batch", 100, "--epochs", 1,
                       "--lr", "0.5", "--target-accuracy", "0.3"]):
            done = self.run_here([FRONT, "sim", *words, "--out", "run"])
            bracket = re.search(r" time to .*?(between \S+ \w+ and \S+ \w+(: too far apart for an exact time)?)", in_one_line(done.output)).group(1)
            shown = self.run_here([FRONT, "show", "run"], env=environment(COLUMNS="200")).output
            self.assertRegex(shown, rf"(?m)^time to target \S+ \w+ to .*, {re.escape(bracket)}$")

    @needs_reports
    def test_a_comparison_has_the_bracket_in_every_format(self) -> None:
        words = [FRONT, "compare", *self.WORDS[2:], "--target-accuracy", "0.6", "--methods", "serial,sync-average:2", "--out", "both"]
        rows = list(csv.DictReader(io.StringIO(self.run_here([*words, "--format", "csv"]).output)))
        self.assertEqual(self.run_here([FRONT, "report", "both/serial", "both/sync-average-2", "--out", "both.html"]).status, 0)
        page = (self.folder / "both.html").read_text()
        for row, method in zip(rows, json.loads(run([*words[:-2], "--format", "json"]).output)["methods"], strict=True):
            low, high = (method["result"]["summary"][f"time_to_target_{end}_s"] for end in ("low", "high"))
            self.assertEqual((float(row["time_to_target_low_s"]), float(row["time_to_target_high_s"])), (low, high))
            bracket = re.search(r"between \S+ \w+ and \S+ \w+", run([SIM, *self.WORDS[2:], "--target-accuracy", "0.6", "--method", row["method"],
                                                                  "--workers", row["workers"]]).output).group(0)
            self.assertIn(bracket, page.split("<h2", 2)[1])
        self.assertIn("Target met", page)

    def test_one_target_a_run(self) -> None:
        done = run([SIM, *self.WORDS, "--target-accuracy", "0.6", "--target-loss", "1"])
        self.assertEqual(done.status, 2)
        self.assertEqual(done.errors.count("\n"), 1)
        self.assertIn("--target-loss: given '1'; allowed: one target a run", done.errors)


@needs_sim
class Moments(unittest.TestCase):
    def test_a_straggler_delays_no_row_where_nobody_waits_for_it(self) -> None:
        """Worker 2 asks others to average and is asked by none. Half of all steps are done when the others have taken two thirds of theirs."""
        words = ["--epochs", 2, "--evaluations", 4, "--speed", "100Mf"]
        even = simulated("ad-psgd", *words)
        late = simulated("ad-psgd", *words, "--straggler", "worker=2,factor=10")
        for plain, straggling in zip(shared(even)[1:5], shared(late)[1:5]):
            self.assertEqual(plain["updates"], straggling["updates"])
            self.assertLess(straggling["elapsed_s"], 2 * plain["elapsed_s"])
        self.assertGreater(late["summary"]["elapsed_s"], 5 * even["summary"]["elapsed_s"])

    def test_the_last_row_is_of_the_end(self) -> None:
        for method in ("ad-psgd", "gossip", "local-sgd"):
            result = simulated(method, "--epochs", 2, "--straggler", "worker=1,factor=3")
            last = shared(result)[-1]
            self.assertEqual(last["epoch"], 2)
            # Where all have met, worker 0 says what v is, and others hear of it a little later.
            delta = 0.01 * last["elapsed_s"] if method == "local-sgd" else 0
            self.assertAlmostEqual(last["elapsed_s"], result["summary"]["elapsed_s"], delta=delta)


@needs_sim
class Endings(ProgramTest):
    def test_every_method_ends_with_a_result_when_a_worker_stops_for_good(self) -> None:
        (self.folder / "ends.profile").write_text("0 1\n0.002 0\n")
        for method in METHODS:
            worker = 0 if method == "serial" else 1
            for words in (["--failure", f"worker={worker},at=2ms"], ["--speed-profile", f"worker={worker},file={self.folder}/ends.profile"]):
                with self.subTest(method=method, words=words):
                    result = simulated(method, "--speed", "100Mf", *words)
                    stopped = [worker["rank"] for worker in result["workers"] if not worker["completed"] and worker["stopped"]]
                    self.assertEqual(stopped, [worker])
                    self.assertGreaterEqual(result["workers"][worker]["elapsed_s"], 0.002)


@needs_sim
class Samples(unittest.TestCase):
    def test_dropped_gradients_are_computed_and_not_applied(self) -> None:
        result = simulated("backup-workers", "--backup", 3, "--epochs", 2)
        summary = result["summary"]
        self.assertEqual(summary["samples_applied"], 300, "a quarter of two epochs")
        self.assertGreater(summary["samples_computed"], 300)
        self.assertEqual(summary["samples_computed"], sum(worker["samples"] for worker in result["workers"]))
        self.assertAlmostEqual(summary["samples_per_s"], 300 / summary["elapsed_s"])
        self.assertEqual(shared(result)[-1]["samples"], 300)
        self.assertAlmostEqual(shared(result)[-1]["epoch"], 0.5)
        self.assertIn(f"300 applied of {summary['samples_computed']} computed", run(
            [SIM, "--method", "backup-workers", "--workers", 4, "--lr", "0.05", *SMALL, "--backup", 3, "--epochs", 2]).output)

    def test_all_count_where_none_is_dropped(self) -> None:
        for method in METHODS:
            summary = simulated(method, "--epochs", 2)["summary"]
            dropped = method == "backup-workers"
            self.assertEqual(summary["samples_applied"], 900 if dropped else 1200, method)
            self.assertEqual(summary["samples_computed"] == summary["samples_applied"], not dropped, method)


@needs_real
class Copies(unittest.TestCase):
    def test_they_are_no_part_of_the_time(self) -> None:
        result = result_of([FRONT, "real", "--method", "serial", *SMALL, "--epochs", 1, "--hidden", 64, "--evaluations", 30])
        worker = result["workers"][0]
        self.assertGreater(worker["copying_s"], 0)
        parts = sum(worker[key] for key in ("compute_s", "wait_s", "transfer_s", "other_s"))
        self.assertTrue(math.isclose(parts, worker["elapsed_s"], rel_tol=1e-9))
        self.assertEqual(result["history"][-1]["updates"], 30)

    def test_workers_that_meet_copy_together(self) -> None:
        """Those that did not would wait for the one that does, and their clocks would not stand still."""
        for words in (["sync-average"], ["allreduce"], ["local-sgd", "--period", 1]):
            with self.subTest(words=words):
                result = result_of([FRONT, "real", "--method", *words, "--workers", 2, *SMALL, "--epochs", 1, "--hidden", 64,
                                    "--evaluations", 15])
                kept, met = (worker["copying_s"] for worker in result["workers"])
                self.assertGreater(kept, 0)
                self.assertGreater(met, 0)


if __name__ == "__main__":
    unittest.main()
