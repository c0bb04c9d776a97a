"""`lockstep break-even`: against closed forms, single runs, and measured times."""

import csv
import io
import json
import re
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SIM, SMALL, ProgramTest, in_one_line, needs_sim, option_entry, result_of, run  # noqa: E402

TIMING = [*SMALL, "--numerics", "none"]


def found(*words: object) -> dict:
    done = run([FRONT, "break-even", *words, "--format", "json"])
    assert done.status == 0, done.errors
    return json.loads(done.output)


def time(*words: object) -> float:
    return result_of([SIM, *TIMING, *words])["summary"]["elapsed_s"]


@needs_sim
class Answers(ProgramTest):
    def test_latency_against_the_closed_form(self) -> None:
        """Averaging pays below L* = (p - 1) t / (2 ceil(log2 p)) - m / B; the simulation counts the additions too."""
        step, message = 0.63114e-3, 31400 / 1.25e8
        for workers, rounds, exact in [(2, 1, 62.7e-6), (3, 2, 63.1e-6), (4, 2, 220.8e-6)]:
            with self.subTest(workers=workers):
                answer = found("--train-samples", 60000, "--epochs", 1, "--vary", "latency", "--between", "1us..10ms",
                               "--method", "sync-average", "--workers", workers, "--against", "serial")["break_even"]
                formula = (workers - 1) * step / (2 * rounds) - message
                self.assertLess(answer, formula)
                self.assertAlmostEqual(answer, formula, delta=2e-6)
                self.assertAlmostEqual(answer, exact, delta=0.1e-6)

    def test_a_knob_fitted_to_a_measured_time(self) -> None:
        at_5_gflops = time()
        answer = found(*TIMING, "--vary", "speed", "--between", "1Mf..1Tf", "--against", "10.8651s", "--tolerance", "1e-6")
        self.assertAlmostEqual(answer["break_even"] / (5e9 * at_5_gflops / 10.8651), 1, delta=2e-6)
        self.assertEqual(answer["at_break_even"]["against_s"], 10.8651)

    def test_the_order_changes_there(self) -> None:
        words = ["--method", "in-turn", "--workers", 3]
        answer = found(*TIMING, *words, "--vary", "bandwidth", "--between", "1Mbps..100Gbps", "--against", "serial")
        self.assertEqual((answer["at_low"]["faster"], answer["at_high"]["faster"]), ("against", "subject"))
        serial = time()
        for factor, is_faster in [(0.9997, False), (1.0003, True)]:
            bandwidth = f"{answer['break_even'] * factor}Bps"
            self.assertEqual(time(*words, "--bandwidth", bandwidth) < serial, is_faster)
        self.assertAlmostEqual(time(*words, "--bandwidth", answer["break_even_text"]), answer["at_break_even"]["subject_s"])

    def test_linear_where_an_end_is_0(self) -> None:
        words = [*TIMING, "--method", "sync-average", "--workers", 4, "--vary", "latency", "--against", "serial"]
        linear = found(*words, "--between", "0s..1ms")["break_even"]
        self.assertAlmostEqual(linear / found(*words, "--between", "1us..1ms")["break_even"], 1, delta=2e-4)

    def test_whole_numbers(self) -> None:
        words = ["--latency", "60us", "--bandwidth", "10Gbps", "--batch", 20]
        answer = found(*TIMING, *words, "--method", "sync-average", "--vary", "workers", "--between", "2..24", "--against",
                       "serial")
        workers = int(answer["break_even"])
        self.assertEqual((answer["subject"], answer["break_even_text"]), ("sync-average", str(workers)))
        self.assertGreater(workers, 2)
        serial = time(*words)
        self.assertLess(time(*words, "--method", "sync-average", "--workers", workers), serial)
        self.assertGreaterEqual(time(*words, "--method", "sync-average", "--workers", workers - 1), serial)

    def test_a_method_without_a_number_follows_the_workers(self) -> None:
        words = [*TIMING, "--batch", 10, "--method", "sync-average", "--vary", "workers", "--between", "2..8"]
        followed = found(*words, "--against", "in-turn")
        self.assertEqual(followed["against"], "in-turn")
        self.assertEqual(followed["at_high"]["against_s"], time("--batch", 10, "--method", "in-turn", "--workers", 8))
        fixed = found(*words, "--against", "in-turn:3")
        self.assertEqual(fixed["at_high"]["against_s"], time("--batch", 10, "--method", "in-turn", "--workers", 3))

    def test_no_break_even(self) -> None:
        words = [*TIMING, "--method", "sync-average", "--workers", 4, "--vary", "latency", "--between", "1s..1h", "--against"]
        answer = found(*words, "serial")
        self.assertEqual((answer["break_even"], answer["at_break_even"]), (None, None))
        self.assertIn("no break-even between latency 1s and 3600s: serial is faster throughout\n",
                      run([FRONT, "break-even", *words, "serial"]).output)
        row = next(csv.DictReader(io.StringIO(run([FRONT, "break-even", *words, "serial", "--format", "csv"]).output)))
        self.assertEqual((row["break_even"], row["low_faster"], row["high_faster"]), ("", "against", "against"))

    def test_what_does_not_depend_on_the_key_runs_once(self) -> None:
        words = [*TIMING, "--method", "sync-average", "--workers", 4, "--vary", "latency", "--between", "1s..1h", "--against"]
        self.assertEqual([found(*words, other)["runs"] for other in ("1ns", "serial", "in-turn")], [2, 3, 4])

    def test_equal_at_an_end(self) -> None:
        answer = found(*TIMING, "--vary", "speed", "--between", "5Gf..10Gf", "--against", f"{time()}s")
        self.assertEqual(answer["break_even_text"], "5Gf")

    def test_measures(self) -> None:
        words = ["--method", "sync-average", "--workers", 2, "--partition", "replicate", "--vary", "latency", "--between",
                 "1us..10ms", "--against", "serial"]
        self.assertIsNone(found(*TIMING, *words)["break_even"])  # twice the samples
        per_sample = found(*TIMING, *words, "--measure", "time-per-sample")
        summary = result_of([SIM, *TIMING])["summary"]
        self.assertAlmostEqual(per_sample["at_low"]["against_s"], 1 / summary["samples_per_s"])
        self.assertGreater(per_sample["break_even"], 0)
        target = ["--target-accuracy", "0.15", "--evaluations", "3"]
        to_target = found(*SMALL, *words, *target, "--measure", "time-to-target", "--tolerance", "0.01")
        self.assertEqual(to_target["at_low"]["against_s"],
                         result_of([SIM, *SMALL, *target, "--partition", "replicate"])["summary"]["time_to_target_s"])

    def test_fewer_workers_are_the_first_ones(self) -> None:
        words = [*TIMING, "--method", "sync-average", "--workers", 2, "--speeds", "5Gf,1Gf", "--vary", "latency",
                 "--between", "1us..1ms", "--against", "serial"]
        self.assertEqual(found(*words)["at_low"]["against_s"], time())


@needs_sim
class Output(ProgramTest):
    words = [FRONT, "break-even", *TIMING, "--method", "sync-average", "--workers", 4, "--vary", "latency", "--between",
             "1us..10ms", "--against", "serial"]

    def test_formats_agree(self) -> None:
        answer = json.loads(run([*self.words, "--format", "json"]).output)
        row = next(csv.DictReader(io.StringIO(run([*self.words, "--format", "csv"]).output)))
        self.assertEqual(float(row["break_even"]), answer["break_even"])
        self.assertEqual(row["break_even_text"], answer["break_even_text"])
        self.assertEqual(float(row["high_subject_s"]), answer["at_high"]["subject_s"])
        self.assertEqual(int(row["runs"]), answer["runs"])
        text = in_one_line(run(self.words).output)
        self.assertIn(f"sync-average:4 takes as long as serial at latency {answer['break_even_text']}; below, sync-average:4 "
                      "is faster; above, serial is faster ", text)
        self.assertRegex(answer["break_even_text"], r"^\d{1,3}(\.\d+)?us$")

    def test_documentation(self) -> None:
        page = (ROOT / "docs/formats/break_even.md").read_text()

        def documented(heading: str) -> list[str]:
            section = page.split(heading)[1].split("\n## ")[0]
            return [name for cells in re.findall(r"(?m)^\| (`.*?) \|", section) for name in re.findall(r"`(\w+)`", cells)]

        self.assertEqual(documented("## `--format csv`"),
                         run([*self.words, "--format", "csv"]).output.splitlines()[0].split(","))
        self.assertEqual(documented("## `--format json`")[:12],
                         list(json.loads(run([*self.words, "--format", "json"]).output)))
        self.assertIn("default: 0.0001", option_entry(run([FRONT, "help", "break-even"]).output, "tolerance"))

    def test_refusals(self) -> None:
        base = {"--vary": "latency", "--between": "1us..1ms", "--against": "serial", "--method": "in-turn", "--workers": "2"}
        for changes, pattern in [
            ({"--vary": ""}, "--vary: the key is missing; write for example"),
            ({"--vary": "latncy"}, "--vary: given 'latncy'; allowed: .*did you mean latency"),
            ({"--vary": "collective"}, "--vary: given 'collective'; allowed: a key whose value is a number"),
            ({"--vary": "straggler"}, "--vary: given 'straggler'"),
            ({"--vary": "threads"}, "--vary: given 'threads'"),
            ({"--vary": "seed", "--between": "1..5"}, "--vary: given 'seed'"),
            ({"--vary": "beta", "--between": "0.1..1"}, "--vary: given 'beta', but it applies only with --update mix"),
            ({"--between": ""}, r"--between: given ''; allowed: LOW\.\.HIGH, where --latency allows a time"),
            ({"--between": "1us-1ms"}, "--between: given '1us-1ms'; .* two dots"),
            ({"--between": "1us..1"}, "--between 1us..1: given '1'"),
            ({"--between": "1us..2h"}, "--between 1us..2h: given '2h'"),
            ({"--between": "1ms..1us"}, "--between: given '1ms..1us'; .* the first value is the smaller"),
            ({"--vary": "batch", "--between": "1..all"}, "--between: given '1..all'; .* must be numbers"),
            ({"--vary": "workers", "--between": "1..3", "--workers": None, "--method": "serial", "--against": "in-turn:2"},
             "--workers: given '3'; allowed: 1 with --method serial"),
            ({"--against": ""}, "--against: what to compare with is missing"),
            ({"--against": "seriel"}, "--against: given 'seriel'; .*did you mean serial"),
            ({"--against": "10"}, "--against: given '10'.*unit"),
            ({"--against": "0s"}, "--against: given '0s'; allowed: a time above 0"),
            ({"--against": "in-turn"}, "--against: given 'in-turn'; allowed: another METHOD"),
            ({"--measure": "speed"}, "--measure: given 'speed'; allowed: time, time-to-target, time-per-sample"),
            ({"--measure": "time-to-target"}, "--measure: given 'time-to-target'; allowed: with --target-accuracy"),
            ({"--target-accuracy": "0.9"}, "--target-accuracy: it applies only where arithmetic is done"),
            ({"--tolerance": "0"}, "--tolerance: given '0'; allowed: a number from 1e-12 to 0.5"),
            ({"--latency": "5us"}, "--latency: it varies between 1us..1ms; remove it"),
            ({"--out": "results"}, "--out: not with lockstep break-even"),
        ]:
            options = {key: value for key, value in (base | changes).items() if value is not None}
            with self.subTest(changes=changes):
                self.assert_refused([FRONT, "break-even", *SMALL, *(word for pair in options.items() for word in pair)],
                                    pattern)

    def test_no_target_on_either_side(self) -> None:
        self.assert_refused([FRONT, "break-even", *SMALL, "--method", "in-turn", "--workers", 2, "--vary", "latency",
                             "--between", "1us..1ms", "--against", "serial", "--measure", "time-to-target",
                             "--target-accuracy", "1"], "both sides never reach the target")


if __name__ == "__main__":
    unittest.main()
