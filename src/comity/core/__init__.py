"""What is true: pure rules over bytes and values. No clock, no I/O, no framework."""
