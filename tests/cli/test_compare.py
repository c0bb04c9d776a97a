"""`lockstep compare`: what limits a method, by simulation; table, formats, files; the server's own platform keys."""

import csv
import io
import json
import re
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SIM, SMALL, ProgramTest, in_one_line, needs_sim, option_entry, result_of, run  # noqa: E402
from stand_in import write_stand_in  # noqa: E402

TIMING = [*SMALL, "--numerics", "none", "--hidden", "16", "--batch", "10"]
FREE_NETWORK = ["--latency", "0s", "--bandwidth", "1000000GBps"]
PARALLEL = {"sync-average", "in-turn", "by-arrival"}
COLUMNS = ["method", "workers", "outcome", "test_loss", "test_accuracy", "elapsed_s", "time_to_target_s",
           "time_to_target_low_s", "time_to_target_high_s", "accuracy_at_budget", "samples_per_s", "speed_up", "speed_up_to_target", "compute_share", "wait_share",
           "transfer_share", "idle_fraction", "mean_staleness", "update_share_min", "update_share_max", "energy_J", "limit",
           "straggler_gain_s", "server_gain_s", "bandwidth_gain_s", "latency_gain_s", "compute_gain_s", "sentence"]



def compared(*words: object) -> dict[str, dict]:
    done = run([FRONT, "compare", *words, "--format", "json"])
    assert done.status == 0, done.errors
    return {method["method"]: method for method in json.loads(done.output)["methods"]}


def limits(*words: object) -> dict[str, str]:
    return {name: method["limit"]["name"] for name, method in compared(*TIMING, *words).items()}


@needs_sim
class Limits(ProgramTest):
    """Cases made so that there is only one answer."""

    def test_the_options_below_a_table_are_those_to_repeat_it_with(self) -> None:
        done = run([FRONT, "compare", *SMALL, "--numerics", "none", "--workers", 3, "--methods", "serial,in-turn"])
        self.assertRegex(in_one_line(done.output), r" Options: .*--workers=3")

    def test_latency(self) -> None:
        self.assertEqual(limits("--latency", "50ms"), {"serial": "compute"} | dict.fromkeys(PARALLEL, "latency"))

    def test_message_overhead_is_latency(self) -> None:
        self.assertEqual(limits(*FREE_NETWORK, "--message-overhead", "50ms", "--methods", "sync-average"),
                         {"sync-average": "latency"})

    def test_bandwidth(self) -> None:
        found = limits("--latency", "0s", "--bandwidth", "100kbps", "--methods", "serial,sync-average,in-turn")
        self.assertEqual(found, {"serial": "compute", "sync-average": "bandwidth", "in-turn": "bandwidth"})

    def test_compute(self) -> None:
        self.assertEqual(limits(*FREE_NETWORK), dict.fromkeys({"serial", *PARALLEL}, "compute"))

    def test_straggler(self) -> None:
        for words in (["--straggler", "worker=3,factor=8"], ["--speeds", "5Gf,5Gf,5Gf,500Mf"],
                      ["--pause", "worker=1,every=1ms,for=900us"]):
            with self.subTest(words=words):
                found = limits(*FREE_NETWORK, *words, "--methods", "serial,sync-average,in-turn")
                self.assertEqual(found, {"serial": "compute", "sync-average": "straggler", "in-turn": "straggler"})

    def test_a_slow_link_is_a_straggler(self) -> None:
        self.assertEqual(limits("--latencies", "1us,1us,1us,50ms", "--methods", "sync-average"),
                         {"sync-average": "straggler"})

    def test_server(self) -> None:
        for words in (["--server-speed", "1Mf"], ["--server-bandwidth", "100kbps"], ["--server-latency", "100ms"]):
            with self.subTest(words=words):
                found = limits(*FREE_NETWORK, *words, "--server", "dedicated", "--methods", "in-turn,by-arrival")
                self.assertEqual(found, {"in-turn": "server", "by-arrival": "server"})

    def test_platform_file(self) -> None:
        platform = ["--platform", ROOT / "platforms/lan_8.xml", "--methods", "sync-average"]
        for model in ("CM02", "LV08", "SMPI"):
            of_file = compared(*TIMING, *platform, "--network-model", model)["sync-average"]["limit"]
            of_star = compared(*TIMING, "--methods", "sync-average", "--network-model", model)["sync-average"]["limit"]
            self.assertEqual(set(of_file["gains"]), {"bandwidth", "latency", "compute"})
            if model == "CM02":  # the same star, hence the same gains, but that of the processors' additions
                for resource, gain in of_file["gains"].items():
                    saved_s = of_star["gains"][resource]["saved_s"]
                    self.assertAlmostEqual(gain["saved_s"], saved_s, delta=0.1 * saved_s if resource == "compute" else 1e-6)
            self.assertGreater(of_file["gains"]["latency"]["saved_s"], 0)
            self.assertGreater(of_file["gains"]["bandwidth"]["saved_s"], 0)

    def test_gains_are_differences_of_runs(self) -> None:
        words = [*TIMING, "--method", "sync-average", "--workers", 4]
        straggler = ["--straggler", "worker=1,factor=3"]
        limit = compared(*TIMING, "--methods", "sync-average", *straggler)["sync-average"]["limit"]
        time = {name: result_of([SIM, *words, *more])["summary"]["elapsed_s"] for name, more in [
            ("actual", straggler), ("healed", []), ("bandwidth", ["--bandwidth", "1000000GBps"]),
            ("latency", ["--latency", "0s"])]}
        self.assertEqual(limit["time_s"], time["actual"])
        self.assertEqual(limit["gains"]["straggler"]["saved_s"], time["actual"] - time["healed"])
        for resource in ("bandwidth", "latency"):
            self.assertEqual(limit["gains"][resource]["saved_s"], time["healed"] - time[resource])

    def test_stall(self) -> None:
        found = compared(*TIMING, "--failure", "worker=2,at=1ms", "--methods", "serial,sync-average")
        self.assertEqual(found["sync-average"]["sentence"],
                         "sync-average:4 stalls: worker 2 stopped at 1 ms after 1 step; the others wait for ever.")
        self.assertIsNone(found["sync-average"]["limit"])
        self.assertIsNone(found["sync-average"]["speed_up"])
        self.assertEqual(found["serial"]["limit"]["name"], "compute")

    def test_stalled_runs_name_those_who_stopped_as_sim_does(self) -> None:
        """Failures that would have come later, on workers that only wait, have not; a speed profile stops one too."""
        profile = self.write("stops.txt", "0 1\n0.0015 0\n")
        for words, who in ((["--failure", "worker=3,at=1ms", "--failure", "worker=0,at=50s"], "worker 3 stopped at 1 ms"),
                           (["--failure", "worker=0,at=50s", "--speed-profile", f"worker=2,file={profile}"], "worker 2 stopped")):
            with self.subTest(words=words):
                sentence = compared(*TIMING, *words, "--methods", "sync-average")["sync-average"]["sentence"]
                self.assertRegex(sentence, rf"^sync-average:4 stalls: {who} after \d+ steps?; the others wait for ever\.$")
                text = run([SIM, *TIMING, "--method", "sync-average", "--workers", 4, *words]).output
                self.assertIn(sentence.split("stalls: ")[1].rstrip("."), in_one_line(text))

    def test_passive_workers_that_wait_for_ever_have_told_all(self) -> None:
        """Worker 1 has taken all its steps and waits for requests of worker 0, which stopped."""
        for at in ("1ms", "3ms"):
            found = compared(*TIMING, "--failure", f"worker=0,at={at}", "--methods", "ad-psgd")["ad-psgd"]
            self.assertRegex(found["sentence"],
                             rf"^ad-psgd:4 stalls: worker 0 stopped at {at[0]} ms after \d+ steps?; the others wait for ever\.$")
            steps = [worker["steps"] for worker in found["result"]["workers"]]
            self.assertEqual(found["result"]["summary"]["updates"], sum(worker["updates"] for worker in found["result"]["workers"]))
            self.assertLess(steps[0], steps[1])

    def test_a_straggler_is_the_limit_and_no_chance(self) -> None:
        """Where it takes one step or few, that step is most of the run's time."""
        size = ["--train-samples", 1600, "--test-samples", 100, "--epochs", 1, "--hidden", 24, "--numerics", "none"]
        for factor, batch in ((3000, 40), (300, 40), (150, 80)):
            words = [*size, "--straggler", f"worker=2,factor={factor}", "--batch", batch, "--methods", "by-arrival,dc-asgd"]
            for name, method in compared(*words).items():
                with self.subTest(words=words, method=name):
                    self.assertEqual(method["limit"]["name"], "straggler", method["sentence"])
                    self.assertGreater(method["limit"]["gains"]["straggler"]["saved_s"], 0.4 * method["limit"]["time_s"])
                    self.assertLess(method["limit"]["noise_s"], 0.1 * method["limit"]["time_s"])

    def test_a_worker_that_stops_makes_no_noise(self) -> None:
        profile = self.write("stops.txt", "0 1\n0.0015 0\n")
        usual = compared(*TIMING, "--methods", "by-arrival:3")["by-arrival"]["limit"]
        for words in (["--failure", "worker=3,at=1500us"], ["--speed-profile", f"worker=3,file={profile}"]):
            found = compared(*TIMING, *words, "--methods", "by-arrival")["by-arrival"]
            with self.subTest(words=words, sentence=found["sentence"]):
                self.assertEqual(found["limit"]["name"], usual["name"])
                self.assertLess(found["limit"]["noise_s"], 0.1 * found["limit"]["time_s"])


@needs_sim
class Table(ProgramTest):
    def test_default_methods_and_workers(self) -> None:
        def workers(*words: object) -> dict[str, int]:
            return {name: method["workers"] for name, method in compared(*TIMING, *words).items()}

        self.assertEqual(workers(), {"serial": 1} | dict.fromkeys(PARALLEL, 4))
        self.assertEqual(workers("--workers", 2), {"serial": 1} | dict.fromkeys(PARALLEL, 2))
        self.assertEqual(workers("--methods", "in-turn:3,sync-average"), {"in-turn": 3, "sync-average": 4})
        self.write("a.ini", "workers = 3\nmethods = serial,in-turn\n")
        self.assertEqual(workers(self.folder / "a.ini"), {"serial": 1, "in-turn": 3})

    def test_a_method_is_the_single_run(self) -> None:
        words = [*SMALL, "--lr", "0.5", "--variability", "lognormal:0.5"]
        for name, method in compared(*words, "--target-accuracy", "0.3", "--workers", 3).items():
            single = result_of([SIM, *words, "--target-accuracy", "0.3", "--method", name, "--workers",
                                1 if name == "serial" else 3])
            self.assertEqual(method["result"]["summary"], single["summary"])

    def test_speed_up(self) -> None:
        methods = compared(*SMALL, "--partition", "replicate", "--target-accuracy", "0.2")
        serial = methods["serial"]["result"]["summary"]
        for method in methods.values():
            summary = method["result"]["summary"]
            self.assertAlmostEqual(method["speed_up"], summary["samples_per_s"] / serial["samples_per_s"])
            if summary["time_to_target_s"] != "never":
                self.assertAlmostEqual(method["speed_up_to_target"],
                                       serial["time_to_target_s"] / summary["time_to_target_s"])
        self.assertIsNone(compared(*SMALL, "--methods", "in-turn")["in-turn"]["speed_up"])

    def test_formats_agree(self) -> None:
        words = [*SMALL, "--methods", "serial,by-arrival:3", "--busy-power", "100W", "--time-budget", "1ms"]
        done = run([FRONT, "compare", *words, "--format", "csv"])
        rows = list(csv.DictReader(io.StringIO(done.output)))
        self.assertEqual(list(rows[0]), COLUMNS)
        for row, method in zip(rows, compared(*words).values(), strict=True):
            summary = method["result"]["summary"]
            for column in ("test_loss", "elapsed_s", "wait_share", "mean_staleness", "energy_J", "accuracy_at_budget"):
                self.assertEqual(float(row[column]), summary[column])
            shares = [worker["update_share"] for worker in method["result"]["workers"] if not worker["is_server"]]
            self.assertEqual((float(row["update_share_min"]), float(row["update_share_max"])), (min(shares), max(shares)))
            self.assertEqual(row["limit"], method["limit"]["name"])
            self.assertEqual(float(row["compute_gain_s"]), method["limit"]["gains"]["compute"]["saved_s"])
            self.assertEqual(row["straggler_gain_s"], "")
            self.assertEqual(row["sentence"], method["sentence"])
        text = run([FRONT, "compare", *words]).output
        for method in compared(*words).values():
            self.assertIn(method["sentence"], in_one_line(text))
        for heading in ("At 1 ms", "Speed-up", "Update share", "Energy"):
            self.assertIn(heading, text.splitlines()[0])

    def test_files(self) -> None:
        done = self.run_here([FRONT, "compare", *SMALL, "--methods", "serial,in-turn:2", "--out", "results", "--format", "csv"])
        self.assertEqual(done.status, 0, done.errors)
        self.assertEqual([name for name in self.files() if "." in name], [
            "results/compare.csv", "results/in-turn-2/history.csv", "results/in-turn-2/result.json",
            "results/serial/history.csv", "results/serial/result.json"])
        self.assertEqual((self.folder / "results/compare.csv").read_text(), done.output)

    def test_documentation(self) -> None:
        page = (ROOT / "docs/formats/compare.md").read_text()
        section = page.split("## compare.csv")[1].split("\n## ")[0]
        documented = [name for cells in re.findall(r"(?m)^\| (`.*?) \|", section) for name in re.findall(r"`(\w+)`", cells)]
        self.assertEqual(documented, COLUMNS)
        self.assertIn("default: serial,sync-average,in-turn,by-arrival", option_entry(run([FRONT, "help", "compare"]).output,
                                                                                      "methods"))

    def test_failures(self) -> None:
        shutil.copy(FRONT, self.folder / "lockstep")
        write_stand_in(self.folder / "lockstep-sim", f'case "$*" in *in-turn*) echo "lockstep-sim: disk full" >&2; exit 3;; esac\nexec "{SIM}" "$@"')
        done = self.run_here([self.folder / "lockstep", "compare", *TIMING, "--methods", "serial,in-turn:2"])
        self.assertEqual(done.status, 3)
        self.assertRegex(done.errors, r"\Alockstep: method in-turn:2: disk full\n")
        self.assertRegex(done.output, r"in-turn +2 +failed\n")
        self.assertIn("serial is limited by compute", done.output)

    def test_refusals(self) -> None:
        for words, pattern in [
            (["--methods", ""], "--methods: given ''"),
            (["--methods", "serial,"], "--methods: given ''; allowed: METHOD"),
            (["--methods", "sync"], "--methods: given 'sync'; allowed: .* serial, allreduce, sync-average"),
            (["--methods", "in-turn:0"], "--methods: given 'in-turn:0'; allowed: .*from 1 to 65536"),
            (["--methods", "serial:2"], "serial has one worker"),
            (["--methods", "in-turn:2,in-turn:2"], "in-turn:2 is there twice"),
            (["--method", "serial"], "--method: not with lockstep compare; .* --methods"),
            (["--methods", "serial", "--collective", "ring"], "--collective: it applies only .*no method compared"),
            (["--straggler", "worker=9,factor=2"], "--straggler: given 'worker=9'; allowed: workers 0 to 3"),
            (["--speeds", "1Gf,2Gf"], "--speeds: given '2 speeds'"),
            (["--world", "real"], "--world: unknown option"),
            (["--methods", "serial,in-turn", "--server-speed", "1Gf"], "--server-speed: it applies only with a dedicated"),
        ]:
            with self.subTest(words=words):
                self.assert_refused([FRONT, "compare", *words, "--out", "results"], pattern)


@needs_sim
class ServerKeys(ProgramTest):
    """One worker and its server take turns, so that times add up."""

    words = [SIM, *TIMING, "--method", "by-arrival", "--workers", "1"]

    def time(self, *words: object) -> tuple[float, int]:
        result = result_of([*self.words, *words])
        return result["summary"]["elapsed_s"], result["summary"]["updates"]

    def test_latency(self) -> None:
        before, steps = self.time()
        after, _ = self.time("--server-latency", "1050us")
        self.assertAlmostEqual((after - before) / steps, 1e-3, delta=2e-5)

    def test_the_link_is_the_servers(self) -> None:
        """One worker and its server cannot tell whose link is long; three workers can."""
        words = [SIM, *TIMING, "--method", "by-arrival", "--workers", 3]
        of_server, *of_workers = (result_of([*words, *more])["summary"]["elapsed_s"] for more in (
            ["--server-latency", "1050us"], ["--latencies", "1050us,50us,50us"], ["--latencies", "50us,50us,1050us"]))
        self.assertGreater(of_server, 1.2 * max(of_workers))

    def test_bandwidth(self) -> None:
        size = result_of(self.words)["workers"][0]
        message = size["bytes_sent"] / size["messages_sent"]
        before, steps = self.time()
        after, _ = self.time("--server-bandwidth", "100Mbps")
        self.assertAlmostEqual((after - before) / steps, 2 * message * (1 / 12.5e6 - 1 / 125e6), delta=2e-5)

    def test_speed(self) -> None:
        self.assertEqual(self.time("--server-speed", "5Gf"), self.time())
        self.assertEqual(self.time("--server-latency", "50us", "--server-bandwidth", "1Gbps"), self.time())
        self.assertGreater(self.time("--server-speed", "50Mf")[0], self.time()[0])

    def test_only_with_a_server(self) -> None:
        for key, value in (("speed", "1Gf"), ("latency", "1us"), ("bandwidth", "1Gbps")):
            self.assert_refused([SIM, *TIMING, "--method", "in-turn", f"--server-{key}", value],
                                f"--server-{key}: .* only with a dedicated server")
        self.assert_refused([*self.words, "--topology", "torus", "--server-latency", "1us"], "--topology star")


if __name__ == "__main__":
    unittest.main()
