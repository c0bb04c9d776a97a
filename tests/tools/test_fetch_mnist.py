"""tools/fetch_mnist against a server on this machine, with small files of its own."""

import contextlib
import functools
import gzip
import hashlib
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "tools" / "fetch_mnist"

CONTENT = {
    "train-images-idx3-ubyte": b"training images " * 9000,
    "train-labels-idx1-ubyte": b"training labels",
    "t10k-images-idx3-ubyte": b"test images",
    "t10k-labels-idx1-ubyte": b"test labels",
}
ONE = "t10k-images-idx3-ubyte"


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves /MIRROR/NAME.gz from a dictionary; a value that is a number is a status to fail with."""

    def __init__(self, files, requests, *arguments):
        self.files = files
        self.requests = requests
        super().__init__(*arguments)

    def do_GET(self):
        self.requests.append(self.path)
        answer = self.files.get(self.path, 404)
        if isinstance(answer, int):
            return self.send_error(answer)
        body, promised = answer if isinstance(answer, tuple) else (answer, len(answer))
        self.send_response(200)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the client hangs up on what is too long
            self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def server(files):
    """Yields the server's address and the growing list of paths asked for."""
    requests = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, files, requests)) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}", requests
        finally:
            running.shutdown()
            thread.join()


def packed(mirror, content=None):
    """What a good mirror at /MIRROR/ serves."""
    return {f"/{mirror}/{name}.gz": gzip.compress(data) for name, data in (content or CONTENT).items()}


class FetchMnist(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.folder = self.scratch / "new" / "mnist"
        self.checksums = self.scratch / "checksums"
        self.checksums.write_text("".join(f"{hashlib.md5(data).hexdigest()}  {name}\n"
                                          for name, data in CONTENT.items()))

    def run_script(self, *arguments):
        return subprocess.run([sys.executable, SCRIPT, *map(str, arguments)], capture_output=True, text=True,
                              timeout=60, check=False, env=os.environ | {"no_proxy": "127.0.0.1"})

    def fetch(self, address, *mirrors):
        urls = [argument for mirror in mirrors for argument in ("--mirror", f"{address}/{mirror}")]
        return self.run_script(self.folder, *urls, "--no-default-mirrors", "--checksums", self.checksums)

    def assert_complete(self):
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), sorted(f"{name}.gz" for name in CONTENT))
        for name, data in CONTENT.items():
            self.assertEqual(gzip.decompress((self.folder / f"{name}.gz").read_bytes()), data)

    def test_good_mirror(self):
        with server(packed("good")) as (address, requests):
            result = self.fetch(address, "good")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, "")
        self.assertEqual(sorted(requests), sorted(f"/good/{name}.gz" for name in CONTENT))
        self.assert_complete()

    def test_second_mirror_makes_up_for_every_fault_of_the_first(self):
        good = gzip.compress(CONTENT[ONE])
        faults = {
            "wrong content": gzip.compress(b"other images"),
            "not a whole gzip file": good[:-6],
            "not a whole gzip file (Not a gzipped file": b"<html>please log in</html>",
            "more than 104857600 bytes": bytes((100 << 20) + 1),
            "broke off": (good, len(good) + 100),
            "404": 404,
            "503": 503,
        }
        for message, answer in faults.items():
            with self.subTest(message), tempfile.TemporaryDirectory() as folder:
                self.folder = pathlib.Path(folder)
                first = packed("first") | {f"/first/{ONE}.gz": answer}
                with server(first | packed("second")) as (address, requests):
                    result = self.fetch(address, "first", "second")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn(f"{address}/first/{ONE}.gz: ", result.stderr)
                self.assertIn(message, result.stderr)
                self.assertEqual([path for path in requests if path.startswith("/second/")], [f"/second/{ONE}.gz"])
                self.assert_complete()

    def test_nothing_half_written_where_all_mirrors_fail(self):
        broken = {path: body[:-4] for path, body in packed("broken").items()}
        with server(broken) as (address, _):
            result = self.fetch(address, "broken", "missing")
        self.assertEqual(result.returncode, 3)
        self.assertEqual(list(self.folder.iterdir()), [])
        for name in CONTENT:
            self.assertIn(name, result.stderr.splitlines()[-1])
        self.assertIn("--mirror URL", result.stderr.splitlines()[-1])

    def test_files_that_arrived_stay_where_another_fails(self):
        files = packed("good")
        del files[f"/good/{ONE}.gz"]
        with server(files) as (address, _):
            result = self.fetch(address, "good")
        self.assertEqual(result.returncode, 3)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         sorted(f"{name}.gz" for name in CONTENT if name != ONE))
        self.assertIn(f"no mirror delivered {ONE};", result.stderr)

    def test_unreachable_mirror(self):
        with server({}) as (address, _):
            pass
        result = self.fetch(address, "gone")
        self.assertEqual(result.returncode, 3)
        self.assertIn("refused", result.stderr)

    def test_second_run_downloads_nothing(self):
        with server(packed("good")) as (address, requests):
            self.fetch(address, "good")
            requests.clear()
            before = {path: path.stat().st_mtime_ns for path in self.folder.iterdir()}
            result = self.fetch(address, "good")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(requests, [])
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.folder.iterdir()}, before)
        self.assertEqual(result.stdout.count("already there"), len(CONTENT))

    def test_unpacked_files_count_as_there(self):
        self.folder.mkdir(parents=True)
        (self.folder / ONE).write_bytes(CONTENT[ONE])
        with server(packed("good")) as (address, requests):
            result = self.fetch(address, "good")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(f"/good/{ONE}.gz", requests)

    def test_a_damaged_file_is_fetched_again(self):
        self.folder.mkdir(parents=True)
        damaged = self.folder / f"{ONE}.gz"
        for content in (gzip.compress(b"other images"), gzip.compress(CONTENT[ONE])[:-4], b""):
            with self.subTest(content), server(packed("good")) as (address, _):
                damaged.write_bytes(content)
                result = self.fetch(address, "good")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn("fetching it again", result.stdout)
                self.assert_complete()

    def test_a_damaged_file_stays_where_no_mirror_has_better(self):
        self.folder.mkdir(parents=True)
        damaged = self.folder / f"{ONE}.gz"
        damaged.write_bytes(b"damaged")
        with server({}) as (address, _):
            self.assertEqual(self.fetch(address, "empty").returncode, 3)
        self.assertEqual([path.name for path in self.folder.iterdir()], [damaged.name])
        self.assertEqual(damaged.read_bytes(), b"damaged")

    def test_a_wrong_unpacked_file_is_not_overruled_silently(self):
        self.folder.mkdir(parents=True)
        (self.folder / ONE).write_bytes(b"other images")
        with server(packed("good")) as (address, _):
            result = self.fetch(address, "good")
        self.assertEqual(result.returncode, 2)
        self.assertIn(f"{self.folder / ONE}: wrong content", result.stderr)

    def test_bad_usage(self):
        blocked = self.scratch / "file"
        blocked.write_text("not a folder")
        malformed = self.scratch / "malformed"
        malformed.write_text("0123  name\n")
        cases = {
            "DIR": [],
            "unrecognized arguments: more": [self.folder, "more"],
            "--mirror: given 'ossci'": [self.folder, "--mirror", "ossci"],
            "no mirror left": [self.folder, "--no-default-mirrors"],
            str(blocked): [blocked],
            f"--checksums {malformed}: line 1": [self.folder, "--checksums", malformed],
            f"--checksums {self.scratch / 'none'}": [self.folder, "--checksums", self.scratch / "none"],
        }
        for message, arguments in cases.items():
            with self.subTest(message):
                result = self.run_script(*arguments)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(message, result.stderr)
                self.assertNotIn("Traceback", result.stderr)
                self.assertFalse(self.folder.exists())


if __name__ == "__main__":
    unittest.main()
