"""Shell scripts in place of lockstep-sim. Run as a program, with such a script as its argument, this serves it."""

import array
import ctypes
import os
import signal
import socket
import struct
import sys
from pathlib import Path

CLONE_PARENT = 0x8000
SYS_CLONE = {"x86_64": 56, "aarch64": 220}


def write_stand_in(path: Path, script: str) -> None:
    """The script is run for each run, whether it is served or not."""
    path.write_text(f'#!/bin/sh\n[ "$*" != serve ] || exec "{sys.executable}" "{Path(__file__).resolve()}" "$0"\n{script}\n')
    path.chmod(0o755)


def serve(script: str) -> None:
    libc = ctypes.CDLL(None)
    asks = socket.socket(fileno=0)
    size = struct.Struct("Q")
    while True:
        header, rights, _, _ = asks.recvmsg(size.size, socket.CMSG_SPACE(8), socket.MSG_WAITALL)
        if not header:
            return
        streams = array.array("i", rights[0][2])
        [length] = size.unpack(header)
        words = asks.recv(length, socket.MSG_WAITALL).split(b"\0")[:-1] if length > 0 else []
        child = libc.syscall(SYS_CLONE[os.uname().machine], CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(streams[0], 1)
            os.dup2(streams[1], 2)
            os.execv(script, [os.fsencode(script), *words])
        asks.sendall(struct.pack("i", child))
        for stream in streams:
            os.close(stream)


if __name__ == "__main__":
    serve(sys.argv[1])
