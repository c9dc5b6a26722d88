"""`python -m comity.demo` is `comity demo`."""

from comity.cli.main import main

main(["demo"])
