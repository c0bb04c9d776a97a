"""Data, platform and output folders that are wrong: one message, exit status 2, nothing written."""

import fcntl
import gzip
import os
import shutil
import struct
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import idx_files  # noqa: E402
from idx_files import TEST, TRAIN, images, labels, write_folder  # noqa: E402
from programs import FRONT, HAS_SIM, SIM, SMALL, WORLDS, ProgramTest, mpirun, needs_real, needs_reports, needs_sim, run  # noqa: E402

ROWS = ["--table-rows", "serial,sync-average:2"]
BATCH = ["--batch", "5", "--epochs", "1"]


def programs() -> list[list[object]]:
    single = [[FRONT, world] for world in WORLDS] + [[SIM]] * HAS_SIM
    return single + [[FRONT, "table", "--world", world, *ROWS] for world in WORLDS]


def bad_label(content: bytes) -> bytes:
    return content[:-1] + b"\xc8"


# Which file is replaced by what, and what the message must say.
RAW = [
    ("train_images", None, "train-images-idx3-ubyte"),
    ("test_labels", None, "t10k-labels-idx1-ubyte"),
    ("train_images", b"", "train-images.*"),
    ("train_images", images(TRAIN)[:10], "train-images"),
    ("train_images", images(TRAIN)[:-1], "train-images"),
    ("train_labels", labels(TRAIN)[:-1], "train-labels"),
    ("train_images", images(TRAIN) + b"\0", "train-images"),
    ("train_images", images(TRAIN, magic=2049), "train-images.*2049|train-images.*labels"),
    ("train_labels", labels(TRAIN, magic=2051), "train-labels"),
    ("train_labels", labels(TRAIN, magic=1), "train-labels"),
    ("train_images", images(TRAIN, magic=0xD03), r"train-images.*values of 4 bytes \(float\).*1 byte"),
    ("train_labels", struct.pack(">II", 0xC01, TRAIN) + struct.pack(">I", 65535) * TRAIN, "train-labels.*65535 at position 0.*0 to 255"),
    ("train_labels", struct.pack(">III", 0x802, TRAIN, 10) + bytes(TRAIN * 10), "train-labels.*10 columns.*8 columns"),
    ("train_labels", labels(TRAIN - 1), f"{TRAIN}.*{TRAIN - 1}|{TRAIN - 1}.*{TRAIN}"),
    ("test_images", images(TEST - 1), f"{TEST}.*{TEST - 1}|{TEST - 1}.*{TEST}"),
    ("train_labels", bad_label(labels(TRAIN)), "train-labels.*label 200, at position 39.*of 201 classes 11 do"),
    ("test_labels", bad_label(labels(TEST)), "t10k-labels.*label 200, at position 9.*allowed: 0 to 9, the labels of .*train-labels"),
    ("train_images", struct.pack(">IIII", 2051, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF), "train-images"),
    ("train_images", struct.pack(">IIII", 2051, 0xFFFFFFFF, 28, 28), "train-images"),
    ("train_images", struct.pack(">IIII", 2051, TRAIN, 0, 0), "train-images"),
    ("train_labels", struct.pack(">II", 2049, 0), "train-labels"),
    ("test_images", struct.pack(">IIII", 2051, TEST, 2, 8) + bytes(TEST * 16), "test|t10k"),
]
COMPRESSED = [
    ("train_images", images(TRAIN), "train-images.*gzip"),
    ("train_images", gzip.compress(images(TRAIN), mtime=0)[:-9], "train-images"),
    ("train_images", gzip.compress(images(TRAIN)[:-1], mtime=0), "train-images"),
    ("train_images", gzip.compress(images(TRAIN), mtime=0)[:-8] + b"\0" * 8, "train-images"),
    ("train_labels", gzip.compress(bad_label(labels(TRAIN)), mtime=0), "train-labels.*label 200, at position 39.*of 201 classes 11 do"),
    ("train_images", gzip.compress(struct.pack(">IIII", 2051, 0xFFFFFFFF, 4096, 4096), mtime=0), "train-images"),
]


class BadData(ProgramTest):
    def check(self, cases: list, compressed: bool) -> None:
        for number, (key, content, pattern) in enumerate(cases):
            data = write_folder(self.folder / "data", compressed, **{key: content})
            for program in programs():
                with self.subTest(program=program, key=key, number=number):
                    self.assert_refused([*program, "--data", data, *BATCH], pattern)
            shutil.rmtree(self.folder / "data")

    def test_raw_files(self) -> None:
        self.check(RAW, compressed=False)

    def test_compressed_files(self) -> None:
        self.check(COMPRESSED, compressed=True)

    def test_missing_folder(self) -> None:
        for program in programs():
            with self.subTest(program=program):
                self.assert_refused([*program, "--data", "mnist:nowhere"], "nowhere.*tools/fetch_mnist")

    def test_more_samples_than_there_are(self) -> None:
        data = write_folder(self.folder / "data")
        for program in programs():
            with self.subTest(program=program):
                self.assert_refused([*program, "--data", data, "--train-samples", TRAIN + 1, *BATCH],
                                    f"--train-samples: given '{TRAIN + 1}'; allowed: 1 to {TRAIN}")

    def test_batch_larger_than_a_shard(self) -> None:
        data = write_folder(self.folder / "data")
        for program in programs()[:len(WORLDS)]:
            with self.subTest(program=program):
                self.assert_refused([*program, "--data", data, "--method", "sync-average", "--workers", "2", "--batch", TRAIN],
                                    f"--batch: given '{TRAIN}'; allowed: 1 to {TRAIN // 2}")

    def test_undamaged_files_are_accepted(self) -> None:
        for compressed in (False, True):
            data = write_folder(self.folder / f"data-{compressed}", compressed)
            for program in programs():
                with self.subTest(program=program, compressed=compressed):
                    self.assertEqual(run([*program, "--data", data, *BATCH]).status, 0)

    @needs_real
    def test_under_mpirun(self) -> None:
        """One rank of several, or all of them, find the defect: still one message."""
        for key, content, pattern in [RAW[0], RAW[4], RAW[12]]:
            data = write_folder(self.folder / "data", **{key: content})
            with self.subTest(key=key):
                self.assert_refused(mpirun(2, "--method", "sync-average", "--data", data, *BATCH), pattern)
            shutil.rmtree(self.folder / "data")


PLATFORM = """<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  <zone id="lab" routing="Full">
    <host id="a" speed="1Gf"/>
    <host id="b" speed="1Gf"/>
    <link id="ab" bandwidth="125MBps" latency="50us"/>
    <route src="a" dst="b"><link_ctn id="ab"/></route>
  </zone>
</platform>
"""


@needs_sim
class BadPlatforms(ProgramTest):
    PROGRAMS = [[FRONT, "sim"], [SIM], [FRONT, "table", *ROWS]]
    CASES = [
        ("", "p.xml"),
        ("this is no platform\n", "p.xml"),
        (PLATFORM[:200], "p.xml"),
        (PLATFORM.replace("</zone>", ""), "p.xml"),
        (PLATFORM.replace('speed="1Gf"', 'speed="fast"', 1), "p.xml"),
        (PLATFORM.replace('link_ctn id="ab"', 'link_ctn id="no-such-link"'), "p.xml"),
        (PLATFORM.replace('dst="b"', 'dst="no-such-host"'), "p.xml"),
        (PLATFORM.replace("<host", "<rabbit"), "p.xml"),
        ('<?xml version="1.0"?>\n<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">\n'
         '<platform version="4.1"><zone id="empty" routing="Full"/></platform>\n', "p.xml.*no host"),
    ]

    def test_malformed(self) -> None:
        for number, (content, pattern) in enumerate(self.CASES):
            self.write("p.xml", content)
            for program in self.PROGRAMS:
                with self.subTest(program=program, number=number):
                    self.assert_refused([*program, "--platform", "p.xml", "--train-samples", 200], pattern)

    def test_folder(self) -> None:
        self.assert_refused([FRONT, "sim", "--platform", "."], "--platform: .: given 'a folder'")

    def test_more_workers_than_hosts(self) -> None:
        self.write("p.xml", PLATFORM)
        small = ["--platform", "p.xml", "--train-samples", 400, "--test-samples", 10]
        for program in ([FRONT, "sim"], [SIM]):
            self.assert_refused([*program, *small, "--method", "sync-average", "--workers", 3],
                                "p.xml.*2 hosts.*needs 3")
            self.assert_refused([*program, *small, "--method", "by-arrival", "--workers", 2],
                                "p.xml.*2 hosts.*needs 3 .*2 workers, 1 a host, and a server")
        self.assert_refused([FRONT, "table", *small, "--out", "results"], "row sync-average-3: .*p.xml.*2 hosts.*needs 3")

    def test_enough_hosts_are_accepted(self) -> None:
        self.write("p.xml", PLATFORM)
        done = self.run_here([FRONT, "sim", "--platform", "p.xml", "--train-samples", 300, "--test-samples", 10,
                              "--method", "sync-average", "--workers", 2])
        self.assertEqual(done.status, 0, done.errors)


@unittest.skipUnless(Path("/dev/full").exists(), "there is no /dev/full")
class FullDisk(ProgramTest):
    """stdout takes nothing: what was asked for is not there, so that it is no success."""

    def assert_fails(self, words: list[object]) -> None:
        done = run(["sh", "-c", 'exec "$@" > /dev/full', "sh", *words], cwd=self.folder)
        self.assertEqual(done.status, 3, done.errors)
        self.assertRegex(done.errors, r"\Alockstep(-sim|-real)?: stdout: cannot write: No space left on device\n\Z")

    def test_results(self) -> None:
        for program in programs():
            for form in ("table", "json", "csv"):
                with self.subTest(program=program, form=form):
                    self.assert_fails([*program, *SMALL, "--format", form])

    def test_texts(self) -> None:
        for words in (["--help"], ["help", "table"], ["--version"], ["sim", "--help"], ["table", "--version"]):
            with self.subTest(words=words):
                self.assert_fails([FRONT, *words])


class LargeFiles(ProgramTest):
    """They are sparse: the message tells the limit that is found before anything is read."""

    def assert_too_large(self, file: str, words: list[object], most: int = 1 << 28) -> None:
        os.truncate(self.write(file, ""), most + 1)
        self.assert_refused(words, f"{file}: given '{most + 1} bytes'; allowed: a file of at most {most} bytes")

    def test_results(self) -> None:
        self.assert_too_large("run/result.json", [FRONT, "show", "run"])

    @needs_reports
    def test_reports(self) -> None:
        for file in ("validation.json", "table.csv", "compare.csv", "sweep.csv"):
            with self.subTest(file=file):
                self.assert_too_large(f"of-{file}/{file}", [FRONT, "report", f"of-{file}"])

    @needs_sim
    def test_platforms_and_orders(self) -> None:
        self.assert_too_large("platform.xml", [SIM, "--platform", "platform.xml"])
        self.assert_too_large("an.order", [SIM, "--method", "by-arrival", "--workers", "2", "--replay", "an.order"], 1 << 30)


class BadFolders(ProgramTest):
    def test_unwritable(self) -> None:
        """Also as root nothing can be written below a file."""
        self.write("file", "content")
        for program in programs():
            for folder in ("file", "file/sub", "file/sub/sub"):
                with self.subTest(program=program, folder=folder):
                    self.assert_refused([*program, "--out", folder], f"--out: given '{folder}'; allowed: a folder")
        self.assertEqual((self.folder / "file").read_text(), "content")

    @needs_real
    def test_unwritable_under_mpirun(self) -> None:
        self.write("file", "content")
        self.assert_refused(mpirun(2, "--method", "sync-average", "--out", "file/sub"), "--out: given 'file/sub'")

    def assert_busy(self, program: list[object]) -> None:
        self.write("busy.ini", "out = busy\nmethod = sync-average\nworkers = 2\n")
        with open(self.write("busy/.lock", ""), "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assert_refused([*program, "busy.ini", *SMALL], r"busy\.ini: out: given 'busy'; allowed: a folder that no other")

    @needs_sim
    def test_a_folder_in_use_is_told_with_the_file_that_names_it(self) -> None:
        self.assert_busy([SIM])

    @needs_real
    def test_a_folder_in_use_is_told_with_the_file_that_names_it_under_mpirun(self) -> None:
        self.assert_busy(mpirun(2))

    def test_nothing_is_left_where_other_input_is_bad(self) -> None:
        self.write("data/empty", "")
        for program in programs():
            with self.subTest(program=program):
                self.assert_refused([*program, "--out", "new/folder", "--data", "mnist:data"], "data")


if __name__ == "__main__":
    unittest.main()
