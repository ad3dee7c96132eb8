"""Run as a script: steps down from root, ties a program to its parent's life, and becomes that program.

It stands apart because a `preexec_fn` may deadlock in a process with threads, and because the death signal
has to be asked for after stepping down: the kernel forgets it when a process changes its user. Standard
library only.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Arguments: the parent's pid, the signal to get at its death, uid and gid (-1: stay), the command."""
    parent, death_signal, uid, gid = (int(argument) for argument in arguments[:4])
    command = arguments[4:]
    if uid != -1:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
        if os.getppid() != parent:  # it died before we asked: nobody would ever stop us
            raise SystemExit("the supervisor is gone")
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606  # no shell wanted; the command is the package's own


if __name__ == "__main__":
    main(sys.argv[1:])
