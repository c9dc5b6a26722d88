"""The checks of law between an officer's wish and a step that leaves the node. Pure: no tables, no clock, no network."""
