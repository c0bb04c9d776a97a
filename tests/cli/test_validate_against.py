"""`lockstep validate --against`: what a change does to a run, in both worlds; pairs, verdicts, refusals."""

import csv
import io
import json
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, needs_real, needs_sim  # noqa: E402
from validations import CORES, SYNC, ValidateTest  # noqa: E402

STRAGGLER = "worker=1,factor=4"
CHANGE = ["--against", f"straggler={STRAGGLER}"]


@needs_sim
class Simulated(ValidateTest):
    """References that were simulated, so that what is right is known to the last bit."""

    def setUp(self) -> None:
        super().setUp()
        self.given = self.reference("given", *SYNC)
        self.changed = self.reference("changed", *SYNC, "--straggler", STRAGGLER)
        self.words = [*SYNC, *CHANGE, "--measured", "given", "--measured-against", "changed"]

    def test_the_right_platform_passes_without_error(self) -> None:
        found = self.json(*self.words)
        against = found["against"]
        self.assertEqual((found["verdict"], against["verdict"], against["error_percent"]), ("pass", "pass", 0))
        self.assertEqual(against["changes"], [{"key": "straggler", "given": "", "changed": STRAGGLER}])
        times = [json.loads(path.read_text())["summary"]["elapsed_s"] for path in (self.given, self.changed)]
        for world in ("measured", "simulated"):
            self.assertEqual(against[world]["median"], times[1] - times[0])
            self.assertEqual(against[world]["count"], 1)
        self.assertGreater(against["measured"]["median"], times[0])
        self.assertIsNone(against["noise_percent"])
        self.assertEqual(found["figures"][0]["simulated"]["median"], times[0])
        self.assertEqual(against["figures"][0]["simulated"]["median"], times[1])
        self.assertEqual([run["name"] for run in against["simulated_runs"]], ["against-simulated-1"])

    def test_text(self) -> None:
        text = self.validate(*self.words).output
        self.assertIn(f"as given and with straggler = {STRAGGLER}\n  (given: nothing): 1 pair of reference runs, 1 of", text)
        self.assertRegex(text, r"(?m)^Time \(ms\) ")
        self.assertRegex(text, r"(?m)^difference +\+\S+ +- +\+\S+ +- +\+0\.0 %$")
        self.assertIn("\nPASS: the simulated difference is within 10 % of the reference's one.\n", text)
        self.assertIn("this says nothing about reality", text)

    def test_a_wrong_platform_fails(self) -> None:
        """At twice the speed steps, and what one worker's slowness adds to them, take half the time."""
        found = self.json(*self.words, "--speed", "10Gf", status=1)
        self.assertEqual((found["verdict"], found["against"]["verdict"]), ("fail", "fail"))
        self.assertAlmostEqual(found["against"]["error_percent"], -50, delta=5)
        self.validate(*self.words, "--speed", "10Gf", "--difference-tolerance", "60%")

    def test_what_both_sides_are_off_by_is_no_error_of_the_difference(self) -> None:
        found = self.json(*self.words, "--latency", "500us")
        self.assertEqual(found["verdict"], "pass")
        self.assertEqual(found["figures"][0]["verdict"], "fail")
        self.assertLess(abs(found["against"]["error_percent"]), 1)

    def test_keys_of_the_network_with_results_of_both_sides(self) -> None:
        self.reference("narrow", *SYNC, "--bandwidth", "50Mbps")
        words = [*SYNC, "--measured", "given", "--measured-against", "narrow", "--against"]
        self.assertEqual(self.json(*words, "bandwidth=50Mbps")["against"]["error_percent"], 0)
        self.assertEqual(self.json(*words, "bandwidth=100Mbps", status=1)["verdict"], "fail")

    def test_pairs_further_apart_than_the_tolerance(self) -> None:
        names = {"given": ["given"], "changed": ["changed"]}
        for side, factors in (("given", (1, 1)), ("changed", (0.8, 1.2))):
            for i, factor in enumerate(factors):
                self.timed(f"{side}{i}", getattr(self, side), factor)
                names[side].append(f"{side}{i}")
        words = [*SYNC, *CHANGE, "--measured", ",".join(names["given"]), "--measured-against", ",".join(names["changed"])]
        done = self.validate(*words, status=5)
        self.assertIn("\nINCONCLUSIVE: the differences are known less well than the tolerance", done.output)
        found = self.json(*words, status=5)
        self.assertEqual((found["verdict"], found["against"]["measured"]["count"]), ("inconclusive", 3))
        self.assertGreater(found["against"]["noise_percent"], 10)
        self.assertEqual(self.json(*words, "--speed", "50Gf", status=1)["verdict"], "fail")

    def test_no_difference_in_either_world(self) -> None:
        self.reference("alike", *SYNC, "--straggler", "worker=1,factor=1.0001")
        found = self.json(*SYNC, "--measured", "given", "--measured-against", "given", "--against",
                          "straggler=worker=1,factor=1.0001", status=1)
        self.assertFalse(found["against"]["is_none"])  # of a single pair the measured difference is exactly none
        for i, factor in enumerate((0.999, 1.001)):
            self.timed(f"given{i}", self.given, factor)
        found = self.json(*SYNC, "--measured", "given,given0,given1", "--measured-against", "alike,given1,given0", "--against",
                          "straggler=worker=1,factor=1.0001")
        self.assertTrue(found["against"]["is_none"])

    def test_other_parameters_fail(self) -> None:
        self.altered("other", self.changed, lambda result: result["summary"].update(parameters_digest="0" * 32))
        found = self.json(*SYNC, *CHANGE, "--measured", "given", "--measured-against", "other", status=1)
        self.assertEqual((found["verdict"], found["against"]["verdict"]), ("fail", "pass"))
        self.assertEqual(found["against"]["parameters"]["verdict"], "fail")

    def test_csv(self) -> None:
        rows = list(csv.DictReader(io.StringIO(self.validate(*self.words, "--format", "csv").output)))
        found = self.json(*self.words)["against"]
        self.assertEqual([row["figure"] for row in rows if row["group"] == "against"],
                         [entry["name"] for entry in found["figures"]])
        difference, = (row for row in rows if row["group"] == "difference")
        self.assertEqual(float(difference["measured"]), found["measured"]["median"])
        self.assertEqual((difference["tolerance_percent"], difference["verdict"]), ("10", "pass"))

    def test_folders(self) -> None:
        self.validate(*self.words, "--out", "v")
        self.assertEqual(sorted(path.name for path in (self.folder / "v").iterdir()),
                         ["against-simulated-1", "simulated-1", "validation.json"])
        self.write("case.ini", f"against = straggler={STRAGGLER}\nmeasured-against = changed\n")
        self.assertEqual(self.json("case.ini", *SYNC, "--measured", "given")["against"]["error_percent"], 0)
        self.write("other.ini", "against = serial\n")  # of lockstep break-even
        self.assertNotIn("against", self.json("other.ini", *SYNC, "--measured", "given"))


@needs_sim
@needs_real
class Real(ValidateTest):
    def test_pairs_of_emulated_processors(self) -> None:
        """Nearly all of such runs is slept; that this machine may be busy is allowed for."""
        emulated = ["--emulate-speed", "200Mf", "--speed", "200Mf", "--bandwidth", "10Gbps"]
        done = self.run_here([FRONT, "validate", *SYNC, *emulated, *CHANGE, "--pairs", 2, "--out", "v"])
        self.assertIn(done.status, (0, 1, 5), done.errors)  # a run that is preempted is another one
        self.assertRegex(done.output, r"2\s+pairs\s+of\s+real\s+runs")
        found = json.loads((self.folder / "v/validation.json").read_text())
        self.assertEqual([run["name"] for run in found["measured_runs"]], ["real-1", "real-2"])
        self.assertEqual([run["name"] for run in found["against"]["measured_runs"]], ["against-real-1", "against-real-2"])
        self.assertEqual(found["against"]["measured"]["count"], 2)
        self.assertGreater(found["against"]["simulated"]["median"], 0)
        for parameters in (found["parameters"], found["against"]["parameters"]):
            self.assertEqual(parameters["verdict"], "pass")
        self.assertEqual({0: "pass", 1: "fail", 5: "inconclusive"}[done.status], found["verdict"])
        started = {name: json.loads((self.folder / f"v/{name}/result.json").read_text())["provenance"]["started_utc"]
                   for name in ("real-1", "against-real-1", "against-real-2", "real-2")}
        self.assertEqual(list(started.values()), sorted(started.values()))  # by turns

    @unittest.skipIf(CORES < 2, "two ranks need two cores")
    def test_one_calibration_serves_both_sides_where_their_messages_are_alike(self) -> None:
        """A ring's are not of the tree's size, which the link is there for."""
        for key, value, is_one in (("lr", "0.1", True), ("collective", "ring", False)):
            with self.subTest(key):
                out = f"by-{key}"
                self.run_here([FRONT, "validate", *SYNC, "--against", f"{key}={value}", "--pairs", 1, "--budget", "2s", "--out", out])
                names = {path.name for path in (self.folder / out).iterdir()}
                self.assertIn("calibration-1.json", names)
                self.assertEqual("against-calibration-1.json" not in names, is_one)
                configs = [json.loads((self.folder / f"{out}/{name}/result.json").read_text())["config"]
                           for name in ("simulated-1", "against-simulated-1")]
                self.assertNotEqual(configs[0][key], configs[1][key])
                if is_one:
                    self.assertEqual(configs[0]["speed"], configs[1]["speed"])


class Refusals(ValidateTest):
    def test_what_is_given(self) -> None:
        for words, pattern in [
            (["--against", ""], r"--against: given ''; allowed: KEY=VALUE"),
            (["--against", "lr"], r"--against: given 'lr'; allowed: KEY=VALUE"),
            (["--against", "perod=4"], "did you mean period"),
            (["--against", "out=x"], "--out is the same on both sides"),
            (["--against", "lr=fast"], "--against lr: given 'fast'"),
            (["--against", "method=sync-average"], "allowed: another value than the scenario's"),
            (["--against", "bandwidth=10Mbps"], "--against: given 'bandwidth=10Mbps'; allowed: keys that can be changed in the real"),
            (["--against", f"straggler={STRAGGLER}"], "emulate processors"),
            (["--against", "lr=0.1", "--repeats", "3"], "--repeats: with --against"),
            (["--against", "lr=0.1", "--difference-tolerance", "0"], "--difference-tolerance: given '0'"),
            (["--against", "lr=0.1", "--measured-against", "x"], "--measured-against: it applies only with --measured"),
            (["--pairs", "3"], "--pairs: it applies only with --against"),
        ]:
            with self.subTest(words=words):
                self.assert_refused([FRONT, "validate", *SYNC, *words, "--out", "v"], pattern)

    @needs_sim
    def test_results_of_the_other_side(self) -> None:
        self.reference("given", *SYNC)
        self.reference("changed", *SYNC[:-1], "0.1")  # another --lr
        words = [FRONT, "validate", *SYNC, "--measured", "given"]
        self.assert_refused([*words, "--against", "lr=0.2", "--measured-against", "changed"],
                            r"changed/result\.json: config\.lr: given '0\.1'; allowed: '0\.2'")
        self.assert_refused([*words, "--against", "lr=0.1"], "--measured-against: given '0 folders'; allowed: 1")


if __name__ == "__main__":
    unittest.main()
