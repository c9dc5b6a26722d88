"""One process of the demonstration, with its clock: the running node, the player, or the program `comity`.

python -m comity.demo.process run                serve, as `comity run` does
python -m comity.demo.process play               carry out what comes on stdin (`player`)
python -m comity.demo.process cli case list …    the program `comity`
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from comity.demo import clock

LOOK = 1.0


def main(argv: list[str]) -> None:
    """Put the clock in place, boot, and become what was asked for."""
    clock.install()
    from comity.node import boot

    if argv[0] == "cli":
        if argv[1:2] != ["init"]:
            boot()
            clock.install_exchange()
        from comity.cli.main import main as program

        program(argv[1:])
        return
    boot()
    clock.install_exchange()
    if argv[0] == "run":
        from comity.node.server import run

        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
        run(announce=lambda said: None)
    else:
        from comity.demo.player import play

        play(sys.stdin, sys.stdout)


def _end_with(parent: int) -> None:
    """A node of a demonstration ends when the demonstration does, however that ended."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1:])
