"""Templates and words: the only place that makes HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined

from vialtrace.casefile import telling, wording
from vialtrace.casefile.charts import chance
from vialtrace.kit.chance import share
from vialtrace.kit.visible import visible
from vialtrace.model import RECORDS
from vialtrace.web.merging import merge_told
from vialtrace.web.rights import RIGHTS

LANGUAGE = "vialtrace_language"
_LONGEST = 20_000
_BUILT = Path(str(files("vialtrace.web") / "static" / "built" / "graph.js"))
"""The scripts a wheel carries and a checkout builds with npm; without them every page works all the same."""


class Words(wording.Words):
    """The words of the workbench, over those of the case file."""


@cache
def words(language: str) -> Words:
    """The words in a language."""
    own: dict[str, Any] = {}
    for name in ("catalogue.yaml", "refusals.yaml"):
        own |= yaml.safe_load((files("vialtrace.web") / name).read_text("utf-8"))
    return Words(language, {**wording.words(language).texts, **{key: tuple(texts) for key, texts in own.items()}})


@cache
def _environment() -> Environment:
    def shown(value: Any) -> Any:
        """What a template prints: hidden and direction-changing characters made visible, endless texts cut."""
        if not isinstance(value, str) or hasattr(value, "__html__"):
            return value
        return visible(value[:_LONGEST]) + (" …" if len(value) > _LONGEST else "")

    environment = Environment(
        loader=PackageLoader("vialtrace.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["graph_words"] = _graph_words
    environment.globals["chance_picture"] = _chance_picture
    environment.globals["share"] = share
    environment.filters["record_label"] = lambda kind, said: said.record(kind)
    environment.filters["field_label"] = _field_label
    environment.filters["told_as"] = _told_as
    environment.filters["merge_told"] = merge_told
    environment.filters["question_label"] = telling.question
    environment.filters["region_label"] = lambda code, said: said.region(code) or code
    return environment


def _told_as(told: str, said: Words, group: str) -> str:
    """What was told in English, in the language of the page: a text of the group, with what it quotes taken over.

    A quoted word of ours, such as the sort of thing that was not found, is told in that language too.
    """
    things = f"{group}_thing."
    for key, (english, _) in said.texts.items():
        if key.startswith(f"{group}."):
            found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(english)), told, re.DOTALL)
            if found:
                quoted = found.groupdict()
                ours = {slot: said(things + text) for slot, text in quoted.items() if things + text in said.texts}
                return said(key, **quoted | ours)
    return told


def language_of(request: Request | None) -> str:
    """The language that the address asks for; else the one that was chosen, or that the browser asks for."""
    if request is None:
        return "en"
    named = request.query_params.get("language", "")
    if named in wording.LANGUAGES:
        return named
    asked = request.headers.get("accept-language", "").strip().lower()
    chosen = request.cookies.get(LANGUAGE, "zh" if asked.startswith("zh") else "en")
    return chosen if chosen in wording.LANGUAGES else "en"


def _chance_picture(said: Words, forms: Any, told: Mapping[str, Any]) -> Any:
    """The picture of a claim's test: what chance alone would give, and what was observed."""
    observed, expected = float(told["n_observed"]), float(told["n_expected"])
    shown = {"told_observed": forms.plain(observed), "told_expected": forms.plain(expected)}
    return chance(
        observed,
        expected,
        title=said("claim.picture"),
        description=said("claim.picture.note"),
        told_observed=said("claim.picture.observed", n=shown["told_observed"]),
        told_expected=said("claim.picture.expected", n=shown["told_expected"]),
    )


def _graph_words(said: Words) -> dict[str, str]:
    """What the graph's script says, in the language of the page."""
    return {
        "language": said.language,
        **{key.removeprefix("graph."): said(key) for key in said.texts if key.startswith("graph.")},
    }


def _field_label(field: str, kind: str, said: Words) -> str:
    """A field's declared label; one that only a mapping knows is called by its name."""
    return said.label(kind, field) if field in RECORDS[kind].names else field


def prepare() -> None:
    """Read the words and compile the templates now rather than for the first page somebody asks for."""
    for language in wording.LANGUAGES:
        words(language)
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


def rendered(template: str, request: Request | None, **told: Any) -> str:
    """A page. Without a request it is one for somebody who is not signed in."""
    session = getattr(request.state, "session", None) if request else None
    place = str(request.url.path) if request else "/"
    return (
        _environment()
        .get_template(template)
        .render(
            w=words(language_of(request)),
            f=wording,
            session=session,
            rights=RIGHTS[session.role] if session else frozenset(),
            here=place,
            has_islands=_BUILT.is_file(),
            **told,
        )
    )
