"""What runs leave: JSON, CSV, files, progress; that simulations repeat; that divergence is a result."""

import csv
import io
import json
import subprocess
import sys
import unittest
from datetime import datetime

sys.dont_write_bytecode = True
from programs import FRONT, SECONDS, SMALL, WORLDS, ProgramTest, environment, needs_sim, result_of, run  # noqa: E402

METHODS = {
    "serial": [],
    "sync-average": ["--workers", "3"],
    "in-turn": ["--workers", "3"],
    "by-arrival": ["--workers", "2"],
}
SUMMARY = {"method", "workers", "test_loss", "test_accuracy", "elapsed_s", "compute_s", "wait_s", "transfer_s", "messages",
           "bytes", "cpu_percent", "memory_bytes", "outcome", "parameters_digest"}
PROVENANCE = {"world", "backend", "lockstep_version", "git_revision", "compiler", "instruction_set", "products", "launcher", "data_description",
              "host", "platform", "started_utc", "wall_s", "calibrated",
              "calibration_host", "calibration_age_days", "calibration_changes"}
DIVERGING = ["--lr", "1e38", "--hidden", "30", "--activation", "relu"]


def runs():
    """Every method in every world: name of the world, method, its command line."""
    for world in WORLDS:
        for method, words in METHODS.items():
            yield world, method, [FRONT, world, *SMALL, "--method", method, *words]


class Json(ProgramTest):
    def test_fields(self) -> None:
        for world, method, words in runs():
            with self.subTest(world=world, method=method):
                self.check(result_of(words), world, method)

    def check(self, result: dict, world: str, method: str) -> None:
        hangs_on_timing = world == "sim" and method == "by-arrival"
        self.assertEqual(list(result), ["format", "config", "provenance", "summary", "workers", "history", "staleness",
                                        *(["time_range"] if hangs_on_timing else []), *(["expected_error"] if world == "sim" else [])])
        summary, provenance = result["summary"], result["provenance"]
        self.assertLessEqual(SUMMARY, set(summary))
        self.assertLessEqual(PROVENANCE, set(provenance))
        self.assertEqual(provenance["world"], {"sim": "simulated", "real": "real"}[world])
        datetime.strptime(provenance["started_utc"], "%Y-%m-%dT%H:%M:%SZ")
        self.assertEqual((summary["method"], summary["outcome"]), (method, "finished"))
        self.assertRegex(summary["parameters_digest"], "^[0-9a-f]{32}$")
        self.assertEqual(summary["cpu_and_memory"], {"sim": "predicted", "real": "measured"}[world])
        for key in ("elapsed_s", "compute_s", "cpu_percent", "memory_bytes", "samples_per_s"):
            self.assertGreater(summary[key], 0, key)

    def test_parts_agree(self) -> None:
        for world, method, words in runs():
            with self.subTest(world=world, method=method):
                self.check_parts(result_of(words))

    def check_parts(self, result: dict) -> None:
        summary, workers = result["summary"], result["workers"]
        computing = [worker for worker in workers if not worker["is_server"]]
        self.assertEqual(len(computing), summary["workers"])
        self.assertEqual(summary["elapsed_s"], max(worker["elapsed_s"] for worker in workers))
        self.assertEqual(summary["messages"], sum(worker["messages_sent"] for worker in workers))
        self.assertEqual(summary["bytes"], sum(worker["bytes_sent"] for worker in workers))
        self.assertEqual(summary["updates"], sum(worker["updates"] for worker in workers))
        self.assertEqual(summary["updates"], sum(result["staleness"].values()))
        self.assertEqual(sum(worker["samples"] for worker in computing), 2 * 600)
        for worker in workers:
            parts = sum(worker[part] for part in ("compute_s", "wait_s", "transfer_s", "other_s"))
            self.assertAlmostEqual(parts, worker["elapsed_s"], delta=1e-9)
        self.assertEqual([row["epoch"] for row in result["history"]], [0, 1, 2])
        last = result["history"][-1]
        self.assertEqual((last["test_loss"], last["test_accuracy"]), (summary["test_loss"], summary["test_accuracy"]))

    def test_config_holds_what_was_given(self) -> None:
        self.write("a.ini", "batch = 20\nhidden = 5\nworkers = 2\n")
        for world in WORLDS:
            words = [FRONT, world, self.folder / "a.ini", *SMALL, "--method", "in-turn", "--hidden=6,7", "--seed", "9"]
            config = result_of(words)["config"]
            with self.subTest(world=world):
                self.assertEqual([config[key] for key in ("batch", "hidden", "workers", "method", "seed", "lr")],
                                 ["20", "6,7", "2", "in-turn", "9", "1"])

    def test_config_repeats_the_run(self) -> None:
        first = result_of([FRONT, WORLDS[0], *SMALL, "--method", "in-turn", "--workers", "2", "--lr", "0.3"])
        defaults = result_of([FRONT, WORLDS[0], *SMALL])["config"]
        keep = {key: value for key, value in first["config"].items() if value != defaults[key]}
        keep |= {key: first["config"][key] for key in ("train-samples", "test-samples", "epochs")}
        keep.pop("format", None)
        second = result_of([FRONT, WORLDS[0], *(f"--{key}={value}" for key, value in keep.items())])
        self.assertEqual(second["summary"]["parameters_digest"], first["summary"]["parameters_digest"])


@needs_sim
class Repetition(ProgramTest):
    def test_same_bytes(self) -> None:
        for method, words in METHODS.items():
            with self.subTest(method=method):
                texts = []
                for _ in range(2):
                    result = result_of([FRONT, "sim", *SMALL, "--method", method, *words, "--hidden", "8"])
                    del result["provenance"]
                    texts.append(json.dumps(result))
                self.assertEqual(texts[0], texts[1])

    def test_threads_change_nothing(self) -> None:
        results = []
        for threads in (1, 2, 5):
            result = result_of([FRONT, "sim", *SMALL, "--method", "sync-average", "--workers", 4, "--threads", threads])
            del result["provenance"], result["config"]["threads"]
            results.append(result)
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])

    def test_seed_changes_the_result(self) -> None:
        digests = {result_of([FRONT, "sim", *SMALL, "--seed", seed])["summary"]["parameters_digest"] for seed in (1, 2)}
        self.assertEqual(len(digests), 2)


class Files(ProgramTest):
    def test_written_files_agree_with_stdout(self) -> None:
        for world in WORLDS:
            words = [FRONT, world, *SMALL, "--method", "in-turn", "--workers", "2", "--out", f"deep/{world}"]
            done = self.run_here([*words, "--format", "json"])
            self.assertEqual((done.status, done.errors), (0, ""))
            written = self.folder / "deep" / world
            with self.subTest(world=world):
                self.assertEqual(sorted(path.name for path in written.iterdir()),
                                 ["history.csv", "result.json", "updates.csv"])
                self.assertEqual((written / "result.json").read_text(), done.output)
                self.check_csv(json.loads(done.output), written)

    def check_csv(self, result: dict, written) -> None:
        with open(written / "history.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([float(row["test_loss"]) for row in rows], [row["test_loss"] for row in result["history"]])
        with open(written / "updates.csv", newline="", encoding="utf-8") as file:
            updates = list(csv.DictReader(file))
        staleness: dict[str, int] = {}
        for update in updates:
            staleness[update["staleness"]] = staleness.get(update["staleness"], 0) + 1
        self.assertEqual(staleness, result["staleness"])

    def test_later_runs_replace_earlier_ones(self) -> None:
        words = [FRONT, WORLDS[0], *SMALL, "--out", "results", "--format", "json"]
        self.run_here([*words, "--seed", 1])
        second = self.run_here([*words, "--seed", 2])
        self.assertEqual((self.folder / "results/result.json").read_text(), second.output)
        self.assertEqual(len(self.files()), 4)

    def test_csv(self) -> None:
        for world in WORLDS:
            done = run([FRONT, world, *SMALL, "--format", "csv"])
            [row] = csv.DictReader(io.StringIO(done.output))
            with self.subTest(world=world):
                self.assertEqual((row["method"], row["workers"], row["outcome"]), ("serial", "1", "finished"))


class Streams(ProgramTest):
    def test_quiet_without_a_terminal(self) -> None:
        for world in WORLDS:
            for words in ([], ["--progress", "never"], ["--progress", "auto"]):
                with self.subTest(world=world, words=words):
                    self.assertEqual(run([FRONT, world, *SMALL, *words]).errors, "")

    def test_progress(self) -> None:
        """Of a run without end, which is stopped as soon as a whole line of progress has come."""
        endless = ["--train-samples", "600", "--test-samples", "10", "--epochs", "1000000", "--progress", "always"]
        for world in WORLDS:
            process = subprocess.Popen([FRONT, world, *endless], env=environment(), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.addCleanup(lambda process=process: process.poll() is None and process.kill())
            errors = b""
            while b"left" not in errors and (part := process.stderr.read1()):
                errors += part
            process.terminate()
            output, _ = process.communicate(timeout=SECONDS)
            with self.subTest(world=world):
                self.assertRegex(errors.decode(), r"epoch \d+/1000000, loss \S+, \S+ samples/s, .* left")
                self.assertEqual(output, b"")


class Divergence(ProgramTest):
    def test_a_loss_that_is_no_number_is_a_result(self) -> None:
        for world, method, words in runs():
            result = result_of([*words, *DIVERGING, "--out", self.folder / world])
            with self.subTest(world=world, method=method):
                self.assertEqual((result["summary"]["outcome"], result["summary"]["test_loss"]), ("diverged", None))
        for world in WORLDS:
            done = run([FRONT, world, *SMALL, *DIVERGING])
            self.assertEqual(done.status, 0)
            self.assertRegex(done.output, "outcome +diverged")


@needs_sim
class Failures(ProgramTest):
    def test_host_that_goes_off_while_messages_are_queued(self) -> None:
        """In the middle of the buckets of a step; a standstill is a result."""
        words = [FRONT, "sim", "--method", "allreduce", "--collective", "ring", "--workers", 2, "--hidden", 64, "--buckets", 4, "--eager-limit", "64KiB",
                 "--bandwidth", "38Mbps", "--train-samples", 400, "--test-samples", 50, "--epochs", 1]
        for moment_ms in (20, 45, 60, 85):
            with self.subTest(moment_ms=moment_ms):
                summary = result_of([*words, "--failure", f"worker=1,at={moment_ms}ms"])["summary"]
                self.assertEqual(summary["outcome"], "stalled")
                self.assertAlmostEqual(summary["elapsed_s"], moment_ms / 1000, delta=0.03)


if __name__ == "__main__":
    unittest.main()
