#!/usr/bin/env python3
"""The PyTorch worker: a child process of the engine that builds, checks and times tensor code.

    worker.py --describe    prints what it can run, without loading PyTorch
    worker.py               speaks the protocol of docs/protocol.md over standard input and output
"""
from __future__ import annotations

import json
import sys


def main() -> int:
    if sys.argv[1:] == ["--describe"]:
        import catalogue

        try:
            print(json.dumps(catalogue.describe(), separators=(",", ":")))
        except ValueError as e:  # a plug-in, named with what is wrong with it
            print(e, file=sys.stderr)
            return 2
        return 0
    if sys.argv[1:]:
        print(f"worker.py: '{' '.join(sys.argv[1:])}' is no option; give --describe or nothing", file=sys.stderr)
        return 2
    import session
    from protocol import Channel

    return session.Session(Channel()).run()


if __name__ == "__main__":
    sys.exit(main())
