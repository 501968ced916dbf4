"""The memory of a case: the only room that opens a database or writes a case folder."""

from vialtrace.store.atomic import make_folder, storage, write_whole
from vialtrace.store.bag import Bagged, check_bag, is_bag, make_bag
from vialtrace.store.case import TRAY, Case
from vialtrace.store.engine import Answering, Engine, Written
from vialtrace.store.ledger import Entry, Ledger
from vialtrace.store.machine import Machine
from vialtrace.store.received import SheetLeft, SheetTaken, SourceFile, check_digest, stray_files
from vialtrace.store.run import PartialRun, Run, TablesOf, findings_digest, findings_text, short
from vialtrace.store.settings import Settings
from vialtrace.store.signing import PublicKey, Signer
from vialtrace.store.spark import SparkEngine

__all__ = [
    "TRAY",
    "Answering",
    "Bagged",
    "Case",
    "Engine",
    "Entry",
    "Ledger",
    "Machine",
    "PartialRun",
    "PublicKey",
    "Run",
    "Settings",
    "SheetLeft",
    "SheetTaken",
    "Signer",
    "SourceFile",
    "SparkEngine",
    "TablesOf",
    "Written",
    "check_bag",
    "check_digest",
    "findings_digest",
    "findings_text",
    "is_bag",
    "make_bag",
    "make_folder",
    "short",
    "storage",
    "stray_files",
    "write_whole",
]
