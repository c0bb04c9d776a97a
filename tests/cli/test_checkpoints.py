"""--checkpoint and `lockstep resume`: what is kept, what goes on from it, what is refused, and by how many workers."""

import json
import os
import re
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from checkpointed import (CHECKPOINT, LEARNT, NAMED, OFTEN, VARIANTS, checkpoints, differences, newest, problems, remains, whole,
                          whole_with_checkpoints)  # noqa: E402
from interruptions import ENDLESS, LONG, InterruptionTest, with_others  # noqa: E402
from programs import FRONT, SMALL, WORLDS, needs_real, needs_sim, result_of  # noqa: E402

TWO = ["--method", "sync-average", "--workers", 2]
RUN = [*LONG, *TWO]
HEAD = re.compile(rb"lockstep checkpoint (\d+)")


@unittest.skipUnless(WORLDS, "no world is built")
class Kept(InterruptionTest):
    def test_nothing_is_left_of_a_run_that_ends(self) -> None:
        for world in WORLDS:
            with self.subTest(world=world):
                done = self.finish([*self.words(world, *RUN, every="20epochs"), "--format", "json"])
                self.assertEqual(differences(json.loads(done.output), result_of([FRONT, world, *RUN])), [])
                self.assertEqual(remains(self.folder), [])
                self.assertEqual(sorted(path.name for path in (self.folder / "out").iterdir()), ["history.csv", "result.json", "updates.csv"])

    def test_the_last_two(self) -> None:
        for world in WORLDS:
            with self.subTest(world=world):
                self.clear()
                self.interrupt(self.words(world, *ENDLESS, *TWO), more=4)
                kept = checkpoints(self.kept)
                self.assertEqual(len(kept), 2)
                self.assertEqual(kept[1], kept[0] + 1)
                self.assertEqual([path.name for path in self.kept.iterdir() if not CHECKPOINT.fullmatch(path.name)], [])

    def test_times_of_the_run(self) -> None:
        """As many as its own clock asks for, however long it takes."""
        for world in WORLDS:
            with self.subTest(world=world):
                self.clear()
                self.interrupt(self.words(world, *ENDLESS, *TWO, every="20ms"), more=3)
                before, elapsed_s = newest(self.kept), self.result()["summary"]["elapsed_s"]
                self.assertLessEqual(before - 2, elapsed_s / 0.02)
                self.assert_goes_on(self.interrupt(self.words(world, *ENDLESS, *TWO, every="20ms")).errors, before)

    @needs_sim
    def test_what_is_learnt_does_not_change(self) -> None:
        """Of plain methods test_kills.py asks more, and of all bench/endings/kill_and_resume.py."""
        for setting in VARIANTS[::2]:
            if setting.is_deterministic:
                with self.subTest(setting=setting.name):
                    self.assertEqual(differences(whole_with_checkpoints(setting, "sim").result, whole(setting, "sim").result), [])

    @needs_sim
    def test_killed_runs_take_the_time_of_others(self) -> None:
        """Simulated time does not depend on who has written a checkpoint and who has read it."""
        for name in ("serial", "allreduce, buckets", "hierarchical", "by-arrival, two servers"):
            with self.subTest(setting=name):
                self.clear()
                setting = NAMED[name]
                words = [FRONT, "sim", *setting.words("sim"), "--checkpoint", "kept", *OFTEN["sim"], "--out", "out"]
                process = self.start(words)
                self.wait_for_checkpoints(process)
                process.kill()
                self.done(process)
                self.finish(words)
                ours, theirs = (result["summary"]["elapsed_s"] for result in (self.result(), whole_with_checkpoints(setting, "sim").result))
                self.assertAlmostEqual(ours, theirs, delta=1e-9 * theirs)

    @needs_sim
    def test_killed_runs_take_the_time_of_others_by_time(self) -> None:
        """Dates are counted from the end of a leg, which is later than the moment at which it was to end."""
        for name in ("by-arrival", "easgd, server", "bounded-staleness", "in-turn"):
            with self.subTest(setting=name):
                self.clear()
                words = [FRONT, "sim", *NAMED[name].words("sim"), "--checkpoint-every", "150ms", "--speeds", "5Gf,4Gf,0.2Gf,3Gf", "--out", "out", "--checkpoint"]
                expected = result_of([*words[:-3], "--checkpoint", self.folder / "whole"])
                process = self.start([*words, "kept"])
                self.wait_for_checkpoints(process)
                process.kill()
                self.done(process)
                self.finish([*words, "kept"])
                ours = self.result()
                self.assertAlmostEqual(ours["summary"]["elapsed_s"], expected["summary"]["elapsed_s"], delta=1e-9 * expected["summary"]["elapsed_s"])
                self.assertEqual(ours["summary"]["parameters_digest"], expected["summary"]["parameters_digest"])
                for figure in ("staleness", "updates", "messages_sent", "samples", "steps"):
                    self.assertEqual([worker[figure] for worker in ours["workers"]], [worker[figure] for worker in expected["workers"]])
                for figure in ("compute_s", "wait_s", "transfer_s", "other_s"):
                    for worker, of in zip(ours["workers"], expected["workers"]):
                        self.assertAlmostEqual(worker[figure], of[figure], delta=1e-6)

    @needs_sim
    def test_energy_goes_on(self) -> None:
        words = [FRONT, "sim", *RUN, "--idle-power", "100W", "--busy-power", "200W", "--checkpoint-every", "9epochs", "--out", "out", "--checkpoint"]
        expected = result_of([*words[:-3], "--checkpoint", self.folder / "whole"])
        process = self.start([*words, "kept"])
        self.wait_for_checkpoints(process)
        process.kill()
        self.done(process)
        self.finish([*words, "kept"])
        ours, theirs = self.result()["summary"]["energy_J"], expected["summary"]["energy_J"]
        self.assertAlmostEqual(ours, theirs, delta=1e-6 * theirs)

    @needs_sim
    def test_course_of_what_is_held_jointly(self) -> None:
        """Before workers have met for the first time, v is known from all of them together."""
        words = [*LONG, "--method", "local-sgd", "--period", "once", "--workers", 4]
        self.interrupt(self.words("sim", *words))
        self.finish([FRONT, "resume", "kept"])
        self.assertEqual(len(self.result()["history"]), 81)
        self.assertEqual(differences(self.result(), result_of([FRONT, "sim", *words])), [])

    @needs_real
    def test_usual_dates(self) -> None:
        """Runs that are over before a checkpoint is due, of all kinds of methods."""
        for name in ("sync-average", "ad-psgd", "softsync", "in-turn", "by-arrival, two servers"):
            with self.subTest(setting=name):
                self.clear()
                setting = NAMED[name]
                self.finish([FRONT, "real", *setting.words("real"), "--checkpoint", "kept", "--out", "out"])
                self.assertEqual(problems(setting, "real", self.result()), [])
                self.assertEqual(remains(self.folder), [])

    def test_folder_in_use(self) -> None:
        world = WORLDS[0]
        process = self.start(self.words(world, *ENDLESS, *TWO))
        self.wait_for_checkpoints(process, 1)
        done = self.run_here([*self.words(world, *ENDLESS, *TWO)[:-2], "--out", "other"])
        self.assertEqual((done.status, done.output), (2, ""))
        self.assertRegex(done.errors, r"\Alockstep(-sim|-real)?: --checkpoint: given 'kept'; allowed: a folder that no other command is using.*\n\Z")
        process.kill()
        self.done(process)
        self.interrupt(self.words(world, *ENDLESS, *TWO))


@unittest.skipUnless(WORLDS, "no world is built")
class GoingOn(InterruptionTest):
    def test_either_command(self) -> None:
        for world in WORLDS:
            expected = result_of([FRONT, world, *RUN])
            for words in (self.words(world, *RUN), [FRONT, "resume", "kept"]):
                with self.subTest(world=world, words=words[1]):
                    self.clear()
                    self.interrupt(self.words(world, *RUN))
                    last = newest(self.kept)
                    done = self.finish(words)
                    self.assert_goes_on(done.errors, last)
                    self.assertEqual(done.errors.count("\n"), 1, done.errors)
                    self.assertEqual(differences(self.result(), expected), [])
                    self.assertEqual(remains(self.folder), [])

    def test_output_may_be_another(self) -> None:
        """And all else that changes no result."""
        world = WORLDS[0]
        for words in ([FRONT, "resume", "kept"], self.words(world, *RUN)):
            with self.subTest(words=words[1]):
                self.clear()
                self.interrupt(self.words(world, *RUN))
                done = self.finish(with_others(words, "--format", "csv", "--progress", "never", "--threads", 1, "--checkpoint-every", "10epochs"))
                self.assertRegex(done.output, r"\Aworld,method,")
                self.assertEqual(done.errors.count("goes on from"), 1)

    @needs_sim
    def test_copied_folder(self) -> None:
        """What is kept is all that it takes."""
        self.interrupt(self.words("sim", *RUN))
        shutil.copytree(self.kept, self.folder / "copy")
        shutil.rmtree(self.kept)
        self.assertIn("goes on from copy/checkpoint-", self.finish([FRONT, "resume", "copy"]).errors)
        self.assertEqual(differences(self.result(), result_of([FRONT, "sim", *RUN])), [])

    @needs_sim
    def test_recorded_order(self) -> None:
        setting = NAMED["by-arrival"]
        words = [FRONT, "sim", *setting.words("sim"), "--checkpoint", "kept", *OFTEN["sim"], "--record", "run.order", "--out", "out"]
        self.interrupt(words)
        self.interrupt([FRONT, "resume", "kept"])
        self.finish(words)
        replayed = result_of([FRONT, "sim", *setting.words("sim"), "--replay", self.folder / "run.order"])
        self.assertEqual(replayed["summary"]["replay"], "matches")
        self.assertEqual(replayed["summary"]["parameters_digest"], self.result()["summary"]["parameters_digest"])


    @needs_sim
    def test_what_is_kept_from_the_beginning(self) -> None:
        words = [FRONT, "sim", *NAMED["by-arrival"].words("sim"), "--checkpoint", "kept", "--out", "out", *OFTEN["sim"]]
        self.interrupt(words)
        for more in (["--record", "run.order"], ["--events", "summary"]):
            self.assert_refused([*words, *more], "kept/checkpoint-", more[0][2:])
        self.finish(words)

    @needs_sim
    def test_scenario_file(self) -> None:
        """Some of its keys do not apply, which a file may have."""
        self.write("my.ini", "staleness-bound = 3\npush-every = 2\nlr = 0.1\n")
        words = ["my.ini", "--method", "in-turn", "--workers", 2, "--epochs", 400, "--train-samples", 1200, "--batch", 10, "--test-samples", 200]
        self.interrupt([FRONT, "sim", *words, "--checkpoint", "kept", "--checkpoint-every", "2epochs", "--out", "out"])
        (self.folder / "my.ini").unlink()
        self.finish([FRONT, "resume", "kept"])
        self.write("my.ini", "staleness-bound = 3\npush-every = 2\nlr = 0.1\n")
        whole_run = self.run_here([FRONT, "sim", *words, "--format", "json"])
        self.assertEqual(differences(self.result(), json.loads(whole_run.output)), [])

    @needs_sim
    def test_other_data_of_the_same_name(self) -> None:
        self.write("speed.profile", "0 1\n1 0.5\n")
        words = self.words("sim", *RUN, "--speed-profile", "worker=0,file=speed.profile")
        self.interrupt(words)
        self.write("speed.profile", "0 1\n1 0.25\n")
        self.assert_refused(words, "kept/checkpoint-", "speed.profile")


@needs_sim
class Damaged(InterruptionTest):
    def setUp(self) -> None:
        super().setUp()
        self.interrupt(self.words("sim", *RUN), more=3)
        self.older, self.newer = (self.kept / f"checkpoint-{number}.lockstep" for number in checkpoints(self.kept))
        self.whole = self.newer.read_bytes()

    def damages(self) -> dict[str, bytes]:
        size = len(self.whole)
        found = {"empty": b"", "cut": self.whole[:size // 2], "without its last byte": self.whole[:-1], "longer": self.whole + b"\0",
                 "text": b"{}\n", "zeros": bytes(size)}
        for place in (0, size // 4, size // 2, size - 1):
            found[f"byte {place}"] = self.whole[:place] + bytes([self.whole[place] ^ 1]) + self.whole[place + 1:]
        return found

    def test_the_one_before_is_taken(self) -> None:
        expected = result_of([FRONT, "sim", *RUN])
        shutil.copytree(self.folder, self.folder.with_name(f"{self.folder.name}-before"))
        self.addCleanup(shutil.rmtree, self.folder.with_name(f"{self.folder.name}-before"))
        for what, content in list(self.damages().items())[::3]:
            with self.subTest(what=what):
                self.clear()
                shutil.copytree(self.folder.with_name(f"{self.folder.name}-before"), self.folder, dirs_exist_ok=True)
                self.newer.write_bytes(content)
                done = self.finish([FRONT, "resume", "kept"])
                self.assertEqual(done.errors.count("\n"), 2, done.errors)
                self.assertRegex(done.errors, rf"\Alockstep(-sim)?: warning: kept/{self.newer.name}: ")
                self.assert_goes_on(done.errors, int(CHECKPOINT.fullmatch(self.older.name)[1]))
                self.assertEqual(differences(self.result(), expected), [])
                self.assertEqual(remains(self.folder), [])

    def test_both(self) -> None:
        for what, content in self.damages().items():
            with self.subTest(what=what):
                for path in (self.older, self.newer):
                    path.write_bytes(content)
                before = self.contents()
                for words in (self.words("sim", *RUN), [FRONT, "resume", "kept"]):
                    self.assert_refused(words, r"kept/checkpoint-\d+\.lockstep")
                    self.assertEqual(self.contents(), before)

    def test_another_version_of_the_format(self) -> None:
        """Which is not damaged: an older one beside it would not be taken silently."""
        found = HEAD.search(self.whole[:200])
        self.assertIsNotNone(found, self.whole[:200])
        for path in (self.older, self.newer):
            path.write_bytes(path.read_bytes().replace(found[0], b"lockstep checkpoint 9", 1))
        before = self.contents()
        for words in (self.words("sim", *RUN), [FRONT, "resume", "kept"]):
            self.assert_refused(words, r"kept/checkpoint-\d+\.lockstep", "lockstep checkpoint 9|version|format")
            self.assertEqual(self.contents(), before)

    def test_another_configuration(self) -> None:
        before = self.contents()
        for words, patterns in [
            (["--lr", 0.2], [r"\blr\b", "0\\.1", "0\\.2"]),
            (["--seed", 9], [r"\bseed\b", "'?1'?", "'?9'?"]),
            (["--hidden", "21"], [r"\bhidden\b", "20", "21"]),
            (["--epochs", 170], [r"\bepochs\b", "80", "170"]),
            (["--latency", "1ms"], [r"\blatency\b", "50us", "1ms"]),
            (["--method", "allreduce"], [r"\bmethod\b", "sync-average", "allreduce"]),
        ]:
            with self.subTest(words=words):
                self.assert_refused(with_others(self.words("sim", *RUN), *words), "kept/checkpoint-", *patterns)
                self.assertEqual(self.contents(), before)
        for key, given, kept in (("--epochs", "170", "80"), ("--lr", "0.2", "0.1")):
            with self.subTest(key=key):
                self.assert_refused([FRONT, "resume", "kept", key, given],
                                    rf": {key}: given '{re.escape(given)}'; allowed: {re.escape(kept)}, with which kept/checkpoint-\d+\.lockstep "
                                    "was made; go on with that, or begin anew")
                self.assertEqual(self.contents(), before)
        self.finish([FRONT, "resume", "kept"])

    def test_only_the_first_difference_is_named(self) -> None:
        done = self.run_here(with_others(self.words("sim", *RUN), "--lr", 0.2, "--seed", 9))
        self.assertEqual(done.status, 2)
        self.assertEqual(len(re.findall(r"\b(lr|seed)\b", done.errors)), 1, done.errors)

    def test_folder_that_cannot_be_written(self) -> None:
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        self.kept.chmod(0o500)
        self.addCleanup(self.kept.chmod, 0o700)
        done = self.run_here([FRONT, "resume", "kept"])
        self.assertEqual((done.status, done.errors.count("\n")), (3, 1), done.errors)


@unittest.skipUnless(WORLDS, "no world is built")
class Refused(InterruptionTest):
    def test_with_what_else(self) -> None:
        by_arrival = [*SMALL, "--method", "by-arrival", "--workers", 2]
        result_of([FRONT, WORLDS[0], *by_arrival, "--record", self.folder / "run.order"])
        for words in (["--replay", "run.order"], ["--events", "full", "--out", "out"], ["--failure", "worker=1,at=1ms"]):
            with self.subTest(words=words):
                self.assert_refused([FRONT, WORLDS[0], *by_arrival, *words, "--checkpoint", "kept"], "--checkpoint", r"checkpoint")

    def refused_in(self, commands: dict[str, list[object]]) -> None:
        for name, words in commands.items():
            with self.subTest(command=name):
                self.assert_refused([FRONT, name, *words, "--checkpoint", "kept"], "--checkpoint")

    @needs_sim
    def test_commands_of_several_runs(self) -> None:
        self.refused_in({
            "table": ["--table-rows", "in-turn:2"],
            "compare": ["--methods", "by-arrival,in-turn"],
            "break-even": ["--method", "by-arrival", "--workers", 2, "--vary", "latency", "--between", "1us..1ms", "--against", "serial"],
            "sweep": ["--sweep", "lr=1,2", "--out", "results"],
        })

    @needs_sim
    @needs_real
    def test_commands_that_measure(self) -> None:
        self.refused_in({"validate": ["--method", "sync-average", "--workers", 2, "--out", "validation"], "calibrate": ["--out", "calibration.json"]})

    def test_values(self) -> None:
        for value in ("0s", "0epochs", "-1s", "1.5", "often", "epochs", "", "1e99s"):
            with self.subTest(value=value):
                self.assert_refused([FRONT, WORLDS[0], *SMALL, "--checkpoint", "kept", f"--checkpoint-every={value}"], "--checkpoint-every: given")
        self.write("file", "")
        for value in ("file", "file/kept"):
            with self.subTest(value=value):
                done = self.run_here([FRONT, WORLDS[0], *SMALL, "--checkpoint", value])
                self.assertIn(done.status, (2, 3))
                self.assertRegex(done.errors, r"\A.*file.*\n\Z")

    def test_nothing_to_resume(self) -> None:
        (self.folder / "empty").mkdir()
        self.write("file", "")
        for words in (["missing"], ["empty"], ["file"], []):
            with self.subTest(words=words):
                self.assert_refused([FRONT, "resume", *words])


@unittest.skipUnless(WORLDS, "no world is built")
class OtherWorkers(InterruptionTest):
    """Elastic: where no worker has a memory of its own, others can take its place."""

    POSSIBLE = [["allreduce"], ["allreduce", "--optimiser", "momentum"], ["sync-average"], ["by-arrival"]]
    IMPOSSIBLE = {"serial": [], "gossip": [], "local-sgd": [], "allreduce": ["--compression", "top-k"], "sync-average": ["--optimiser", "momentum"]}

    def test_possible(self) -> None:
        for world in WORLDS:
            for method in self.POSSIBLE if world == "sim" else self.POSSIBLE[::2]:
                for workers in (3,) if world == "real" else (6,) if "momentum" in method else (2,):
                    before = 2 if world == "real" else 4
                    with self.subTest(world=world, method=method, workers=workers):
                        self.clear()
                        rate = ["--lr", 0.03] if "momentum" in method else []
                        self.interrupt(with_others(self.words(world, *LONG, "--method", *method, "--workers", before), *rate))
                        last = newest(self.kept)
                        self.assert_goes_on(self.finish([FRONT, "resume", "kept", "--workers", workers]).errors, last)
                        self.check(before, workers)

    def check(self, before: int, workers: int) -> None:
        result = self.result()
        self.assertEqual((result["summary"]["workers"], result["config"]["workers"]), (workers, str(workers)))
        self.assertEqual(sum(not worker["is_server"] for worker in result["workers"]), workers)
        self.assertEqual(result["summary"]["outcome"], "finished")
        self.assertGreater(result["summary"]["test_accuracy"], LEARNT)
        self.assertAlmostEqual(result["history"][-1]["epoch"], int(result["config"]["epochs"]), delta=1)
        told = [value for value in result["provenance"].values() if isinstance(value, str) and re.search(r"\bworkers\b", value)]
        self.assertEqual(len(told), 1, result["provenance"])
        self.assertRegex(told[0], rf"\b{before}\b")
        self.assertEqual(remains(self.folder), [])

    @needs_sim
    def test_impossible(self) -> None:
        for method, words in self.IMPOSSIBLE.items():
            with self.subTest(method=method):
                self.clear()
                self.interrupt(self.words("sim", *LONG, "--method", method, "--workers", 1 if method == "serial" else 4, *words))
                before = self.contents()
                self.assert_refused([FRONT, "resume", "kept", "--workers", 2], method, "--workers|workers")
                self.assertEqual(self.contents(), before)

    @needs_sim
    def test_as_many_as_before(self) -> None:
        """Is no change, for any method."""
        self.interrupt(self.words("sim", *LONG, "--method", "gossip", "--workers", 4))
        self.finish([FRONT, "resume", "kept", "--workers", 4])
        self.assertEqual(differences(self.result(), result_of([FRONT, "sim", *LONG, "--method", "gossip", "--workers", 4])), [])

    @needs_sim
    def test_by_the_same_command(self) -> None:
        """As a job does that gets other numbers of nodes."""
        self.interrupt(self.words("sim", *RUN))
        done = self.finish(self.words("sim", *LONG, *TWO[:2], "--workers", 3))
        self.assertRegex(done.errors, r"goes on from .*, with 3 workers from now on\n\Z")
        self.check(2, 3)


if __name__ == "__main__":
    unittest.main()
