"""`lockstep validate`: a right platform passes, wrong ones fail; text, formats, files; equal parameters in both worlds."""

import csv
import io
import json
import re
import shutil
import statistics
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, needs_real, needs_sim, option_entry, run  # noqa: E402
from stand_in import write_stand_in  # noqa: E402
from validations import ASYNC, CORES, SMALL, SYNC, ValidateTest  # noqa: E402

JUDGED = ["elapsed", "epoch time"]
KEYS_OF_A_FIGURE = ["name", "unit", "measured", "simulated", "error_percent", "bias_percent", "of_elapsed_percent",
                    "tolerance_percent", "tolerance_difference", "noise_percent", "verdict"]


def verdicts(validation: dict) -> dict[str, str]:
    return {figure["name"]: figure["verdict"] for figure in [*validation["figures"],
                                                              {"name": "parameters", **validation["parameters"]}]}


def figure(figures: list[dict], name: str) -> dict:
    return next(figure for figure in figures if figure["name"] == name)


@needs_sim
class Verdicts(ValidateTest):
    def test_the_right_platform_passes(self) -> None:
        self.reference("ref", *SYNC)
        done = self.validate(*SYNC, "--measured", "ref")
        self.assertIn("\nPASS: all 3 judged figures are within their tolerances.\n", done.output)
        self.assertIn("this says nothing about reality", done.output)
        found = self.json(*SYNC, "--measured", "ref")
        self.assertEqual({figure["error_percent"] for group in ("figures", "phases", "epochs") for figure in found[group]}, {0})

    def test_a_quarter_of_the_bandwidth_fails(self) -> None:
        self.reference("ref", *SYNC, "--bandwidth", "400Mbps")
        done = self.validate(*SYNC, "--measured", "ref", "--bandwidth", "100Mbps", status=1)
        self.assertIn("\nFAIL: 2 of 3 judged figures are beyond their tolerances: elapsed, epoch time.\n",
                      done.output)
        self.assertRegex(done.output, r"(?m)^Largest difference: transfer, \S+ ms more than in the reference \(\+")
        found = self.json(*SYNC, "--measured", "ref", "--bandwidth", "100Mbps", status=1)
        self.assertEqual(found["verdict"], "fail")
        self.assertEqual({name for name, verdict in verdicts(found).items() if verdict == "fail"}, set(JUDGED))
        self.validate(*SYNC, "--measured", "ref", "--bandwidth", "100Mbps", "--time-tolerance", "1000%")

    def test_other_wrong_platforms_fail(self) -> None:
        self.reference("sync", *SYNC)
        self.reference("async", *ASYNC)
        for words, name, phase in [(SYNC, "sync", "compute"), (ASYNC, "async", "compute")]:
            found = self.json(*words, "--measured", name, "--speed", "1Gf", status=1)
            self.assertEqual(found["largest_difference"]["phase"], phase)
        found = self.json(*ASYNC, "--measured", "async", "--server-latency", "5ms", status=1)
        self.assertEqual(verdicts(found)["elapsed"], "fail")

    def test_a_simulated_reference_may_have_had_a_straggler(self) -> None:
        straggler = ["--straggler", "worker=1,factor=4"]
        self.reference("ref", *SYNC, *straggler)
        self.validate(*SYNC, *straggler, "--measured", "ref")
        found = self.json(*SYNC, "--measured", "ref", status=1)
        self.assertEqual(found["largest_difference"]["phase"], "compute")

    def test_runs_further_apart_than_the_tolerance_reaches(self) -> None:
        source = self.reference("ref", *SYNC)
        for name, factor in (("less", 0.94), ("more", 1.06)):
            self.timed(name, source, factor)
        words = [*SYNC, "--measured", "less,ref,more"]
        done = self.validate(*words, status=5)
        self.assertIn("\nNoise floor: 6.0 % of elapsed, half the interval of 3 runs (level 75 %).\n", done.output)
        self.assertIn("\nThat is more than the tolerance, 5 %: repeat the reference runs more often", done.output)
        self.assertIn("\nINCONCLUSIVE: 2 of 3 judged figures have more noise than tolerance", done.output)
        found = self.json(*words, status=5)
        self.assertEqual((found["verdict"], verdicts(found)["elapsed"]), ("inconclusive", "inconclusive"))
        elapsed = figure(found["figures"], "elapsed")
        self.assertAlmostEqual(elapsed["noise_percent"], 6)
        median = elapsed["measured"]["median"]
        self.assertAlmostEqual(elapsed["measured"]["interval_low"], 0.94 * median)
        self.assertAlmostEqual(elapsed["measured"]["interval_high"], 1.06 * median)
        self.validate(*words, "--time-tolerance", 6.01)
        self.assertEqual(self.json(*words, "--bandwidth", "1Mbps", status=1)["verdict"], "fail")
        for row in csv.DictReader(io.StringIO(self.validate(*words, "--format", "csv", status=5).output)):
            if row["figure"] == "elapsed" and row["group"] == "run":
                self.assertEqual(row["verdict"], "inconclusive")
                self.assertAlmostEqual(float(row["measured_interval_low"]), 0.94 * median)
                self.assertEqual(row["simulated_interval_high"], row["simulated"])  # one run

    def test_other_parameters_fail(self) -> None:
        path = self.reference("ref", *SYNC)
        result = json.loads(path.read_text())
        result["summary"]["parameters_digest"] = "0" * 32
        path.write_text(json.dumps(result))
        found = self.json(*SYNC, "--measured", "ref", status=1)
        self.assertEqual([name for name, verdict in verdicts(found).items() if verdict == "fail"], ["parameters"])
        result["provenance"]["instruction_set"] = "another"
        path.write_text(json.dumps(result))
        found = self.json(*SYNC, "--measured", "ref")
        self.assertIn("different arithmetic", found["parameters"]["why_not_judged"])
        self.assertEqual(verdicts(found)["accuracy"], "pass")

    def test_timing_may_change_what_an_asynchronous_method_learns(self) -> None:
        words = [*ASYNC, "--variability", "lognormal:0.3"]
        for seed in (11, 12, 13):
            self.reference(f"ref{seed}", *words, "--platform-seed", seed)
        found = self.json(*words, "--measured", "ref11,ref12,ref13", "--repeats", 3)
        self.assertEqual([run["name"] for run in found["measured_runs"]], ["ref11", "ref12", "ref13"])
        self.assertEqual([run["config"]["platform-seed"] for run in found["simulated_runs"]], ["1", "2", "3"])
        self.assertGreater(len(set(found["parameters"]["measured"] + found["parameters"]["simulated"])), 3)
        self.assertEqual(verdicts(found)["parameters"], "shown")
        self.assertEqual({verdicts(found)[name] for name in [*JUDGED, "staleness", "accuracy"]}, {"pass"})
        self.assertEqual({figure["tolerance_percent"] for figure in found["figures"] if figure["name"] in JUDGED}, {10})
        self.assertGreater(found["staleness"]["distance"], 0)
        text = self.validate(*words, "--measured", "ref11,ref12,ref13", "--repeats", 3).output
        self.assertRegex(text, r"(?m)^ +3  server +\S+ m?s / ")
        accuracies = [[run["summary"]["test_accuracy"] for run in found[runs]] for runs in ("measured_runs", "simulated_runs")]
        share = statistics.median(accuracies[0])
        self.assertAlmostEqual(figure(found["figures"], "accuracy")["tolerance_difference"], max(
            1.96 * (2 * share * (1 - share) / 200) ** 0.5, *(max(values) - min(values) for values in accuracies)))

    def test_figures_are_those_of_the_runs(self) -> None:
        words = [*SYNC, "--variability", "uniform:0.5"]
        results = []
        for seed in (11, 12, 13):
            path = self.reference(f"ref{seed}", *words, "--platform-seed", seed)
            results.append(json.loads(path.read_text()))
        found = self.json(*words, "--measured", "ref11,ref12,ref13", "--speed", "4Gf", "--repeats", "3", "--out", "v", status=1)
        simulated = [json.loads((self.folder / f"v/simulated-{i}/result.json").read_text()) for i in (1, 2, 3)]

        def check(entry: dict, value) -> None:
            measured, predicted = ([value(result) for result in group] for group in (results, simulated))
            middle, guess = statistics.median(measured), statistics.median(predicted)
            self.assertEqual((entry["measured"]["median"], entry["simulated"]["median"]), (middle, guess))
            self.assertEqual((entry["measured"]["least"], entry["measured"]["most"]), (min(measured), max(measured)))
            self.assertAlmostEqual(entry["error_percent"], 100 * (guess - middle) / middle)
            self.assertAlmostEqual(entry["bias_percent"], statistics.mean(100 * (guess - value) / value for value in measured))

        check(figure(found["figures"], "elapsed"), lambda result: result["summary"]["elapsed_s"])
        check(figure(found["figures"], "throughput"), lambda result: result["summary"]["samples_per_s"])
        check(found["epochs"][1], lambda result: result["history"][2]["elapsed_s"] - result["history"][1]["elapsed_s"])
        check(figure(found["ranks"][1]["figures"], "compute"), lambda result: result["workers"][1]["compute_s"])
        check(figure(found["phases"], "transfer"),
              lambda result: sum(worker["transfer_s"] for worker in result["workers"]) / 2)


@needs_sim
class Output(ValidateTest):
    def setUp(self) -> None:
        super().setUp()
        self.reference("ref", *SYNC)
        self.words = [*SYNC, "--measured", "ref", "--bandwidth", "500Mbps"]

    def test_formats_agree(self) -> None:
        found = self.json(*self.words, "--out", "v", status=1)
        kept = json.loads((self.folder / "v/validation.json").read_text())
        for validation in (found, kept):
            for group in ("measured_runs", "simulated_runs"):
                for run_ in validation[group]:
                    run_.pop("provenance")
        self.assertEqual(kept, found)
        rows = list(csv.DictReader(io.StringIO(self.validate(*self.words, "--format", "csv", status=1).output)))
        flat = [("run", "", entry) for entry in found["figures"]]
        flat += [(group, "", entry) for group in ("phase", "epoch") for entry in found[group + "s"]]
        flat += [("rank", str(rank["rank"]), entry) for rank in found["ranks"] for entry in rank["figures"]]
        for row, (group, rank, entry) in zip((row for row in rows if row["figure"] != "parameters"), flat, strict=True):
            self.assertEqual((row["group"], row["rank"], row["figure"], row["verdict"]),
                             (group, rank, entry["name"], entry["verdict"]))
            self.assertEqual(float(row["measured"]), entry["measured"]["median"])
            self.assertEqual(float(row["simulated"]), entry["simulated"]["median"])
            self.assertEqual(float(row["error_percent"]), entry["error_percent"])
        text = self.validate(*self.words, status=1).output
        for entry in found["figures"]:
            verdict = {"fail": "FAIL"}.get(entry["verdict"], entry["verdict"])
            self.assertRegex(text, rf"(?m)^{entry['name']} .* {re.escape(format(entry['error_percent'], '+.1f'))} %.* {verdict}$")

    def test_files(self) -> None:
        (self.folder / "v").mkdir()
        self.write("v/validation.json", "of other runs")
        self.validate(*self.words, "--out", "v", status=1)
        self.assertEqual([name for name in self.files() if name.startswith("v/")], [
            "v/simulated-1", "v/simulated-1/history.csv", "v/simulated-1/result.json", "v/simulated-1/updates.csv",
            "v/validation.json"])
        self.validate(*self.words, status=1)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["ref", "v"])

    def test_a_run_that_fails_leaves_no_verdict(self) -> None:
        shutil.copy(FRONT, self.folder / "lockstep")
        write_stand_in(self.folder / "lockstep-sim", 'echo "lockstep-sim: disk full" >&2; exit 3')
        self.write("v/validation.json", "of other runs")
        done = self.run_here([self.folder / "lockstep", "validate", *self.words, "--out", "v"])
        self.assertEqual((done.status, done.output), (3, ""))
        self.assertEqual(done.errors, "lockstep: run simulated-1: disk full\n")
        self.assertFalse((self.folder / "v/validation.json").exists())

    def test_documentation(self) -> None:
        page = (ROOT / "docs/formats/validation.md").read_text()
        names = {name for cells in re.findall(r"(?m)^\| (`.*?) \|", page) for name in re.findall(r"`([\w-]+)`", cells)}
        found = self.json(*self.words, status=1)
        used = set(found) | set(KEYS_OF_A_FIGURE) | set(found["figures"][0]["measured"]) | set(found["parameters"])
        self.reference("narrow", *SYNC, "--bandwidth", "250Mbps")
        against = self.json(*SYNC, "--measured", "ref", "--measured-against", "narrow", "--against", "bandwidth=250Mbps")["against"]
        used |= {"against"} | set(against) | set(against["measured"])
        used |= set(found["staleness"]) | set(found["largest_difference"]) | set(found["ranks"][0]) | set(found["measured_runs"][0])
        header = self.validate(*self.words, "--format", "csv", status=1).output.splitlines()[0]
        self.assertEqual(list(found["figures"][0]), KEYS_OF_A_FIGURE)
        self.assertEqual(sorted(used | set(header.split(","))), sorted(names))
        entry = option_entry(run([FRONT, "help", "validate"]).output, "repeats")
        self.assertIn("default: 5]", entry)


@needs_sim
@needs_real
class Real(ValidateTest):
    """This machine may be busy: times may be far off here, but parameters are what they are."""

    LOOSE = ["--time-tolerance", "1000000", "--speed", "5Gf"]

    @unittest.skipIf(CORES < 2, "two ranks need two cores")
    def test_parameters_are_equal(self) -> None:
        done = self.validate(*SYNC, *self.LOOSE, "--repeats", "2", "--out", "v")
        self.assertRegex(done.output, r"(?m)^parameters .* equal .* pass$")
        self.assertIn("sync-average, 2 workers: 1 simulated run against 2 real runs", done.output)
        self.assertNotIn("this says nothing about reality", done.output)
        found = json.loads((self.folder / "v/validation.json").read_text())
        self.assertEqual((found["verdict"], found["reference"]), ("pass", "real"))
        self.assertEqual([run_["name"] for run_ in found["measured_runs"]], ["real-1", "real-2"])
        for name in ("real-1", "real-2"):
            result = json.loads((self.folder / f"v/{name}/result.json").read_text())
            self.assertEqual(result["provenance"]["world"], "real")
            self.assertEqual(found["parameters"]["simulated"], [result["summary"]["parameters_digest"]])
        again = self.json(*SYNC, *self.LOOSE, "--measured", "v/real-1,v/real-2")
        for measured, kept in zip(again["measured_runs"], found["measured_runs"], strict=True):
            self.assertEqual(measured["summary"], kept["summary"])
        self.assertEqual(again["figures"], found["figures"])

    def test_a_wrong_speed_fails(self) -> None:
        self.validate(*SMALL, "--repeats", "1", "--speed", "1Mf", status=1)

    def test_a_straggler_is_not_in_a_measured_run(self) -> None:
        done = self.run_here([FRONT, "real", *SMALL, "--out", "one"])
        self.assertEqual(done.status, 0, done.errors)
        self.assert_refused([FRONT, "validate", *SMALL, "--measured", "one", "--straggler", "worker=0,factor=2"],
                            "--straggler: given 'worker=0,factor=2'; allowed: nothing")


if __name__ == "__main__":
    unittest.main()
