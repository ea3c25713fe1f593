"""How is the command line left without a crash of the interpreter on its way out?"""

import gc
import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code.

    A short process that used Temporal's SDK may abort while the interpreter is taken down (temporalio/sdk-python
    issue 300), after a success. So buffers are flushed here, and the take-down is skipped.
    """
    gc.disable()  # a quarter of the start would go into looking again and again at what is loaded for good
    from cli.main import app  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    code: object = 0
    try:
        app()
    except SystemExit as left:
        code = left.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
