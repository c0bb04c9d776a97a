"""Platform files as users have them: hosts chosen, one line for every refusal, nothing written that was not asked for."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SIM, ProgramTest, needs_sim  # noqa: E402

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">\n<platform version="4.1">'
CLUSTER = '<cluster id="c" prefix="n" suffix="" radical="0-3" speed="1Gf" bw="125MBps" lat="25us"/>'
TIMING = ["--method", "sync-average", "--numerics", "none", "--epochs", 1, "--train-samples", 1200]


def platform(content: str) -> str:
    return f"{HEAD}{content}</platform>\n"


def config(**properties: str) -> str:
    props = "".join(f'<prop id="{key}" value="{value}"/>' for key, value in properties.items())
    return f'<config id="g">{props}</config>'


@needs_sim
class Hosts(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.write("p.xml", platform(CLUSTER))

    def hosts_of(self, *words: object) -> list[str]:
        done = self.run_here([SIM, *TIMING, "--platform", "p.xml", *words, "--format", "json"])
        self.assertEqual((done.status, done.errors), (0, ""))
        result = json.loads(done.output)
        return [worker["host"] for worker in result["workers"]]

    def test_by_name(self) -> None:
        self.assertEqual(self.hosts_of("--workers", 3), ["n0", "n1", "n2"])
        self.assertEqual(self.hosts_of("--workers", 3, "--hosts", "n3,n1,n0"), ["n3", "n1", "n0"])
        self.assertEqual(self.hosts_of("--workers", 5, "--hosts", "n3:3,n1:2"), ["n3"] * 3 + ["n1"] * 2)

    def test_by_file(self) -> None:
        self.write("hosts", "# ours\nn2\n\nn1:2\nn0\n")
        self.assertEqual(self.hosts_of("--workers", 3, "--hostfile", "hosts"), ["n2", "n1", "n1"])

    def test_in_a_scenario_file(self) -> None:
        self.write("s.ini", "platform = p.xml\nhosts = n2,n0\nworkers = 2\nmethod = sync-average\n")
        done = self.run_here([FRONT, "sim", "s.ini", "--numerics", "none", "--train-samples", 1200, "--format", "json"])
        self.assertEqual([worker["host"] for worker in json.loads(done.output)["workers"]], ["n2", "n0"])

    def test_refusals(self) -> None:
        words = [SIM, *TIMING, "--platform", "p.xml", "--workers", 3]
        for hosts, pattern in (("n0,n1", "--hosts: it has room for 2 ranks, the run needs 3"),
                               ("n0,m1,n2", "--hosts: given 'm1'; allowed: hosts of the platform: n0, n1, n2, n3"),
                               ("n0,n1,", "--hosts: given 'n0,n1,'.*a name is missing"),
                               ("n0:x", "--hosts: given 'n0:x'; .*SLOTS")):
            with self.subTest(hosts=hosts):
                self.assert_refused([*words, "--hosts", hosts], pattern)
        self.write("hosts", "n0\nn9\n")
        self.assert_refused([*words, "--hostfile", "hosts"], "--hostfile hosts:2: given 'n9'")
        self.assert_refused([*words, "--hosts", "n0,n1:0"], "--hosts: given 'n1:0'; allowed: HOST or HOST:SLOTS")
        self.write("of-open-mpi", "n0 slots=2\n")
        self.assert_refused([*words, "--hostfile", "of-open-mpi"], "--hostfile of-open-mpi:1: given 'n0 slots=2'.*write n0:2")
        self.assert_refused([*words, "--hostfile", "/dev/zero"], "--hostfile: /dev/zero: given 'a device or pipe without end'")
        self.assert_refused([*words, "--hostfile", "missing"], "--hostfile: missing: given 'No such file")
        self.assert_refused([*words, "--hostfile", "hosts", "--hosts", "n0"], "--hostfile: .*nothing next to --hosts")
        self.assert_refused([SIM, *TIMING, "--workers", 3, "--hosts", "a,b,c"], "--hosts: .*--platform FILE.xml")

    def test_an_edited_host_file_is_another_run(self) -> None:
        self.write("p.xml", platform('<zone id="z" routing="Full"><host id="a" speed="1Gf"/><host id="b" speed="2Gf"/></zone>'))
        words = [FRONT, "sweep", "--method", "serial", "--numerics", "none", "--train-samples", 1200, "--platform", "p.xml",
                 "--hostfile", "hosts", "--sweep", "lr=1", "--out", "results"]
        times = []
        for host in ("a", "b"):
            self.write("hosts", host)
            done = self.run_here(words)
            self.assertEqual(done.status, 0, done.errors)
            header, row = (self.folder / "results/sweep.csv").read_text().splitlines()
            times.append(float(row.split(",")[header.split(",").index("elapsed_s")]))
        self.assertAlmostEqual(times[0] / times[1], 2)


@needs_sim
class Refusals(ProgramTest):
    """In one line, before anything is written."""

    CASES = [
        ('<zone id="z" routing="Full"><host id="a" speed="1Gf"/><host id="b" speed="1Gf"/></zone>', "no route from host a to b"),
        (config(**{"smpi/nothing": "1"}) + CLUSTER, "Bad config key: smpi/nothing; take it out of <config>; see"),
        (CLUSTER.replace('radical="0-3"', 'radical="a-b"'), "is not an int"),
        (CLUSTER.replace("/>", '><prop id="wattage_per_state" value="1:2:3:4"/></cluster>'), "n0"),
        (CLUSTER.replace("/>", '><prop id="wattage_per_state" value="1:2,3:4"/></cluster>'), "n0 has 2 powers .* and 1 speeds"),
        (CLUSTER.replace('"125MBps"', '"1e999MBps"'), "out of range"),
        (CLUSTER.replace('"125MBps"', '"infBps"'), "bandwidth of inf"),
        (CLUSTER.replace('"25us"', '"-25us"'), "latency of -2.5e-05s"),
        (CLUSTER.replace('id="c"', 'id="c" core="0"'), "core"),
    ]

    def test_one_line(self) -> None:
        for content, pattern in self.CASES:
            with self.subTest(pattern=pattern):
                self.write("p.xml", platform(content))
                self.assert_refused([FRONT, "sim", *TIMING, "--workers", 2, "--platform", "p.xml", "--out", "results", "--events",
                                     "full"], "--platform p.xml: not a usable SimGrid platform: ", pattern)

    def test_one_host_for_three_ranks(self) -> None:
        """SimGrid's complaint about the file comes before ours about its size."""
        self.write("p.xml", platform('<zone id="z" routing="Full"><host id="a" speed="1Gf">'
                                     '<prop id="wattage_per_state" value="x"/></host></zone>'))
        self.assert_refused([FRONT, "sim", "--method", "by-arrival", "--workers", 3, "--platform", "p.xml"], "host a")

    def test_what_is_no_text(self) -> None:
        self.write("empty.xml", "")
        words = [SIM, *TIMING, "--workers", 2, "--platform"]
        for path in ("empty.xml", "/dev/null"):
            self.assert_refused([*words, path], "not a usable SimGrid platform: it is empty")
        self.assert_refused(["bash", "-c", '"$@" <(cat empty.xml)', "bash", *words], "it is a pipe, which cannot be read twice")

    def test_a_profile_that_never_ends(self) -> None:
        """Neither all memory nor a minute."""
        self.write("p.xml", platform('<zone id="z" routing="Full"><host id="a" speed="1Gf" speed_file="s.profile"/></zone>'))
        for lines in ("PERIODICITY 0\n0 1\n", "0 1\nLOOPAFTER 0\n"):
            self.write("s.profile", lines)
            self.assert_refused([SIM, "--method", "serial", "--numerics", "none", "--platform", "p.xml"], "s.profile repeats itself after 0 s")
        (self.folder / "s.profile").unlink()
        (self.folder / "s.profile").symlink_to("/dev/zero")
        self.assert_refused([SIM, "--method", "serial", "--numerics", "none", "--platform", "p.xml"], "s.profile: given 'a device or pipe without end'")
        (self.folder / "s.profile").unlink()
        self.write("s.profile", "0 1\n1e-6 0.5\nLOOPAFTER 1e-9\n")
        self.assert_refused([SIM, "--method", "serial", "--numerics", "none", "--platform", "p.xml"],
                            r"s.profile repeats itself after 1\.001e-06 s; it must be 1e-05 s or more for each of its 2 lines")
        self.write("s.profile", "0 1\nLOOPAFTER 1e-9\n")
        self.assert_refused([SIM, "--speed-profile", "worker=0,file=s.profile"], r"s\.profile:2: given 'LOOPAFTER 1e-9'.*1e-05 s or more")
        self.assert_refused([SIM, "--pause", "worker=0,every=9us,for=1us"], "--pause: given 'every=9us'; allowed: every=10us or more")

    def test_calibration(self) -> None:
        self.write("p.xml", platform("<zone"))
        self.assert_refused([SIM, "calibrate", "--workers", 2, "--platform", "p.xml"], "p.xml")


@needs_sim
class Standstills(ProgramTest):
    """A result that says what failed, in text and in what `show` makes of it."""

    PAIR = ('<zone id="z" routing="Full"><host id="a" speed="1Gf" {}/><host id="b" speed="1Gf"/><link id="l" bandwidth="125MBps" '
            'latency="50us" {}/><route src="a" dst="b"><link_ctn id="l"/></route></zone>')

    def test_who(self) -> None:
        for name, of_host, of_link, said in (("1", 'speed_file="0.profile"', "", "host a has had no speed since 5 ms"),
                                             ("2", 'state_file="0.profile"', "", "host a went off at 5 ms"),
                                             ("3", "", 'bandwidth_file="0.profile"', "link l has had no bandwidth since 5 ms"),
                                             ("4", "", 'state_file="0.profile"', "link l went off at 5 ms")):
            with self.subTest(said=said):
                self.write("0.profile", "0.005 0\n")
                self.write("p.xml", platform(self.PAIR.format(of_host, of_link)))
                done = self.run_here([FRONT, "sim", *TIMING, "--workers", 2, "--platform", "p.xml", "--out", name])
                self.assertEqual((done.status, done.errors), (0, ""))
                shown = self.run_here([FRONT, "show", name])
                self.assertEqual((shown.status, shown.errors), (0, ""))
                for text in (done.output, shown.output):
                    self.assertRegex(" ".join(text.split()), f"outcome stalled .*{said} of the platform's time")

    def test_an_outage_that_ends(self) -> None:
        times = []
        for lines in ("0.002 125000000\n", "0.002 0\n0.010 125000000\n"):
            self.write("0.profile", lines)
            self.write("p.xml", platform(self.PAIR.format("", 'bandwidth_file="0.profile"')))
            done = self.run_here([SIM, *TIMING, "--workers", 2, "--platform", "p.xml", "--format", "json"])
            self.assertEqual((done.status, done.errors), (0, ""))
            summary = json.loads(done.output)["summary"]
            self.assertEqual((summary["outcome"], summary["standstill"]), ("finished", ""))
            times.append(summary["elapsed_s"])
        self.assertGreater(times[1], times[0] + 0.005)


@needs_sim
class Settings(ProgramTest):
    def test_no_trace_is_written_unasked(self) -> None:
        self.write("p.xml", platform(config(tracing="yes", **{"tracing/smpi": "yes"}) + CLUSTER))
        words = [FRONT, "sim", *TIMING, "--workers", 2, "--platform", "p.xml"]
        done = self.run_here(words)
        self.assertEqual((done.status, done.errors), (0, ""))
        self.assertEqual(self.files(), ["p.xml"])
        self.assertEqual(self.run_here([*words, "--paje", "run.trace"]).status, 0)
        self.assertEqual(self.files(), ["p.xml", "run.trace"])

    def test_they_are_named_in_the_result(self) -> None:
        self.write("p.xml", platform(config(**{"network/model": "SMPI", "network/latency-factor": "2"}) + CLUSTER))
        done = self.run_here([SIM, *TIMING, "--workers", 2, "--platform", "p.xml", "--format", "json"])
        said = "p.xml; its <config> sets network/latency-factor 2; lockstep's own in place of its network/model SMPI"
        self.assertEqual(json.loads(done.output)["provenance"]["platform"], said)


if __name__ == "__main__":
    unittest.main()
