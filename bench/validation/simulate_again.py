#!/usr/bin/env python3
"""Simulates the kept cases of a validation grid again, with the simulator that is built now, and measures nothing.

Usage: bench/validation/simulate_again.py DIR [--only REGEX] [--sim PROGRAM]
DIR is what `validation_grid.py --out DIR` has kept. Each simulated run of a case is made again with its own options, those of its calibration
among them; the error is that of its median against the median measured then, before and after: what a change of the simulator does. A change
that was made because of some of these cases has not been confirmed by them.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from summaries import errors_head, errors_line  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_OF_THE_MODEL = {"out", "format", "progress", "paje", "platform", "checkpoint", "checkpoint-every", "rank-timeout", "replay", "record", "events",
                    "data-cache", "threads", "emulate-speed"}
REFUSED = re.compile(r"lockstep-sim: --([\w-]+): ")


def result_of(folder: Path) -> dict:
    return json.loads((folder / "result.json").read_text())


def simulated_again_s(sim: Path, config: dict, unused: set[str]) -> float:
    """`unused` are the keys that its method has no use for: the program refuses them one by one, and they are left out from then on."""
    while True:
        options = [f"--{key}={value}" for key, value in config.items() if value != "" and key not in NOT_OF_THE_MODEL | unused]
        done = subprocess.run([sim, *options, "--format", "json"], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)["summary"]["elapsed_s"]
        refused = REFUSED.match(done.stderr)
        if done.returncode != 2 or refused is None or refused[1] in unused:
            sys.exit(f"{' '.join(map(str, [sim, *options]))}: {done.stderr}")
        unused.add(refused[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kept", type=Path, metavar="DIR")
    parser.add_argument("--only", default="", help="cases whose folder's name matches")
    parser.add_argument("--sim", type=Path, default=ROOT / "build/release/bin/lockstep-sim")
    arguments = parser.parse_args()
    unused: dict[str, set[str]] = {}
    before, after = [], []
    print("| case | before | after |\n|---|---|---|")
    for case in sorted(path.parent for path in arguments.kept.glob("*/validation.json") if re.search(arguments.only, path.parent.name)):
        measured_s = statistics.median(result_of(folder)["summary"]["elapsed_s"] for folder in case.glob("real-*"))
        runs = [result_of(folder) for folder in sorted(case.glob("simulated-*"))]
        method = runs[0]["config"]["method"] + runs[0]["config"]["server"]
        again_s = [simulated_again_s(arguments.sim, run["config"], unused.setdefault(method, set())) for run in runs]
        errors = [100 * (statistics.median(times) / measured_s - 1) for times in ((run["summary"]["elapsed_s"] for run in runs), again_s)]
        before.append(abs(errors[0]))
        after.append(abs(errors[1]))
        print(f"| {case.name} | {errors[0]:+.1f} % | {errors[1]:+.1f} % |", flush=True)
    print(f"\n{errors_head('time')}{errors_line('before', before)}{errors_line('after', after)}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
