"""comity: two sovereign authorities keep the promises they make each other."""

__version__ = "0.1.0"
