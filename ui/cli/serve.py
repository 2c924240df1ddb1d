"""`oncolantern serve`: the chat page, the embed, the records upload and the API in one process."""

from __future__ import annotations

import argparse
import socket
import sys

from bot.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. The page is up at once; the assistant is made ready behind it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((args.host, args.port))
        except OSError as error:
            print(f"oncolantern: cannot listen on {args.host}:{args.port} ({error.strerror}); choose another --port", file=sys.stderr)
            return 1
    import uvicorn

    from bot.assembly import assemble
    from ui.server import create_app

    settings = Settings()
    app = create_app(lambda progress=None: assemble(settings, progress, count_gaps=True), settings)
    print(f"Oncolantern is at http://{args.host}:{args.port} (state in {settings.data}); stop with Ctrl+C", file=sys.stderr)
    uvicorn.run(app, host=args.host, port=args.port, log_level="warning", server_header=False)
    return 0
