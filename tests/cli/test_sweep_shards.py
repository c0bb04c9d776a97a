"""`lockstep sweep --shard` and `--merge`: parts made apart leave the bytes of the whole; what is no part is refused."""

import fcntl
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT  # noqa: E402
from sweeps import PAIRS, TEN, TINY, SweepTest, contents, table  # noqa: E402


class Shards(SweepTest):
    # Some points share a run, some are refused by their check, and one shape is one that the simulator itself refuses.
    words = [*TINY, *PAIRS, "--sweep", "latency=10us,1ms", "--sweep", "topology=star,torus", "--sweep", "topology-shape=2x2|1x1",
             "--replicates", "2"]

    def shards(self, count: int, words: list[str]) -> None:
        for number in range(1, count + 1):
            done = self.run_here([FRONT, "sweep", *words, "--shard", f"{number}/{count}", "--out", f"shards/{number}"])
            failed = any(row["failed"] != "0" for row in self.points(f"shards/{number}"))
            self.assertEqual(done.status, 3 if failed else 0, done.errors)

    def refused(self, words: list[str], *messages: str) -> None:
        self.assert_refused([FRONT, "sweep", *words, "--out", "refused"], *messages)
        self.assertFalse((self.folder / "refused").exists())

    def test_parts_make_the_whole(self) -> None:
        self.sweep(*self.words, "--out", "whole", status=3)
        expected = contents(self.folder / "whole")
        self.shards(5, self.words)
        parts = [table(self.folder / f"shards/{number}/summary.csv") for number in range(1, 6)]
        self.assertEqual(sorted(int(row["point"]) for part in parts for row in part), list(range(1, 25)))
        self.assertEqual({len(part) for part in parts}, {4, 5})
        merged = self.sweep(*self.words, "--merge", "shards/*", "--out", "merged", status=3)
        self.assertEqual(contents(self.folder / "merged"), expected)
        self.assertEqual(merged.output.replace("merged/", "whole/"), self.sweep(*self.words, "--out", "whole", status=3).output)
        self.assertEqual(merged.errors.count("lockstep: point "), sum(row["failed"] == "2" for row in self.points("merged")))
        # From folders that overlap.
        self.sweep(*self.words, "--merge", "merged,shards/2", "--out", "again", status=3)
        self.assertEqual(contents(self.folder / "again"), expected)
        for out in ("shards", "shards/2"):
            self.assert_refused([FRONT, "sweep", *self.words, "--merge", "shards/*", "--out", out],
                                f"--out: given '{out}'; allowed: another folder than those that are merged")
        self.assertFalse((self.folder / "shards/runs").exists())

    def test_each_shard_has_all_values_of_each_axis(self) -> None:
        words = [*TEN[:-6], "--sweep", "workers=1..4", "--sweep", "latency=1us,2us,3us,4us"]
        self.shards(4, words)
        for number in range(1, 5):
            points = self.points(f"shards/{number}")
            for key in ("workers", "latency"):
                self.assertEqual(len({row[key] for row in points}), 4, points)

    def test_events_come_along(self) -> None:
        words = [*TINY, "--method", "in-turn", "--sweep", "workers=1,2"]
        self.shards(2, [*words, "--events", "full"])
        self.sweep(*words, "--events", "full", "--merge", "shards/1,shards/2", "--out", "merged")
        def runs(*folders: str) -> dict[str, bytes]:
            return {name: content for folder in folders for name, content in contents(self.folder / folder).items() if name.startswith("runs/")}
        self.assertEqual(runs("merged"), runs("shards/1", "shards/2"))
        self.assertEqual(sum(name.endswith(".events") for name in runs("merged")), 3)
        self.sweep(*words, "--merge", "shards/*", "--out", "without")
        self.sweep(*words, "--out", "whole")
        self.assertEqual(contents(self.folder / "without"), contents(self.folder / "whole"))

    def test_failures_are_bound_to_their_runs(self) -> None:
        """workers=9 has no hosts."""
        words = [*TINY, "--method", "in-turn", "--topology", "torus", "--topology-shape", "2x2", "--sweep", "workers=2,9"]
        self.shards(2, words)
        self.refused([*words, "--merge", "shards/1"], "--merge: 1 of 2 rows are in none of the folders")
        self.refused([*words, "--merge", "shards/*", "--lr", "2"], "none of this sweep's")
        self.refused([*words, "--merge", "shards/2,shards/1", "--lr", "2"], "shards/2: its point 2 is none of this sweep's")
        self.refused([*TINY, "--workers", "2", "--sweep", "method=in-turn,serial", "--shard", "2/2", "--estimate"],
                     "no run of the sweep can be made; the first: --workers")
        # A run that has been made since is no failure any more.
        table = self.folder / "shards/1/sweep.csv"
        [header, row] = table.read_text().splitlines()
        table.write_text(f"{header}\n{row}killed\n")
        self.sweep(*words, "--merge", "shards/*", "--out", "merged", status=3)
        self.assertEqual([row["failed"] for row in self.points("merged")], ["0", "1"])

    def test_what_does_not_fit_is_refused(self) -> None:
        words = [*TINY, "--method", "in-turn", "--sweep", "workers=1..3"]
        self.shards(3, words)
        self.refused([*words, "--merge", "shards/1,shards/3"], "--merge: 1 of 3 rows are in none of the folders", "(2)")
        self.refused([*words, "--merge", "shards/*", "--lr", "2"], "shards/1: its point 1 is none of this sweep's: other options")
        self.refused([*words, "--merge", "shards/*", "--events", "full"], "shards/1: the result with events of point 1 is not in it")
        self.refused([*words[:-1], "workers=1,4,3", "--merge", "shards/*"], "shards/2: it is of another sweep: its point 2 has '2'")
        self.refused([*words[:-1], "workers=1,2", "--merge", "shards/*"], "shards/3: it is of another sweep: this one has no point 3")
        self.refused([*words, "--sweep", "lr=1", "--merge", "shards/*"], "shards/1: it is of a sweep of other keys")
        self.refused([*words, "--merge", "nowhere/*"], r"--merge: given 'nowhere/\*'", r"no folder fits nowhere/\*")
        self.refused([*words, "--merge", "shards/1,shards/1"], "--merge: given 'shards/1,shards/1'", "each folder once")
        self.refused([*words, "--merge", "shards"], "shards", "it holds no run")
        self.refused([*words, "--merge", "shards/*", "--shard", "1/3"], "--shard: no run is made with --merge")
        self.write("shard.ini", "shard = 1/3\n")
        self.refused(["shard.ini", *words, "--merge", "shards/*"], "--shard: no run is made with --merge")
        self.refused([*words, "--merge", "shards/*", "--estimate"], "--estimate: no run is made with --merge")
        for wrong in ("", "3", "0/3", "4/3", "/", "1/", "/3", "a/3", "1/3/3"):
            self.refused([*words, "--shard", wrong], f"--shard: given '{wrong}'; allowed: I/N")
        self.refused([*words, "--shard", "1/4"], "--shard: given '1/4'; allowed: at most as many shards as the sweep has points, 3")
        with open(self.folder / "shards/2/.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused([*words, "--merge", "shards/*"], "shards/2: a sweep is using it")
        (self.folder / "shards/2/sweep.csv").unlink()
        self.refused([*words, "--merge", "shards/*"], "shards/2: its sweep has not ended")

    def test_damaged_and_exchanged_results_are_refused(self) -> None:
        words = [*TINY, "--method", "in-turn", "--sweep", "workers=1,2"]
        self.shards(2, words)
        [one], [other] = ([*(self.folder / f"shards/{number}/runs").glob("*.json")] for number in (1, 2))
        shutil.copyfile(one, other)
        self.refused([*words, "--merge", "shards/*"], f"shards/2/runs/{other.name}: config.workers: given '1'; allowed: '2', as in the run of that name",
                     "give the command of shards/2 again")
        other.write_text("{")
        self.refused([*words, "--merge", "shards/*"], f"shards/2/runs/{other.name}: not a result of lockstep", "give the command of shards/2 again")
        self.sweep(*words, "--shard", "2/2", "--out", "shards/2")
        self.sweep(*words, "--merge", "shards/*", "--out", "merged")

    def test_a_folder_for_each_shard(self) -> None:
        words = [*TINY, "--method", "in-turn", "--sweep", "workers=1..3"]
        self.shards(3, words)
        before = contents(self.folder / "shards/1")
        self.assert_refused([FRONT, "sweep", *words, "--shard", "2/3", "--out", "shards/1"],
                            "--out: given 'shards/1'; allowed: a folder of the shard's own; it holds point 1, ")
        self.assertEqual(contents(self.folder / "shards/1"), before)
        self.sweep(*words, "--shard", "1/3", "--out", "shards/1")  # again
        self.assertEqual(contents(self.folder / "shards/1"), before)
        self.refused([*words, "--merge", "shards"], "shards: it holds no run: .*; there are runs in it: shards/1 shards/2 shards/3")

    def test_numbers_in_names_count(self) -> None:
        """shards/10 comes after shards/9, so that what is told first is what a person would see first."""
        words = [*TEN[:-2]]
        self.shards(10, words)
        shutil.rmtree(self.folder / "shards/9/runs")
        shutil.rmtree(self.folder / "shards/10/runs")
        self.refused([*words, "--merge", "shards/*"], "shards/9: the result of point 9 is not in it")


if __name__ == "__main__":
    unittest.main()
