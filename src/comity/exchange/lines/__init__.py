"""The ways a sealed batch can travel: over HTTP, or in a pouch carried by hand."""
