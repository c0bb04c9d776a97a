"""`lockstep compare`: what its sentences may say, of every method on many platforms; draws and chance."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SMALL, ProgramTest, needs_sim, run  # noqa: E402

TIMING = [*SMALL, "--numerics", "none", "--hidden", "16", "--batch", "10"]
FREE_NETWORK = ["--latency", "0s", "--bandwidth", "1000000GBps"]
DETERMINISTIC = ["serial", "allreduce", "sync-average", "local-sgd", "post-local-sgd", "diloco", "slowmo", "hierarchical", "in-turn",
                 "easgd", "gossip"]
SERVED = ["backup-workers", "by-arrival", "bounded-staleness", "softsync", "dc-asgd"]
ALL_METHODS = [*DETERMINISTIC, *SERVED, "ad-psgd"]


def compared(*words: object) -> dict[str, dict]:
    done = run([FRONT, "compare", *words, "--format", "json"])
    assert done.status == 0, done.errors
    return {method["method"]: method for method in json.loads(done.output)["methods"]}


PLATFORMS = {  # on which all methods are compared, each with fewer samples than a run that decides anything
    "usual": [],
    "free network": FREE_NETWORK,
    "no latency": ["--latency", "0s"],
    "overhead alone": [*FREE_NETWORK, "--message-overhead", "50us"],
    "receivers": ["--receive-bandwidth", "1Gbps", "--latency", "1us"],
    "energy": ["--busy-power", "100W", "--link-busy-power", "1W"],
    "one slow": [*FREE_NETWORK, "--straggler", "worker=3,factor=4"],
    "uneven": ["--heterogeneity", "lognormal:0.5"],
    "long tails": [*FREE_NETWORK, "--variability", "pareto:1.5"],
    "seldom slow": ["--variability", "two-point:0.1,10", "--latency", "1us"],
    "pauses": [*FREE_NETWORK, "--pause", "worker=1,every=1ms,for=900us"],
    "shared": ["--topology", "shared", "--backbone-bandwidth", "100Mbps"],
}


@needs_sim
class AllMethods(ProgramTest):
    """What must hold of every method on every platform."""

    def of(self, *words: object) -> dict[str, dict]:
        return compared(*TIMING, "--methods", ",".join(ALL_METHODS), *words)

    def check(self, name: str, found: dict, words: list[str]) -> None:
        limit, sentence, text = found["limit"], found["sentence"], " ".join(words)
        may_have = {"compute"}
        if name != "serial":
            may_have |= {"bandwidth", "latency"}
            if any(key in text for key in ("straggler", "pause", "heterogeneity", "variability")):
                may_have.add("straggler")
        if name in SERVED:
            may_have.add("server")
        self.assertLessEqual(set(limit["gains"]), may_have)
        self.assertIn(limit["name"], may_have | {"none"})
        if "server" not in may_have:
            self.assertNotIn("server", sentence)
        for word in ("straggler", "steps that vary", "median"):
            if "straggler" not in may_have:
                self.assertNotIn(word, sentence)
        self.assertNotRegex(sentence, r"\(\d{3,} %|\(0 %|latency without|without  ")
        if "--message-overhead" not in words:
            self.assertNotIn("overhead", sentence)
        if "--latency 0s" in text:
            self.assertNotRegex(sentence, r"\b(without|by) latency")
        for gain in limit["gains"].values():
            self.assertLessEqual(gain["before_s"], limit["time_s"])
            self.assertEqual(gain["saved_s"], gain["before_s"] - gain["after_s"])
        self.assertEqual(limit["noise_s"] > 0, name not in DETERMINISTIC)
        if limit["name"] != "none":
            least = max(0.02 * limit["time_s"], limit["noise_s"])
            self.assertGreaterEqual(limit["gains"][limit["name"]]["saved_s"], least)

    def test_only_what_a_method_uses_limits_it(self) -> None:
        for platform, words in PLATFORMS.items():
            for name, found in self.of(*words).items():
                with self.subTest(platform=platform, method=name, sentence=found["sentence"]):
                    self.check(name, found, words)

    def test_serial_has_no_stragglers_whatever_is_drawn(self) -> None:
        for words in (["--variability", "pareto:1.1"], ["--straggler", "worker=0,factor=4"], ["--heterogeneity", "lognormal:1"]):
            found = compared(*TIMING, *words, "--methods", "serial", "--workers", 1)["serial"]
            self.assertEqual(found["sentence"], "serial is limited by compute: it exchanges nothing.")

    def test_servers_that_were_asked_for(self) -> None:
        found = compared(*TIMING, *FREE_NETWORK, "--methods", "in-turn,easgd", "--server", "dedicated", "--server-speed", "1Mf")
        for name, method in found.items():
            self.assertEqual(method["limit"]["name"], "server")
            self.assertIn("with an infinitely fast server on an unlimited link", method["sentence"])


@needs_sim
class Draws(ProgramTest):
    """A counterfactual keeps what was drawn."""

    def test_even_steps_leave_as_much_to_compute(self) -> None:
        """On a free network a run whose steps are even takes what its workers compute on average."""
        words = [*TIMING, *FREE_NETWORK, "--methods", "gossip"]  # whose workers all do the same
        for distribution in ("pareto:1.5", "two-point:0.05,10", "lognormal:1"):
            method = compared(*words, "--variability", distribution)["gossip"]
            gain = method["limit"]["gains"]["straggler"]
            workers = method["result"]["workers"]
            mean = sum(worker["compute_s"] for worker in workers) / len(workers)
            with self.subTest(distribution=distribution):
                self.assertAlmostEqual(gain["after_s"] / mean, 1, delta=1e-3)
                self.assertGreater(gain["before_s"], 1.1 * mean)
                self.assertIn("steps that vary", method["sentence"])
                self.assertNotIn("straggler", method["sentence"])

    def test_a_platform_file_keeps_them_too(self) -> None:
        words = [*TIMING, "--methods", "sync-average", "--variability", "two-point:0.1,10"]
        of_file = compared(*words, "--platform", ROOT / "platforms/lan_8.xml", "--network-model", "CM02")["sync-average"]["limit"]
        of_star = compared(*words)["sync-average"]["limit"]
        gains = [limit["gains"]["straggler"]["after_s"] for limit in (of_file, of_star)]
        self.assertAlmostEqual(gains[0] / gains[1], 1, delta=1e-6)

    def test_chance_stays_below_what_is_called_noise(self) -> None:
        """A latency that changes in its fifth digit decides who comes first, and costs nothing."""
        for words in ([], ["--variability", "lognormal:0.5"], ["--straggler", "worker=1,factor=4"], ["--heterogeneity", "lognormal:0.5"]):
            times: dict[str, list[float]] = {}
            noise: dict[str, float] = {}
            for latency in ("50us", "50.001us", "50.002us", "50.003us"):
                for name, method in compared(*TIMING, *words, "--latency", latency, "--methods",
                                             ",".join([*SERVED, "ad-psgd"])).items():
                    times.setdefault(name, []).append(method["limit"]["time_s"])
                    noise[name] = method["limit"]["noise_s"]
            for name, all_times in times.items():
                with self.subTest(words=words, method=name):
                    self.assertLess(max(all_times) - min(all_times), noise[name])


if __name__ == "__main__":
    unittest.main()
