"""Identifiers with the digits a register would give them, drawn by the thousand.

Everybody's numbers come from these functions, whatever he does later: no number may tell who is who.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Texts = npt.NDArray[np.str_]
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])  # GB 11643
_ID_CHECK = np.array(list("10X98765432"))
_USCC_ALPHABET = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))  # GB 32100: no I O S V Z
_USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_BANK_PREFIXES = ("622202", "622848", "621700", "621661", "622588", "622622", "622155", "621226", "623052", "621799")


def joined(characters: npt.NDArray[np.str_]) -> Texts:
    """Rows of single characters, each row as one text."""
    n, width = characters.shape
    return np.ascontiguousarray(characters).view(f"<U{width}").reshape(n)


def digits(rng: np.random.Generator, n: int, width: int) -> Texts:
    """``n`` texts of ``width`` random digits."""
    return joined(rng.integers(0, 10, (n, width)).astype("<U1"))


def letters_and_digits(rng: np.random.Generator, n: int, width: int) -> Texts:
    """``n`` lower-case names of ``width`` characters that begin with a letter."""
    alphabet = np.array(list("abcdefghijklmnopqrstuvwxyz0123456789"))
    picks = rng.integers(0, 36, (n, width))
    picks[:, 0] %= 26
    return joined(alphabet[picks])


def resident_numbers(rng: np.random.Generator, prefixes: Texts, births: npt.NDArray[np.datetime64]) -> Texts:
    """Resident identity numbers (GB 11643): region, birth, serial, check character."""
    n = len(prefixes)
    county = np.char.add(
        "0", np.char.add(rng.integers(1, 3, n).astype("<U1"), np.char.add("0", rng.integers(1, 9, n).astype("<U1")))
    )
    birth = np.char.replace(births.astype("datetime64[D]").astype(str), "-", "")
    body = np.char.add(np.char.add(prefixes, county), np.char.add(birth, digits(rng, n, 3))).astype("<U17")
    values = body.view("<U1").reshape(n, 17).astype(np.int64)
    return np.char.add(body, _ID_CHECK[(values @ _ID_WEIGHTS) % 11])


def credit_codes(rng: np.random.Generator, prefixes: Texts) -> Texts:
    """Unified social credit codes (GB 32100): 91, region, nine characters, check character."""
    n = len(prefixes)
    head = np.char.add(np.char.add("91", prefixes), digits(rng, n, 4)).astype("<U8")
    tail = joined(_USCC_ALPHABET[rng.integers(0, 31, (n, 9))])
    body = np.char.add(head, tail).astype("<U17")
    values = np.searchsorted(_USCC_ALPHABET, body.view("<U1").reshape(n, 17))
    return np.char.add(body, _USCC_ALPHABET[(31 - (values @ _USCC_WEIGHTS) % 31) % 31])


def bank_cards(rng: np.random.Generator, n: int) -> Texts:
    """Bank cards of 19 digits with a Luhn digit."""
    body = np.char.add(np.array(_BANK_PREFIXES)[rng.integers(0, len(_BANK_PREFIXES), n)], digits(rng, n, 12)).astype(
        "<U18"
    )
    values = body.view("<U1").reshape(n, 18).astype(np.int64)
    doubled = values[:, ::-1].copy()
    doubled[:, ::2] *= 2
    doubled -= 9 * (doubled > 9)
    return np.char.add(body, ((10 - doubled.sum(axis=1) % 10) % 10).astype("<U1"))


def mobiles(rng: np.random.Generator, n: int, prefixes: tuple[str, ...], width: int) -> Texts:
    """Mobile numbers without country code, ``width`` digits in all."""
    heads = np.array(prefixes)[rng.integers(0, len(prefixes), n)]
    return np.char.add(heads, digits(rng, n, width - len(prefixes[0])))


def waybill_numbers(
    rng: np.random.Generator, carrier: npt.NDArray[np.int64], forms: tuple[tuple[str, str, int], ...]
) -> Texts:
    """Parcel numbers in each carrier's form."""
    numbers = np.full(len(carrier), "", dtype="<U18")
    for index, (_, prefix, width) in enumerate(forms):
        mine = carrier == index
        numbers[mine] = np.char.add(prefix, digits(rng, int(mine.sum()), width))
    return numbers
