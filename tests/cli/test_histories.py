"""Rows of a history are of one moment each, in order, with losses of steps that were taken: also where steps are not
applied, not applied yet, or applied in parts."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from event_files import KINDS, RECORD  # noqa: E402
from methods import METHODS, WITH_SERVERS, words_of  # noqa: E402
from programs import SIM, needs_sim, result_of  # noqa: E402

SMALL = ["--train-samples", 2000, "--test-samples", 200, "--hidden", 8]


def rows_by_source(result: dict) -> dict:
    rows: dict = {}
    for row in result["history"]:
        rows.setdefault(row["worker"], []).append(row)
    return rows


class HistoryTest(unittest.TestCase):
    def check(self, outcome: str, *words: object) -> dict:
        result = result_of([SIM, *SMALL, *words])
        with self.subTest(words=words):
            self.assertEqual(result["summary"]["outcome"], outcome)
            for source, rows in rows_by_source(result).items():
                for before, row in zip(rows, rows[1:]):
                    with self.subTest(worker=source, epoch=row["epoch"]):
                        for field in ("epoch", "elapsed_s", "updates", "samples"):
                            self.assertGreater(row[field], before[field], field)
                        self.assertGreater(row["train_loss"], 0.01)
                        self.assertLess(row["train_loss"], 4)
            shared = rows_by_source(result)[None]
            self.assertEqual(result["summary"]["test_loss"], shared[-1]["test_loss"])
        return result


@needs_sim
class Histories(HistoryTest):
    def test_several_servers_and_long_pushes(self) -> None:
        self.check("finished", "--method", "by-arrival", "--servers", 2, "--workers", 2, "--push-every", 10, "--pull-every",
                   10, "--evaluations", 5, "--epochs", 2)
        self.check("finished", "--method", "easgd", "--server", "dedicated", "--servers", 2, "--workers", 2, "--period",
                   "once", "--epochs", 3)

    def test_dropped_gradients(self) -> None:
        result = self.check("finished", "--method", "backup-workers", "--workers", 4, "--backup", 1, "--straggler",
                            "worker=2,factor=10", "--evaluate", "workers", "--evaluations", 5, "--epochs", 20)
        slow = rows_by_source(result)[2]
        self.assertEqual(slow[-1]["samples"], 100 * slow[-1]["updates"])

    def test_a_worker_that_stops_between_pushes(self) -> None:
        self.check("finished", "--method", "by-arrival", "--push-every", 20, "--pull-every", 40, "--workers", 2, "--epochs",
                   20, "--evaluations", 5, "--evaluate", "workers", "--failure", "worker=1,at=60ms")

    def test_a_round_that_never_ends(self) -> None:
        result = self.check("stalled", "--method", "backup-workers", "--workers", 4, "--backup", 1, "--epochs", 6,
                            "--failure", "worker=1,at=20ms", "--failure", "worker=2,at=45ms")
        last = result["history"][-1]
        self.assertEqual(last["updates"], result["summary"]["updates"])
        self.assertAlmostEqual(last["epoch"] * 5 * 4, last["updates"], delta=1e-9)  # gradients of 4 workers, 5 an epoch

    def test_a_workers_losses_are_its_own(self) -> None:
        """Workers who only meet at the end have batches of equal size: the shared loss is the mean of theirs."""
        rows = rows_by_source(self.check("finished", "--method", "local-sgd", "--period", "once", "--workers", 2, "--epochs", 3,
                                         "--evaluate", "workers"))
        for shared, *own in zip(rows[None][1:], rows[0], rows[1], strict=True):
            self.assertAlmostEqual(shared["train_loss"], sum(row["train_loss"] for row in own) / 2, delta=1e-9)
            self.assertNotEqual(own[0]["train_loss"], own[1]["train_loss"])

    def test_shares_of_a_mean(self) -> None:
        for method in (["local-sgd", "--period", 7], ["gossip"], ["ad-psgd"], ["diloco", "--period", "epoch"],
                       ["hierarchical", "--groups", 2, "--period", 6, "--group-period", 3]):
            self.check("finished", "--method", *method, "--workers", 4, "--epochs", 3, "--evaluations", 5)


def starts(folder: Path, ranks: int) -> set[tuple[float, float]]:
    """When each rank's timed part and its first step began, in seconds since the engine's start."""
    began = set()
    for rank in range(ranks):
        line, records = (folder / f"events/rank-{rank}.events").read_bytes().split(b"\n", 1)
        start = float(dict(word.split(b"=") for word in line.split()[1:])[b"start_s"])
        events = RECORD.iter_unpack(records[:len(records) // RECORD.size * RECORD.size])
        began.add((start, next(begin for begin, _, kind, *_ in events if KINDS[kind] == "compute")))
    return began


@needs_sim
class FarWorkers(HistoryTest):
    """Set-up reaches some ranks long before others; the clock starts for all at one moment."""

    FAR = ["--latencies", "200ms,1ms,1ms,1ms"]
    NETWORKS = {
        "star": FAR, "shared": [*FAR, "--eager-limit", "1MB"], "two-clusters": [*FAR, "--message-overhead", "10us"],
        "torus": ["--latency", "50ms", "--jitter", "lognormal:1"], "fat-tree": ["--latency", "50ms", "--eager-limit", "1MB"],
        "dragonfly": ["--latency", "50ms", "--message-overhead", "10us"],
    }

    def test_rows_of_every_method_are_in_order(self) -> None:
        for method in METHODS:
            if method == "serial":
                continue
            for topology, words in self.NETWORKS.items():
                self.check("finished", *words_of(method), "--topology", topology, *words, "--epochs", 2, "--evaluations", 4)
        for method in WITH_SERVERS:
            self.check("finished", *words_of(method), "--server", "dedicated", "--servers", 2, *self.FAR, "--epochs", 2,
                       "--evaluations", 4)

    def test_nobody_computes_before_the_others_start(self) -> None:
        for method in METHODS:
            for topology, words in self.NETWORKS.items():
                if method == "serial" or "--message-overhead" in words:  # which may come before the first step
                    continue
                with self.subTest(method=method, topology=topology), tempfile.TemporaryDirectory() as folder:
                    result_of([SIM, *SMALL, *words_of(method), "--topology", topology, *words, "--epochs", 1, "--events", "full",
                               "--out", folder])
                    self.assertEqual(len(starts(Path(folder), 4)), 1)

    def test_a_far_worker_that_stops_keeps_nobody_waiting(self) -> None:
        result = self.check("finished", "--method", "by-arrival", "--workers", 4, "--latencies", "1ms,200ms,1ms,1ms",
                            "--failure", "worker=1,at=10ms")
        self.assertLess(result["workers"][1]["steps"], result["workers"][0]["steps"] / 5)


if __name__ == "__main__":
    unittest.main()
