"""comity-verify: tells a court, offline, what an evidence file proves.

    layout.py    what lies where in an evidence file, and how large it may be
    archive.py   reads the zip without ever writing to disk
    opening.py   agreement, keys, manifest: who is speaking
    prove.py     checkpoints, entries, bodies, receipts: what they prove
    words.py     what prove may find, in words
    report.py    the shape of the answer
    show.py      the answer in words, in English and Chinese
    main.py      the command

It stands alone: it imports comity's pure core and its cryptography, neither the node nor any framework.
"""
