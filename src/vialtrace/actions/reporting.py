"""Write the case file for people, and the findings for other tools."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from vialtrace import casefile, ingest, pipeline
from vialtrace.actions.desk import Desk
from vialtrace.actions.sealing import KEY
from vialtrace.casefile import CaseFacts, CaseFile, Mended
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.ids import digest, pseudonym, row_id
from vialtrace.model.mapping import PHONE_PART
from vialtrace.store import Bagged, Case, Run, Signer, findings_text, make_bag, write_whole

FORMATS = ("json", *casefile.FORMS)
BAG = "bagit"
DISCLOSURE = "disclosure"
_WRITTEN, _EXPORTED, _BAGGED = "case file written", "findings exported as ", "case exported as a signed bag"
_MADE = (_WRITTEN, _EXPORTED, _BAGGED)


@dataclass(frozen=True)
class Reported:
    """Where the pages are: the index, and one for each network."""

    index: Path
    pages: Mapping[str, Path]
    pdfs: Mapping[str, Path] = field(default_factory=dict)


def report(
    folder: Path, desk: Desk, *, network: str = "", language: str = "en", run: str = "", pdf: bool = False
) -> Reported:
    """Write the case file of every network, or of one, and the index page of the case; with ``pdf`` on paper as well.

    Raises:
        WrongOrder: if the case has no run, or no Chromium is there to print a PDF.
        UnknownName: if no network is called so.
    """
    if language not in casefile.LANGUAGES:
        raise UnknownName("language", language, sorted(casefile.LANGUAGES))
    case = desk.open(folder)
    made = case.run(run)
    networks = [str(each["id"]) for each in made.findings["networks"]]
    if network and network not in networks:
        raise UnknownName("network", network, networks)
    suffix = "" if language == "en" else f".{language}"
    target = case.folder / "reports" / made.folder.name
    names = {each: casefile.page_name(each, language) for each in networks}
    pdfs: dict[str, Path] = {}
    with case.writing("report"):
        target.mkdir(parents=True, exist_ok=True)
        tables, facts, fields, called = made.tables, facts_of(case, made), fields_of(case), _pseudonyms(case)
        # Chromium starts while the first page is written, and prints each while the next is.
        printing: dict[str, Future[bytes]] = {}
        with casefile.Printer() if pdf else nullcontext() as printer, ThreadPoolExecutor(max_workers=1) as aside:
            for each in [network] if network else networks:
                made_file = casefile.case_file(
                    tables,
                    network_id=each,
                    case=facts,
                    received=lambda rows: pipeline.received(case, rows),
                    pseudonym=called,
                    language=language,
                    fields=fields,
                )
                _lay_down(target, each, made_file, suffix)
                if printer:
                    printing[each] = aside.submit(printer.printed, made_file.page)
            for each, printed in printing.items():
                pdfs[each] = target / f"{each}{suffix}.pdf"
                write_whole(pdfs[each], printed.result())
        there = {each: name for each, name in names.items() if (target / name).exists()}
        write_whole(target / f"index{suffix}.html", casefile.index(tables, case=facts, pages=there, language=language))
        case.ledger.append(
            "consultation", _WRITTEN, who=desk.who, payload={"run": made.digest, "network": network or "all"}
        )
    pages = {each: target / name for each, name in there.items()}
    return Reported(target / f"index{suffix}.html", pages, pdfs)


def _lay_down(target: Path, network: str, made: CaseFile, suffix: str) -> None:
    """Write the page of a network, its sheets and its list of rows; those of an earlier writing that are no more go."""
    for name, text in zip(made.names.values(), (made.page, *made.sheets), strict=True):
        write_whole(target / name, text)
    write_whole(target / f"{network}.rows.{'zip' if made.is_packed else 'csv'}", made.rows)
    for old in (
        *(each for each in target.glob(f"{network}.exhibits-*{suffix}.html") if _is_old(each.name, suffix, made)),
        target / f"{network}.rows.{'csv' if made.is_packed else 'zip'}",
    ):
        old.unlink(missing_ok=True)


def _is_old(name: str, suffix: str, made: CaseFile) -> bool:
    """Whether a sheet is of this language and not among those just made."""
    return name.count(".") == 2 + suffix.count(".") and name not in made.names.values()


def reports_told(folder: Path, desk: Desk) -> dict[str, Any]:
    """The case files written of the last run: the name of each, its network (empty for the index), and when."""
    case = desk.open(folder)
    made = case.runs[-1] if case.runs else None
    if made is None:
        return {"run": None, "networks": [], "pages": [], "formats": list(FORMATS)}
    place = case.folder / "reports" / made.folder.name
    # Sheets of exhibits are reached from their page.
    there = place.iterdir() if place.is_dir() else ()
    pages = sorted(each for each in there if each.suffix in _TYPES and ".exhibits-" not in each.name)
    networks = [str(each["id"]) for each in made.findings["networks"]]
    return {
        "run": made.digest,
        "networks": networks,
        "pages": [
            {"name": each.name, "network": found if (found := each.name.partition(".")[0]) in networks else ""}
            for each in pages
        ],
        "formats": list(FORMATS),
    }


_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


def report_page(folder: Path, name: str, desk: Desk) -> tuple[bytes, str]:
    """One page of the case file as written, and its media type; that it was read is entered.

    Raises:
        UnknownName: if no page of the last run is called so.
    """
    case = desk.open(folder)
    made = case.run()
    place = case.folder / "reports" / made.folder.name
    # Only what stands in the folder can be named: no path leads out of it.
    known = sorted(each.name for each in place.iterdir() if each.suffix in _TYPES) if place.is_dir() else []
    if name not in known:
        raise UnknownName("page of the case file", name, known, way_out="Write the case file first.")
    case.ledger.append("consultation", "case file read", who=desk.who, payload={"run": made.digest, "page": name})
    return (place / name).read_bytes(), _TYPES[Path(name).suffix]


def export(folder: Path, desk: Desk, *, form: str = "json", language: str = "en", run: str = "") -> bytes:
    """The findings of a run in a form that other tools read; that they were handed out is entered.

    Raises:
        UnknownName: if the form is not known.
        WrongOrder: if the case has no run.
    """
    if form not in FORMATS:
        raise UnknownName("export format", form, (*FORMATS, BAG, KEY))
    if language not in casefile.LANGUAGES:
        raise UnknownName("language", language, sorted(casefile.LANGUAGES))
    case = desk.open(folder)
    made = case.run(run)
    if form == "json":
        text = findings_text({**made.findings, "case": case.settings.name})
    else:
        held = casefile.dossier(
            made.tables,
            case=_with_ledger(case, facts_of(case, made)) if form == DISCLOSURE else facts_of(case, made),
            received=lambda rows: pipeline.received(case, rows),
            pseudonym=_pseudonyms(case),
            language=language,
            fields=fields_of(case),
        )
        text = casefile.exported(form, held)
    case.ledger.append(
        "disclosure", f"{_EXPORTED}{form}", who=desk.who, payload={"run": made.digest, "sha256": digest(text)}
    )
    return text


def bag(folder: Path, desk: Desk, target: Path, *, run: str = "") -> Bagged:
    """Write a case, without its keys, as a signed bag; that it was handed out is entered after the bag is whole.

    Raises:
        BadInput: if the target exists.
        WrongOrder: if the case has no run.
    """
    case = desk.open(folder)
    made = case.run(run)
    settings = case.settings
    told = {
        "name": settings.name,
        "description": settings.purpose or "A vialtrace case: records as received, one run, decisions and case file.",
        "date": str(made.record["finished_at"])[:10],
        "terms": settings.legal_basis or "Confidential; for the purpose of the case only.",
        "run": made.digest,
        "version": str(made.manifest["inputs"]["vialtrace"]),
    }
    with case.writing("export"):
        signer = Signer.of(case.folder / "keys")
        bagged = make_bag(case.folder, target, run=made.folder.name, told=told, signer=signer)
        case.ledger.append(
            "disclosure",
            _BAGGED,
            who=desk.who,
            payload={"run": made.digest, "tagmanifest_sha256": bagged.sha256, "key": bagged.key},
        )
    return bagged


def write(path: Path, content: bytes) -> None:
    """Write what was exported to a file outside the case, whole or not at all.

    Raises:
        BadInput: if its folder does not exist, or it is a folder itself.
        StorageFailure: if it cannot be written.
    """
    if not path.parent.is_dir():
        raise BadInput(
            f"There is no folder {path.parent}.", expected="A folder that exists.", way_out="Make it, or name another."
        )
    if path.is_dir():
        raise BadInput(f"{path} is a folder.", expected="A file, new or old.", way_out="Name a file in it with -o.")
    write_whole(path, content)


def _pseudonyms(case: Case) -> Callable[[str], str]:
    """A party's pseudonym, with the key read once, when the first is asked for."""

    @cache
    def key() -> bytes:
        return case.pseudonym_key

    return lambda party: pseudonym(key(), party)


def facts_of(case: Case, made: Run) -> CaseFacts:
    """What the pages say of the case and of how the run was made."""
    settings, manifest = case.settings, made.manifest
    inputs = manifest["inputs"]
    parameters = {
        f"{recipe}.{name}": str(value)
        for recipe, values in inputs["parameters"].items()
        for name, value in values.items()
    }
    made_from = [(f"mapping {name}", value) for name, value in inputs["mappings"].items()]
    made_from += [
        (f"decision {each['act']} {each['subject']} {each['other']}".strip(), "") for each in inputs["decisions"]
    ]
    made_from += list(manifest["versions"].items())
    entered = case.ledger.entries("decision")
    return CaseFacts(
        settings.name,
        settings.purpose,
        settings.legal_basis,
        settings.owner,
        inputs["jurisdiction"],
        made.digest,
        inputs["vialtrace"],
        time_zone=inputs["time_zone"],
        parameters=parameters,
        made_from=tuple(made_from),
        statuses=pipeline.statuses(entered),
        taken_in={each.name: (each.added_at[:10], each.added_by) for each in case.sources},
        grades={
            subject: (each.code, each.who, each.on, each.why) for subject, each in pipeline.grades(entered).items()
        },
        reasons=pipeline.reasons(entered),
        mended=_mended(case, inputs["mappings"]),
    )


def _mended(case: Case, used: Mapping[str, str]) -> tuple[Mended, ...]:
    """The cells that people put right, as a run read them; ``used`` are the digests of its mappings, by name."""
    found: list[Mended] = []
    for _, taken in pipeline.sheets_of(case):
        versions = case.mapping_versions(taken.mapping)
        if not any("repairs:" in each.text for each in versions):
            continue
        made: dict[tuple[int, str, str], Mended] = {}
        for version in versions:
            cells = ingest.from_yaml(version.text, taken.mapping).repairs
            now = {
                (each.row, each.column, each.text): Mended(
                    row_id(taken.source_no, each.row), each.column, each.text, version.who, version.at[:10], version.why
                )
                for each in cells
            }
            # A cell keeps who put it right first, and why, through later versions that leave it as it is.
            made = {key: made.get(key, each) for key, each in now.items()}
            if version.sha256 == used.get(taken.mapping):
                break
        found += made.values()
    return tuple(sorted(found, key=lambda each: (each.row_id, each.column)))


def _with_ledger(case: Case, facts: CaseFacts) -> CaseFacts:
    """The same, with the ledger: what a disclosure holds beside the findings.

    It ends before the case files and exports that were made last and after which nothing happened: making one would
    otherwise change the next, and the same case could not be disclosed in the same bytes twice.
    """
    entries = case.ledger.entries()
    n_told = max((place for place, each in enumerate(entries, 1) if not each.what.startswith(_MADE)), default=0)
    return replace(facts, ledger=tuple(asdict(each) for each in entries[:n_told]))


def fields_of(case: Case, wanted: Collection[int] | None = None) -> dict[int, dict[str, str]]:
    """For each source, or those numbered ``wanted``, its column headers and the fields they are read as."""
    fields: dict[int, dict[str, str]] = {}
    for source, taken in pipeline.sheets_of(case):
        if wanted is not None and taken.source_no not in wanted:
            continue
        mapping = pipeline.mapping_of(case, pipeline.staged(case, source, taken))
        # A cell with a name and a telephone is shown only where the telephone may be.
        ordered = sorted(mapping.readings, key=lambda each: each.form == PHONE_PART)
        fields[taken.source_no] = {reading.column: reading.field for reading in ordered}
    return fields
