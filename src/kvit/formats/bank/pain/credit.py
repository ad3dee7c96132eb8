"""Writes pain.001: credit transfers in the order given, XSD-valid in either version, with totals checked.

Sources: ISO 20022, CustomerCreditTransferInitiation V03 and V09; see `scheme` for the rules of each country.
"""

import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from kvit.formats.bank.pain import order, scheme
from kvit.formats.bank.pain.elements import Writer, nested, put, put_amount
from kvit.formats.bank.pain.order import Scheme, Transfer, TransferBatch, TransferOrder, Version
from kvit.formats.bank.pain.totals import check_totals
from kvit.formats.writing import SEPA, Checks, Written, totals

VERSIONS: Final = (Version.PAIN_001_03, Version.PAIN_001_09)
_SPLIT_PAYMENT: Final = "53"
_TREASURY: Final = "TREZ"


def write(given: TransferOrder, version: Version = Version.PAIN_001_09) -> Written:
    """The file, and a note for each text that the bank cannot carry as it was given.

    Refuses `Unwritable` with every problem and its place ("batches[0]/transfers[2]/account"); nothing is written then.
    """
    if version not in VERSIONS:
        raise ValueError(f"{version} carries no credit transfers")
    checks = Checks(SEPA)
    writer = Writer(version, checks)
    amounts = [transfer.amount for batch in given.batches for transfer in batch.transfers]
    checks.require(bool(amounts), "batches", "there is nothing to pay")
    message = SubElement(writer.root, "CstmrCdtTrfInitn")
    writer.header(
        message,
        message_id=given.message_id,
        created_at=given.created_at,
        initiator=given.initiator,
        amounts=amounts,
    )
    for number, batch in enumerate(given.batches):
        _batch(writer, message, f"batches[{number}]", batch)
    checks.refuse_problems()
    check_totals(writer.root, amounts)
    return Written(writer.content(), tuple(checks.notes), len(amounts), totals(amounts))


def _batch(writer: Writer, message: Element, place: str, batch: TransferBatch) -> None:
    checks, rules = writer.checks, scheme.RULES[batch.scheme]
    checks.charset = rules.charset
    checks.require(bool(batch.transfers), f"{place}/transfers", "there is nothing to pay")
    element = SubElement(message, "PmtInf")
    put(element, "PmtInfId", writer.code(f"{place}/batch_id", batch.batch_id))
    put(element, "PmtMtd", "TRF")
    writer.sums(element, [transfer.amount for transfer in batch.transfers])
    put(nested(element, "PmtTpInf", "SvcLvl"), "Cd", rules.service_level)
    _execution_date(writer, element, batch.execution_date)
    writer.party(SubElement(element, "Dbtr"), f"{place}/debtor", batch.debtor, limit=rules.name_limit)
    _account_fits(checks, f"{place}/account", batch.account, batch.scheme)
    writer.account(SubElement(element, "DbtrAcct"), f"{place}/account", batch.account)
    writer.bank(SubElement(element, "DbtrAgt"), f"{place}/account", batch.account)
    put(element, "ChrgBr", "SLEV")
    for number, transfer in enumerate(batch.transfers):
        _transfer(writer, element, f"{place}/transfers[{number}]", transfer, batch)


def _execution_date(writer: Writer, element: Element, day: datetime.date) -> None:
    if writer.is_newer:
        put(SubElement(element, "ReqdExctnDt"), "Dt", day.isoformat())
    else:
        put(element, "ReqdExctnDt", day.isoformat())


def _transfer(writer: Writer, batch_element: Element, place: str, transfer: Transfer, batch: TransferBatch) -> None:
    checks, rules = writer.checks, scheme.RULES[batch.scheme]
    checks.amount(f"{place}/amount", transfer.amount, currencies=rules.currencies, most_minor=rules.most_minor)
    element = SubElement(batch_element, "CdtTrfTxInf")
    put(SubElement(element, "PmtId"), "EndToEndId", writer.code(f"{place}/end_to_end_id", transfer.end_to_end_id))
    if isinstance(transfer.remittance, order.SplitPayment):
        kind = SubElement(element, "PmtTpInf")
        put(SubElement(kind, "SvcLvl"), "Cd", rules.service_level)
        put(SubElement(kind, "LclInstrm"), "Prtry", _SPLIT_PAYMENT)
    put_amount(SubElement(element, "Amt"), transfer.amount)
    _account_fits(checks, f"{place}/account", transfer.account, batch.scheme)
    if not _is_iban_only(transfer.account):
        writer.bank(SubElement(element, "CdtrAgt"), f"{place}/account", transfer.account)
    writer.party(SubElement(element, "Cdtr"), f"{place}/creditor", transfer.creditor, limit=rules.name_limit)
    _treasury(checks, place, transfer)
    writer.account(SubElement(element, "CdtrAcct"), f"{place}/account", transfer.account)
    title = scheme.title(checks, place, transfer, batch.scheme, batch.execution_date)
    if title.reference:
        issuer = "ISO" if isinstance(transfer.remittance, order.CreditorReference) else ""
        writer.reference(SubElement(element, "RmtInf"), title.reference, issuer=issuer)
    elif title.text:
        put(SubElement(element, "RmtInf"), "Ustrd", title.text)


def _is_iban_only(account: order.Account) -> bool:
    """Since 2016 a payer need not know the payee's BIC within SEPA; Polish banks are known by the number itself."""
    return isinstance(account, order.Iban) and not account.bic and not account.number.strip().upper().startswith("PL")


def _account_fits(checks: Checks, place: str, account: order.Account, of: Scheme) -> None:
    country = scheme.RULES[of].iban_country
    if not isinstance(account, order.Iban):
        checks.require(of is Scheme.SWEDEN, place, "a bankgiro or national number is paid by Swedish rules only")
    elif country is not None:
        is_from = account.number.strip().upper().startswith(country)
        checks.require(is_from, place, f"a domestic payment goes between IBANs that begin with {country}")


def _treasury(checks: Checks, place: str, transfer: Transfer) -> None:
    """The Romanian treasury books by the payee's fiscal code (accounts RO..TREZ...)."""
    is_treasury = (
        isinstance(transfer.account, order.Iban) and transfer.account.number.replace(" ", "")[4:8] == _TREASURY
    )
    checks.require(
        not is_treasury or bool(transfer.creditor.identifier),
        f"{place}/creditor/identifier",
        "is missing: the treasury books by the fiscal code of the payee",
    )
