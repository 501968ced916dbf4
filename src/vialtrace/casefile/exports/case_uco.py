"""CASE/UCO as JSON-LD: parties, accounts, places, files with their digests, claims as annotations, flows as relations.

Names are those of the Unified Cyber Ontology 1.x and CASE 1.x. Identifiers are UUIDs made from what they name
(RFC 9562, version 5), so the same case gives the same graph. Nobody is given the role of a subject: that is for a
person to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from vialtrace.casefile.cast import Member
from vialtrace.casefile.exports.dossier import Dossier, named_flows
from vialtrace.casefile.view import NetworkView
from vialtrace.kit.visible import visible

_NAMESPACE = UUID("5b5a1f8e-3a0e-5f7c-9a55-6f5f0c2d9b11")
_CONTEXT = {
    "kb": "http://example.org/kb/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-location": "https://ontology.unifiedcyberontology.org/uco/location/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PARTIES = {"person": "uco-identity:Person", "organisation": "uco-identity:Organization"}

Thing = dict[str, Any]


def case_uco(held: Dossier) -> bytes:
    """The case as one CASE/UCO graph."""
    things: dict[str, Thing] = {}
    for each in (*_files(held), *(thing for view in held.views for thing in _of_view(held, view))):
        things.setdefault(each["@id"], each)
    listed = [{"@id": name} for name in sorted(things)]
    investigation = {
        **_thing("investigation", held.case.run, "case-investigation:Investigation"),
        "uco-core:name": held.case.name,
        "uco-core:description": f"{held.words('page.lead')} {held.words('page.run')} {held.case.run}",
        "uco-core:object": listed,
    }
    graph = [investigation, *(things[name] for name in sorted(things))]
    whole = {"@context": _CONTEXT, "@graph": graph}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _id(sort: str, name: str) -> str:
    return f"kb:{sort}-{uuid5(_NAMESPACE, f'{sort}|{name}')}"


def _thing(sort: str, name: str, kind: str) -> Thing:
    return {"@id": _id(sort, name), "@type": kind}


def _facet(sort: str, name: str, kind: str, **values: object) -> Thing:
    namespace = kind.partition(":")[0]
    return _thing(sort, name, kind) | {f"{namespace}:{key}": value for key, value in values.items()}


def _typed(value: object, kind: str) -> Thing:
    return {"@type": f"xsd:{kind}", "@value": str(value)}


def _time(value: date | datetime | None) -> Thing | None:
    """A day or a local time; the case's time zone is said in the description, for none is known here to be in force."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return _typed(at.isoformat(), "dateTime")


def _files(held: Dossier) -> Iterator[Thing]:
    for row in held.sources:
        name = f"{row['file']}|{row['sheet']}"
        digest = _facet("hash", name, "uco-types:Hash", hashMethod="SHA256")
        digest["uco-types:hashValue"] = _typed(row["sha256"], "hexBinary")
        file = _facet("filefacet", name, "uco-observable:FileFacet", fileName=row["file"])
        file["uco-observable:sizeInBytes"] = _typed(row["n_bytes"], "integer")
        content = _facet("content", name, "uco-observable:ContentDataFacet", hash=digest)
        yield _thing("file", name, "uco-observable:File") | {
            "uco-core:name": held.locate.files[row["source_no"]],
            "uco-core:hasFacet": [file, content],
        }


def _of_view(held: Dossier, view: NetworkView) -> Iterator[Thing]:
    network = view.network["network_id"]
    for member in view.members:
        yield from _member(held, member)
    for name in sorted({end for line in named_flows(view) for end in (line.from_id, line.to_id)} - view.veil.members):
        yield _party(name, "organisation", view.veil.called(name))
    for place in view.places:
        address = _facet("address", place.address, "uco-location:SimpleAddressFacet", street=visible(place.address))
        yield _thing("place", place.address, "uco-location:Location") | {
            "uco-core:name": held.words.role(place.role),
            "uco-core:hasFacet": [address],
        }
    for claim in view.claims.values():
        about = [_id("party", end) for kind, end in claim.ends if kind == "party" and end in view.veil.members]
        if about:
            rows = "; ".join(held.locators(claim.row_ids))
            mark = held.words("mark.fact" if claim.is_fact else "mark.assessment")
            yield _thing("claim", f"{network}|{claim.evidence_id}", "uco-core:Annotation") | {
                "uco-core:name": claim.exhibit,
                "uco-core:statement": f"{visible(claim.sentence)} ({mark})",
                "uco-core:description": f"{held.words('column.rows')}: {rows}",
                "uco-core:object": [{"@id": name} for name in sorted(set(about))],
            }
    for line in named_flows(view):
        name = f"{network}|{line.flow}|{line.from_id}|{line.to_id}|{line.currency}"
        rows = "; ".join(held.locators(line.row_ids))
        amount = f"{line.currency or ''} {line.amount}".strip() if line.amount is not None else ""
        relation = _relation("flow", name, line.from_id, line.to_id, held.words.known("flow", line.flow))
        relation["uco-core:name"] = line.exhibit
        relation["uco-core:description"] = f"{line.n_rows} {held.words('column.rows')}. {amount} {rows}".strip()
        times = {"uco-core:startTime": _time(line.first_at), "uco-core:endTime": _time(line.last_at)}
        yield relation | {key: value for key, value in times.items() if value}


def _party(name: str, kind: str, called: str) -> Thing:
    return _thing("party", name, _PARTIES.get(kind, "uco-identity:Identity")) | {"uco-core:name": visible(called)}


def _relation(sort: str, name: str, source: str, target: str, kind: str, *, to: str = "party") -> Thing:
    return _thing(sort, name, "uco-core:Relationship") | {
        "uco-core:source": {"@id": _id("party", source)},
        "uco-core:target": {"@id": _id(to, target)},
        "uco-core:kindOfRelationship": kind,
        "uco-core:isDirectional": True,
    }


def _member(held: Dossier, member: Member) -> Iterator[Thing]:
    party = _party(member.party_id, member.kind, member.name)
    party["uco-core:description"] = (
        f"{held.words.role(member.role)}; {held.words('figure.score')} {member.score:.2f}. {held.words('page.lead')}"
    )
    yield party
    for each in member.identifiers:
        kind, value = each["identifier_type"], visible(each["value"])
        if kind not in ("phone", "account", "handle"):
            continue
        facets = [_facet("account", f"{kind}|{value}", "uco-observable:AccountFacet", accountIdentifier=value)]
        if kind == "phone":
            facets.append(_facet("phone", value, "uco-observable:PhoneAccountFacet", phoneNumber=value))
        yield _thing("identifier", f"{kind}|{value}", "uco-observable:Account") | {
            "uco-core:name": held.words.known("identifier", kind),
            "uco-core:hasFacet": facets,
        }
        rows = held.locators(held.rows_of_identifier(member.party_id, kind, each["value"]))
        relation = _relation(
            "holds",
            f"{member.party_id}|{kind}|{value}",
            member.party_id,
            f"{kind}|{value}",
            "Has_Account",
            to="identifier",
        )
        yield relation | {"uco-core:description": f"{held.words('column.rows')}: {'; '.join(rows)}"}
