"""The REST API: every step of every track, by token. Same sight as the pages; a token never approves."""
