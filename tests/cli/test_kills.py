"""Every method, killed once at a random moment: nobody is left behind, and what goes on ends as if nothing had happened."""

import random
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from checkpointed import NAMED, PLAIN, Setting  # noqa: E402
from kills import SEED_VARIABLE, VICTIMS, Trial, seed  # noqa: E402
from programs import WORLDS, needs_real, needs_sim  # noqa: E402

SEED = seed(20261201)
REAL = {"allreduce": "rank", "local-sgd": "mpirun", "by-arrival": "front end", "ad-psgd": "rank", "gossip": "rank", "serial": "mpirun"}


@unittest.skipUnless(WORLDS, "no world is built")
class Kills(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        print(f"{SEED_VARIABLE}={SEED}", file=sys.stderr)

    def kill(self, setting: Setting, world: str, victim: str) -> None:
        with self.subTest(method=setting.name, world=world, victim=victim), tempfile.TemporaryDirectory() as folder:
            trial = Trial(Path(folder), setting, world, random.Random(f"{SEED} {world} {setting.name}"))
            try:
                trial.run([victim])
            except AssertionError as problem:
                self.fail(f"{trial.kills}: {problem}")

    @needs_sim
    def test_simulated(self) -> None:
        for number, setting in enumerate(PLAIN):
            self.kill(setting, "sim", VICTIMS["sim"][number % 2])

    @needs_real
    def test_real(self) -> None:
        for name, victim in REAL.items():
            self.kill(NAMED[name], "real", victim)


if __name__ == "__main__":
    unittest.main()
