"""What is printed for people keeps to 80 columns, but for tables that cannot and for single words."""

import sys
import unittest

sys.dont_write_bytecode = True
from programs import FRONT, SMALL, ProgramTest, needs_sim  # noqa: E402

RUN = [*SMALL, "--hidden", "24,12", "--batch", 25, "--bandwidth", "800Mbps", "--lr", "0.5", "--straggler", "worker=0,factor=4"]


@needs_sim
class Columns(ProgramTest):
    def said(self, *words: object) -> str:
        done = self.run_here([FRONT, *words])
        self.assertEqual((done.status, done.errors), (0, ""))
        return done.output

    def assert_fits(self, text: str) -> None:
        self.assertGreater(text.count("\n"), 0)
        for line in text.splitlines():
            self.assertTrue(len(line) <= 80 or " " not in line.strip(), line)

    def below_table(self, *words: object) -> None:
        self.assert_fits(self.said(*words).partition("\n\n")[2])

    def test_sentences_and_provenance_below_a_table(self) -> None:
        self.below_table("compare", *RUN, "--methods", "serial,sync-average,in-turn", "--target-accuracy", "0.2")
        self.below_table("table", "--world", "sim", *RUN, "--table-rows", "serial,in-turn:2", "--replicates", 2, "--beside-report", "yes")
        self.below_table("sweep", *RUN, "--method", "in-turn", "--workers", 2, "--sweep", "latency=50us,60us", "--out",
                         "a-folder-with-a-rather-long-name/sweep")
        self.assert_fits(self.said("show", "a-folder-with-a-rather-long-name/sweep"))

    def test_a_run(self) -> None:
        for words in (["--method", "by-arrival"], ["--method", "sync-average", "--failure", "worker=1,at=1ms", "--failure", "worker=2,at=1ms"]):
            with self.subTest(words=words):
                self.assert_fits(self.said("sim", *RUN, "--workers", 3, *words).partition("\nrank  role")[0])

    def test_break_even(self) -> None:
        self.assert_fits(self.said("break-even", *SMALL, "--numerics", "none", "--method", "sync-average", "--workers", 4, "--vary", "latency",
                                   "--between", "1us..1s", "--against", "serial"))

    def test_runs_against_each_other(self) -> None:
        words = [*RUN, "--method", "sync-average", "--workers", 2, "--latency"]
        for name, latency in (("reference", "75us"), ("other", "80us")):
            self.said("sim", *words, latency, "--out", name)
        self.assert_fits(self.said("validate", *words, "75us", "--measured", "reference").partition("\nNo phase differs.")[2])
        self.assert_fits(self.said("report", "--diff", "reference", "other"))


if __name__ == "__main__":
    unittest.main()
