"""--events and --paje: which files there are, what is refused, which commands pass the key on, the snippets of the page."""

import csv
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SIM, SMALL, WORLDS, ProgramTest, needs_real, needs_sim, result_of  # noqa: E402


def with_numpy() -> str | None:
    """An interpreter that has it: ours, or else Debian's."""
    for python in (sys.executable, "/usr/bin/python3"):
        if Path(python).exists() and subprocess.run([python, "-c", "import numpy"], capture_output=True, check=False).returncode == 0:
            return python
    return None


RUN = [*SMALL, "--method", "by-arrival", "--workers", "2"]  # and a server: three ranks
RESULT = ["history.csv", "result.json", "updates.csv"]
SUMMARY = ["activities.csv", *RESULT]
FULL = sorted([*SUMMARY, "events", *(f"events/rank-{rank}.events" for rank in range(3))])
PAGE = (ROOT / "docs/formats/events.md").read_text(encoding="utf-8")


def names_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


class EventTest(ProgramTest):
    def finish(self, words: list[object]) -> str:
        done = self.run_here(words)
        self.assertEqual(done.status, 0, done.errors)
        return done.output


class Files(EventTest):
    def test_what_is_written(self) -> None:
        for world in WORLDS:
            for events, expected in (("full", FULL), ("summary", SUMMARY), ("full", FULL), ("none", RESULT)):
                with self.subTest(world=world, events=events):
                    self.finish([FRONT, world, *RUN, "--events", events, "--out", world])
                    self.assertEqual(names_in(self.folder / world), expected)

    def test_a_smaller_run_leaves_no_file_of_a_larger_one(self) -> None:
        for world in WORLDS:
            words = [FRONT, world, *SMALL, "--events", "full", "--out", world]
            self.finish([*words, "--method", "by-arrival", "--workers", "3"])
            self.finish(words)
            self.assertEqual([name for name in names_in(self.folder / world) if name.startswith("events/")],
                             ["events/rank-0.events"])

    def test_activities(self) -> None:
        for world in WORLDS:
            result = result_of([FRONT, world, *RUN, "--events", "summary", "--out", self.folder / world])
            with open(self.folder / world / "activities.csv", newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            with self.subTest(world=world):
                self.check_activities(result, rows)

    def check_activities(self, result: dict, rows: list[dict[str, str]]) -> None:
        def total(rank: int, column: str, *activities: str) -> float:
            return sum(float(row[column]) for row in rows if row["rank"] == str(rank) and row["activity"] in activities)

        for worker in result["workers"]:
            rank = worker["rank"]
            self.assertAlmostEqual(total(rank, "total_s", "compute"), worker["compute_s"], delta=1e-9)
            self.assertAlmostEqual(total(rank, "total_s", "wait"), worker["wait_s"], delta=1e-9)
            self.assertAlmostEqual(total(rank, "total_s", "send", "receive"), worker["transfer_s"], delta=1e-9)
            self.assertEqual(total(rank, "number", "send"), worker["messages_sent"])
            self.assertEqual(total(rank, "bytes", "send"), worker["bytes_sent"])
        self.assertEqual(total(2, "number", "apply"), result["summary"]["updates"])
        received = sum(total(worker["rank"], "bytes", "receive") for worker in result["workers"])
        self.assertEqual(received, result["summary"]["bytes"])
        peers = {row["peer"] for row in rows if row["activity"] in ("send", "receive")}
        self.assertEqual(peers, {"0", "1", "2"})

    def test_nothing_of_an_earlier_run_stays_beside_new_events(self) -> None:
        """A run that fails after its start has removed the result of the run before it."""
        for world in WORLDS:
            self.finish([FRONT, world, *RUN, "--out", world])
            events = self.folder / world / "events"
            events.write_text("a file where a folder is needed")
            done = self.run_here([FRONT, world, *RUN, "--events", "full", "--out", world])
            with self.subTest(world=world):
                self.assertEqual(done.status, 3, done.errors)
                self.assertIn("events", done.errors)
                self.assertNotIn("result.json", names_in(self.folder / world))


class Commands(EventTest):
    """Each run of a command records its own events in its own folder."""

    def assert_full(self, folder: Path, ranks: int) -> None:
        self.assertEqual(sorted(path.name for path in (folder / "events").iterdir()),
                         [f"rank-{rank}.events" for rank in range(ranks)])
        self.assertTrue((folder / "activities.csv").is_file())
        self.assertTrue((folder / "result.json").is_file())

    @needs_sim
    def test_compare(self) -> None:
        self.finish([FRONT, "compare", *SMALL, "--workers", 2, "--methods", "serial,in-turn", "--events", "full", "--out", "c"])
        self.assert_full(self.folder / "c/serial", 1)
        self.assert_full(self.folder / "c/in-turn-2", 2)
        self.assertTrue((self.folder / "c/compare.csv").is_file())

    @needs_sim
    def test_sweep(self) -> None:
        words = [FRONT, "sweep", *SMALL, "--method", "in-turn", "--sweep", "workers=1,2", "--out", "s"]
        first = self.finish(words)
        self.assertEqual([path for path in (self.folder / "s/runs").iterdir() if path.is_dir()], [])
        kept = {path.name: path.read_bytes() for path in (self.folder / "s/runs").iterdir()}
        self.assertEqual(self.finish([*words, "--events", "full"]), first)  # finished, but without events
        folders = sorted((path for path in (self.folder / "s/runs").iterdir() if path.is_dir()),
                         key=lambda path: len(list((path / "events").iterdir())))
        self.assertEqual(len(folders), 2)
        for ranks, folder in enumerate(folders, 1):
            self.assert_full(folder, ranks)
        self.assertEqual({path.name: path.read_bytes() for path in (self.folder / "s/runs").glob("*.json")}, kept)

    @needs_sim
    def test_table_and_counterfactual(self) -> None:
        self.finish([FRONT, "table", *SMALL, "--table-rows", "serial,in-turn:2", "--events", "full", "--out", "t"])
        self.assert_full(self.folder / "t/in-turn-2", 2)
        self.finish([FRONT, "sim", *SMALL, "--method", "in-turn", "--workers", 2, "--straggler", "worker=0,factor=2",
                     "--without-straggler", "--events", "full", "--out", "w"])
        self.assert_full(self.folder / "w/actual", 2)
        self.assert_full(self.folder / "w/healed", 2)

    @needs_sim
    @needs_real
    def test_validate(self) -> None:
        self.run_here([FRONT, "validate", *SMALL, "--hidden", 5, "--repeats", 1, "--budget", "1s", "--time-tolerance", 1000000,
                       "--events", "full", "--out", "v"])
        self.assert_full(self.folder / "v/real-1", 1)
        self.assert_full(self.folder / "v/simulated-1", 1)


class Refusals(EventTest):
    def test_bad_input(self) -> None:
        for world in WORLDS:
            self.assert_refused([FRONT, world, "--events", "some", "--out", "x"],
                                "--events: given 'some'; allowed: none, summary, full")
            self.assert_refused([FRONT, world, "--events", "full"], "--events: given 'full'; allowed: none without --out")

    @needs_sim
    def test_where_nobody_would_write_them(self) -> None:
        self.assert_refused([FRONT, "break-even", "--vary", "latency", "--between", "1us..1ms", "--method", "sync-average",
                             "--workers", 2, "--against", "serial", "--events", "full"], "--events: not with")

    @needs_real
    def test_no_engine_no_trace(self) -> None:
        self.assert_refused([FRONT, "real", *SMALL, "--paje", "x.trace"], "--paje: given 'x.trace'.*only in the simulated world")

    @needs_sim
    def test_traces_of_several_runs(self) -> None:
        self.assert_refused([FRONT, "compare", *SMALL, "--paje", "x.trace"], "--paje: given 'x.trace'; allowed: nothing with")
        self.assert_refused([SIM, *SMALL, "--paje", "no/such/"], "--paje: given 'no/such/'")


@needs_sim
class Paje(EventTest):
    def test_trace(self) -> None:
        for words in (RUN, [*SMALL, "--method", "allreduce", "--workers", 3, "--collective", "ring", "--buckets", 4,
                            "--overlap-progress", "none"]):
            plain = result_of([SIM, *words])
            traced = result_of([SIM, *words, "--paje", self.folder / "run.trace"])
            text = (self.folder / "run.trace").read_text()
            with self.subTest(words=words):
                self.assertIn("%EventDef PajeDefineContainerType", text)
                self.assertIn('"rank-1"', text)
                self.assertEqual(traced["summary"], plain["summary"])
                self.assertEqual(traced["workers"], plain["workers"])
            (self.folder / "run.trace").unlink()


class Page(EventTest):
    """docs/formats/events.md names every field, and its program does what it says."""

    def test_columns(self) -> None:
        self.finish([FRONT, WORLDS[0], *RUN, "--events", "summary", "--out", "x"])
        header = (self.folder / "x/activities.csv").read_text(encoding="utf-8").splitlines()[0]
        table = PAGE[PAGE.index("## activities.csv"):]
        self.assertEqual(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE), header.split(","))

    def test_program(self) -> None:
        python = with_numpy()
        if python is None:
            self.skipTest("numpy is not installed")
        program = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
        for world in WORLDS:
            result = result_of([FRONT, world, *RUN, "--events", "full", "--out", self.folder / "run"])
            done = subprocess.run([python, "-c", program], cwd=self.folder, capture_output=True, text=True, check=False)
            with self.subTest(world=world):
                self.assertEqual(done.stderr, "")
                rank, compute_s, sent = re.fullmatch(r"rank (\d+): computed ([\d.e+-]+) s, sent (\d+) bytes\n", done.stdout).groups()
                worker = result["workers"][int(rank)]
                self.assertAlmostEqual(float(compute_s), worker["compute_s"], delta=1e-6)
                self.assertEqual(int(sent), worker["bytes_sent"])


if __name__ == "__main__":
    unittest.main()
