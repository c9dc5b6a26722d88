"""The command line: nouns, then verbs. Whoever runs it on the node's machine acts as an officer, with that officer's sight."""
