"""Writes pain.008: SEPA direct debits, XSD-valid in either version, with totals checked.

Sources: ISO 20022, CustomerDirectDebitInitiation V02 and V08; EPC130-08 (core) and EPC131-08 (B2B).
"""

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from stdnum.eu import at_02

from kvit.formats.bank.pain import order
from kvit.formats.bank.pain.elements import Writer, nested, put, put_amount
from kvit.formats.bank.pain.order import Debit, DebitBatch, DebitOrder, Version
from kvit.formats.bank.pain.totals import check_totals
from kvit.formats.writing import SEPA, Checks, Written, totals
from kvit.kernel.identifiers import invalid, rf

VERSIONS: Final = (Version.PAIN_008_02, Version.PAIN_008_08)
_EURO: Final = frozenset({"EUR"})
_MOST_MINOR: Final = 99_999_999_999
_NAME: Final = 70
_TITLE: Final = 140
_ID: Final = 35


def write(given: DebitOrder, version: Version = Version.PAIN_008_08) -> Written:
    """The file, and a note for each text that SEPA cannot carry as it was given.

    Refuses `Unwritable` with every problem and its place ("batches[0]/debits[2]/mandate_id").
    """
    if version not in VERSIONS:
        raise ValueError(f"{version} carries no direct debits")
    checks = Checks(SEPA)
    writer = Writer(version, checks)
    amounts = [debit.amount for batch in given.batches for debit in batch.debits]
    checks.require(bool(amounts), "batches", "there is nothing to collect")
    message = SubElement(writer.root, "CstmrDrctDbtInitn")
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


def _batch(writer: Writer, message: Element, place: str, batch: DebitBatch) -> None:
    checks = writer.checks
    checks.require(bool(batch.debits), f"{place}/debits", "there is nothing to collect")
    element = SubElement(message, "PmtInf")
    put(element, "PmtInfId", writer.code(f"{place}/batch_id", batch.batch_id))
    put(element, "PmtMtd", "DD")
    writer.sums(element, [debit.amount for debit in batch.debits])
    kind = SubElement(element, "PmtTpInf")
    put(SubElement(kind, "SvcLvl"), "Cd", "SEPA")
    put(SubElement(kind, "LclInstrm"), "Cd", batch.scheme.value)
    put(kind, "SeqTp", batch.sequence.value)
    put(element, "ReqdColltnDt", batch.collection_date.isoformat())
    writer.party(SubElement(element, "Cdtr"), f"{place}/creditor", batch.creditor, limit=_NAME)
    writer.account(SubElement(element, "CdtrAcct"), f"{place}/account", batch.account)
    writer.bank(SubElement(element, "CdtrAgt"), f"{place}/account", batch.account)
    put(element, "ChrgBr", "SLEV")
    _creditor_id(writer, element, f"{place}/creditor_id", batch.creditor_id)
    for number, debit in enumerate(batch.debits):
        _debit(writer, element, f"{place}/debits[{number}]", debit)


def _creditor_id(writer: Writer, element: Element, place: str, number: str) -> None:
    other = nested(element, "CdtrSchmeId", "Id", "PrvtId", "Othr")
    put(other, "Id", writer.checks.identifier(place, validate_creditor_id, number))
    put(SubElement(other, "SchmeNm"), "Prtry", "SEPA")


def validate_creditor_id(number: str) -> str:
    """A SEPA creditor identifier in its compact form, by its check digits (AT-02). Refuses `InvalidIdentifier`."""
    return invalid.by_stdnum("a SEPA creditor identifier", at_02.validate, number)


def _debit(writer: Writer, batch_element: Element, place: str, debit: Debit) -> None:
    checks = writer.checks
    checks.amount(f"{place}/amount", debit.amount, currencies=_EURO, most_minor=_MOST_MINOR)
    element = SubElement(batch_element, "DrctDbtTxInf")
    put(SubElement(element, "PmtId"), "EndToEndId", writer.code(f"{place}/end_to_end_id", debit.end_to_end_id))
    put_amount(element, debit.amount)
    mandate = nested(element, "DrctDbtTx", "MndtRltdInf")
    put(mandate, "MndtId", checks.code(f"{place}/mandate_id", debit.mandate_id, limit=_ID))
    put(mandate, "DtOfSgntr", debit.mandate_date.isoformat())
    writer.bank(SubElement(element, "DbtrAgt"), f"{place}/account", debit.account)
    writer.party(SubElement(element, "Dbtr"), f"{place}/debtor", debit.debtor, limit=_NAME)
    writer.account(SubElement(element, "DbtrAcct"), f"{place}/account", debit.account)
    match debit.remittance:
        case order.CreditorReference():
            number = checks.identifier(f"{place}/remittance", rf.validate, debit.remittance.number)
            writer.reference(SubElement(element, "RmtInf"), number, issuer="ISO")
        case order.Message():
            text = checks.text(f"{place}/remittance", debit.remittance.text, limit=_TITLE)
            if text:
                put(SubElement(element, "RmtInf"), "Ustrd", text)
