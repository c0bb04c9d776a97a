"""tools/netcluster: whatever happens it leaves nothing behind, and messages between its hosts take the time that they should."""

import glob
import json
import os
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = str(ROOT / "tools/netcluster")
FRONT = Path(os.environ.get("LOCKSTEP_BIN", ROOT / "build/release/bin")) / "lockstep"
HAS_WORLDS = all(FRONT.with_name(f"lockstep{world}").exists() for world in ("", "-sim", "-real")) and shutil.which("mpirun")
SECONDS = 120
NOT_HERE = 77


def netcluster(*words: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run([TOOL, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                          check=False, **options)


def traces() -> list[str]:
    """Namespaces, links and folders of any cluster."""
    found = glob.glob("/tmp/netc[0-9]*")
    for words in (["ip", "netns", "list"], ["ip", "-o", "link", "show"]):
        lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
        found += [line for line in lines if "netc" in line]
    return sorted(found)


def processes(marker: str) -> list[str]:
    """Command lines of running processes that hold `marker`."""
    found = []
    for file in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            words = Path(file).read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has ended meanwhile
            continue
        if marker in words and int(file.split("/")[2]) != os.getpid():
            found.append(words)
    return found


class BadArguments(unittest.TestCase):
    def test_one_message_and_status_2(self) -> None:
        for words, pattern in [
            ([], "the command is missing; allowed: run, up, down"),
            (["start"], "given 'start'; allowed: run, up, down"),
            (["run"], "run: the command is missing"),
            (["run", "--hosts", "2"], "run: the command is missing"),
            (["run", "--hosts"], "--hosts: the value is missing"),
            (["run", "--hosts", "0", "--", "true"], "--hosts: given '0'; allowed: 1 to 100"),
            (["run", "--hosts", "101", "--", "true"], "--hosts: given '101'"),
            (["run", "--bandwidth", "100", "--", "true"], "--bandwidth: given '100'; allowed: .* such as 100mbit"),
            (["run", "--queues", "some", "--", "true"], "--queues: given 'some'; allowed: fair, fifo"),
            (["run", "--latency", "1", "--", "true"], "--latency: given '1'; allowed: .* with us or ms"),
            (["run", "true"], "given 'true'; allowed: --hosts"),
            (["up", "--", "true"], "up: given 'true'; allowed: options only"),
        ]:
            with self.subTest(words=words):
                done = netcluster(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertRegex(done.stderr, f"^netcluster: {pattern}")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give up being root")
    def test_not_possible_is_not_a_failure(self) -> None:
        with open(TOOL, "rb") as tool:  # another user may not look into this folder
            done = subprocess.run(["bash", "-s", "run", "--", "true"], stdin=tool, capture_output=True, text=True, cwd="/",
                                  user=65534, timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, NOT_HERE)
        self.assertEqual(done.stderr, "netcluster: network namespaces need root; run it as root\n")


class Clusters(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        done = netcluster("run", "--hosts", 1, "--", "true")
        if done.returncode == NOT_HERE:
            raise unittest.SkipTest(done.stderr.strip())
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def setUp(self) -> None:
        self.before = traces()

    def assert_no_traces(self) -> None:
        self.assertEqual(traces(), self.before)

    def test_status_and_words_of_the_command(self) -> None:
        done = netcluster("run", "--hosts", 3, "--", "sh", "-c", 'echo "$1"; test "$1" = "$LOCKSTEP_LAUNCHER_ARGS" && exit 7', "sh", "{}")
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertRegex(done.stdout, r"--host 10\.\d+\.\d+\.1:\d+,10\.\d+\.\d+\.2:\d+,10\.\d+\.\d+\.3:\d+\n")
        self.assert_no_traces()

    def test_name_and_hosts_of_the_cluster(self) -> None:
        done = netcluster("run", "--hosts", 2, "--", "sh", "-c", 'ls -d /tmp/$LOCKSTEP_CLUSTER; echo "$LOCKSTEP_HOSTS"; ip netns list')
        folder, hosts, *spaces = done.stdout.splitlines()
        name = folder.removeprefix("/tmp/")
        self.assertRegex(hosts, rf"\A{name}-1=10\.\d+\.\d+\.1 {name}-2=10\.\d+\.\d+\.2\Z")
        self.assertEqual(sum(space.startswith(name) for space in spaces), 2)

    def test_a_command_that_cannot_be_started(self) -> None:
        self.assertEqual(netcluster("run", "--", "no-such-command").returncode, 127)
        self.assert_no_traces()

    def test_what_the_command_leaves_running(self) -> None:
        marker = f"200{os.getpid()}"
        self.assertEqual(netcluster("run", "--", "sh", "-c", f"sleep {marker} > /dev/null 2>&1 & exit 3").returncode, 3)
        self.assertEqual(processes(f"sleep {marker}"), [])

    def test_up_stays_until_down(self) -> None:
        names = []
        for _ in range(2):
            done = netcluster("up")
            self.assertEqual(done.returncode, 0, done.stderr)
            values = subprocess.run(["bash", "-c", f'{done.stdout}\necho "$LOCKSTEP_CLUSTER"; echo "$LOCKSTEP_LAUNCHER_ARGS"'],
                                    capture_output=True, text=True, check=True).stdout.splitlines()
            names.append(values[0])
            self.addCleanup(netcluster, "down", values[0])
            self.assertRegex(values[1], "^--(mca plm rsh|prtemca plm ssh) .* --host ")
        self.assertNotEqual(*names)
        inhabitant = subprocess.Popen(["ip", "netns", "exec", f"{names[0]}-1", "sleep", "1000"])
        self.assertEqual(netcluster("down", names[0]).returncode, 0)
        self.assertNotEqual(inhabitant.wait(timeout=SECONDS), 0)
        self.assertTrue(all(names[0] not in trace for trace in traces()))
        self.assertTrue(any(names[1] in trace for trace in traces()))
        self.assertEqual(netcluster("down", names[1]).returncode, 0)
        self.assertEqual(netcluster("down", names[1]).returncode, 0)
        self.assert_no_traces()

    def interrupt(self, number: int, words: list[str], marker: str) -> None:
        tool = subprocess.Popen([TOOL, "run", "--", *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(lambda: tool.poll() is None and tool.kill())
        until = time.monotonic() + SECONDS
        while len(processes(marker)) < 2 and time.monotonic() < until:  # the tool's own command line holds it too
            time.sleep(0.05)
        tool.send_signal(number)
        self.assertEqual(tool.wait(timeout=SECONDS), 128 + number)
        self.assertEqual(processes(marker), [])
        self.assert_no_traces()

    def test_interrupted(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                marker = f"100{os.getpid()}"
                self.interrupt(number, ["sleep", marker], f"sleep {marker}")

    @unittest.skipUnless(HAS_WORLDS, "both worlds are needed")
    def test_interrupted_while_ranks_run(self) -> None:
        self.interrupt(signal.SIGINT, [str(FRONT), "real", "--workers", "2", "--method", "sync-average", "--launcher-args", "{}",
                                       "--epochs", "1000000", "--train-samples", f"{os.getpid()}"],
                       f"--epochs 1000000 --train-samples {os.getpid()}")

    @unittest.skipUnless(HAS_WORLDS, "both worlds are needed")
    def test_hosts_have_names_but_share_the_cores(self) -> None:
        """Or more ranks than this machine has cores would pass for as many as the hosts have together."""
        workers = len(os.sched_getaffinity(0)) + 1
        words = ["--method", "sync-average", "--workers", str(workers), "--train-samples", "1000", "--epochs", "1"]
        where = ["--launcher-args", "{}"]
        done = netcluster("run", "--hosts", workers, "--", FRONT, "real", *words, *where, "--format", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(len({worker["host"] for worker in result["workers"]}), workers)
        self.assertTrue(result["provenance"]["oversubscribed"])
        self.assertIn(f"on {workers} hosts with {len(os.sched_getaffinity(0))} cores", result["provenance"]["platform"])
        done = netcluster("run", "--hosts", workers, "--", FRONT, "validate", *words, *where)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(f"calibrate: given '{workers} ranks on ", done.stderr)

    @unittest.skipUnless(HAS_WORLDS, "both worlds are needed")
    def test_transfers_take_as_long_as_in_closed_form(self) -> None:
        """Two messages of the parameters a step, one after the other: to the root and back."""
        scenario = ["--method", "sync-average", "--workers", "2", "--collective", "flat", "--hidden", "64",
                    "--train-samples", "2000", "--test-samples", "100", "--epochs", "1", "--format", "json"]
        done = netcluster("run", "--bandwidth", "100mbit", "--", FRONT, "real", *scenario, "--launcher-args", "{}")
        self.assertEqual(done.returncode, 0, done.stderr)
        measured = json.loads(done.stdout)
        simulated = json.loads(subprocess.run([FRONT, "sim", *scenario, "--bandwidth", "100Mbps"], capture_output=True,
                                              text=True, check=True).stdout)
        self.assertEqual(measured["summary"]["parameters_digest"], simulated["summary"]["parameters_digest"])
        bytes_sent = measured["summary"]["bytes"]
        self.assertEqual(bytes_sent, 10 * 2 * 4 * (784 * 64 + 64 + 64 * 10 + 10))
        ratio = measured["summary"]["elapsed_s"] / (bytes_sent * 8 / 100e6)
        self.assertGreater(ratio, 0.8)
        self.assertLess(ratio, 2)
        self.assert_no_traces()


if __name__ == "__main__":
    unittest.main()
