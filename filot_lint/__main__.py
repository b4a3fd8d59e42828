"""`python -m filot_lint`."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder may hold modules of the repository under inspection

    from filot_lint.cli import main

    main(prog_name="filot-lint")
