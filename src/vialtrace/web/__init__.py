"""The workbench: a case in a browser on the analyst's own machine."""

from vialtrace.web.application import application
from vialtrace.web.bench import Bench
from vialtrace.web.serving import Listening, serve

__all__ = ["Bench", "Listening", "application", "serve"]
