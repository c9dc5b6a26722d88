"""What a node keeps: tables, and the only code that writes entries."""
