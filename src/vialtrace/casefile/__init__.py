"""The case file: what leaves vialtrace for a prosecutor, an editor or a judge.

``findings`` is the published JSON, ``case_file`` the page of one network, ``index`` the page of the case. All read the
tables of a run and nothing else; nobody but members and organisations is named in any of them.
"""

from vialtrace.casefile.exports import FORMS, Dossier, dossier, exported
from vialtrace.casefile.facts import CaseFacts, Mended, Pseudonym, Received
from vialtrace.casefile.findings_form import findings, schema
from vialtrace.casefile.page import CaseFile, case_file, index, page_name
from vialtrace.casefile.pdf import Printer, printed
from vialtrace.casefile.wording import LANGUAGES

__all__ = [
    "FORMS",
    "LANGUAGES",
    "CaseFacts",
    "CaseFile",
    "Dossier",
    "Mended",
    "Printer",
    "Pseudonym",
    "Received",
    "case_file",
    "dossier",
    "exported",
    "findings",
    "index",
    "page_name",
    "printed",
    "schema",
]
