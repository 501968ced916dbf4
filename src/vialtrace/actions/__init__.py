"""Everything a person can do, once; it knows no face: the command line and the workbench call the same functions."""

from vialtrace.actions.accounts import accounts, close_account, open_account
from vialtrace.actions.adding import (
    Added,
    Proposal,
    Refused,
    SheetCount,
    SheetProposal,
    Survey,
    add,
    confirmed,
    read_mapping,
    survey,
)
from vialtrace.actions.answering import answered, choices, fields_for, needs_origin, rekinded, remapped
from vialtrace.actions.checking import Checked, check
from vialtrace.actions.comparing import compare
from vialtrace.actions.deciding import Decided, decide
from vialtrace.actions.desk import Desk
from vialtrace.actions.identity import party_told
from vialtrace.actions.looking import case_told, glossary_told, ledger_told, network_told
from vialtrace.actions.mappings import MappingChecked, check_mappings
from vialtrace.actions.method import method_told
from vialtrace.actions.places import place_told
from vialtrace.actions.previewing import Example, Previewed, SheetSeen, preview
from vialtrace.actions.reporting import (
    BAG,
    FORMATS,
    Reported,
    bag,
    export,
    report,
    report_page,
    reports_told,
    write,
)
from vialtrace.actions.running import NetworkLine, Ran, overview, run, told
from vialtrace.actions.sealing import KEY, sealed_key
from vialtrace.actions.searching import search
from vialtrace.actions.sheets import Reading, read_otherwise, sheet_told
from vialtrace.actions.showing import Shown, show
from vialtrace.actions.starting import new
from vialtrace.actions.unsealing import unseal
from vialtrace.actions.verifying import Verified, verify
from vialtrace.actions.walking import around_told, graph_told, path_told
from vialtrace.actions.worlds import Simulated, evaluate, evaluation_rows, simulate

__all__ = [
    "BAG",
    "FORMATS",
    "KEY",
    "Added",
    "Checked",
    "Decided",
    "Desk",
    "Example",
    "MappingChecked",
    "NetworkLine",
    "Previewed",
    "Proposal",
    "Ran",
    "Reading",
    "Refused",
    "Reported",
    "SheetCount",
    "SheetProposal",
    "SheetSeen",
    "Shown",
    "Simulated",
    "Survey",
    "Verified",
    "accounts",
    "add",
    "answered",
    "around_told",
    "bag",
    "case_told",
    "check",
    "check_mappings",
    "choices",
    "close_account",
    "compare",
    "confirmed",
    "decide",
    "evaluate",
    "evaluation_rows",
    "export",
    "fields_for",
    "glossary_told",
    "graph_told",
    "ledger_told",
    "method_told",
    "needs_origin",
    "network_told",
    "new",
    "open_account",
    "overview",
    "party_told",
    "path_told",
    "place_told",
    "preview",
    "read_mapping",
    "read_otherwise",
    "rekinded",
    "remapped",
    "report",
    "report_page",
    "reports_told",
    "run",
    "sealed_key",
    "search",
    "sheet_told",
    "show",
    "simulate",
    "survey",
    "told",
    "unseal",
    "verify",
    "write",
]
