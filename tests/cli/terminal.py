"""Programs whose output goes to a terminal."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import unittest
from pathlib import Path
from typing import Callable, Iterable

from programs import SECONDS


def shown_on_terminal(words: Iterable[object], stream: str, columns: int, cwd: Path, env: dict[str, str],
                      enough: Callable[[bytes], bool] = lambda text: False) -> tuple[int, str]:
    """The exit status, and what went to that stream, `stdout` or `stderr`, which is a terminal of that width. The program
    is stopped where that is enough. The test is skipped where there are no terminals."""
    try:
        ours, theirs = pty.openpty()
    except OSError as problem:
        raise unittest.SkipTest(f"no terminal can be opened (is /dev/pts mounted?): {problem}") from problem
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {stream: theirs}
    process = subprocess.Popen([str(word) for word in words], cwd=cwd, stdin=subprocess.DEVNULL, **streams,
                               env={key: value for key, value in env.items() if key != "COLUMNS"})
    os.close(theirs)
    text = b""
    try:
        while part := os.read(ours, 65536):
            text += part
            if enough(text):
                process.terminate()
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return process.wait(timeout=SECONDS), text.decode()
