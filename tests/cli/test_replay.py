"""--record and --replay: an order recorded in one world, forced in the other, gives the same parameters."""

import itertools
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from programs import FRONT, SIM, SMALL, WORLDS, ProgramTest, needs_sim, result_of  # noqa: E402

RUN = [*SMALL, "--batch", "20"]
# Every method that has an order, and what changes who waits for whom or what is done with a message.
METHODS = [
    ["--method", "by-arrival", "--push-every", "2", "--pull-every", "4"],
    ["--method", "by-arrival", "--update", "mix", "--step-size", "staleness-aware"],
    ["--method", "in-turn"],
    ["--method", "in-turn", "--server", "dedicated", "--update", "replace"],
    ["--method", "bounded-staleness", "--staleness-bound", "1", "--compression", "top-k"],
    ["--method", "softsync", "--splitting", "2", "--step-size", "staleness-aware"],
    ["--method", "backup-workers", "--optimiser", "momentum", "--lr", "0.1"],
    ["--method", "dc-asgd", "--compensation-rule", "adaptive", "--compression", "bf16"],
    ["--method", "easgd", "--server", "dedicated", "--period", "3", "--optimiser", "nesterov", "--lr", "0.1"],
    ["--method", "ad-psgd"],
]
SEVERAL_SERVERS = [
    ["--method", "by-arrival", "--servers", "2"],
    ["--method", "bounded-staleness", "--servers", "2"],
]
BY_ARRIVAL = ["--method", "by-arrival", "--workers", "3"]
UNEVEN = ["--variability", "lognormal:0.8"]  # or simulated workers come nearly in turn


def essence(result: dict) -> tuple:
    """All that does not depend on time."""
    keys = ["epoch", "updates", "train_loss", "test_loss", "test_accuracy"]
    rows = result["history"]
    if result["config"]["method"] == "ad-psgd" or int(result["config"]["servers"]) > 1:  # rows of one moment, the ends apart
        keys.remove("train_loss")
        rows = [rows[0], rows[-1]]
    history = [[row[key] for key in keys] for row in rows]
    workers = [[worker[key] for key in ("steps", "samples", "updates", "update_share", "staleness")]
               for worker in result["workers"]]
    return result["summary"]["parameters_digest"], history, workers, result["staleness"]


class ReplayTest(ProgramTest):
    def order(self, name: str = "recorded.order") -> Path:
        return self.folder / name

    def record(self, *words: object, world: str = "sim") -> dict:
        uneven = UNEVEN if world == "sim" else []
        return result_of([FRONT, world, *RUN, *words, *uneven, "--record", self.order()])

    def replay(self, *words: object, world: str = "sim") -> dict:
        return result_of([FRONT, world, *RUN, *words, "--replay", self.order()])


@unittest.skipUnless(WORLDS, "no world is built")
class Crossing(ReplayTest):
    def check(self, methods: list[list[str]]) -> None:
        for words, source in itertools.product(methods, WORLDS):
            run = [*words, "--workers", "4"]
            recorded = self.record(*run, world=source)
            self.assertEqual(recorded["summary"]["replay"], "")
            for target in WORLDS:
                with self.subTest(words=words, source=source, target=target):
                    replayed = self.replay(*run, world=target)
                    self.assertEqual(replayed["summary"]["replay"], "matches")
                    self.assertEqual(essence(replayed), essence(recorded))

    def test_one_server_or_none(self) -> None:
        self.check(METHODS)

    def test_several_servers(self) -> None:
        self.check(SEVERAL_SERVERS)

    @needs_sim
    def test_an_order_would_be_another_one(self) -> None:
        """Or those above would match without anything forced."""
        self.assertNotEqual(essence(self.record(*BY_ARRIVAL)), essence(result_of([FRONT, "sim", *RUN, *BY_ARRIVAL])))

    @needs_sim
    def test_a_replay_can_be_recorded(self) -> None:
        self.record(*BY_ARRIVAL)
        self.replay(*BY_ARRIVAL, "--record", self.order("again.order"))
        self.assertEqual(self.order("again.order").read_bytes(), self.order().read_bytes())


@needs_sim
class WhatIf(ReplayTest):
    def updates(self, *words: object) -> tuple[dict, str]:
        result = result_of([SIM, *RUN, *BY_ARRIVAL, "--replay", self.order(), *words, "--out", self.folder / "out"])
        return result, (self.folder / "out" / "updates.csv").read_text()

    def test_another_learning_rate_on_the_same_arrivals(self) -> None:
        recorded = self.record(*BY_ARRIVAL)
        same, same_updates = self.updates()
        other, other_updates = self.updates("--lr", "0.25", "--lr-decay", "0.5")
        self.assertEqual(same["summary"]["parameters_digest"], recorded["summary"]["parameters_digest"])
        self.assertNotEqual(other["summary"]["parameters_digest"], recorded["summary"]["parameters_digest"])
        self.assertEqual(other_updates, same_updates)
        self.assertEqual(other["summary"]["replay"], "changed: lr lr-decay")
        rows = [line.rsplit(",", 1)[0].split(",", 1)[1] for line in self.order().read_text().splitlines()
                if line.endswith(",applied")]
        self.assertEqual([line.rsplit(",", 1)[0] for line in same_updates.splitlines()[1:]], rows)

    def test_what_does_not_decide_parameters_may_change(self) -> None:
        self.record(*BY_ARRIVAL)
        for words in (["--speeds", "1Gf,9Gf,2Gf", "--latency", "3ms"], ["--numerics", "real", "--threads", "1"],
                      ["--evaluations", "5"], ["--test-samples", "50"]):
            words = [word for word in [*RUN, *BY_ARRIVAL, "--replay", self.order()] if "--test-samples" not in words
                     or word not in ("--test-samples", "100")] + words
            self.assertEqual(result_of([SIM, *words])["summary"]["replay"], "matches", words)

    def test_timing_only_runs_have_nothing_to_compare(self) -> None:
        self.record(*BY_ARRIVAL)
        self.assertEqual(self.replay(*BY_ARRIVAL, "--numerics", "none")["summary"]["replay"], "unchecked")
        self.record(*BY_ARRIVAL, "--numerics", "none")
        self.assertEqual(self.replay(*BY_ARRIVAL)["summary"]["replay"], "unchecked")

    def test_recording_takes_no_simulated_time(self) -> None:
        for words in (BY_ARRIVAL, ["--method", "ad-psgd", "--workers", "4"], ["--method", "in-turn", "--workers", "3"]):
            recorded = self.record(*words)
            plain = result_of([FRONT, "sim", *RUN, *words, *UNEVEN])
            for result in (recorded, plain):
                result["config"].pop("record")
                result.pop("provenance")
            self.assertEqual(recorded, plain)

    def test_a_run_that_stops_half_way(self) -> None:
        for words in (["--method", "by-arrival"], ["--method", "softsync", "--splitting", "2"], ["--method", "bounded-staleness"],
                      ["--method", "in-turn", "--server", "dedicated"]):
            with self.subTest(words=words):
                run = [*words, "--workers", "4", "--failure", "worker=1,at=8.1ms"]
                self.record(*run)
                self.assertIn("run complete = no\n", self.order().read_text())
                self.assert_refused([SIM, *RUN, *run, "--replay", self.order()], "did not come to its end")


@needs_sim
class Refusals(ReplayTest):
    def programs(self) -> list[list[object]]:
        return [[SIM]] + [[FRONT, world] for world in WORLDS]

    def check(self, words: list[object], pattern: str) -> None:
        for program in self.programs():
            with self.subTest(program=program, words=words):
                self.assert_refused([*program, *RUN, *words], pattern)

    def test_other_runs(self) -> None:
        self.record(*BY_ARRIVAL)
        replay = ["--replay", self.order()]
        by_arrival = ["--method", "by-arrival"]
        for words, pattern in [
            ([*by_arrival, "--workers", "2"], "an order with workers = 3'; allowed: workers = 2"),
            ([*BY_ARRIVAL, "--pull-every", "2"], "an order with pull-every = 1'; allowed: pull-every = 2"),
            ([*BY_ARRIVAL, "--servers", "2"], "an order with servers = 1'; allowed: servers = 2"),
            (["--method", "dc-asgd", "--workers", "3"], "an order with method = by-arrival'; allowed: method = dc-asgd"),
            (["--method", "in-turn", "--workers", "3"], "method = by-arrival"),
        ]:
            self.check([*words, *replay], pattern)
        self.assert_refused([SIM, "--train-samples", "600", "--epochs", "1", *BY_ARRIVAL, *replay],
                            "an order with steps = 20'; allowed: steps = 2, as this run has; batches, epochs and samples")
        self.record("--method", "ad-psgd", "--workers", "4")
        self.check(["--method", "ad-psgd", "--workers", "4", "--seed", "2", *replay], "an order with seed = 1'; allowed: seed = 2")
        for key, value in (("backup", 2), ("staleness-bound", 5), ("splitting", 3)):
            method = {"backup": "backup-workers", "staleness-bound": "bounded-staleness", "splitting": "softsync"}[key]
            self.record("--method", method, "--workers", "4")
            self.check(["--method", method, "--workers", "4", f"--{key}", value, *replay], f"allowed: {key} = {value}, as this run has")
        self.record("--method", "easgd", "--server", "dedicated", "--workers", "3")
        self.check(["--method", "easgd", "--server", "dedicated", "--workers", "3", "--period", "5", *replay], "an order with period = 10")

    def test_files_that_are_no_order(self) -> None:
        self.record(*BY_ARRIVAL)
        good = self.order().read_text()
        lines = good.splitlines(keepends=True)
        self.write("empty", "")
        self.write("other", "key = value\n")
        self.write("cut", good[:len(good) // 2])
        self.write("short", "".join(lines[:-5] + lines[-1:]))
        self.write("edited", good.replace("option lr = 1\n", "option lr = 2\n"))
        self.write("row", good.replace("3,1,0,0,1,applied", "3,1,0,0,x,applied"))
        for name, pattern in [("empty", "empty:1: given ''; allowed: lockstep-order-1"), ("other", "other:1: given 'key = value'"),
                              ("cut", r"cut:\d+: given"), ("short", r"short:\d+: given 'end,60,"), ("edited", r"edited:\d+: given 'end,60,"),
                              ("row", r"row:\d+: given '3,1,0,0,x,applied'"), ("missing", "missing: given 'No such file"), (".", r"\.: given 'a folder'")]:
            self.check([*BY_ARRIVAL, "--replay", name], f"--replay: {pattern}")

    def test_runs_without_an_order(self) -> None:
        for method in ("serial", "allreduce", "sync-average", "local-sgd", "diloco", "gossip", "easgd"):
            for words in (["--record", "x"], ["--replay", "x"]):
                self.check(["--method", method, *words], f"{words[0]}: given 'x', but it applies only with --method backup-workers")

    def test_a_file_for_several_methods_may_hold_the_keys(self) -> None:
        self.write("both.ini", "record = x.order\nreplay = missing\n")
        self.assertEqual(self.run_here([SIM, "both.ini", *RUN, "--method", "serial"]).status, 0)
        self.assertEqual(self.files(), ["both.ini"])
        self.write("record.ini", "record = x.order\nmethod = by-arrival\nworkers = 2\n")
        self.assertEqual(self.run_here([SIM, "record.ini", *RUN]).status, 0)
        self.write("replay.ini", "replay = x.order\nmethod = by-arrival\nworkers = 2\n")
        self.assertIn("matches", self.run_here([SIM, "replay.ini", *RUN]).output)

    def test_where_a_record_cannot_go(self) -> None:
        self.write("file", "")
        for name, pattern in [(".", "given '.'; allowed: a file"), ("file/x", "file is no folder"), ("x/", "allowed: a file")]:
            self.check([*BY_ARRIVAL, "--record", name], f"--record: .*{pattern}")

    def test_commands_of_several_runs(self) -> None:
        self.record(*BY_ARRIVAL)
        replay = ["--replay", self.order()]
        commands = {
            "table": ["table", "--table-rows", "in-turn:2"],
            "compare": ["compare", "--methods", "by-arrival,in-turn"],
            "break-even": ["break-even", *BY_ARRIVAL, "--vary", "latency", "--between", "1us..1ms", "--against", "serial"],
            "sweep": ["sweep", *BY_ARRIVAL, "--sweep", "lr=1,2", "--out", "results"],
            "sim": ["sim", *BY_ARRIVAL, "--straggler", "worker=0,factor=2", "--without-straggler"],
        }
        for name, words in commands.items():
            self.assert_refused([FRONT, *words, *RUN, "--record", "x"], "--record: given 'x'; allowed: nothing with")
            if name not in ("sweep", "sim"):
                self.assert_refused([FRONT, *words, *RUN, *replay], "--replay: .*allowed: nothing with")
        self.write("record.ini", "record = x\n")
        self.assert_refused([FRONT, "sweep", "record.ini", *commands["sweep"][1:], *RUN], "record.ini: record: given 'x'")

    def test_a_sweep_on_one_order(self) -> None:
        self.record(*BY_ARRIVAL)
        words = [FRONT, "sweep", *RUN, *BY_ARRIVAL, "--replay", self.order(), "--sweep", "lr=1,0.5", "--out", "results"]
        self.assertEqual(self.run_here(words).status, 0)
        kept = sorted((self.folder / "results/runs").iterdir())
        self.assertEqual(len(kept), 2)
        self.record(*BY_ARRIVAL, "--platform-seed", "7")  # another order of the same name makes other runs
        self.assertEqual(self.run_here(words).status, 0)
        self.assertEqual(len(list((self.folder / "results/runs").iterdir())), 4)


if __name__ == "__main__":
    unittest.main()
