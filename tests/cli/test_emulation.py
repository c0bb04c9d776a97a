"""Emulated processors in the real world: computing takes what was asked, on any machine and with more ranks than cores."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, REAL, ProgramTest, mpirun, needs_real, needs_sim, result_of, run  # noqa: E402

TOLERANCE = 0.02  # of runs so long that a last sleep which ends late, as on a busy machine it may by 20 ms, is less
RUN = ["--test-samples", "100", "--epochs", "1"]
EIGHT = ["--method", "sync-average", "--workers", "8"]


def real(samples: int, *words: object) -> dict:
    return result_of([FRONT, "real", *RUN, "--train-samples", samples, "--batch", 50, *words])


@needs_real
class EmulatedSpeeds(ProgramTest):
    def assert_honest(self, result: dict) -> None:
        """Every rank has computed for as long as it was to, in all and therefore on average of its steps."""
        for worker in result["workers"]:
            self.assertGreater(worker["sleeps"], 0)
            self.assertAlmostEqual(worker["compute_s"] / worker["emulated_s"], 1, delta=TOLERANCE)
            self.assertGreaterEqual(worker["largest_oversleep_s"], worker["mean_oversleep_s"])

    def test_a_step_takes_its_operations_at_the_speed_asked_for(self) -> None:
        for speed, samples in (("250Mf", 16000), ("40Mf", 3000)):  # steps of 6 and 40 ms, for two seconds
            with self.subTest(speed=speed):
                result = real(samples, "--emulate-speed", speed)
                self.assert_honest(result)
                worker = result["workers"][0]
                self.assertGreater(worker["emulated_s"] / worker["steps"], 0.005)
                self.assertAlmostEqual(worker["elapsed_s"] / worker["emulated_s"], 1, delta=TOLERANCE)
                self.assertLess(worker["cpu_s"], worker["elapsed_s"] / 2)

    @needs_sim
    def test_as_long_as_in_the_simulation(self) -> None:
        words = ["--variability", "uniform:0.5", "--speeds", "0.5"]
        simulated = result_of([FRONT, "sim", *RUN, "--train-samples", 1500, "--batch", 50, *words, "--speed", "40Mf"])
        measured = real(1500, *words, "--emulate-speed", "40Mf")
        self.assertAlmostEqual(measured["workers"][0]["emulated_s"] / simulated["workers"][0]["compute_s"], 1, places=6)
        self.assert_honest(measured)

    @needs_sim
    def test_what_a_server_works_is_waiting_in_both_worlds(self) -> None:
        words = ["--method", "by-arrival", "--workers", 1]
        # An update takes the server 160 ms, long beside a late waking on a busy machine and a message within it.
        measured = real(600, *words, "--server-speed", "100kf", "--emulate-speed", "200Mf")["workers"]
        self.assertAlmostEqual(measured[0]["wait_s"] / measured[1]["compute_s"], 1, delta=0.05)
        # Here 16 ms, and a message 25 ms.
        for limit in ("0B", "1MB"):
            simulated = result_of([FRONT, "sim", *RUN, "--train-samples", 3000, "--batch", 50, *words, "--server-speed", "1Mf", "--speed", "200Mf",
                                   "--bandwidth", "10Mbps", "--eager-limit", limit])["workers"]
            self.assertAlmostEqual(simulated[0]["wait_s"] / simulated[1]["compute_s"], 1, places=9)
            self.assertGreater(simulated[0]["transfer_s"], simulated[0]["wait_s"])

    def test_many_ranks_on_few_cores(self) -> None:
        result = real(12000, *EIGHT, "--emulate-speed", "40Mf", "--speeds", "1,1,1,1,1,1,1,0.25")
        self.assert_honest(result)
        self.assertFalse(result["provenance"]["oversubscribed"])
        asked = [worker["emulated_s"] for worker in result["workers"]]
        self.assertAlmostEqual(asked[7] / asked[1], 4, delta=0.1)
        # The slow worker sets the pace; messages and waking up add little to it.
        self.assertGreater(result["summary"]["elapsed_s"], asked[7] * (1 - TOLERANCE))
        self.assertLess(result["summary"]["elapsed_s"], asked[7] * 1.3)
        if len(os.sched_getaffinity(0)) < 8:  # those that wait for it sleep as well
            self.assertLess(result["summary"]["cpu_percent"], 30)

    def test_the_parameters_are_those_without_emulation(self) -> None:
        in_turn = ["--method", "in-turn", "--workers", "2", "--server", "dedicated"]
        for words in (EIGHT, [*EIGHT, "--collective", "ring"], in_turn):
            with self.subTest(words=words):
                plain = real(800, *words)
                slowed = real(800, *words, "--emulate-speed", "100Mf")
                self.assertEqual(plain["summary"]["parameters_digest"], slowed["summary"]["parameters_digest"])
                self.assertIsNone(plain["workers"][0]["emulated_s"])

    def test_shares_of_the_processor_s_own_speed(self) -> None:
        result = result_of([FRONT, "real", *RUN, "--train-samples", 24000, "--batch", 2000, "--hidden", 64, "--speeds", 0.25])
        worker = result["workers"][0]
        self.assertAlmostEqual(worker["compute_s"] / worker["emulated_s"], 1, delta=TOLERANCE)
        self.assertGreater(worker["sleeps"], 0)
        self.assertEqual(worker["overruns"], 0)
        self.assertLess(worker["cpu_s"], worker["compute_s"] * 0.7)

    def test_stragglers_and_pauses(self) -> None:
        words = ["--emulate-speed", "40Mf"]
        usual = real(1500, *words)["workers"][0]
        slowed = real(1500, *words, "--straggler", "worker=0,factor=2")["workers"][0]
        self.assertAlmostEqual(slowed["emulated_s"] / usual["emulated_s"], 2, places=6)
        paused = real(1500, *words, "--pause", "worker=0,every=100s,for=300ms,from=100ms")["workers"][0]
        self.assertAlmostEqual(paused["emulated_s"], usual["emulated_s"], places=6)
        self.assertAlmostEqual(paused["elapsed_s"], usual["emulated_s"] + 0.3, delta=TOLERANCE * usual["emulated_s"])

    def test_a_speed_that_the_machine_does_not_reach_is_reported(self) -> None:
        words = [*RUN, "--train-samples", "20000", "--batch", "2000", "--emulate-speed", "100Tf"]
        done = run([FRONT, "real", *words])
        self.assertEqual(done.status, 0)
        self.assertRegex(done.errors, r"warning: \d+ pieces of arithmetic of rank 0 took longer than its emulated processor")
        self.assertGreater(result_of([FRONT, "real", *words])["workers"][0]["overruns"], 0)

    def test_ranks_that_do_not_sleep_are_oversubscribed(self) -> None:
        words = ["--method", "sync-average", "--workers", "8", "--emulate-speed", "100Tf"]
        self.assertTrue(real(4000, *words)["provenance"]["oversubscribed"])

    @unittest.skipIf(len(os.sched_getaffinity(0)) >= 8, "there is a core for each rank")
    def test_shares_of_a_core_s_speed_need_a_core_each(self) -> None:
        result = result_of([FRONT, "real", *RUN, *EIGHT, "--train-samples", 8000, "--batch", 500, "--hidden", 64,
                            "--speeds", ",".join(8 * ["0.04"])])
        self.assertTrue(result["provenance"]["oversubscribed"])
        self.assertLess(result["summary"]["cpu_percent"], 80)

    def test_a_table(self) -> None:
        done = run([FRONT, "table", "--world", "real", *RUN, "--train-samples", "800", "--batch", "50",
                    "--table-rows", "serial,sync-average:2-4", "--emulate-speed", "40Mf", "--variability", "uniform:0.1"])
        self.assertEqual(done.status, 0, done.errors)
        self.assertRegex(done.output, "--emulate-speed=40Mf")


@needs_real
class BadEmulation(ProgramTest):
    def test_options_that_the_real_world_has_no_use_for(self) -> None:
        for program in ([FRONT, "real"], mpirun(1), [FRONT, "table", "--world", "real"]):
            for words, pattern in [
                (["--variability", "uniform:0.1"], "--variability: given 'uniform:0.1'; allowed: with --emulate-speed"),
                (["--failure", "worker=0,at=1s", "--emulate-speed", "1Gf"], "--failure: .*only in the simulated world"),
                (["--emulate-speed", "1"], "--emulate-speed: given '1'.*unit is missing"),
                (["--emulate-speed", "0f"], "--emulate-speed: given '0f'"),
                (["--speeds", "1.5"], "--speeds: given '1.5'; allowed: multiples of at most 1"),
                (["--speeds", "1,5Gf"], "--speeds: given '1,5Gf'; .*a unit to all of them, or to none"),
            ]:
                with self.subTest(program=program, words=words):
                    self.assert_refused([*program, *words], pattern)

    @needs_sim
    def test_simulated_processors_are_not_emulated(self) -> None:
        for program in ([FRONT, "sim"], [FRONT, "table"], [FRONT, "compare"], [REAL.replace("lockstep-real", "lockstep-sim")]):
            with self.subTest(program=program):
                self.assert_refused([*program, "--emulate-speed", "50Mf"],
                                    "--emulate-speed: given '50Mf'; allowed: only in the real world")

    @needs_sim
    def test_a_file_serves_both_worlds(self) -> None:
        self.write("a.ini", "emulate-speed = 40Mf\nlatency = 1ms\nvariability = uniform:0.1\n")
        for world in ("sim", "real"):
            done = self.run_here([FRONT, world, "a.ini", *RUN, "--train-samples", "200"])
            self.assertEqual(done.status, 0, done.errors)


if __name__ == "__main__":
    unittest.main()
