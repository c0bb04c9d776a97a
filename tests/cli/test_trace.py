"""lockstep trace: the rules of the trace event format, and the table of spans."""

import csv
import io
import itertools
import json
import sys
import unittest
from collections import defaultdict

sys.dont_write_bytecode = True
from event_files import Event, ring, write_events  # noqa: E402
from programs import FRONT, SMALL, WORLDS, ProgramTest  # noqa: E402

COLUMNS = ["rank", "begin_s", "end_s", "kind", "round", "version", "staleness", "peer", "bytes", "phase"]
RANKS, ROUNDS, SIZE = 3, 20, 4000


class TraceTest(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        done = self.run_here([FRONT, WORLDS[0], *SMALL, "--out", "run"])
        self.assertEqual(done.status, 0, done.errors)

    def trace(self, *words: object) -> str:
        done = self.run_here([FRONT, "trace", "run", *words])
        self.assertEqual((done.status, done.errors), (0, ""))
        return done.output

    def events(self, *words: object) -> list[dict]:
        return json.loads(self.trace(*words))["traceEvents"]


def slices_by_rank(events: list[dict]) -> dict[int, list[dict]]:
    tracks = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            tracks[event["tid"]].append(event)
    return tracks


def ns(us: float) -> int:
    return round(us * 1000)


def enclosing(track: list[dict], at: int) -> dict | None:
    found = [event for event in track if ns(event["ts"]) <= at < ns(event["ts"]) + ns(event["dur"])]
    return found[0] if len(found) == 1 else None


class ChromeTrace(TraceTest):
    def test_tracks_are_named_and_sorted(self) -> None:
        write_events(self.folder / "run", ring(RANKS, ROUNDS), workers=RANKS - 1)
        named = {(event["name"], event.get("tid")): event["args"] for event in self.events() if event["ph"] == "M"}
        self.assertEqual(named["process_name", None], {"name": "run"})
        for rank in range(RANKS):
            role = "server" if rank == RANKS - 1 else "worker"
            self.assertEqual(named["thread_name", rank], {"name": f"{role} {rank}"})
            self.assertEqual(named["thread_sort_index", rank], {"sort_index": rank})

    def test_slices_fill_each_track(self) -> None:
        write_events(self.folder / "run", ring(RANKS, ROUNDS))
        tracks = slices_by_rank(self.events())
        self.assertEqual(sorted(tracks), list(range(RANKS)))
        for track in tracks.values():
            self.assertEqual(track[0]["ts"], 0)
            for before, after in itertools.pairwise(track):
                self.assertGreater(before["dur"], 0)
                self.assertEqual(ns(before["ts"]) + ns(before["dur"]), ns(after["ts"]))
        computing = [sum(ns(event["dur"]) for event in tracks[rank] if event["name"] == "compute") for rank in range(RANKS)]
        self.assertEqual(computing, [ROUNDS * 1_000_000, ROUNDS * 1_000_000, ROUNDS * 2_000_000])

    def test_each_track_is_monotone_in_the_file(self) -> None:
        write_events(self.folder / "run", ring(RANKS, ROUNDS))
        reached = defaultdict(float)
        for event in self.events():
            if event["ph"] == "M":
                continue
            track = event.get("tid"), event["name"] if event["ph"] == "C" else None
            self.assertGreaterEqual(event["ts"], reached[track])
            reached[track] = event["ts"]

    def test_every_message_has_an_arrow_between_slices(self) -> None:
        write_events(self.folder / "run", ring(RANKS, ROUNDS))
        events = self.events()
        tracks = slices_by_rank(events)
        starts = {event["id"]: event for event in events if event["ph"] == "s"}
        ends = {event["id"]: event for event in events if event["ph"] == "f"}
        self.assertEqual(len(starts), RANKS * ROUNDS)
        self.assertEqual(len([event for event in events if event["ph"] in "sf"]), 2 * RANKS * ROUNDS)
        self.assertEqual(starts.keys(), ends.keys())
        ends_of_receives = 0
        for key, start in starts.items():
            end = ends[key]
            self.assertEqual((start["cat"], start["name"]), (end["cat"], end["name"]))
            self.assertEqual(end["bp"], "e")
            self.assertEqual(end["tid"], (start["tid"] + 1) % RANKS)
            self.assertLessEqual(start["ts"], end["ts"])
            for side in (start, end):
                self.assertIsNotNone(enclosing(tracks[side["tid"]], ns(side["ts"])), side)
            ends_of_receives += enclosing(tracks[end["tid"]], ns(end["ts"]))["name"] == "receive"
        # All but those of rank 2, which computes for longer, end a receive.
        self.assertEqual(ends_of_receives, (RANKS - 1) * ROUNDS)

    def test_a_message_on_its_way_has_no_arrow(self) -> None:
        ranks = ring(2, 1)
        ranks[0].insert(-1, Event("send_started", ranks[0][-1].begin_s, peer=1, sequence=1, bytes=7))
        write_events(self.folder / "run", ranks)
        events = self.events()
        self.assertEqual(len([event for event in events if event["ph"] in "sf"]), 4)
        flying = [event["args"]["bytes in flight"] for event in events if event["name"] == "bytes in flight"]
        self.assertEqual(flying[-1], 7)

    def test_counters(self) -> None:
        write_events(self.folder / "run", ring(RANKS, ROUNDS, SIZE))
        counters = defaultdict(list)
        for event in self.events():
            if event["ph"] == "C":
                counters[event["name"]].append((event["ts"], event["args"][event["name"]]))
        flying = [value for _, value in counters["bytes in flight"]]
        self.assertEqual((min(flying), max(flying), flying[-1]), (0, (RANKS - 1) * SIZE, 0))
        self.assertEqual(len(counters["staleness"]), RANKS * ROUNDS)
        self.assertEqual({value for _, value in counters["staleness"]}, set(range(RANKS)))
        history = json.loads((self.folder / "run/result.json").read_text())["history"]
        self.assertGreater(len(history), 1)
        self.assertEqual([value for _, value in counters["test loss"]], [row["test_loss"] for row in history])
        for (at_us, _), row in zip(counters["test loss"], history):
            self.assertAlmostEqual(at_us, row["elapsed_s"] * 1e6, places=3)

    def test_the_shortest_times(self) -> None:
        """Below a nanosecond, and none at all: nothing is lost but slices, and nothing overlaps."""
        write_events(self.folder / "run", [
            [Event("compute", 0, 1e-10), Event("send_started", 1e-10, peer=1, bytes=4), Event("end", 1e-10)],
            [Event("receive_started", 0, peer=0), Event("arrived", 1e-10, peer=0, bytes=4), Event("end", 1e-10)]])
        events = self.events()
        tracks = slices_by_rank(events)
        for side in (event for event in events if event["ph"] in "sf"):
            self.assertIsNotNone(enclosing(tracks[side["tid"]], ns(side["ts"])))

    def test_file(self) -> None:
        write_events(self.folder / "run", ring(RANKS, ROUNDS))
        printed = self.trace()
        self.assertEqual(self.trace("--out", "trace.json"), "")
        self.assertEqual((self.folder / "trace.json").read_text(), printed)


class SpanTable(TraceTest):
    def test_rows(self) -> None:
        write_events(self.folder / "run", ring(RANKS, ROUNDS, SIZE), start_s=0.0)
        reader = csv.DictReader(io.StringIO(self.trace("--format", "csv")))
        self.assertEqual(reader.fieldnames, COLUMNS)
        rows = list(reader)
        total = defaultdict(float)
        filled = defaultdict(set)
        for row in rows:
            total[row["rank"], row["kind"]] += float(row["end_s"]) - float(row["begin_s"])
            filled[row["kind"]] |= {column for column in COLUMNS if row[column]}
        always = {"rank", "begin_s", "end_s", "kind", "round"}
        self.assertEqual(filled, {"compute": always | {"phase"}, "wait": always | {"peer"},
                                  "receive": always | {"peer", "bytes"},
                                  "apply": always | {"peer", "version", "staleness"}, "evaluate": always})
        self.assertAlmostEqual(total["0", "compute"], ROUNDS * 0.001, places=12)
        self.assertAlmostEqual(total["2", "compute"], ROUNDS * 0.002, places=12)
        # Rank 0 waits for rank 2, which computes longer: until it sends the time is waiting, then transfer.
        self.assertAlmostEqual(total["0", "receive"], ROUNDS * 0.00025, places=12)
        self.assertGreater(total["0", "wait"], 0)


class Refusals(TraceTest):
    def test_no_events(self) -> None:
        self.assert_refused([FRONT, "trace", "run"], "run/events", "--events full")

    def test_no_run(self) -> None:
        self.assert_refused([FRONT, "trace", "nowhere"], "nowhere", "no folder")
        self.assert_refused([FRONT, "trace"], "the run's folder is missing")
        self.assert_refused([FRONT, "trace", "run", "other"], "given 'run other'; allowed: one")

    def test_options(self) -> None:
        write_events(self.folder / "run", ring(2, 1))
        self.assert_refused([FRONT, "trace", "run", "--format", "crome"], "--format: given 'crome'; allowed: chrome, csv",
                            "did you mean chrome")
        self.assert_refused([FRONT, "trace", "run", "--ouf", "x"], "--ouf: unknown option; did you mean --out")
        self.assert_refused([FRONT, "trace", "run", "--out"], "--out: the value is missing")
        self.assert_refused([FRONT, "trace", "run", "--out", "a", "--out=b"], "given twice")
        self.assert_refused([FRONT, "trace", "run", "--partial=no"], "--partial: takes no value")

    def test_a_run_that_was_cut_off(self) -> None:
        write_events(self.folder / "run", ring(2, 3))
        file = self.folder / "run/events/rank-1.events"
        file.write_bytes(file.read_bytes()[:-100])
        self.assert_refused([FRONT, "trace", "run"], "rank-1.events: it ends before its run did", "usable: result.json",
                            "--partial")
        done = self.run_here([FRONT, "trace", "run", "--partial"])
        self.assertEqual(done.status, 0)
        self.assertIn("rank-1.events", done.errors)
        self.assertTrue(slices_by_rank(json.loads(done.output)["traceEvents"])[1])

    def test_two_runs_in_one_file(self) -> None:
        once = ring(2, 3)
        write_events(self.folder / "run", [once[0], once[1] + once[1]])
        for command in ("trace", "show"):
            self.assert_refused([FRONT, command, "run"], rf"run/events/rank-1.events: record {len(once[1])} comes after the end of its rank: two runs")
        done = self.run_here([FRONT, "trace", "run", "--partial"])
        self.assertEqual(done.status, 0)
        self.assertIn(f"two runs have written to the file; {len(once[1])} events are shown", done.errors)

    def test_disk(self) -> None:
        write_events(self.folder / "run", ring(2, 1))
        done = self.run_here([FRONT, "trace", "run", "--out", "no/such/folder.json"])
        self.assertEqual((done.status, done.output), (3, ""))
        self.assertIn("no/such/folder.json: cannot write", done.errors)


if __name__ == "__main__":
    unittest.main()
