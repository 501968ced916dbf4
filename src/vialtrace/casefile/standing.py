"""Which of many identifiers may stand in some texts: told by their first characters, without learning them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile.folded import NUMBER, digits_of, fold

_LONGEST = 4
"""Characters looked at: what is shorter is looked at whole."""

_PLAIN = "^[ -~\u3400-\u4dbf\u4e00-\u9fff]*$"
"""What folds by lowering its case and leaving out its blanks; anything else is always taken to stand there."""

# Before these stands what an identifier may also be written without: a country's code, the platform of a handle.
_BEFORE = {"phone": r"^(\+86|\+)", "handle": r"^[^:]*:"}


@dataclass(frozen=True)
class Standing:
    """The runs of one to four characters that stand in some texts, as folded."""

    runs: pa.Array

    @classmethod
    def of(cls, texts: Iterable[str]) -> Standing:
        """What stands in these texts, the figures of long numbers in them without what parts them included."""
        folded: set[str] = set()
        for text in texts:
            folded.add(fold(text))
            folded.update(digits_of(found.group()) for found in NUMBER.finditer(text))
        runs = {
            each[at : at + length]
            for each in folded
            for length in range(1, _LONGEST + 1)
            for at in range(len(each) - length + 1)
        }
        # What is nothing but a country or a platform stands nowhere and everywhere.
        return cls(pa.array(sorted({*runs, ""}), pa.string()))

    def may_hold(self, kinds: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """Whether each identifier, however it is written, may stand in the texts: false only where it cannot."""
        core = values
        for kind, before in _BEFORE.items():
            core = pc.if_else(pc.equal(kinds, kind), pc.replace_substring_regex(core, before, ""), core)
        begins = pc.utf8_slice_codeunits(pc.utf8_lower(pc.replace_substring(core, " ", "")), 0, _LONGEST)
        in_doubt = pc.invert(pc.match_substring_regex(values, _PLAIN))
        return pc.or_(in_doubt, pc.is_in(begins, value_set=self.runs))
