"""What `lockstep table` prints of small runs, read back."""

import csv
import io
import json

from programs import FRONT, SMALL, run


def rows_of(*words: object) -> list[dict]:
    done = run([FRONT, "table", *SMALL, *words, "--format", "json"])
    assert done.status == 0, done.errors
    return json.loads(done.output)["rows"]


def csv_of(*words: object) -> list[dict]:
    return list(csv.DictReader(io.StringIO(run([FRONT, "table", *SMALL, *words, "--format", "csv"]).output)))
