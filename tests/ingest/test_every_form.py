"""Every known form of file, every trap of real files and every message has a fixture: which test holds it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from vialtrace.ingest.profiles import profiles

_TESTS = Path(__file__).parents[1]

_STATEMENTS, _FORMS, _SHEETS = "ingest/test_statements.py", "ingest/test_forms.py", "ingest/test_sheets.py"
_UNKNOWN, _MESSAGES = "ingest/test_unknown_lists.py", "ingest/test_messages_whole.py"

PROFILES: dict[str, tuple[str, str]] = {
    "bank_reply": (_STATEMENTS, "test_a_bank_reply_in_gb18030_becomes_payments_with_the_holder_on_the_right_side"),
    "bank_accounts": (_STATEMENTS, "test_the_siblings_of_a_reply_are_kept_apart_from_its_payments"),
    "bank_persons": (_STATEMENTS, "test_the_siblings_of_a_reply_are_kept_apart_from_its_payments"),
    "bank_subaccounts": (_STATEMENTS, "test_sub_accounts_are_no_payments"),
    "tenpay_trades": (_STATEMENTS, "test_a_tenpay_reply_is_read_in_fen_with_its_duplicate_headers"),
    "tenpay_registration": (_STATEMENTS, "test_a_tenpay_reply_is_read_in_fen_with_its_duplicate_headers"),
    "wechat_export": (_STATEMENTS, "test_a_wechat_export_keeps_what_it_states_and_counts_no_refund"),
    "wechat_merchant_bill": (_STATEMENTS, "test_a_merchant_bill_ends_at_its_totals"),
    "alipay_web": (_STATEMENTS, "test_an_alipay_web_export_counts_neither_refunds_nor_closed_rows"),
    "alipay_mobile": (_STATEMENTS, "test_alipay_mobile_exports_are_read_in_any_order_of_columns"),
    "sf_customer_sheet": (_FORMS, "test_a_courier_customer_sheet_is_read_in_grams_and_asks_about_its_numbers"),
    "waybill_export": (_FORMS, "test_a_waybill_export_is_read_whatever_it_calls_the_contents"),
    "immigration_list": (_FORMS, "test_an_immigration_list_invents_no_time_of_day"),
    "export_declaration": (_FORMS, "test_an_export_declaration_gives_its_head_to_each_of_its_lines"),
    "company_register": (_FORMS, "test_company_register_entries_are_read"),
    "call_list": (_FORMS, "test_calls_of_one_subscriber_have_their_caller_by_direction"),
    "phone_subscribers": (_UNKNOWN, "test_upright_entries_of_subscribers_are_an_entry_each"),
    "vehicle_register": (_UNKNOWN, "test_owners_of_vehicles_are_holders_of_plates"),
}
"""Each profile and the test whose rows are held to what the file was written from."""

TRAPS: dict[str, tuple[str, str]] = {
    "replies of 29, 32 and 34 columns": (_STATEMENTS, "test_replies_of_any_width_are_known"),
    "贷 and 借 by a rule of the bank that a person confirms": (
        _STATEMENTS, "test_bare_debit_and_credit_are_settled_by_the_balance_and_still_asked"),
    "a code O or X7 that nobody explains": (_STATEMENTS, "test_an_unknown_code_without_a_balance_stays_in_quarantine"),
    "a blank direction": (_STATEMENTS, "test_a_blank_code_goes_the_way_the_balance_goes"),
    "the newest row first": (_STATEMENTS, "test_the_newest_row_first_proves_the_same"),
    "tabs glued to long numbers": (
        _STATEMENTS, "test_a_bank_reply_in_gb18030_becomes_payments_with_the_holder_on_the_right_side"),
    "failed transactions": (_STATEMENTS, "test_payments_that_came_to_nothing_are_set_aside_whoever_sends_the_list"),
    "both sides of one transfer from two banks": (
        "ingest/test_two_sides.py", "test_nothing_that_two_sent_is_counted_twice"),
    "one parcel from the sender's and the receiver's extract": (
        "ingest/test_two_sides.py", "test_each_source_is_shown_from_the_other"),
    "a registration file beside its trades": (
        _STATEMENTS, "test_a_tenpay_reply_is_read_in_fen_with_its_duplicate_headers"),
    "a third direction in a certificate": (_STATEMENTS, "test_a_wechat_certificate_says_in_out_or_other"),
    "stated counts and totals": (_STATEMENTS, "test_a_wechat_export_keeps_what_it_states_and_counts_no_refund"),
    "debit and credit in a column each": (_STATEMENTS, "test_debit_and_credit_in_a_column_each_need_no_code"),
    "the sign of an amount": (
        _STATEMENTS, "test_a_minus_that_repeats_the_flow_is_dropped_and_one_that_takes_back_is_kept"),
    "a statement that names no holder": (
        _STATEMENTS, "test_a_statement_that_names_no_holder_is_asked_about_and_named_by_its_file"),
    "days that are given no time": (_FORMS, "test_an_immigration_list_invents_no_time_of_day"),
    "several declarations on a sheet": (_FORMS, "test_declarations_below_each_other_keep_each_its_own_head"),
    "declarations in lines": (_FORMS, "test_a_flat_list_of_declarations_is_known_too"),
    "both numbers of a call": (_FORMS, "test_calls_with_both_numbers_are_read_as_they_stand"),
    "a header below titles": (_SHEETS, "test_a_title_of_two_cells_is_no_header"),
    "several header rows": (_SHEETS, "test_a_header_of_two_rows_is_one"),
    "a header again on every page": (_SHEETS, "test_a_header_repeated_on_every_page_goes_on_with_its_table"),
    "totals and subtotals": (_SHEETS, "test_totals_and_subtotals_are_kept_out_wherever_their_word_stands"),
    "a total among texts": (_UNKNOWN, "test_a_total_in_a_column_of_texts_is_no_record"),
    "several tables below each other": (_SHEETS, "test_tables_below_each_other_are_each_read_with_their_own_rows"),
    "several tables beside each other": (_SHEETS, "test_tables_beside_each_other_are_both_read"),
    "blocks of one holder each": (_SHEETS, "test_blocks_of_one_form_each_keep_the_holder_named_above_them"),
    "many sheets": (_SHEETS, "test_every_sheet_of_a_workbook_is_read_for_what_it_is"),
    "merged cells": (_SHEETS, "test_rows_keep_their_numbers_below_blank_rows_and_beside_blank_columns"),
    "persons and firms in one sheet": (_SHEETS, "test_persons_and_firms_in_one_list_keep_their_numbers_apart"),
    "serial dates, full-width digits, 1.23457E+17": (_SHEETS, "test_full_width_digits_serials_and_rounded_numbers"),
    "元, 分 and 万元": (_SHEETS, "test_units_of_money_come_from_the_header_or_the_title"),
    "mixed orders of day and month": (_SHEETS, "test_day_and_month_are_told_by_the_whole_column_or_not_at_all"),
    "a label with its value right of it": (_SHEETS, "test_entries_written_upright_are_a_record_each"),
    "an address in two columns": (_SHEETS, "test_an_address_in_two_columns_is_one_address"),
    "day and time apart": (_SHEETS, "test_movements_with_day_and_time_apart_are_read"),
    "days without a year": (_UNKNOWN, "test_what_a_list_without_years_becomes"),
    "codes with a legend": (_UNKNOWN, "test_the_legend_of_a_list_says_what_its_codes_stand_for"),
    "traditional script": (_UNKNOWN, "test_blocks_in_traditional_script_each_keep_their_traveller"),
    "balances carried forward": (_UNKNOWN, "test_a_firms_statement_sets_its_carried_balances_aside"),
    "PAXLST with groups, stray blanks, missing segments": (
        _MESSAGES, "test_a_passenger_list_becomes_journeys_with_their_bytes"),
    "camt.052, 053 and 054": (_MESSAGES, "test_statements_of_all_three_messages_become_payments"),
    "EPCIS": (_MESSAGES, "test_events_become_parcels_sent_off"),
    "EPCIS, objects of a seizure": (_MESSAGES, "test_objects_of_a_seizure_become_specimens"),
    "FollowTheMoney": (_MESSAGES, "test_entities_become_records_of_their_kinds"),
    "an old workbook": ("sources/test_staging.py", "test_old_workbooks_are_read"),
    "a workbook with a password": ("sources/test_bad_files.py", "test_a_workbook_with_a_password_is_refused"),
    "GB18030, UTF-16 and a BOM": ("sources/test_staging.py", "test_encodings_are_told_apart"),
    "the same file twice, rows in another extract": (
        "actions/test_preview.py", "test_a_dry_run_changes_nothing_and_shows_what_the_case_holds_already"),
    "a mapping of the last file for the next": (
        "actions/test_preview.py", "test_a_dry_run_changes_nothing_and_shows_what_the_case_holds_already"),
}  # fmt: skip
"""Each trap and the test that a file with it is read as it was meant."""

_COUNTED_ELSEWHERE = frozenset(
    {"ingest/test_two_sides.py", "sources/test_staging.py", "sources/test_bad_files.py", "actions/test_preview.py"}
)
"""Files whose tests count their rows by themselves: `check` does, or the staging; refused files have none."""


def _tests(name: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((_TESTS / name).read_text(encoding="utf-8"))
    return {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test")}


def test_every_profile_has_its_fixture() -> None:
    assert {each.name for each in profiles()} == set(PROFILES)


@pytest.mark.parametrize("what", [*PROFILES, *TRAPS])
def test_what_holds_a_form_or_a_trap_is_there_and_counts_its_rows(what: str) -> None:
    """The fixture ``take`` holds each file to the count identity."""
    name, test = {**PROFILES, **TRAPS}[what]
    found = _tests(name)
    assert test in found, f"{name} has no {test}"
    takes = {each.arg for each in found[test].args.args}
    assert "take" in takes or name in _COUNTED_ELSEWHERE, f"{test} counts nothing"


def test_every_profile_is_named_by_its_test() -> None:
    """A test that holds a profile looks whether it was recognised as that."""
    for profile, (name, test) in PROFILES.items():
        source = ast.unparse(_tests(name)[test])
        assert profile in source, f"{test} does not speak of {profile}"
