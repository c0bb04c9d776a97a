"""Folders of data sets like MNIST: names, numbers of classes, sizes of images, and what follows from them."""

import json
import os
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
from idx_files import TEST, TRAIN, TRAIN_LABELS, columned_labels, images, labels, rename, write_folder  # noqa: E402
from programs import FRONT, SIM, WORLDS, ProgramTest, mpirun, needs_real, needs_sim, result_of, run  # noqa: E402

BATCH = ["--batch", "5", "--epochs", "1"]


def of_classes(first: int, classes: int) -> dict[str, bytes]:
    return {"train_labels": labels(TRAIN, first=first, classes=classes), "test_labels": labels(TEST, first=first, classes=classes)}


def trained(data: str, *words: object) -> dict:
    return result_of([SIM, "--data", data, *BATCH, *words])


@needs_sim
class Names(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.digest = trained(write_folder(self.folder / "plain"))["summary"]["parameters_digest"]

    def assert_same(self, data: str, description: str) -> None:
        result = trained(data)
        self.assertEqual(result["summary"]["parameters_digest"], self.digest)
        self.assertEqual(result["provenance"]["data_description"], f"{description} from {data.partition(':')[2]}")

    def test_all_names_are_the_same_data(self) -> None:
        for number, (name_of, name) in enumerate([
            (lambda name: name.replace("-idx", ".idx"), "MNIST"),
            (str.upper, "MNIST"),
            (lambda name: name.replace("-", "_"), "MNIST"),
            (lambda name: "emnist-digits-" + name.replace("t10k", "test"), "emnist-digits"),
        ]):
            with self.subTest(number=number):
                data = write_folder(self.folder / f"named-{number}", compressed=number % 2 == 1)
                rename(self.folder / f"named-{number}", name_of)
                self.assert_same(data, f"{name}: {TRAIN} + {TEST} images")

    def test_a_folder_that_hides_the_gzip_file(self) -> None:
        data = write_folder(self.folder / "data", compressed=True)
        (self.folder / "data/train-images-idx3-ubyte").mkdir()
        self.assert_same(data, f"MNIST: {TRAIN} + {TEST} images")

    def test_one_of_several_data_sets(self) -> None:
        for name, classes in (("emnist-letters", of_classes(1, 26)), ("emnist-digits", {})):
            write_folder(self.folder / name, **classes)
            rename(self.folder / name, lambda file, name=name: f"{name}-{file.replace('t10k', 'test')}")
            shutil.copytree(self.folder / name, self.folder / "all", dirs_exist_ok=True)
        both = f"mnist:{self.folder / 'all'}"
        self.assert_refused([FRONT, "sim", "--data", both], "emnist-digits, emnist-letters.*mnist:.*all/emnist-digits")
        self.assert_same(f"{both}/emnist-digits", f"emnist-digits: {TRAIN} + {TEST} images")
        self.assertIn("of 26 classes", trained(f"{both}/emnist-letters")["provenance"]["data_description"])

    def test_the_word_before_the_colon_in_upper_case(self) -> None:
        folder = self.folder / "plain"
        result = trained(f"MNIST:{folder}")
        self.assertEqual(result["config"]["data"], f"mnist:{folder}")
        self.assertEqual(result["summary"]["parameters_digest"], self.digest)

    def test_what_is_nearly_the_missing_file_is_named(self) -> None:
        write_folder(self.folder / "data")
        (self.folder / "data/t10k-labels-idx1-ubyte").rename(self.folder / "data/t10k-labels-idx1-ubyte.zip")
        for world in WORLDS:
            self.assert_refused([FRONT, world, "--data", f"mnist:{self.folder / 'data'}"],
                                r"data/t10k-labels-idx1-ubyte: given 'no such file, .*there is only t10k-labels-idx1-ubyte.zip'")


@needs_sim
class Classes(ProgramTest):
    def test_the_labels_tell_the_outputs(self) -> None:
        """16 inputs and no hidden layer: 17 parameters an output, whether arithmetic is done, predicted or replayed."""
        for first, classes in ((0, 2), (1, 26), (0, 10), (1, 40)):
            with self.subTest(first=first, classes=classes):
                data = write_folder(self.folder / f"{first}-{classes}", **of_classes(first, classes))
                words = ["--method", "allreduce", "--workers", 2, "--collective", "recursive-doubling"]
                steps, parameters = TRAIN // 10, 17 * classes
                for numerics in ("real", "none"):
                    summary = trained(data, *words, "--numerics", numerics)["summary"]
                    self.assertEqual(summary["bytes"], steps * 2 * 4 * parameters)
                    self.assertEqual(summary["predicted_bytes"], summary["bytes"])

    def test_labels_from_1_learn_as_from_0(self) -> None:
        data = [write_folder(self.folder / f"from-{first}", **of_classes(first, 26)) for first in (0, 1)]
        results = [trained(one) for one in data]
        self.assertEqual(*(result["summary"]["parameters_digest"] for result in results))
        self.assertIn("of 26 classes, labelled from 1, from", results[1]["provenance"]["data_description"])

    def test_labels_of_eight_columns(self) -> None:
        plain = write_folder(self.folder / "plain")
        columned = write_folder(self.folder / "columned", train_labels=columned_labels(TRAIN), test_labels=columned_labels(TEST))
        rename(self.folder / "columned", lambda name: "qmnist-" + name.replace("idx1-ubyte", "idx2-int").replace("t10k", "test"))
        self.assertEqual(*(trained(data)["summary"]["parameters_digest"] for data in (plain, columned)))

    def test_a_class_of_the_test_set_alone(self) -> None:
        data = write_folder(self.folder / "data", train_labels=labels(TRAIN, classes=3), test_labels=labels(TEST, classes=4))
        for world in WORLDS:
            self.assert_refused([FRONT, world, "--data", data], "t10k-labels-idx1-ubyte: given 'label 3, .*allowed: 0 to 2")

    def test_labels_from_5(self) -> None:
        data = write_folder(self.folder / "data", **of_classes(5, 5))
        self.assertIn("of 5 classes, labelled from 5, from", trained(data)["provenance"]["data_description"])

    def test_a_class_beyond_the_limits_counts(self) -> None:
        """The network is the same however few samples are used."""
        data = write_folder(self.folder / "data", **of_classes(0, 4))
        few = trained(data, "--train-samples", 5, "--test-samples", 1)
        self.assertIn("5 + 1 images of 4 classes", few["provenance"]["data_description"])

    def test_other_sizes(self) -> None:
        for side in (20, 32):
            data = write_folder(self.folder / str(side), train_images=images(TRAIN, side=side), test_images=images(TEST, side=side))
            self.assertEqual(trained(data)["summary"]["outcome"], "finished")

    def test_the_data_cache(self) -> None:
        data = write_folder(self.folder / "data", **of_classes(1, 26))
        plain = trained(data)["summary"]
        for _ in range(2):
            cached = trained(data, "--data-cache", self.folder / "cache")["summary"]
            self.assertEqual(cached["parameters_digest"], plain["parameters_digest"])
            self.assertEqual(cached["test_accuracy"], plain["test_accuracy"])
        write_folder(self.folder / "data", **of_classes(0, 26))
        self.assertIn("26 classes from", trained(data, "--data-cache", self.folder / "cache")["provenance"]["data_description"])

    def test_the_data_cache_has_nothing_of_a_file_that_was_changed(self) -> None:
        """Also where size and time are as before."""
        data = write_folder(self.folder / "data")
        words = ["--data-cache", self.folder / "cache"]
        before = trained(data, *words)["summary"]["parameters_digest"]
        file = self.folder / "data" / TRAIN_LABELS
        written = file.stat()
        content = file.read_bytes()
        file.write_bytes(content[:-TRAIN] + content[-TRAIN:][::-1])
        os.utime(file, ns=(written.st_atime_ns, written.st_mtime_ns))
        after = trained(data, *words)["summary"]["parameters_digest"]
        self.assertEqual(after, trained(data)["summary"]["parameters_digest"])
        self.assertNotEqual(after, before)

    def test_a_damaged_data_cache_is_told_and_made_anew(self) -> None:
        words = [SIM, "--train-samples", 500, "--test-samples", 50, "--epochs", 1, "--data-cache", "cache", "--format", "json"]

        def summary(errors: str) -> dict:
            done = self.run_here(words)
            self.assertEqual(done.status, 0, done.errors)
            self.assertRegex(done.errors, errors)
            return json.loads(done.output)["summary"]
        nothing = r"\A\Z"
        expected = summary(nothing)
        [file] = (self.folder / "cache").iterdir()
        whole = file.read_bytes()
        warning = rf"\Alockstep: warning: cache/{file.name}: it is damaged; it is made anew\n\Z"
        inverted = whole[:12_000] + bytes(byte ^ 255 for byte in whole[12_000:64_000]) + whole[64_000:]
        for damaged in (inverted, whole[:-1], whole.replace(b"lockstep-data-2", b"lockstep-data-1", 1), b""):
            file.write_bytes(damaged)
            self.assertEqual(summary(warning), expected)
            self.assertEqual(file.read_bytes(), whole)
        self.assertEqual(summary(nothing), expected)
        file.unlink()
        file.symlink_to(file.name)  # also for who may read any file
        self.assertEqual(summary(rf"\Alockstep: warning: cache/{file.name}: cannot be read: Too many .*; the run does without\n\Z"), expected)
        self.assertTrue(file.is_symlink())

    @needs_real
    def test_both_worlds_agree(self) -> None:
        data = write_folder(self.folder / "data", **of_classes(1, 26))
        words = ["--method", "sync-average", "--data", data, *BATCH]
        simulated = result_of([SIM, "--workers", 2, *words])
        done = run(mpirun(2, *words, "--format", "json"))
        self.assertEqual(done.status, 0, done.errors)
        measured = json.loads(done.output)
        self.assertEqual(simulated["summary"]["parameters_digest"], measured["summary"]["parameters_digest"])


@needs_sim
class SameData(ProgramTest):
    """Runs are compared by what they were trained on, not by where it was."""

    RUN = ["--method", "by-arrival", "--workers", "2", *BATCH]

    def test_a_replay_finds_exchanged_files_and_forgives_moved_ones(self) -> None:
        data = write_folder(self.folder / "data")
        order = self.folder / "order"
        result_of([SIM, *self.RUN, "--data", data, "--record", order])
        shutil.copytree(self.folder / "data", self.folder / "elsewhere")
        write_folder(self.folder / "data", **of_classes(0, 9))
        for folder, verdict in (("elsewhere", "matches"), ("data", "changed: data")):
            replayed = result_of([SIM, *self.RUN, "--data", f"mnist:{self.folder / folder}", "--replay", order])
            self.assertEqual(replayed["summary"]["replay"], verdict)

    def test_a_report_compares_no_runs_of_other_data(self) -> None:
        for name, classes in (("ten", of_classes(0, 10)), ("two", of_classes(0, 2))):
            data = write_folder(self.folder / "data" / name, **classes)
            self.assertEqual(self.run_here([SIM, *self.RUN, "--data", data, "--out", name]).status, 0)
        self.assert_refused([FRONT, "report", "--diff", "ten", "two"], "data is 'MNIST: 40 .* of 2 classes'")


if __name__ == "__main__":
    unittest.main()
