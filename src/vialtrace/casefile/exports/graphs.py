"""The link chart as a graph file: GraphML for analysts' graph tools, GEXF 1.3 for Gephi.

Nodes are members, the organisations they deal with, and places; edges are claims between two of them and summed flows.
Every node and edge carries its exhibit and the rows it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as Xml

from vialtrace.casefile.exports.dossier import Dossier, key, named_flows
from vialtrace.casefile.wording import day
from vialtrace.kit.visible import visible

Value = str | float | int

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_GEXF = "http://gexf.net/1.3"


@dataclass(frozen=True)
class Node:
    """A party or a place."""

    id: str
    label: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Edge:
    """What ties two nodes, from the first to the second."""

    id: str
    source: str
    target: str
    weight: float
    values: Mapping[str, Value] = field(default_factory=dict)


def graph(held: Dossier) -> tuple[list[Node], list[Edge]]:
    """The nodes and edges of all networks of a case."""
    nodes: dict[str, Node] = {}
    edges: dict[str, Edge] = {}
    for view in held.views:
        network = view.network["network_id"]
        for member in view.members:
            values: dict[str, Value] = {
                "kind": member.kind,
                "network": network,
                "number": member.number,
                "role": member.role,
                "confidence": round(member.score, 4),
                "from": day(member.from_on) if member.from_on else "",
                "to": day(member.to_on) if member.to_on else "",
                "exhibits": " ".join(each.claim.exhibit for each in member.speaks_for),
                "grade": "suspect, a lead until a person decides",
            }
            nodes[member.party_id] = Node(member.party_id, member.name, values)
        for edge, ends in _edges(held, network):
            edges[edge.id] = edge
            for end in ends:
                nodes.setdefault(
                    end, Node(end, view.veil.called(end), {"kind": "organisation", "network": network, "role": ""})
                )
    return sorted(nodes.values(), key=lambda node: node.id), sorted(edges.values(), key=lambda edge: edge.id)


def _edges(held: Dossier, network_id: str) -> Iterator[tuple[Edge, tuple[str, str]]]:
    (view,) = (each for each in held.views if each.network["network_id"] == network_id)
    for claim in view.claims.values():
        parties = [end for kind, end in claim.ends if kind == "party" and view.veil.is_clear(end)]
        if len(parties) == 2 and len(claim.ends) == 2:
            values: dict[str, Value] = {
                "sort": "claim",
                "relation": claim.relation,
                "exhibit": claim.exhibit,
                "text": claim.sentence,
                "mark": "fact" if claim.is_fact else "assessment",
                "rows": "; ".join(held.locators(claim.row_ids)),
                "n_rows": len(claim.row_ids),
            }
            edge = Edge(f"{network_id}/{claim.evidence_id}", parties[0], parties[1], round(claim.weight, 4), values)
            yield edge, (parties[0], parties[1])
    for line in named_flows(view):
        values = {
            "sort": "flow",
            "relation": line.flow,
            "exhibit": line.exhibit,
            "amount": str(line.amount if line.amount is not None else ""),
            "currency": line.currency or "",
            "mark": "fact",
            "rows": "; ".join(held.locators(line.row_ids)),
            "n_rows": line.n_rows,
        }
        name = key(network_id, line.flow, line.from_id, line.to_id, line.currency)
        yield (
            Edge(f"{network_id}/{name}", line.from_id, line.to_id, float(line.n_rows), values),
            (
                line.from_id,
                line.to_id,
            ),
        )


def _columns(things: Sequence[Node | Edge]) -> dict[str, str]:
    """The attributes there are and their types, by name."""
    found: dict[str, str] = {}
    for each in things:
        for name, value in each.values.items():
            found[name] = "double" if isinstance(value, float) else "int" if isinstance(value, int) else "string"
    return dict(sorted(found.items()))


def graphml(held: Dossier) -> bytes:
    """The graph as GraphML."""
    nodes, edges = graph(held)
    root = Xml.Element("graphml", xmlns=_GRAPHML)
    for domain, things in (("node", nodes), ("edge", edges)):
        extra = {"label": "string"} if domain == "node" else {"weight": "double"}
        for name, kind in (extra | _columns(things)).items():
            attributes = {"id": f"{domain}.{name}", "for": domain, "attr.name": name, "attr.type": kind}
            Xml.SubElement(root, "key", attributes)
    drawn = Xml.SubElement(root, "graph", id=held.case.run, edgedefault="directed")
    for node in nodes:
        made = Xml.SubElement(drawn, "node", id=node.id)
        for name, value in {"label": node.label, **node.values}.items():
            Xml.SubElement(made, "data", key=f"node.{name}").text = _text(value)
    for edge in edges:
        made = Xml.SubElement(drawn, "edge", id=edge.id, source=edge.source, target=edge.target)
        for name, value in {"weight": edge.weight, **edge.values}.items():
            Xml.SubElement(made, "data", key=f"edge.{name}").text = _text(value)
    return _bytes(root)


def gexf(held: Dossier) -> bytes:
    """The graph as GEXF."""
    nodes, edges = graph(held)
    root = Xml.Element("gexf", xmlns=_GEXF, version="1.3")
    drawn = Xml.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    numbers: dict[tuple[str, str], str] = {}
    for domain, things in (("node", nodes), ("edge", edges)):
        listed = Xml.SubElement(drawn, "attributes", {"class": domain})
        for place, (name, kind) in enumerate(_columns(things).items()):
            numbers[domain, name] = str(place)
            attributes = {"id": str(place), "title": name, "type": "integer" if kind == "int" else kind}
            Xml.SubElement(listed, "attribute", attributes)
    all_nodes, all_edges = Xml.SubElement(drawn, "nodes"), Xml.SubElement(drawn, "edges")
    for node in nodes:
        _gexf_values(
            Xml.SubElement(all_nodes, "node", id=node.id, label=_text(node.label)), node.values, "node", numbers
        )
    for edge in edges:
        attributes = {"id": edge.id, "source": edge.source, "target": edge.target, "weight": _text(abs(edge.weight))}
        _gexf_values(Xml.SubElement(all_edges, "edge", attributes), edge.values, "edge", numbers)
    return _bytes(root)


def _gexf_values(
    element: Xml.Element, values: Mapping[str, Value], domain: str, numbers: Mapping[tuple[str, str], str]
) -> None:
    listed = Xml.SubElement(element, "attvalues")
    for name, value in values.items():
        Xml.SubElement(listed, "attvalue", {"for": numbers[domain, name], "value": _text(value)})


def _text(value: Value) -> str:
    return visible(value) if isinstance(value, str) else str(value)


def _bytes(root: Xml.Element) -> bytes:
    Xml.indent(root)
    text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
