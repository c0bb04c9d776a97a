"""lockstep calibrate: its files, what runs make of them, and what is refused."""

import json
import re
import unittest
import xml.etree.ElementTree as ElementTree

from programs import FRONT, SIM, ProgramTest, environment, in_one_line, mpirun, needs_real, needs_sim, result_of

MODEL = ["--hidden", "8", "--batch", "20", "--train-samples", "400", "--test-samples", "50"]
QUICK = ["--budget", "1s", "--largest-message", "32KiB"]  # the model has 25 kB
# Long enough for a sample of each power of four where a busy machine makes each wait for a time slice.
TO_512_KIB = ["--hidden", "200", *MODEL[2:], "--budget", "6s", "--largest-message", "512KiB"]
STAR = ["--speed", "2Gf", "--latency", "30us", "--bandwidth", "100MBps"]
KEYS = {"format", "name", "host", "measured_utc", "duration_s", "world", "backend", "lockstep_version", "git_revision",
        "compiler", "instruction_set", "products", "ranks", "emulate_speed", "contents", "model", "compression", "updates", "settings", "intervals",
        "worker_speeds_flops", "steps", "vector_flops_per_s", "first_use_s_per_byte", "code_flops_per_s", "update_flops_per_s", "copy_Bps",
        "evaluation_s", "usual_bytes", "run_bytes", "messages", "send_ahead", "warnings", "digest"}
# What no interval is given of: choices, lists and scatter.
NO_NUMBERS = {"variability", "network-model", "latency-factor", "bandwidth-factor", "overlap-progress", "workers-per-host", "cores"}


UNITS = {"f": 1, "Mf": 1e6, "Gf": 1e9, "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "Bps": 1, "kBps": 1e3, "MBps": 1e6, "GBps": 1e9,
         "bps": 1 / 8, "kbps": 1e3 / 8, "Mbps": 1e6 / 8, "Gbps": 1e9 / 8, "kf": 1e3, "Tf": 1e12, "B": 1, "KiB": 1024, "MiB": 1 << 20,
         "kB": 1e3, "MB": 1e6, "": 1}


def number(text: str) -> float:
    """Of a value as users write it."""
    value, unit = re.fullmatch(r"([\d.e+-]+?)([A-Za-z]*)", text).groups()
    return float(value) * UNITS[unit]


class Calibration(ProgramTest):
    def calibrate(self, *words: object, name: str = "known") -> dict:
        """Of a simulated star, so that every number is known."""
        done = self.run_here([SIM, "calibrate", "--workers", 2, *MODEL, *QUICK, *STAR, "--folder", ".", "--name", name,
                              *words])
        self.assertEqual((done.status, done.errors), (0, ""))
        return json.loads((self.folder / f"{name}.json").read_text())

    def run_on(self, platform: str, *words: object) -> dict:
        return result_of([SIM, "--method", "sync-average", "--workers", 2, "--epochs", 1, *MODEL, "--platform",
                          self.folder / platform, *words])


@needs_sim
class Files(Calibration):
    def test_the_file_says_all_that_its_page_documents(self) -> None:
        file = self.calibrate()
        self.assertEqual(set(file), KEYS)
        self.assertEqual(file["model"], {"model": "fully-connected", "hidden": "8", "activation": "sigmoid",
                                         "loss": "cross-entropy", "batch": "20"})
        self.assertEqual((file["settings"]["speed"], file["settings"]["latency"]), ("2Gf", "30us"))
        self.assertEqual(file["ranks"], 2)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["known.json", "known.xml"])

    def test_each_number_has_an_interval_that_it_lies_in(self) -> None:
        file = self.calibrate("--vector-speed", "1Gf", "--update-speed", "3Gf", "--copy-bandwidth", "4GBps", "--eager-limit", "4KiB",
                              "--message-overhead", "3us", "--variability", "lognormal:0.1")
        known = {"speed": 2e9, "vector-speed": 1e9, "update-speed": 3e9, "latency": 30e-6, "bandwidth": 1e8, "eager-limit": 4096}
        self.assertLessEqual(set(known), set(file["intervals"]))
        self.assertLessEqual(set(file["intervals"]), set(file["settings"]) - NO_NUMBERS)
        for key, (lower, upper) in file["intervals"].items():
            with self.subTest(key):
                self.assertLessEqual(number(lower), number(file["settings"][key]))
                self.assertLessEqual(number(file["settings"][key]), number(upper))
        for key, value in known.items():
            with self.subTest(key):
                lower, upper = file["intervals"][key]
                self.assertLessEqual(number(lower), 1.02 * value)
                self.assertGreaterEqual(number(upper), 0.98 * value)
        lower, upper = file["intervals"]["speed"]
        self.assertLess(number(lower), number(upper))  # steps scatter

    def test_what_has_no_value_has_no_interval(self) -> None:
        """What a received vector takes longer is a rounding error here: no bandwidth, and runs take the file."""
        done = self.run_here([SIM, "calibrate", "--method", "by-arrival", "--workers", 4, *MODEL, *QUICK, "--variability", "lognormal:0.3",
                              "--steps-only", "--folder", ".", "--name", "steps"])
        self.assertEqual((done.status, done.errors), (0, ""))
        file = json.loads((self.folder / "steps.json").read_text())
        for key in file["intervals"]:
            self.assertNotEqual(file["settings"][key], "none", key)
        done = self.run_here([FRONT, "sim", "--method", "by-arrival", "--workers", 4, "--epochs", 1, *MODEL, "--platform", "steps.json"])
        self.assertEqual((done.status, done.errors), (0, ""))

    def test_the_code_in_use_has_a_speed_of_its_own(self) -> None:
        words = [SIM, "calibrate", "--workers", 2, "--method", "allreduce", *MODEL, *QUICK, *STAR, "--vector-speed", "1Gf",
                 "--code-speed", "3Gf", "--folder", "."]
        for name, code in (("coded", ["--compression", "power-sgd"]), ("plain", [])):
            done = self.run_here([*words, "--name", name, *code])
            self.assertEqual((done.status, done.errors), (0, ""))
            settings = json.loads((self.folder / f"{name}.json").read_text())["settings"]
            self.assertEqual((settings["vector-speed"], settings["code-speed"]), ("1Gf", "3Gf" if code else "none"))
        run = [SIM, "--workers", 2, "--method", "allreduce", "--epochs", 1, *MODEL, "--platform", "coded.json", "--compression"]
        self.assertEqual(self.run_here([*run, "power-sgd"]).status, 0)
        self.assertEqual(self.run_here([*run, "none"]).status, 0)
        self.assert_refused([*run, "qsgd"], r"coded\.json: it was calibrated with compression 'power-sgd', and this run has 'qsgd'")
        self.assertEqual(self.run_here([*run, "qsgd", "--code-speed", "2Gf"]).status, 0)
        run[run.index("coded.json")] = "plain.json"
        self.assert_refused([*run, "qsgd"], r"calibrated with compression 'none', and this run has 'qsgd'")

    def test_the_updates_in_use_have_a_speed_of_their_own(self) -> None:
        file = self.calibrate("--method", "local-sgd", "--optimiser", "momentum", "--vector-speed", "1Gf", "--update-speed", "3Gf")
        self.assertEqual(file["updates"], "momentum, mean")
        self.assertAlmostEqual(number(file["settings"]["update-speed"]) / 3e9, 1, delta=1e-3)
        self.assertAlmostEqual(number(file["settings"]["vector-speed"]) / 1e9, 1, delta=1e-3)
        run = [SIM, "--workers", 2, "--epochs", 1, *MODEL, "--platform", "known.json", "--optimiser", "momentum", "--method"]
        for same in ("local-sgd", "post-local-sgd"):
            done = self.run_here([*run, same])
            self.assertEqual((done.status, done.errors), (0, ""))
        done = self.run_here([*run, "easgd"])
        self.assertEqual(done.status, 0)
        self.assertRegex(done.errors, r"^lockstep-sim: warning: --platform known\.json: this run's updates \(momentum, elastic steps of all\) have "
                                      r"the speed of others \(momentum, mean\); .*--update-speed\n$")
        done = self.run_here([*run, "easgd", "--update-speed", "2Gf"])
        self.assertEqual((done.status, done.errors), (0, ""))

    def test_a_calibration_without_updates_leaves_them_the_speed_of_vectors(self) -> None:
        done = self.run_here([SIM, "calibrate", *MODEL, *QUICK, "--speed", "2Gf", "--update-speed", "3Gf", "--folder", ".", "--name", "alone"])
        self.assertEqual((done.status, done.errors), (0, ""))
        file = json.loads((self.folder / "alone.json").read_text())
        self.assertEqual((file["updates"], file["settings"]["update-speed"], file["update_flops_per_s"]), ("none", "none", 0))
        done = self.run_here([SIM, *MODEL, "--epochs", 1, "--optimiser", "momentum", "--platform", "alone.json"])
        self.assertEqual((done.status, done.errors), (0, ""))

    def test_the_text_shows_intervals_and_a_summary(self) -> None:
        done = self.run_here([SIM, "calibrate", "--workers", 2, *MODEL, *QUICK, *STAR, "--folder", "."])
        self.assertEqual(done.status, 0, done.errors)
        self.assertRegex(done.output, r"Setting +Value +95 % interval")
        self.assertRegex(done.output, r"\nbandwidth +800Mbps +\S+ to \S+")
        self.assertRegex(done.output.replace("\n  ", " "), r"\nSummary: alpha 30\.\d+ us a message, beta 10(\.0\d*)? ns a byte = 800(\.0\d*)? Mbit/s "
                                      r"\(remote, of [\d.]+ KiB\); gamma [\d.]+ ns a byte reduced\n")

    def test_the_text_fits_80_columns(self) -> None:
        """Of a calibration in which much is uncertain, and settings are long."""
        done = self.run_here([SIM, "calibrate", "--workers", 4, "--method", "sync-average", "--collective", "ring", *MODEL, "--speed", "2Gf",
                              "--network-model", "SMPI", "--variability", "lognormal:0.3", "--bandwidth", "1Mbps", "--budget", "1s",
                              "--folder", "."])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertIn("\nwarning: ", done.output)
        self.assertLessEqual(max(map(len, done.output.splitlines())), 80)

    def test_the_sizes_that_the_run_sends_are_measured(self) -> None:
        done = self.run_here([SIM, "calibrate", "--method", "sync-average", "--collective", "ring", "--workers", 4, *MODEL, *STAR,
                              "--budget", "2s", "--largest-message", "1MiB", "--folder", ".", "--name", "ring"])
        self.assertEqual((done.status, done.errors), (0, ""))
        file = json.loads((self.folder / "ring.json").read_text())
        kind, = file["messages"]
        timed = {size["bytes"]: size for size in kind["sizes"]}
        model = max(file["run_bytes"])
        self.assertAlmostEqual(file["usual_bytes"] / model, 1 / 4, delta=0.001)
        for size in file["run_bytes"]:
            self.assertGreaterEqual(timed[size]["samples"], 5)
            self.assertAlmostEqual(timed[size]["one_way_s"] / (30e-6 + size / 1e8), 1, delta=0.01)

    def test_the_platform_file_is_one_that_runs_take(self) -> None:
        self.calibrate()
        root = ElementTree.parse(self.folder / "known.xml").getroot()
        self.assertEqual([host.get("speed") for host in root.iter("host")], ["2000000000f"] * 2)
        by_file = self.run_on("known.xml")["summary"]
        by_options = result_of([SIM, "--method", "sync-average", "--workers", 2, "--epochs", 1, *MODEL, *STAR])
        self.assertAlmostEqual(by_file["elapsed_s"] / by_options["summary"]["elapsed_s"], 1, delta=0.01)

    def test_a_run_on_the_calibration_is_one_on_its_settings(self) -> None:
        self.calibrate()
        known = result_of([SIM, "--method", "sync-average", "--workers", 2, "--epochs", 1, *MODEL, *STAR])
        found = self.run_on("known.json")
        self.assertAlmostEqual(found["summary"]["elapsed_s"] / known["summary"]["elapsed_s"], 1, delta=1e-4)
        provenance = found["provenance"]
        self.assertTrue(provenance["calibrated"])
        self.assertNotEqual(provenance["calibration_host"], "")
        self.assertGreaterEqual(provenance["calibration_age_days"], 0)
        self.assertLess(provenance["calibration_age_days"], 1)
        self.assertEqual(provenance["calibration_changes"], "")
        self.assertFalse(known["provenance"]["calibrated"])
        self.assertIsNone(known["provenance"]["calibration_age_days"])

    def test_a_run_sends_ahead_as_the_calibration_has_found(self) -> None:
        words = ["--workers", 3, *MODEL, "--method", "by-arrival"]
        done = self.run_here([SIM, "calibrate", *words, *QUICK, *STAR, "--send-ahead", 1, "--folder", ".", "--name", "queues"])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertRegex(in_one_line(done.output), r"A host sends first in, first out: 1(\.0+)? of a message of")
        file = json.loads((self.folder / "queues.json").read_text())
        self.assertAlmostEqual(number(file["settings"]["send-ahead"]), 1, delta=0.01)
        self.assertEqual(file["send_ahead"]["bytes"], file["usual_bytes"])
        run = [SIM, *words, "--epochs", 1]
        known = result_of([*run, *STAR, "--send-ahead", 1])
        found = result_of([*run, "--platform", self.folder / "queues.json"])
        self.assertAlmostEqual(found["summary"]["elapsed_s"] / known["summary"]["elapsed_s"], 1, delta=0.01)
        given = result_of([*run, "--platform", self.folder / "queues.json", "--send-ahead", 0.5])
        self.assertEqual(given["provenance"]["calibration_changes"], "send-ahead")

    def test_what_is_given_wins_and_is_named(self) -> None:
        self.calibrate()
        slower = self.run_on("known.json", "--latency", "1ms", "--speed", "1Gf")
        self.assertEqual(slower["provenance"]["calibration_changes"], "speed, latency")
        self.assertGreater(slower["summary"]["elapsed_s"], 2 * self.run_on("known.json")["summary"]["elapsed_s"])
        described = self.run_on("known.json", "--speeds", "1,0.5", "--jitter", "lognormal:0.5")
        self.assertEqual(described["provenance"]["calibration_changes"], "speeds, jitter")
        text = self.run_here([SIM, "--method", "sync-average", "--workers", 2, *MODEL, "--platform", "known.json"]).output
        self.assertRegex(text, r"simulated, calibrated on\s+\S+\s+0\.0\s+days\s+before\n")
        self.assertIn("simulated, uncalibrated", self.run_here([SIM, *MODEL]).output)

    def test_more_workers_than_were_calibrated(self) -> None:
        self.calibrate()
        five = result_of([SIM, "--method", "sync-average", "--workers", 5, "--epochs", 1, *MODEL, "--platform",
                          self.folder / "known.json"])
        self.assertEqual(len(five["workers"]), 5)
        self.assertEqual(five["provenance"]["calibration_changes"], "")

    def test_front_ends_take_it_too(self) -> None:
        self.calibrate()
        done = self.run_here([FRONT, "compare", *MODEL, "--workers", 2, "--epochs", 1, "--methods",
                              "sync-average,in-turn", "--platform", "known.json"])
        self.assertEqual(done.status, 0, done.errors)

    def test_a_default_that_is_given_wins_in_every_command(self) -> None:
        self.calibrate()
        words = [*MODEL, "--workers", 2, "--epochs", 1, "--platform", "known.json", "--latency", "50us"]
        alone = json.loads(self.run_here([SIM, "--method", "in-turn", *words, "--format", "json"]).output)
        done = self.run_here([FRONT, "compare", *words, "--methods", "in-turn", "--format", "json"])
        compared, = json.loads(done.output)["methods"]
        self.assertEqual(compared["result"]["summary"]["elapsed_s"], alone["summary"]["elapsed_s"])


@needs_sim
class Parts(Calibration):
    """A network and steps apart, put together where they are used."""

    def test_both_together_are_one_calibration(self) -> None:
        network = self.calibrate("--network-only", name="network")
        steps = self.calibrate("--steps-only", name="steps")
        whole = self.calibrate()
        self.assertEqual((network["contents"], steps["contents"], whole["contents"]),
                         ("network", "steps", "steps and network"))
        self.assertEqual((network["model"], steps["messages"]), ({}, []))
        self.assertNotIn("speed", network["settings"])
        self.assertNotIn("latency", steps["settings"])
        self.assertEqual({**steps["settings"], **network["settings"]}, whole["settings"])
        self.assertEqual({path.name for path in self.folder.iterdir()},
                         {"network.json", "steps.json", "known.json", "known.xml"})
        together = self.run_together("network.json,steps.json")
        self.assertEqual(together["summary"]["elapsed_s"], self.run_on("known.json")["summary"]["elapsed_s"])
        self.assertTrue(together["provenance"]["calibrated"])
        self.assertEqual(together["provenance"]["calibration_changes"], "")

    def run_together(self, platform: str) -> dict:
        done = self.run_here([SIM, "--method", "sync-average", "--workers", 2, "--epochs", 1, *MODEL, "--platform", platform,
                              "--format", "json"])
        self.assertEqual((done.status, done.errors), (0, ""))
        return json.loads(done.output)

    def test_a_network_serves_all_models_and_steps_serve_their_own(self) -> None:
        self.calibrate("--network-only", name="network")
        self.calibrate("--steps-only", name="steps")
        other = [SIM, "--workers", 2, "--method", "in-turn", *MODEL[2:], "--platform"]
        done = self.run_here([*other, "network.json", "--speed", "3Gf"])
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assert_refused([*other, "network.json,steps.json"], r"calibrated with hidden '8', and this run has ''")
        self.assert_refused([*other, "network.json"], r"network\.json: it is of a network alone; add one of steps")
        self.assert_refused([*other, "network.json,none.json"], r"none\.json")

    def test_a_network_alone_is_right_for_messages_of_any_size_that_was_timed(self) -> None:
        """SimGrid's SMPI network, on which large messages have more bandwidth than small ones."""
        star = [*STAR, "--network-model", "SMPI"]
        done = self.run_here([SIM, "calibrate", "--workers", 2, *MODEL, *star, "--network-only", "--budget", "5s", "--largest-message",
                              "2MiB", "--folder", ".", "--name", "network"])
        self.assertEqual((done.status, done.errors), (0, ""))
        for hidden in (30, 300):
            run = [SIM, "--method", "sync-average", "--workers", 2, "--epochs", 1, "--hidden", hidden, *MODEL[2:]]
            known = result_of([*run, *star])["summary"]["elapsed_s"]
            done = self.run_here([*run, "--speed", "2Gf", "--platform", "network.json", "--format", "json"])
            self.assertEqual((done.status, done.errors), (0, ""))
            self.assertAlmostEqual(json.loads(done.output)["summary"]["elapsed_s"] / known, 1, delta=0.03)

    def test_a_run_of_other_messages_is_warned(self) -> None:
        self.calibrate()
        run = [SIM, "--workers", 4, "--epochs", 1, *MODEL, "--platform", "known.json", "--method", "sync-average"]
        self.assertEqual(self.run_here(run).errors, "")
        done = self.run_here([*run, "--collective", "ring"])
        self.assertEqual(done.status, 0)
        self.assertRegex(done.errors, r"^lockstep-sim: warning: --platform known\.json: this run's messages have mostly 6\.\d+ KiB, and its "
                                      r"link is that of a run that sends none of that size; .*--network-only\)\n$")
        self.assert_keeps(done.errors.removeprefix("lockstep-sim: warning: ").rstrip("\n"), *run[1:], "--collective", "ring")
        self.calibrate("--network-only", name="network")
        run[run.index("known.json")] = "network.json"
        self.assertEqual(self.run_here([*run, "--speed", "2Gf", "--collective", "ring"]).errors, "")
        run[run.index("8")] = "100"
        done = self.run_here([*run, "--speed", "2Gf"])
        self.assertEqual(done.status, 0)
        self.assertRegex(done.errors, r"mostly 31\d\.?\d* KiB, and the largest that were timed 32\.?0* KiB: what they take is guessed")

    def assert_keeps(self, warning: str, *words: object) -> None:
        """What the run was warned of is in its result, and in what is shown of it, alone and among others."""
        done = self.run_here([SIM, *words, "--format", "json", "--out", "run"])
        self.assertEqual(json.loads(done.output)["provenance"]["calibration_warnings"], [warning])
        self.assertIn(f"warning {warning} ", in_one_line(self.run_here([FRONT, "show", "run"]).output))
        methods = [*(word for word in words if word not in ("--method", "sync-average")), "--methods", "sync-average"]
        compared = self.run_here([FRONT, "compare", *methods])
        self.assertIn(f"Calibration warned: {warning}", in_one_line(compared.output))
        self.run_here([SIM, *(word for word in words if word not in ("--platform", "known.json")), "--out", "elsewhere"])
        checked = self.run_here([FRONT, "validate", *words, "--measured", "elsewhere", "--format", "json"])
        self.assertIn(warning, json.loads(checked.output)["calibration_warnings"])

    def test_what_cannot_be_put_together(self) -> None:
        self.calibrate()
        self.calibrate("--network-only", name="network")
        self.assert_refused([SIM, "--workers", 2, *MODEL, "--method", "in-turn", "--platform", "known.json,network.json"],
                            r"both files say what network-model is")
        start = [SIM, "calibrate", "--workers", 2, *MODEL]
        self.assert_refused([*start, "--network-only", "--steps-only"], r"at most one of them")
        self.assert_refused([*start, "--network-only=perhaps"], r"--network-only: given 'perhaps'")
        self.assert_refused([SIM, "calibrate", *MODEL, "--network-only"], r"--network-only: given 'one rank'")


@needs_sim
class SlowLinks(Calibration):
    def test_a_budget_is_kept_and_what_is_uncertain_said(self) -> None:
        done = self.run_here([SIM, "calibrate", "--workers", 2, *MODEL, "--speed", "2Gf", "--bandwidth", "1Mbps", "--latency",
                              "100us", "--budget", "1s", "--folder", ".", "--name", "slow"])
        self.assertEqual((done.status, done.errors), (0, ""))
        file = json.loads((self.folder / "slow.json").read_text())
        message_s = max(file["run_bytes"]) / 125000
        self.assertLess(file["duration_s"], 1.02 + message_s)
        self.assertAlmostEqual(number(file["settings"]["bandwidth"]) / 125000, 1, delta=0.03)
        self.assertRegex(" ".join(file["warnings"]), r"sizes that the run sends.* give a longer --budget")


@needs_sim
class Refusals(Calibration):
    def test_another_model_or_batch(self) -> None:
        self.calibrate()
        self.assert_refused([SIM, "--workers", 2, "--method", "in-turn", *MODEL[2:], "--platform", "known.json"],
                            r"--platform known\.json: it was calibrated with hidden '8', and this run has ''")
        changed = [SIM, "--workers", 2, "--method", "in-turn", *MODEL[:2], *MODEL[4:], "--batch", 10, "--platform",
                   "known.json"]
        self.assert_refused(changed, r"batch '20', and this run has '10'; calibrate with")
        self.assert_refused([FRONT, "sim", *changed[1:]], r"batch '20'")

    def test_every_truncation_and_edit(self) -> None:
        self.calibrate()
        text = (self.folder / "known.json").read_text()
        run = [SIM, "--workers", 2, "--method", "in-turn", *MODEL, "--platform", "bad.json"]
        for length in (0, 1, len(text) // 3, len(text) - 3):
            self.write("bad.json", text[:length])
            self.assert_refused(run, r"--platform bad\.json: it is no calibration: (no JSON from byte \d+ on|it is empty); use a file")
        for old, new in (('"speed": "2Gf"', '"speed": "3Gf"'), ('"hidden": "8"', '"hidden": "9"'),
                         ('"name": "known"', '"name": "other"')):
            self.assertIn(old, text)
            self.write("bad.json", text.replace(old, new))
            self.assert_refused(run, r"bad\.json: it was edited")
        self.write("bad.json", "{}")
        self.assert_refused(run, r"bad\.json: it is no calibration")
        self.write("bad.json", "[" * 200000 + "]" * 200000)
        self.assert_refused(run, r"bad\.json: it is no calibration: lists and objects are within each other more than 64 deep")
        self.assert_refused([*run[:-1], "none.json"], r"none\.json")

    def test_options_of_its_own(self) -> None:
        start = [SIM, "calibrate", *MODEL]
        self.assert_refused([*start, "--name", "a/b"], r"--name: given 'a/b'; allowed: a file name")
        for name in ("a<b", "\u00fc", "", ".hidden"):
            self.assert_refused([*start, "--name", name], r"--name: given '.*'; allowed: a file name")
        self.assert_refused([*start, "--budget", "0s"], r"--budget: given '0s'")
        self.assert_refused([*start, "--largest-message", "2TB"], r"--largest-message")
        self.write("taken", "a file")
        self.assert_refused([*start, "--folder", "taken"], r"--folder")
        self.assert_refused([SIM, "calibrate", "--model", "resnet-50", "--workers", 2], r"--model")
        self.assert_refused([SIM, *MODEL, "--name", "x"], r"--name: unknown option")

    def test_speeds_that_differ_need_as_many_workers(self) -> None:
        self.calibrate("--speeds", "2Gf,1Gf")
        first, second = self.run_on("known.json")["workers"]
        self.assertAlmostEqual(second["compute_s"] / first["compute_s"], 2, delta=0.1)
        self.assertEqual(self.run_on("known.json")["provenance"]["calibration_changes"], "")
        self.assert_refused([SIM, "--method", "in-turn", "--workers", 3, *MODEL, "--platform", "known.json"],
                            r"its 2 workers differ in speed, and this run has 3; give --speed or --speeds")


@needs_real
class Real(Calibration):
    def test_two_ranks_of_this_machine(self) -> None:
        done = self.run_here([FRONT, "calibrate", "--workers", 2, *MODEL, *QUICK, "--folder", "here", "--name", "vm"])
        self.assertEqual(done.status, 0, done.errors)
        file = json.loads((self.folder / "here/vm.json").read_text())
        self.assertEqual(file["world"], "real")
        local, = file["messages"]
        self.assertEqual((local["kind"], local["pairs"]), ("local", [[0, 1]]))
        self.assertEqual([worker["rank"] for worker in file["steps"]["workers"]], [0, 1])
        for size in local["sizes"]:
            self.assertLessEqual(size["least_s"], size["one_way_s"])
            self.assertLessEqual(size["one_way_s"], size["most_s"])
        self.assertIn(max(size["bytes"] for size in local["sizes"]), (max(file["run_bytes"]), 32768))
        self.assertRegex(done.output, re.escape("Written: here/vm.json, here/vm.xml"))

    def test_models_leave_early_through_shared_memory_unless_the_user_says_otherwise(self) -> None:
        for name, launcher_args, limit in [("ours", "", 262144), ("users", "--mca btl_vader_eager_limit 65536", 65536)]:
            with self.subTest(launcher_args):
                done = self.run_here([FRONT, "calibrate", "--workers", 2, *TO_512_KIB, "--folder", ".", "--name", name,
                                      "--launcher-args", launcher_args])
                self.assertEqual(done.status, 0, done.errors)
                local, = json.loads((self.folder / f"{name}.json").read_text())["messages"]
                self.assertEqual(local["eager_limit_bytes"], limit)
        # Open MPI 5's name of it, which 4 does not know: neither is overridden by ours.
        done = self.run_here([FRONT, "calibrate", "--workers", 2, *TO_512_KIB, "--folder", ".", "--name", "other"],
                             env=environment(OMPI_MCA_btl_sm_eager_limit="65536"))
        self.assertEqual(done.status, 0, done.errors)
        local, = json.loads((self.folder / "other.json").read_text())["messages"]
        self.assertLessEqual(local["eager_limit_bytes"], 65536)

    def test_under_mpirun_itself_and_alone(self) -> None:
        done = self.run_here(mpirun(1, "calibrate", *MODEL, *QUICK, "--folder", ".", "--name", "one"))
        self.assertEqual(done.status, 0, done.errors)
        file = json.loads((self.folder / "one.json").read_text())
        self.assertEqual(file["messages"], [])
        self.assertNotIn("latency", file["settings"])
        self.assertIn("the network is not calibrated", done.output)

    def validate(self, *words: object, repeats: int = 1) -> dict:
        done = self.run_here([FRONT, "validate", *MODEL, "--epochs", 2, "--repeats", repeats, "--budget", "1s", "--out", "here",
                              *words])
        self.assertEqual(done.status, 0, done.output + done.errors)
        return json.loads((self.folder / "here/validation.json").read_text())

    def test_a_validation_calibrates_first(self) -> None:
        validation = self.validate("--method", "in-turn", "--workers", 2, "--time-tolerance", "1e6")
        self.assertEqual(validation["parameters"]["verdict"], "pass")
        simulated = json.loads((self.folder / "here/simulated-1/result.json").read_text())
        self.assertTrue(simulated["provenance"]["calibrated"])
        self.assertEqual(simulated["provenance"]["calibration_changes"], "")
        settings = json.loads((self.folder / "here/calibration-1.json").read_text())["settings"]
        self.assertEqual(simulated["config"]["speed"], settings["speed"])

    def test_a_validation_calibrates_before_each_run(self) -> None:
        self.validate("--method", "serial", "--time-tolerance", "1e6", repeats=2)
        for number in (1, 2):
            settings = json.loads((self.folder / f"here/calibration-{number}.json").read_text())["settings"]
            simulated = json.loads((self.folder / f"here/simulated-{number}/result.json").read_text())
            self.assertEqual(simulated["config"]["speed"], settings["speed"])

    def test_emulated_processors_are_calibrated_and_simulated_as_they_are(self) -> None:
        """Nearly all of such a run is slept, so that its time is known on a busy machine too."""
        validation = self.validate("--method", "sync-average", "--workers", 4, "--emulate-speed", "20Mf", "--speeds",
                                   "0.5,0.5,0.5,0.25", "--straggler", "worker=0,factor=2", "--time-tolerance",
                                   25)
        elapsed = next(figure for figure in validation["figures"] if figure["name"] == "elapsed")
        self.assertEqual(elapsed["verdict"], "pass")
        calibration = json.loads((self.folder / "here/calibration-1.json").read_text())
        self.assertEqual((calibration["emulate_speed"], calibration["worker_speeds_flops"]), ("20Mf", []))
        self.assertEqual(calibration["settings"]["vector-speed"], "none")
        slower = ["--platform", "here/calibration-1.json", "--emulate-speed", "10Mf"]
        self.assert_refused([FRONT, "validate", *MODEL, "--workers", 2, "--method", "in-turn", *slower],
                            r"calibrated with emulate-speed '20Mf', and these runs have '10Mf'")

    def test_simulated_platforms_are_not_for_the_real_world(self) -> None:
        self.assert_refused([FRONT, "calibrate", "--workers", 2, "--latency", "1ms"], r"--latency")


if __name__ == "__main__":
    unittest.main()
