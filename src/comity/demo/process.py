"""One process of the demonstration, with its clock: the running node, the player, or the program `comity`.

python -m comity.demo.process run                serve, as `comity run` does
python -m comity.demo.process play               carry out what comes on stdin (`player`)
python -m comity.demo.process cli case list …    the program `comity`
"""

from __future__ import annotations

import sys

from comity.demo import clock


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

        run(announce=lambda said: None)
    else:
        from comity.demo.player import play

        play(sys.stdin, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
