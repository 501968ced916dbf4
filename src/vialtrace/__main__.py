"""``python -m vialtrace``: the same as the ``vialtrace`` command."""

from vialtrace.cli import main

if __name__ == "__main__":
    main()
