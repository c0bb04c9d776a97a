"""Asking `lockstep-sim serve` for runs, as the front end does; and whose children a process has."""

import array
import os
import re
import socket
import struct
import subprocess
from pathlib import Path
from typing import Iterable

from programs import SIM, Done, environment


class Server:
    """Runs command lines of lockstep-sim one after the other in children of ours."""

    def __init__(self, folder: Path) -> None:
        self.socket, far_end = socket.socketpair()
        self.process = subprocess.Popen([SIM, "serve"], cwd=folder, env=environment(), stdin=far_end)
        far_end.close()

    def run(self, words: Iterable[object]) -> Done:
        text = b"".join(str(word).encode() + b"\0" for word in words)
        output, errors = os.pipe(), os.pipe()
        rights = array.array("i", [output[1], errors[1]])
        self.socket.sendmsg([struct.pack("Q", len(text))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        self.socket.sendall(text)
        [child] = struct.unpack("i", self.socket.recv(4, socket.MSG_WAITALL))
        os.close(output[1])
        os.close(errors[1])
        with os.fdopen(output[0]) as file:
            told = file.read()
        with os.fdopen(errors[0]) as file:
            complaint = file.read()
        return Done(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told, complaint)

    def end(self) -> int:
        self.socket.close()
        return self.process.wait()


def children_of(pid: int) -> list[int]:
    """In the order in which they began: of the front end first the server, then runs."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def catches(pid: int, number: int) -> bool:
    """Whether the process has a handler of its own for the signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    return bool(int(re.search(r"^SigCgt:\s*([0-9a-f]+)$", status, re.MULTILINE)[1], 16) >> number - 1 & 1)
