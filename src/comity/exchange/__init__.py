"""How two nodes exchange their logs: what is sent, what is admitted, and the lines it travels on."""
