"""How people meet it: command line, chat page, embed, records upload, HTTP API."""
