"""The case file for other people's programs: each form is one function from the dossier to bytes.

Nobody is named here who is not named in the pages: every form is made from the same views, behind the same veil.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vialtrace.casefile.exports.case_uco import case_uco
from vialtrace.casefile.exports.disclosure import disclosure
from vialtrace.casefile.exports.dossier import Dossier, dossier
from vialtrace.casefile.exports.ftm import ftm, ftm_statements
from vialtrace.casefile.exports.geojson import geojson
from vialtrace.casefile.exports.graphs import gexf, graphml
from vialtrace.casefile.exports.plain_tables import csv_archive
from vialtrace.casefile.exports.workbook import excel
from vialtrace.errors import UnknownName

FORMS: Mapping[str, Callable[[Dossier], bytes]] = {
    "ftm": ftm,
    "ftm-statements": ftm_statements,
    "case-uco": case_uco,
    "graphml": graphml,
    "gexf": gexf,
    "xlsx": excel,
    "geojson": geojson,
    "csv": csv_archive,
    "disclosure": disclosure,
}


def exported(form: str, held: Dossier) -> bytes:
    """The dossier in one of the forms.

    Raises:
        UnknownName: with the forms there are.
    """
    if form not in FORMS:
        raise UnknownName("export format", form, list(FORMS))
    return FORMS[form](held)


__all__ = ["FORMS", "Dossier", "dossier", "exported"]
