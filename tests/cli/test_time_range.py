"""`lockstep sim` where timing decides: the range of times that might as well have been."""

import json
import statistics
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SIM, SMALL, ProgramTest, environment, needs_sim, result_of  # noqa: E402

RUN = [*SMALL, "--method", "by-arrival", "--workers", 3]
DRAWN = [*RUN, "--variability", "lognormal:0.3"]


def time_of(*words: object) -> float:
    return result_of([SIM, *words])["summary"]["elapsed_s"]


@needs_sim
class TimeRange(ProgramTest):
    def text(self, *words: object) -> str:
        done = self.run_here([FRONT, "sim", *words])
        self.assertEqual((done.status, done.errors), (0, ""))
        return done.output

    def assert_range(self, found: dict, times: list[float]) -> None:
        self.assertEqual((found["seeds"], found["lower_s"], found["median_s"], found["upper_s"]),
                         (len(times), min(times), statistics.median(times), max(times)))

    def test_platform_seeds(self) -> None:
        result = result_of([FRONT, "sim", *DRAWN])
        self.assertEqual(result["config"]["platform-seed"], "seed")
        times = [time_of(*DRAWN), *(time_of(*DRAWN, "--platform-seed", seed) for seed in range(2, 6))]
        self.assertEqual(result["summary"]["elapsed_s"], times[0])
        self.assertEqual(len(set(times)), 5)
        self.assert_range(result["time_range"], times)
        self.assertEqual(result["time_range"]["over"], "5 platform seeds")
        fewer = result_of([FRONT, "sim", *DRAWN, "--platform-seed", 2, "--platform-seeds", 3])
        self.assert_range(fewer["time_range"], times[1:4])

    def test_ties(self) -> None:
        result = result_of([FRONT, "sim", *RUN])
        jolts = [f"worker={i % 3},factor={1 + (1 + i // 3) * 1e-4}" for i in range(4)]
        times = [time_of(*RUN), *(time_of(*RUN, "--straggler", jolt) for jolt in jolts)]
        self.assert_range(result["time_range"], times)
        self.assertEqual(result["time_range"]["over"], "5 outcomes of ties")

    def test_the_rest_is_that_of_the_run_itself(self) -> None:
        ours, theirs = result_of([FRONT, "sim", *DRAWN]), result_of([SIM, *DRAWN])
        for result in (ours, theirs):
            result.pop("provenance")
        ours.pop("time_range")
        self.assertEqual(ours, theirs)

    def test_text_and_files(self) -> None:
        self.assertRegex(self.text(*DRAWN, "--out", "run"),
                         r"(?m)^time +\S+ m?s  \(\S+ m?s to \S+ m?s, 5 platform seeds\)\n +this run \S+ m?s; simulated, uncalibrated$")
        self.assertEqual(json.loads((self.folder / "run/result.json").read_text())["time_range"]["seeds"], 5)
        self.assertEqual(self.files(), ["run", "run/history.csv", "run/result.json", "run/updates.csv"])

    def test_nothing_is_made_where_there_is_nothing_else(self) -> None:
        self.assertNotIn("this run", self.text(*DRAWN, "--platform-seeds", 1))
        self.assertNotIn("this run", self.text(*SMALL, "--method", "sync-average", "--workers", 2, "--variability", "uniform:0.5"))
        self.text(*DRAWN, "--platform-seeds", 1, "--record", "order")
        self.assertNotIn("this run", self.text(*DRAWN, "--replay", "order"))

    def test_a_refusal_is_that_of_the_run(self) -> None:
        self.write("p.xml", "<platform/>")
        ours, theirs = (self.run_here([*program, *RUN, "--platform", "p.xml"]) for program in ([FRONT, "sim"], [SIM]))
        self.assertEqual((ours.status, theirs.status), (2, 2))
        self.assertEqual(ours.errors, theirs.errors)

    def test_refusals(self) -> None:
        for given in ("0", "x", "1001"):
            self.assert_refused([FRONT, "sim", *RUN, "--platform-seeds", given], f"--platform-seeds: given '{given}'; allowed: a whole number from 1")
        self.assert_refused([SIM, *RUN, "--platform-seeds", "3"], "--platform-seeds: unknown option")

    def test_times_beside_of_someone_else(self) -> None:
        for told in ("", "[1]", '{"varied": "", "times_s": [-1], "settings": []}', "9" * 70000):
            self.assert_refused([SIM, *RUN], "LOCKSTEP_TIMES_BESIDE: .*; unset it", env=environment() | {"LOCKSTEP_TIMES_BESIDE": told})


if __name__ == "__main__":
    unittest.main()
