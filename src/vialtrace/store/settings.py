"""case.toml: what a person says about the case."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from vialtrace.errors import BadInput, StorageFailure, UnknownName, WrongOrder
from vialtrace.kit.clock import zone

NAME = "case.toml"

_TEXTS = ("name", "purpose", "legal_basis", "owner", "jurisdiction", "time_zone", "engine")
_KNOWN = (*_TEXTS, "parameters")
ENGINES = ("duckdb", "spark")

Parameters = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Settings:
    """The case as a person describes it; ``parameters`` are thresholds by recipe that differ from their defaults."""

    name: str
    purpose: str = ""
    legal_basis: str = ""
    owner: str = ""
    jurisdiction: str = "CN"
    time_zone: str = "Asia/Shanghai"
    engine: str = "duckdb"
    parameters: Parameters = field(default_factory=lambda: MappingProxyType({}))


def read(folder: Path) -> Settings:
    """The settings of the case in ``folder``.

    Raises:
        WrongOrder: if there is no case in the folder.
        BadInput: if the file is no TOML, or a value has the wrong form.
        UnknownName: if a setting is not known.
    """
    path = folder / NAME
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except PermissionError as refusal:
        raise StorageFailure(
            f"{path} cannot be read.", expected="Read permission.", way_out="Ask its owner for access."
        ) from refusal
    except OSError as refusal:
        # Not there, no folder, a name longer than any: whatever it is, no case can be opened there.
        raise WrongOrder(
            f"{folder} is not a case folder.",
            expected=f"A folder with a {NAME}.",
            way_out=f"Start one with `vialtrace new {folder}`.",
        ) from refusal
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as refusal:
        raise BadInput(
            f"{path} cannot be read: {refusal}.", expected="A TOML file.", way_out="Mend the line and try again."
        ) from refusal
    return checked(said, path)


def checked(said: Mapping[str, object], path: Path) -> Settings:
    """The settings in a TOML document, each of its own form."""
    for name in said:
        if name not in _KNOWN:
            raise UnknownName(f"setting in {path.name}", name, _KNOWN)
    texts = {name: said[name] for name in _TEXTS if name in said}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise BadInput(f"{path.name}: {name} is {value!r}.", expected="A text in quotation marks.")
    parameters = said.get("parameters", {})
    if not isinstance(parameters, dict) or not all(isinstance(each, dict) for each in parameters.values()):
        raise BadInput(
            f"{path.name}: [parameters] has the wrong form.",
            expected="One section a recipe: [parameters.client_payments].",
        )
    settings = Settings(parameters=MappingProxyType(parameters), **{"name": path.parent.name, **texts})  # type: ignore[arg-type]
    zone(settings.time_zone)
    if settings.engine not in ENGINES:
        raise UnknownName("engine", settings.engine, ENGINES, way_out=f"Mend the line in {path.name}.")
    return settings


def text_of(settings: Settings) -> str:
    """The settings as a TOML file that a person can edit."""
    helps = {
        "name": "What the case is called.",
        "purpose": "Why these records are processed. It stands on every case file.",
        "legal_basis": "The authority or law that allows it.",
        "owner": "Who answers for the case.",
        "jurisdiction": "Whose law the facts are held against.",
        "time_zone": "The zone that times without an offset are in.",
        "engine": "What the tables are computed with: duckdb, or spark for records that outgrow a machine.",
    }
    lines = []
    for name in _TEXTS:
        lines += [f"# {helps[name]}", f"{name} = {_quoted(getattr(settings, name))}", ""]
    lines += [
        "# Thresholds that differ from their defaults, one section a recipe, for example:",
        "# [parameters.client_payments]",
        "# least_payers = 12",
        "",
    ]
    for recipe, values in settings.parameters.items():
        lines += [f"[parameters.{recipe}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items()), ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, save for one character that JSON leaves alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
