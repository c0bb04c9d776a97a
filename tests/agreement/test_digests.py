"""Simulated and real runs end with bit-for-bit equal parameters; one worker is serial SGD; several are one large batch."""

import itertools
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from fingerprints import fingerprint  # noqa: E402
from programs import FRONT, SMALL, WORLDS, needs_real, needs_sim, result_of  # noqa: E402

COLLECTIVES = ["tree", "ring", "recursive-doubling", "rabenseifner", "flat"]
UPDATES = [["--update", "delta"], ["--update", "replace"], ["--update", "mix", "--beta", "0.3"]]
GROUPED = [
    ["--method", "allreduce"],
    ["--method", "allreduce", "--optimiser", "momentum", "--lr", "0.1"],
    ["--method", "allreduce", "--optimiser", "nesterov", "--lr", "0.1"],
    ["--method", "local-sgd", "--period", "3"],
    ["--method", "local-sgd", "--period", "epoch", "--optimiser", "nesterov", "--lr", "0.1"],
    ["--method", "local-sgd", "--period", "once"],
    ["--method", "post-local-sgd", "--period", "3"],
    ["--method", "diloco", "--period", "3"],
    ["--method", "hierarchical", "--groups", "2", "--group-period", "2", "--period", "4"],
    ["--method", "easgd", "--period", "3"],
    ["--method", "allreduce", "--collective", "ring", "--buckets", "3", "--hidden", "10"],
    ["--method", "easgd", "--period", "3", "--optimiser", "nesterov", "--lr", "0.1"],
]
COMPRESSED = [
    *(["--compression", half, "--collective", collective] for half, collective in
      [("fp16", "ring"), ("bf16", "recursive-doubling"), ("bf16", "rabenseifner")]),
    ["--compression", "top-k", "--top-k", "0.05"],
    ["--compression", "top-k", "--optimiser", "nesterov", "--lr", "0.1"],
    ["--compression", "qsgd"],
    ["--compression", "sign", "--lr", "0.002"],
    ["--compression", "power-sgd", "--hidden", "10", "--collective", "ring"],
]
METHODS_OF_ONE_LARGE_BATCH = [["sync-average"], ["allreduce"], ["local-sgd", "--period", "1"]]
SERVERS = ["none", "dedicated"]
ORDERS = [["--gossip-order", order] for order in ("combine-then-adapt", "adapt-then-combine")]
WORKERS = [1, 2, 3, 4]


def result(world: str, *words: object) -> dict:
    return result_of([FRONT, world, *SMALL, *words])


@needs_sim
@needs_real
class BetweenWorlds(unittest.TestCase):
    def assert_equal_parameters(self, *words: object) -> None:
        with self.subTest(words=words):
            self.assertEqual(fingerprint(result("sim", *words)), fingerprint(result("real", *words)))

    def test_serial(self) -> None:
        self.assert_equal_parameters()
        self.assert_equal_parameters("--hidden", "30", "--batch", "all", "--partition", "replicate")

    def test_sync_average(self) -> None:
        for collective, workers in itertools.product(COLLECTIVES, WORKERS):
            self.assert_equal_parameters("--method", "sync-average", "--collective", collective, "--workers", workers)

    def test_allreduce_and_local_steps(self) -> None:
        for words, workers in itertools.product(GROUPED, WORKERS):
            if "--groups" in words and workers % 2:
                continue
            self.assert_equal_parameters(*words, "--workers", workers)

    def test_compression(self) -> None:
        for words in COMPRESSED:
            self.assert_equal_parameters("--method", "allreduce", *words, "--workers", 3)

    def test_in_turn(self) -> None:
        for update, server, workers in itertools.product(UPDATES, SERVERS, WORKERS):
            self.assert_equal_parameters("--method", "in-turn", *update, "--server", server, "--workers", workers)

    def test_bounded_staleness_in_lockstep(self) -> None:
        slow = ["--speeds", "1Gf,5Gf,2Gf", "--latency", "10us"]
        words = ["--method", "bounded-staleness", "--staleness-bound", "0", "--workers", 3, "--lr", "0.1", "--hidden", "10"]
        one_server = fingerprint(result("sim", *words))
        for servers in (1, 2, 3):
            with self.subTest(servers=servers):
                self.assert_equal_parameters(*words, "--servers", servers)
                self.assertEqual(fingerprint(result("sim", *words, *slow, "--servers", servers)), one_server)

    def test_gossip(self) -> None:
        for order, workers in itertools.product(ORDERS, WORKERS):
            self.assert_equal_parameters("--method", "gossip", *order, "--workers", workers)
        for graph in ("hypercube", "complete", "exponential"):
            self.assert_equal_parameters("--method", "gossip", "--graph", graph, "--workers", 4, "--optimiser", "momentum",
                                         "--lr", "0.1")

    def test_hidden_layers_and_replicated_data(self) -> None:
        for method in ("sync-average", "in-turn"):
            self.assert_equal_parameters("--method", method, "--workers", 3, "--hidden", "17,5", "--activation", "tanh",
                                         "--partition", "replicate", "--batch", 70)

    def test_the_simulated_platform_changes_no_parameters(self) -> None:
        slow = ["--latency", "10ms", "--speeds", "1Gf,5Gf,2Gf"]
        for method in ("sync-average", "in-turn"):
            words = ["--method", method, "--workers", 3]
            with self.subTest(method=method):
                self.assertEqual(fingerprint(result("sim", *words)), fingerprint(result("sim", *words, *slow)))


class OneWorker(unittest.TestCase):
    """Every method and rule that reduces to serial SGD does so to the bit."""

    METHODS = [
        *(["--method", "sync-average", "--collective", collective] for collective in COLLECTIVES + ["library"]),
        ["--method", "allreduce"],
        ["--method", "local-sgd", "--period", "3"],
        ["--method", "post-local-sgd", "--period", "3"],
        ["--method", "hierarchical", "--groups", "1", "--period", "3"],
        *(["--method", "in-turn", *update, "--server", server] for server in SERVERS
          for update in (["--update", "delta"], ["--update", "replace"], ["--update", "mix", "--beta", "1"])),
        *(["--method", "by-arrival", *update]
          for update in (["--update", "delta"], ["--update", "replace"], ["--update", "mix", "--beta", "1"])),
        *(["--method", "gossip", *order] for order in ORDERS),
        ["--method", "ad-psgd"],
    ]

    def test_is_serial(self) -> None:
        for world in WORLDS:
            serial = fingerprint(result(world, "--hidden", "10"))
            for words in self.METHODS:
                with self.subTest(world=world, words=words):
                    self.assertEqual(fingerprint(result(world, "--hidden", "10", *words)), serial)

    def test_is_serial_with_every_optimiser(self) -> None:
        for world, optimiser in itertools.product(WORLDS, ["momentum", "nesterov"]):
            words = ["--optimiser", optimiser, "--lr", "0.1"]
            serial = fingerprint(result(world, *words))
            for method in (["allreduce"], ["local-sgd", "--period", "3"], ["post-local-sgd"]):
                with self.subTest(world=world, optimiser=optimiser, method=method):
                    self.assertEqual(fingerprint(result(world, *words, "--method", *method)), serial)

    def test_a_mix_that_keeps_the_old_is_not(self) -> None:
        words = ["--method", "in-turn", "--update", "mix", "--beta", "0.5"]
        self.assertNotEqual(fingerprint(result(WORLDS[0], *words)), fingerprint(result(WORLDS[0])))


class LargeBatch(unittest.TestCase):
    """One step each from equal parameters, averaged, is one step on the mean gradient: c workers with batches of b are
    one worker with batches of c b on the same samples, to rounding."""

    def test_workers_share_a_batch(self) -> None:
        for world, (workers, batch) in itertools.product(WORLDS, [(2, 50), (3, 100), (4, 25)]):
            words = ["--hidden", "10", "--lr", "0.5"]
            alone = result(world, *words, "--batch", workers * batch)
            for method in METHODS_OF_ONE_LARGE_BATCH:
                shared = result(world, *words, "--method", *method, "--workers", workers, "--batch", batch)
                for found, expected in zip(shared["history"], alone["history"], strict=True):
                    with self.subTest(world=world, workers=workers, method=method, epoch=found["epoch"]):
                        self.assertAlmostEqual(found["test_loss"], expected["test_loss"], delta=1e-4)
                        self.assertAlmostEqual(found["train_loss"], expected["train_loss"], delta=1e-4)


if __name__ == "__main__":
    unittest.main()
