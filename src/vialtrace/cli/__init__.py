"""The command line: words in, one action, words out."""

from vialtrace.cli.door import main

__all__ = ["main"]
