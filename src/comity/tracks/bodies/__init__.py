"""Groups of fields and steps that several tracks share, each declared once."""
