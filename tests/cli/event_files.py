"""Event files (shared/events/event.hpp) as a test needs them, and a small run that has some."""

import struct
from pathlib import Path
from typing import NamedTuple

KINDS = ("compute", "send_started", "receive_started", "arrived", "blocked_sending", "blocked_receiving", "in_library",
         "apply", "evaluate", "clock", "end")
NO_PEER = 0xFFFFFFFF
RECORD = struct.Struct("<ddIIQQQQII")


class Event(NamedTuple):
    kind: str
    begin_s: float
    end_s: float = 0.0
    peer: int = NO_PEER
    sequence: int = 0
    bytes: int = 0
    round: int = 0
    version: int = 0
    staleness: int = 0
    phase: int = 0

    def packed(self) -> bytes:
        return RECORD.pack(self.begin_s, self.end_s, KINDS.index(self.kind), self.peer, self.sequence, self.bytes,
                           self.round, self.version, self.staleness, self.phase)


def write_events(run: Path, ranks: list[list[Event]], workers: int | None = None, start_s: float = 0.0) -> None:
    folder = run / "events"
    folder.mkdir(parents=True, exist_ok=True)
    workers = len(ranks) if workers is None else workers
    for rank, events in enumerate(ranks):
        line = (f"lockstep-events-1 rank={rank} ranks={len(ranks)} workers={workers} world=simulated "
                f"start_s={start_s}\n")
        (folder / f"rank-{rank}.events").write_bytes(line.encode() + b"".join(event.packed() for event in events))


def ring(ranks: int, rounds: int, size: int = 4000) -> list[list[Event]]:
    """Each rank computes for 1 ms (the last one for 2), sends to the next, and is blocked until it has received; then an
    update, and 0.1 ms of something else. Messages take 0.25 ms."""
    all_events: list[list[Event]] = [[] for _ in range(ranks)]
    at = [0.0] * ranks
    for step in range(rounds):
        computed = []
        for rank in range(ranks):
            end = at[rank] + (0.002 if rank == ranks - 1 else 0.001)
            all_events[rank].append(Event("compute", at[rank], end, round=step))
            all_events[rank].append(Event("send_started", end, peer=(rank + 1) % ranks, sequence=step, bytes=size, round=step))
            computed.append(end)
        for rank in range(ranks):
            sender = (rank - 1) % ranks
            arrival = max(computed[rank], computed[sender] + 0.00025)
            events = all_events[rank]
            events.append(Event("receive_started", computed[rank], peer=sender, sequence=step, round=step))
            if arrival > computed[rank]:
                events.append(Event("blocked_receiving", computed[rank], arrival, peer=sender, sequence=step, round=step))
            events.append(Event("arrived", arrival, peer=sender, sequence=step, bytes=size, round=step))
            events.append(Event("apply", arrival, peer=rank, round=step, version=step * ranks + rank, staleness=rank))
            at[rank] = arrival + 0.0001
    for rank in range(ranks):
        all_events[rank].append(Event("evaluate", at[rank], round=rounds))
        all_events[rank].append(Event("end", at[rank]))
    return all_events
