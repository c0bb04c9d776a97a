"""`lockstep table`: rows, formats, files, the report's figures, rows that fail."""

import csv
import io
import json
import os
import shutil
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from programs import FRONT, ROOT, SIM, SMALL, WORLDS, ProgramTest, environment, in_one_line, needs_real, needs_sim, result_of, run  # noqa: E402
from stand_in import write_stand_in  # noqa: E402
from tables import csv_of, rows_of  # noqa: E402

REPORT = {  # the report's table
    "serial": (0.3726, 0.8880, 9.0821, 35, 40, 12),
    "sync-average-2": (0.2709, 0.9210, 10.8651, 40, 45, 28.7),
    "sync-average-3": (0.2744, 0.9213, 9.5284, 55, 57, 36.5),
    "sync-average-4": (0.2977, 0.9185, 9.7092, 65, 70, 43.3),
    "in-turn-2": (0.3204, 0.9111, 7.5638, 52, 55, 28),
    "in-turn-3": (0.6277, 0.8426, 6.4041, 70, 75, 35),
    "in-turn-4": (0.4981, 0.8596, 5.9964, 80, 85, 42.9),
}
HEADINGS = ["Method", "# Process", "Loss", "Accuracy", "Time (s)", "CPU usage", "Memory usage"]


class Rows(ProgramTest):
    def test_default_rows(self) -> None:
        for world in WORLDS:
            rows = rows_of("--world", world)
            with self.subTest(world=world):
                self.assertEqual([row["row"] for row in rows], list(REPORT))
                self.assertEqual([row["workers"] for row in rows], [1, 2, 3, 4, 2, 3, 4])

    def test_a_row_is_the_single_run(self) -> None:
        rows = {row["row"]: row["result"] for row in rows_of("--world", WORLDS[0], "--collective", "ring", "--lr", "0.5")}
        for name, words in [("serial", ["--method", "serial"]),
                            ("sync-average-3", ["--method", "sync-average", "--workers", 3, "--collective", "ring"]),
                            ("in-turn-4", ["--method", "in-turn", "--workers", 4])]:
            single = result_of([FRONT, WORLDS[0], *SMALL, *words, "--lr", "0.5"])
            with self.subTest(row=name):
                self.assertEqual(rows[name]["summary"]["parameters_digest"], single["summary"]["parameters_digest"])
                if WORLDS[0] == "sim":
                    self.assertEqual(rows[name]["summary"], single["summary"])

    def test_chosen_rows(self) -> None:
        rows = rows_of("--world", WORLDS[0], "--table-rows", "in-turn:2,serial,by-arrival,sync-average:1", "--server",
                       "dedicated")
        self.assertEqual([(row["row"], row["processes"]) for row in rows],
                         [("in-turn-2", 3), ("serial", 1), ("by-arrival-1", 2), ("sync-average-1", 1)])

    def test_keys_from_a_file(self) -> None:
        self.write("a.ini", "table-rows = serial\nbeside-report = yes\nmethod = in-turn\nworkers = 7\ncollective = ring\n")
        done = self.run_here([FRONT, "table", "a.ini", "--world", WORLDS[0], *SMALL, "--format", "csv"])
        [row] = csv.DictReader(io.StringIO(done.output))
        self.assertEqual((row["row"], row["report_loss"]), ("serial", "0.3726"))
        [row] = csv_of(self.folder / "a.ini", "--world", WORLDS[0], "--table-rows", "in-turn:2", "--beside-report", "no")
        self.assertEqual(row["row"], "in-turn-2")
        self.assertNotIn("report_loss", row)

    @needs_sim
    def test_the_number_of_threads_changes_nothing(self) -> None:
        figures = []
        for threads in (1, 3):
            rows = rows_of("--threads", threads)
            figures.append([row["result"]["summary"] for row in rows])
            self.assertEqual({row["result"]["config"]["threads"] for row in rows}, {str(threads)})
        self.assertEqual(figures[0], figures[1])


class Formats(ProgramTest):
    def test_text(self) -> None:
        for world in WORLDS:
            text = run([FRONT, "table", *SMALL, "--world", world]).output
            lines = text.splitlines()
            with self.subTest(world=world):
                self.assertEqual([part.strip() for part in lines[0].split("  ") if part.strip()], HEADINGS)
                self.assertEqual([line.split()[0] for line in lines[2:9]], ["Serial"] + ["Sync"] * 3 + ["Async"] * 3)
                self.assertIn({"sim": "are predictions of the model", "real": "are measured"}[world], text)
                self.assertRegex(text, r"\nlockstep \d+\.\d+\.\d+ ")
                self.assertNotIn("10.8651", text)

    def test_options_are_told(self) -> None:
        words = ["--world", WORLDS[0], "--collective", "ring", "--batch", "50"]
        self.assertIn("\nOptions: --collective=ring --train-samples=600 --test-samples=100 --batch=50\n  --epochs=2\n",
                      run([FRONT, "table", *SMALL, *words]).output)

    @needs_real
    def test_ranks_that_share_cores_are_marked(self) -> None:
        words = ["--world", "real", "--table-rows", f"serial,in-turn:{len(os.sched_getaffinity(0)) + 1}", "--batch", 4]
        self.assertEqual([row["oversubscribed"] for row in csv_of(*words)], ["no", "yes"])
        lines = run([FRONT, "table", *SMALL, *words]).output.splitlines()
        self.assertNotIn("*", lines[2])
        self.assertIn(" * ", lines[3])
        self.assertRegex(in_one_line("\n".join(lines)), r" \* More ranks than .* no claim rests on this time\.")

    @needs_sim
    def test_simulated_ranks_share_nothing(self) -> None:
        self.assertNotIn("*", run([FRONT, "table", *SMALL, "--table-rows", "in-turn:128", "--batch", 4]).output)

    def test_formats_agree(self) -> None:
        words = ["--table-rows", "serial,in-turn:2", "--world", WORLDS[0]]
        for from_json, from_csv in zip(rows_of(*words), csv_of(*words)):
            summary = from_json["result"]["summary"]
            self.assertEqual(from_csv["row"], from_json["row"])
            self.assertEqual(from_csv["parameters_digest"], summary["parameters_digest"])
            self.assertEqual(float(from_csv["test_loss"]), summary["test_loss"])
            self.assertEqual(from_csv["outcome"], "finished")

    def test_beside_the_report(self) -> None:
        words = ["--world", WORLDS[0], "--beside-report", "yes"]
        for row in csv_of(*words):
            columns = ("loss", "accuracy", "time_s", "cpu_percent_low", "cpu_percent_high", "memory_percent")
            self.assertEqual(tuple(float(row[f"report_{column}"]) for column in columns), REPORT[row["row"]])
        for row in rows_of(*words):
            self.assertEqual(tuple(row["report"].values()), REPORT[row["row"]])
        text = run([FRONT, "table", *SMALL, *words]).output
        for loss, accuracy, time_s, *_ in REPORT.values():
            self.assertRegex(text, rf"\| {loss:.4f} +{accuracy:.4f} +{time_s:.4f} ")
        self.assertEqual(rows_of("--world", WORLDS[0], "--beside-report", "yes", "--table-rows", "in-turn:5")[0]["report"],
                         None)

    def test_files(self) -> None:
        words = [FRONT, "table", *SMALL, "--world", WORLDS[0], "--table-rows", "serial,in-turn:2", "--out", "results",
                 "--format", "csv"]
        done = self.run_here(words)
        self.assertEqual(done.status, 0, done.errors)
        self.assertEqual([name for name in self.files() if "." in name], [
            "results/in-turn-2/history.csv", "results/in-turn-2/result.json", "results/serial/history.csv",
            "results/serial/result.json", "results/table.csv"])
        self.assertEqual((self.folder / "results/table.csv").read_text(), done.output)
        result = json.loads((self.folder / "results/in-turn-2/result.json").read_text())
        row = list(csv.DictReader(io.StringIO(done.output)))[1]
        self.assertEqual(result["summary"]["parameters_digest"], row["parameters_digest"])

    def test_other_rows_of_an_earlier_table_stay(self) -> None:
        for rows in ("serial,in-turn:2", "in-turn:3"):
            done = self.run_here([FRONT, "table", *SMALL, "--world", WORLDS[0], "--table-rows", rows, "--out", "results"])
            self.assertEqual(done.status, 0, done.errors)
        self.assertEqual([name for name in self.files() if name.endswith(".json")],
                         [f"results/{row}/result.json" for row in ("in-turn-2", "in-turn-3", "serial")])
        self.assertEqual(len((self.folder / "results/table.csv").read_text().splitlines()), 2)

    def test_progress(self) -> None:
        words = [FRONT, "table", *SMALL, "--world", WORLDS[0], "--table-rows", "serial,in-turn:2"]
        self.assertEqual(run(words).errors, "")
        self.assertIn("1 of 2 rows done", run([*words, "--progress", "always"]).errors)


@needs_sim
class ReportScenario(ProgramTest):
    """The numbers that scenarios/report/README.md documents, by timing-only runs."""

    def times(self, latency: str) -> dict[str, float]:
        done = run([FRONT, "table", ROOT / "scenarios/report/scenario.ini", "--numerics", "none", "--latency", latency,
                    "--format", "csv"])
        self.assertEqual(done.status, 0, done.errors)
        return {row["row"]: float(row["elapsed_s"]) for row in csv.DictReader(io.StringIO(done.output))}

    def slower_than_serial(self, latency: str) -> set[str]:
        times = self.times(latency)
        return {row for row in times if times[row] > times["serial"]}

    def test_the_reports_first_conclusion_and_its_opposite(self) -> None:
        self.assertLessEqual({f"sync-average-{workers}" for workers in (2, 3, 4)}, self.slower_than_serial("1ms"))
        self.assertEqual(self.slower_than_serial("0s"), set())

    def test_crossover(self) -> None:
        for row, below, above in [("sync-average-2", "62.6us", "62.8us"), ("sync-average-4", "220.7us", "220.9us"),
                                  ("in-turn-2", "370us", "380us"), ("in-turn-4", "370us", "380us")]:
            with self.subTest(row=row):
                self.assertNotIn(row, self.slower_than_serial(below))
                self.assertIn(row, self.slower_than_serial(above))

    def test_asks_for_the_reports_figures(self) -> None:
        done = run([FRONT, "table", ROOT / "scenarios/report/scenario.ini", "--numerics", "none"])
        self.assertIn("10.8651", done.output)


REPORTED = "echo samples a second"  # by which the front end knows that a rank has reported


class OtherPrograms(ProgramTest):
    """The front end beside programs that are not the real ones."""

    def install(self, **scripts: str) -> Path:
        shutil.copy(FRONT, self.folder / "lockstep")
        for name, script in scripts.items():
            write_stand_in(self.folder / f"lockstep-{name}", script)
        return self.folder / "lockstep"

    def test_a_world_that_was_not_built(self) -> None:
        front = self.install()
        for world, name in (("sim", "simulated world was not built: SimGrid"), ("real", "real world was not built: an MPI library")):
            for words in ([world], ["table", "--world", world]):
                with self.subTest(words=words):
                    self.assert_refused([front, *words], f"the {name} was not found at configure time")

    def test_a_world_that_the_tarball_has_yet_to_build(self) -> None:
        (self.folder / "bin").mkdir()
        shutil.copy(FRONT, self.folder / "bin/lockstep")
        write_stand_in(self.folder / "build-real", "exit 0")
        self.assert_refused([self.folder / "bin/lockstep", "real"],
                            rf"the real world is not built yet \(\S+/bin/lockstep-real is missing\); {self.folder}/build-real builds it")

    @needs_sim
    def test_a_row_that_fails(self) -> None:
        front = self.install(sim=f'case "$*" in *in-turn*) echo "lockstep-sim: the disk is full" >&2; exit 3;; esac\nexec "{SIM}" "$@"')
        done = self.run_here([front, "table", *SMALL, "--table-rows", "serial,in-turn:2,sync-average:2", "--out", "results"])
        self.assertEqual((done.status, done.errors), (3, "lockstep: row in-turn-2: the disk is full\n"))
        self.assertRegex(done.output, r"Serial SGD +1 +\d\.\d{4} ")
        self.assertRegex(done.output, r"Async +2 +failed +- +- ")
        self.assertRegex(done.output, r"Sync +2 +\d\.\d{4} ")
        self.assertTrue((self.folder / "results/sync-average-2/result.json").exists())
        self.assertFalse((self.folder / "results/in-turn-2").exists())
        lines = (self.folder / "results/table.csv").read_text().splitlines()
        self.assertEqual([line.split(",")[6] for line in lines], ["outcome", "finished", "failed", "finished"])

    @needs_sim
    def test_a_row_that_refuses_its_input_ends_the_table(self) -> None:
        script = 'echo "$*" >> started\ncase "$*" in *in-turn*) echo "lockstep-sim: bad data" >&2; exit 2;; esac\nexec ' + SIM
        words = ["table", *SMALL, "--table-rows", "serial,in-turn:2,sync-average:2-4", "--out", "results", "--threads",
                 len(os.sched_getaffinity(0))]  # one row at a time
        done = self.run_here([self.install(sim=f'{script} "$@"'), *words])
        self.assertEqual(done, (2, "", "lockstep: row in-turn-2: bad data\n"))
        self.assertEqual(len((self.folder / "started").read_text().splitlines()), 2)
        self.assertFalse((self.folder / "results").exists())

    def test_how_a_row_can_fail(self) -> None:
        words = ["table", *SMALL, "--table-rows", "serial", "--format", "json"]
        for script, pattern in [("kill -SEGV $$", "ended by signal 11"), ("exit 7", "ended with status 7$"),
                                ("echo noise >&2; exit 7", "ended with status 7: noise"),
                                ("echo '{}'", "its output: not a result"), ("", "its output: not a result")]:
            done = self.run_here([self.install(sim=script), *words])
            with self.subTest(script=script):
                self.assertEqual(done.status, 3)
                self.assertRegex(done.errors, f"^lockstep: row serial: .*{pattern}")
                self.assertRegex(json.loads(done.output)["rows"][0]["failure"], pattern)

    def test_a_single_run_passes_its_status_on(self) -> None:
        for status in (0, 2, 3):
            done = self.run_here([self.install(sim=f"echo out; echo err >&2; exit {status}"), "sim"])
            self.assertEqual(done, (status, "out\n", "err\n"))
        done = self.run_here([self.install(sim="kill -SEGV $$"), "sim"])
        self.assertEqual((done.status, done.output), (3, ""))
        self.assertRegex(done.errors, "^lockstep: lockstep-sim ended by signal 11 ")

    def with_mpirun(self, script: str, version: str = "mpirun (Open MPI) 4.1.4", name: str = "mpirun") -> tuple[Path, dict]:
        """A front end, and the environment where mpirun is a shell script."""
        front = self.install(real=f'printf "[%s]" alone "$@"; echo " $LOCKSTEP_LAUNCHER"; {REPORTED}')
        says = f'[ "$1" != --version ] || {{ printf "%s\\n" "{version}"; exit 0; }}'
        mpirun = self.write(f"bin/{name}", f"#!/bin/sh\n{says}\n{script}\n")
        mpirun.chmod(0o755)
        return front, {"env": environment(PATH=f"{mpirun.parent}:/usr/bin:/bin")}

    def test_a_real_run_passes_its_programs_status_on(self) -> None:
        for status in (0, 2, 3):
            front, path = self.with_mpirun(f"{REPORTED}; echo 'lockstep-real: err' >&2; exit {status}")
            for progress in ([], ["--progress", "always"]):
                self.assertEqual(self.run_here([front, "real", *progress], **path),
                                 (status, "samples a second\n", "lockstep-real: err\n"))

    def test_an_mpirun_that_fails(self) -> None:
        for script, pattern in [("exit 1", "mpirun ended with status 1; .* run "),
                                ("exit 127", "mpirun ended with status 127; "),
                                ("exit 255", "mpirun ended with status 255; "),
                                ("kill -KILL $$", r"mpirun ended by signal 9 \(Killed\); "),
                                ("(echo; echo ----; echo no slots; echo bye) >&2; exit 1", "mpirun ended with status 1: no slots; "),
                                ("echo 'lockstep-real: warning: slow' >&2; exit 1", "mpirun ended with status 1; "),
                                ("echo 'mpirun was unable to launch it' >&2; exit 132", "mpirun ended with status 132: mpirun was unable"),
                                ("echo 'mpirun noticed that process rank 0 exited' >&2; exit 139", "mpirun ended with status 139: "),
                                ("echo 'Primary job terminated normally' >&2; exit 137", "mpirun ended with status 137: a process that it "
                                 r"started ended by signal 9 \(Killed\)"),
                                ("echo 'lockstep-real: x.cpp:1: Assertion' >&2; exit 134", "x.cpp:1: Assertion$")]:
            front, path = self.with_mpirun(script)
            is_of_one_row = any(part in script for part in ("kill", "134", "137", "139"))
            for words, start in ([["real"], ""], [["table", "--world", "real", "--table-rows", "serial"], "row serial: "]):
                start = start if is_of_one_row else ""
                done = self.run_here([front, *words], **path)
                with self.subTest(script=script, words=words):
                    self.assertEqual(done.status, 3)
                    self.assertRegex(done.errors, rf"\Alockstep: {start}{pattern}.*\n?\Z")
                    self.assertEqual(done.errors.count("\n"), 1)

    def test_an_mpirun_that_starts_nothing_and_calls_it_a_success(self) -> None:
        for script in ("exit 0", "echo mpirun 4.1.4", "echo started by nobody >&2"):
            front, path = self.with_mpirun(script)
            for words in (["real", "--out", "x"], ["real", "--format", "json"], ["table", "--world", "real"], ["calibrate", "--name", "x"]):
                done = self.run_here([front, *words], **path)
                with self.subTest(script=script, words=words):
                    self.assertEqual((done.status, done.output), (3, ""))
                    self.assertRegex(done.errors, r"\Alockstep: mpirun ended with 0, but no rank reported a result.* run .*\n\Z")
                    self.assertEqual(done.errors.count("\n"), 1)

    def test_the_command_shown_is_one_for_a_shell(self) -> None:
        front, path = self.with_mpirun("exit 1")
        done = self.run_here([front, "real", "--launcher-args", "-x 'A=it'\\''s b'", "--hidden="], **path)
        self.write("bin/mpirun", '#!/bin/sh\nprintf "[%s]" "$@"\n')
        again = self.run_here(["sh", "-c", done.errors.split(" run ", 1)[1]], **path)
        self.assertRegex(again.output, r"^\[-n\]\[1\]\[--bind-to\].*\[-x\]\[A=it's b\]\[.*lockstep-real\]\[--hidden=\]$")

    def test_arguments_arrive_as_they_are(self) -> None:
        self.write("a b.ini", "lr = 0.5\n")
        front = self.install(sim='printf "[%s]" "$@"')
        done = self.run_here([front, "sim", "a b.ini", "--hidden=", "--out", "o u t"])
        self.assertEqual(done.output, "[a b.ini][--hidden=][--out][o u t]")

    def test_launcher(self) -> None:
        """mpirun is a script that shows what it is called with."""
        front, path = self.with_mpirun(f'printf "[%s]" "$@"; echo; {REPORTED}')
        patient = r"\[--mca\]\[mpi_yield_when_idle\]\[1\]"
        program = f"\\[{self.folder.resolve()}/lockstep-real\\]"
        for words, pattern in [
            ([], rf"^\[-n\]\[1\]\[--bind-to\]\[none\]{patient}{program}$"),
            (["--method", "by-arrival", "--workers", "1"], r"^\[-n\]\[2\]"),
            (["--lr", "0.5", "--launcher-args", "--bind-to core -x 'A=b c'", "--batch", "7"],
             rf"^\[-n\]\[1\]{patient}\[--bind-to\]\[core\]\[-x\]\[A=b c\]{program}\[--lr\]\[0.5\]\[--batch\]\[7\]$"),
            (["--launcher-args=-x A"], rf"\[-x\]\[A\]{program}$"),
            (["--launcher-args", "--mca mpi_yield_when_idle 0"],
             rf"^\[-n\]\[1\]\[--bind-to\]\[none\]\[--mca\]\[mpi_yield_when_idle\]\[0\]{program}$"),
            (["--method", "in-turn", "--workers", str(2 * len(os.sched_getaffinity(0))), "--batch", "1"],
             rf"{patient}\[--oversubscribe\]{program}"),
            (["--method", "in-turn", "--workers", "1000", "--batch", "1", "--launcher-args", "--host a:1000"],
             rf"^\[-n\]\[1000\]\[--bind-to\]\[none\]{patient}\[--host\]\[a:1000\]{program}"),
        ]:
            with self.subTest(words=words):
                self.assertRegex(self.run_here([front, "real", *words], **path).output.split("\n")[0], pattern)
        crowd = ["--method", "in-turn", "--workers", str(33 * len(os.sched_getaffinity(0))), "--batch", "1"]
        refused = self.run_here([front, "real", *crowd], **path)
        self.assertEqual((refused.status, refused.output), (2, ""))
        self.assertRegex(refused.errors, r"\Alockstep: --workers: given '\d+ ranks, servers included'; allowed: at most \d+, 32 for each core")
        meant = self.run_here([front, "real", *crowd, "--launcher-args", "--oversubscribe"], **path)
        self.assertRegex(meant.output, rf"{patient}\[--oversubscribe\]{program}")

    def test_launchers_of_other_makers(self) -> None:
        shows = f'printf "[%s]" "$@"; echo " $LOCKSTEP_LAUNCHER"; {REPORTED}'
        program = f"\\[{self.folder.resolve()}/lockstep-real\\]"
        two = ["--method", "sync-average", "--workers", "2", "--launcher-args", "-x y"]
        keys = r"\[--method\]\[sync-average\]\[--workers\]\[2\]"
        for launcher, version, pattern in [
            ("mpirun", "HYDRA build details:\n    Version:      4.0.2\n    CC: gcc",
             rf"^\[-n\]\[2\]\[-bind-to\]\[none\]\[-x\]\[y\]{program}{keys} mpirun \(Hydra\) 4.0.2$"),
            ("mpirun", "Intel(R) MPI Library for Linux* OS, Version 2021.11",
             rf"^\[-n\]\[2\]\[-bind-to\]\[none\]\[-x\]\[y\]{program}{keys} Intel"),
            ("mpirun", "jsrun 10", rf"^\[-n\]\[2\]\[-x\]\[y\]{program}{keys} jsrun 10$"),
            ("srun", "slurm-wlm 22.05.8", rf"^\[-n\]\[2\]\[-x\]\[y\]{program}{keys} slurm-wlm 22.05.8$"),
        ]:
            with self.subTest(launcher=launcher, version=version):
                front, path = self.with_mpirun(shows, version, launcher)
                done = self.run_here([front, "real", "--launcher", launcher, *two], **path)
                self.assertRegex(done.output.split("\n")[0], pattern)

    def test_words_that_count_ranks(self) -> None:
        for launcher, version, words, is_refused in [
            ("srun", "slurm-wlm 22.05.8", "-c 2", False), ("srun", "slurm-wlm 22.05.8", "--ntasks=8", True),
            ("srun", "slurm-wlm 22.05.8", "-n8", True), ("mpirun", "mpirun (Open MPI) 5.0.7", "--np=4", True),
            ("mpirun", "mpirun (Open MPI) 5.0.7", "-c 2", True), ("mpirun", "HYDRA", "-np 2", True),
            ("mpirun", "HYDRA", "-nolocal", False)]:
            with self.subTest(launcher=launcher, words=words):
                front, path = self.with_mpirun(REPORTED, version, launcher)
                done = self.run_here([front, "real", "--launcher", launcher, "--launcher-args", words], **path)
                self.assertEqual(done.status, 2 if is_refused else 0, done.errors)
                if is_refused:
                    self.assertIn("the number of ranks follows from --workers", done.errors)

    def test_without_a_launcher(self) -> None:
        front, path = self.with_mpirun("exit 1")
        done = self.run_here([front, "real", "--launcher=none", "--hidden", "8"], **path)
        self.assertEqual((done.status, done.output.split("\n")[0]), (0, "[alone][--hidden][8] "))
        for words, pattern in [(["--method", "sync-average", "--workers", "2"], "--launcher: given 'none'.*this one has 2"),
                               (["--launcher-args", "-x y"], "--launcher-args: with --launcher none nobody takes them")]:
            done = self.run_here([front, "real", "--launcher", "none", *words], **path)
            self.assertEqual(done.status, 2)
            self.assertRegex(done.errors, pattern)


if __name__ == "__main__":
    unittest.main()
