"""The demonstration: two nodes on this machine, cases in every state, and a counterpart that answers.

Border: made of what any operator has (the program `comity`, the REST API, the actions of an officer) and one thing nobody
else has: a clock that can be set back, so that weeks can be played in a minute (`clock`).
"""
