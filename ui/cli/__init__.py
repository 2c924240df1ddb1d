"""The one console script, `oncolantern`. Imports are lazy: `--help` answers before anything heavy is loaded.

Exit codes: 0 done, 1 something failed (said in one line on stderr), 2 wrong usage.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from ui.cli._parser import build_parser

DONE, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Every expected fault ends in one clear line, never in a trace."""
    parser = build_parser()
    args = parser.parse_args(arguments)
    if not getattr(args, "run", None):
        parser.print_help()
        return USAGE
    from ui.cli._errors import expected_errors

    try:
        return int(args.run(args) or DONE)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as error:
        if isinstance(error, expected_errors()):
            print(f"oncolantern: {' '.join(str(error).split())}", file=sys.stderr)
            return FAILED
        raise


def entry() -> None:
    """The console script: `main` as an exit code."""
    # A start makes a million objects that stay: looking through them for rubbish every 700 takes a tenth of a cold `ask`.
    gc.set_threshold(50_000, 20, 50)
    sys.exit(main())
