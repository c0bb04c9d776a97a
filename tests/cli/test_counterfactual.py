"""`lockstep sim --without-straggler`: the same run with stragglers healed, and what they cost."""

import csv
import io
import json
import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SIM, SMALL, ProgramTest, needs_sim, option_entry, result_of, run  # noqa: E402

RUN = [*SMALL, "--method", "sync-average", "--workers", "3", "--variability", "lognormal:0.5", "--target-accuracy", "0.15",
       "--evaluations", "3"]
STRAGGLER = ["--straggler", "worker=1,factor=4"]


def both(*words: object) -> dict:
    done = run([FRONT, "sim", *RUN, *words, "--format", "json"])
    assert done.status == 0, done.errors
    return json.loads(done.output)


@needs_sim
class Healing(ProgramTest):
    def test_the_others_draw_the_same_times(self) -> None:
        """To the last bit but one: they are differences of clocks that do not show the same time."""
        found = both(*STRAGGLER, "--without-straggler")
        compute = {name: [worker["compute_s"] for worker in found[name]["workers"]] for name in ("actual", "healed")}
        for worker in (0, 2):
            self.assertAlmostEqual(compute["actual"][worker] / compute["healed"][worker], 1, delta=1e-14)
        self.assertGreater(compute["actual"][1], 2 * compute["healed"][1])

    def test_they_are_the_single_runs(self) -> None:
        found = both(*STRAGGLER, "--without-straggler")
        self.assertEqual(found["actual"]["summary"], result_of([SIM, *RUN, *STRAGGLER])["summary"])
        self.assertEqual(found["healed"]["summary"], result_of([SIM, *RUN])["summary"])

    def test_one_of_several(self) -> None:
        two = [*STRAGGLER, "--straggler", "worker=2,factor=3"]
        for words, healed in [(["--without-straggler=1"], ["--straggler", "worker=2,factor=3"]),
                              (["--without-straggler", "2"], STRAGGLER), (["--without-straggler"], []),
                              (["--without-straggler", "all"], [])]:
            with self.subTest(words=words):
                self.assertEqual(both(*two, *words)["healed"]["summary"], result_of([SIM, *RUN, *healed])["summary"])

    def test_cost(self) -> None:
        found = both(*STRAGGLER, "--without-straggler", "--busy-power", "100W")
        for name, cost in found["cost"].items():
            with self.subTest(name=name):
                actual, healed = (found[which]["summary"][name] for which in ("actual", "healed"))
                self.assertEqual((cost["actual"], cost["healed"]), (actual, healed))
                self.assertEqual(cost["difference"], actual - healed)
                if healed != 0:
                    self.assertAlmostEqual(cost["percent"], 100 * (actual - healed) / healed)
        self.assertEqual(list(found["cost"]), ["elapsed_s", "time_to_target_s", "test_accuracy", "wait_share",
                                               "mean_staleness", "energy_J"])
        self.assertGreater(found["cost"]["elapsed_s"]["difference"], 0)
        self.assertEqual(found["cost"]["test_accuracy"]["difference"], 0)  # averaging does not depend on timing

    def test_in_a_file(self) -> None:
        self.write("a.ini", "straggler = worker=1,factor=4\nwithout-straggler = all\n")
        self.assertEqual(both(self.folder / "a.ini")["healed"]["summary"], result_of([SIM, *RUN])["summary"])
        self.assertEqual(result_of([SIM, self.folder / "a.ini", *RUN])["summary"],
                         result_of([SIM, *RUN, *STRAGGLER])["summary"])


@needs_sim
class Output(ProgramTest):
    def test_text(self) -> None:
        text = run([FRONT, "sim", *RUN, *STRAGGLER, "--without-straggler"]).output
        plain = run([FRONT, "sim", *RUN, *STRAGGLER]).output
        self.assertTrue(text.startswith(plain))
        self.assertRegex(text[len(plain):], r"With +Without +The straggler's cost")
        self.assertRegex(text[len(plain):], r"\ntime +\S+ m?s +\S+ m?s +\+\S+ m?s +\+\d+\.\d %\n")

    def test_csv(self) -> None:
        rows = list(csv.DictReader(io.StringIO(
            run([FRONT, "sim", *RUN, *STRAGGLER, "--without-straggler", "--format", "csv"]).output)))
        single = next(csv.DictReader(io.StringIO(run([SIM, *RUN, *STRAGGLER, "--format", "csv"]).output)))
        self.assertEqual([row["run"] for row in rows], ["actual", "healed"])
        self.assertEqual(rows[0], {"run": "actual"} | single)

    def test_files(self) -> None:
        done = self.run_here([FRONT, "sim", *RUN, *STRAGGLER, "--without-straggler", "--out", "results"])
        self.assertEqual(done.status, 0, done.errors)
        self.assertEqual([name for name in self.files() if "." in name],
                         [f"results/{run_name}/{name}" for run_name in ("actual", "healed")
                          for name in ("history.csv", "result.json", "updates.csv")])

    def test_help(self) -> None:
        self.assertIn("default: nothing", option_entry(run([FRONT, "sim", "--help"]).output, "without-straggler"))

    def test_refusals(self) -> None:
        for words, pattern in [
            (["--without-straggler"], "--without-straggler: given 'all'; allowed: with a --straggler to heal"),
            ([*STRAGGLER, "--without-straggler", "2"], "--without-straggler: given '2'; .*worker 2 has none"),
            ([*STRAGGLER, "--without-straggler=3"], "--without-straggler: given '3'"),
            ([*STRAGGLER, "--without-straggler=some"], "--without-straggler: given 'some'; allowed: all, or the number"),
            ([*STRAGGLER, "--without-straggler="], "--without-straggler: given ''"),
        ]:
            with self.subTest(words=words):
                self.assert_refused([FRONT, "sim", *RUN, *words, "--out", "results"], pattern)
        self.assert_refused([SIM, *RUN, "--without-straggler"], "--without-straggler: unknown option")


if __name__ == "__main__":
    unittest.main()
