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
from vialtrace.actions.answering import (
    answered,
    choices,
    fields_for,
    meant,
    needs_origin,
    own_words,
    rekinded,
    remapped,
)
from vialtrace.actions.checking import Checked, check
from vialtrace.actions.comparing import compare
from vialtrace.actions.deciding import Decided, decide
from vialtrace.actions.desk import Desk
from vialtrace.actions.identity import party_told
from vialtrace.actions.looking import case_told, glossary_told, ledger_told, network_told
from vialtrace.actions.mappings import MappingChecked, RowSeen, VersionTold, check_mappings, mapping_history
from vialtrace.actions.method import method_told
from vialtrace.actions.places import place_told
from vialtrace.actions.previewing import Example, Previewed, SheetSeen, examples, preview
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
from vialtrace.actions.saved import SavedAnswers, read_answers, with_answers
from vialtrace.actions.screening import Screening, as_told, screen
from vialtrace.actions.sealing import KEY, needs_reason, opened_key, sealed_key
from vialtrace.actions.searching import search
from vialtrace.actions.sheets import Reading, read_otherwise, repair, sheet_told
from vialtrace.actions.showing import Shown, show
from vialtrace.actions.starting import new
from vialtrace.actions.unsealing import unseal
from vialtrace.actions.verifying import Verified, verify
from vialtrace.actions.walking import around_told, graph_told, path_told
from vialtrace.actions.worlds import Simulated, evaluate, evaluation_rows, simulate
from vialtrace.casefile.held import Held
from vialtrace.model.account_roles import ACCOUNT_ROLES
from vialtrace.pipeline import Screened

__all__ = [
    "ACCOUNT_ROLES",
    "BAG",
    "FORMATS",
    "KEY",
    "Added",
    "Checked",
    "Decided",
    "Desk",
    "Example",
    "Held",
    "MappingChecked",
    "NetworkLine",
    "Previewed",
    "Proposal",
    "Ran",
    "Reading",
    "Refused",
    "Reported",
    "RowSeen",
    "SavedAnswers",
    "Screened",
    "Screening",
    "SheetCount",
    "SheetProposal",
    "SheetSeen",
    "Shown",
    "Simulated",
    "Survey",
    "Verified",
    "VersionTold",
    "accounts",
    "add",
    "answered",
    "around_told",
    "as_told",
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
    "examples",
    "export",
    "fields_for",
    "glossary_told",
    "graph_told",
    "ledger_told",
    "mapping_history",
    "meant",
    "method_told",
    "needs_origin",
    "needs_reason",
    "network_told",
    "new",
    "open_account",
    "opened_key",
    "overview",
    "own_words",
    "party_told",
    "path_told",
    "place_told",
    "preview",
    "read_answers",
    "read_mapping",
    "read_otherwise",
    "rekinded",
    "remapped",
    "repair",
    "report",
    "report_page",
    "reports_told",
    "run",
    "screen",
    "sealed_key",
    "search",
    "sheet_told",
    "show",
    "simulate",
    "survey",
    "told",
    "unseal",
    "verify",
    "with_answers",
    "write",
]
