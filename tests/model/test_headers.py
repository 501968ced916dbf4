"""Headers put together from a role and an attribute."""

from __future__ import annotations

import pytest

from vialtrace.model.headers import put_together
from vialtrace.model.mapping import claims_of


@pytest.mark.parametrize(
    ("header", "pair"),
    [
        ("Consignor Mobile", ("waybill", "sender_phone")),
        ("consigneeAddress", ("waybill", "receiver_address")),
        ("寄方手机", ("waybill", "sender_phone")),
        ("收方手机号", ("waybill", "receiver_phone")),
        ("付款人户名", ("payment", "payer_name")),
        ("From A/c", ("payment", "payer_account")),
        ("Remitter", ("payment", "payer_name")),
        ("Patient Mobile No", ("order", "client_phone")),
        ("Director Passport", ("organisation", "representative_document")),
    ],
)
def test_a_role_and_an_attribute_name_a_field(header: str, pair: tuple[str, str]) -> None:
    assert pair in put_together(header)
    assert pair in claims_of(header)


@pytest.mark.parametrize("header", ["Mobile", "手机", "From where we stand", "寄件奖励", "Consignor Rating", "", "x1"])
def test_an_attribute_alone_or_a_word_left_over_names_nothing(header: str) -> None:
    assert put_together(header) == frozenset()
