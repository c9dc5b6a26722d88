"""`python -m comity_verify FILE` is `comity-verify FILE`."""

from comity_verify.main import main

main()
