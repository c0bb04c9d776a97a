"""What `lockstep validate` refuses: keys without a meaning, broken references, claims that cannot hold."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, HAS_REAL, HAS_SIM, needs_sim  # noqa: E402
from validations import CORES, SMALL, SYNC, ValidateTest  # noqa: E402


class Refusals(ValidateTest):
    def assert_invalid(self, words: list[object], *patterns: str) -> None:
        with self.subTest(words=words):
            self.assert_refused([FRONT, "validate", *words, "--out", "v"], *patterns)

    @needs_sim
    def test_what_is_given(self) -> None:
        self.reference("ref", *SYNC)
        for words, pattern in [
            (["--repeats", "0"], "--repeats: given '0'; allowed: a whole number from 1 to 10000"),
            (["--time-tolerance", "x"], "--time-tolerance: given 'x'; allowed: per cent"),
            (["--time-tolerance", "0"], "--time-tolerance: given '0'"),
            (["--time-tolerance", "%"], "--time-tolerance: given '%'"),
            (["--measured", ""], "--measured: given ''"),
            (["--measured", "ref,"], "--measured: given 'ref,'"),
            (["--measured", "ref,ref"], "each folder once"),
            (["--measured", "ref", "--repeats", "3"], "--repeats: with --measured it applies only with"),
            (["--measured", "ref", "--launcher-args", "-v"], "--launcher-args: no real run is made"),
            (["--measured", "ref", "--numerics", "none"], "--numerics: given 'none'; allowed: real"),
            (["--measured", "ref", "--model", "resnet-50"], "--model: given 'resnet-50'; allowed: fully-connected"),
            (["--measured", "ref", "--batch", "100"], r"ref/result\.json: config\.batch: given '50'; allowed: '100'"),
            (["--measured", "ref", "--method", "in-turn"], r"ref/result\.json: config\.method: given 'sync-average'"),
            (["--measured", "ref", "--speeds", "1Gf"], "--speeds: given '1 speeds'"),
            (["--straggler", "worker=1,factor=4"], "--straggler: given 'worker=1,factor=4'; allowed: nothing; it happens in sim"),
            (["--failure", "worker=1,at=1s"], "--failure: given"),
            (["--tolerance", "3"], "--tolerance: unknown option"),
        ]:
            given = {word for word in words if isinstance(word, str) and word.startswith("--")}
            scenario = [word for key, value in zip(SYNC[::2], SYNC[1::2]) if key not in given for word in (key, value)]
            self.assert_invalid([*scenario, *words], pattern)

    @needs_sim
    def test_broken_references(self) -> None:
        path = self.reference("ref", *SYNC)
        whole = path.read_text()
        words = [*SYNC, "--measured"]
        self.assert_invalid([*words, "nowhere"], "nowhere: given 'no folder'")
        self.assert_invalid([*words, "ref/result.json"], r"ref/result\.json: given 'a file'")
        for content in ("", whole[:len(whole) // 2], "{}", "[1, 2]", whole.replace('"elapsed_s": ', '"elapsed": ')):
            self.write("bad/result.json", content)
            self.assert_invalid([*words, "bad"], r"bad/result\.json: not a result of lockstep")
            self.assert_invalid([*words, "ref,bad"], r"bad/result\.json: not a result of lockstep")
        result = json.loads(whole)
        for change, pattern in [
            (lambda: result["provenance"].update(oversubscribed=True), r"bad/result\.json: provenance\.oversubscribed: given 'true'"),
            (lambda: result["summary"].update(outcome="stalled"), r"bad/result\.json: summary\.outcome: given 'stalled'"),
            (lambda: result["summary"].update(elapsed_s=None), r"bad/result\.json: summary\.elapsed_s: given 'nan'"),
            (lambda: result.update(workers=[]), r"bad/result\.json: workers: given '0 ranks'"),
            (lambda: result["provenance"].update(world="real"), r"bad/result\.json: provenance\.world: given 'real'"),
        ]:
            result = json.loads(whole)
            change()
            self.write("bad/result.json", json.dumps(result))
            self.assert_invalid([*words, "ref,bad"], pattern)

    @unittest.skipUnless(HAS_REAL and HAS_SIM, "a world is not built")
    def test_more_ranks_than_cores(self) -> None:
        for method, workers in (("sync-average", CORES + 1), ("by-arrival", CORES)):
            words = [*SMALL, "--method", method, "--workers", workers, "--speed", "5Gf"]
            self.assert_invalid(words, rf"--workers: given '{CORES + 1} ranks, servers included'; allowed: at most {CORES}, "
                                       r".* so that no time would mean anything; use fewer workers, .*--measured")


if __name__ == "__main__":
    unittest.main()
