"""What the world refused, in the reader's words: one sentence per code, with the next step where there is one."""

from collections.abc import Mapping
from typing import Final

from kvit.kernel.refusals import DomainError
from kvit.pages.words import N_, gettext

TEXTS: Final[Mapping[str, str]] = {
    "banking.account_does_not_fit": N_("The file cannot be of this account: it names another number or currency."),
    "banking.account_known": N_("Somebody has said already which account this is. Reload the page."),
    "banking.account_number_taken": N_("This bank account is on the list already."),
    "banking.already_being_paid": N_("This is being paid already: another payment file holds it."),
    "banking.no_such_account": N_("There is no such account at a bank any more. Reload the page."),
    "banking.no_such_break": N_("Nothing is missing here any more. Reload the page."),
    "banking.no_such_intake": N_("This import does not exist any more. Reload the page."),
    "banking.no_such_payment": N_("There is no such payment in this file. Reload the page."),
    "banking.no_such_payment_file": N_("There is no such payment file. Reload the page."),
    "banking.folder_taken": N_("Another process watches this folder, or it cannot be written to."),
    "banking.mailbox_refused": N_("The mailbox cannot be read: look at its address, password and senders."),
    "banking.no_reason": N_("Give a reason."),
    "banking.no_such_profile": N_("This profile is not in use any more. Reload the page."),
    "banking.shape_taken": N_("A profile in use reads files with these columns already: retire it first."),
    "banking.no_such_problem": N_("Somebody else has dealt with this already. Reload the page."),
    "banking.no_such_statement": N_("This statement does not exist any more. Reload the page."),
    "banking.not_a_person": N_("Only a person can sign a payment file."),
    "banking.other_content": N_("The file is not the one you looked at. Reload the page and look at it again."),
    "banking.signed_already": N_("You signed this file already; somebody else must be the second."),
    "banking.too_late_to_send": N_("The day of payment has passed: make the file anew."),
    "base.clock_goes_forward": N_("The clock can only be moved forward."),
    "base.key_reused": N_("This form was sent before with other content. Reload the page and send it again."),
    "base.last_owner": N_("A company has at least one owner: make somebody else an owner first."),
    "base.no_such_member": N_("This person does not work here any more. Reload the page."),
    "base.no_such_tenant": N_("There is no such company."),
    "base.not_in_test_mode": N_("The clock can be moved in test mode only."),
    "base.not_movable": N_("Somebody else was faster: this has changed since you opened the page. Reload it."),
    "base.tenant_code_taken": N_("Another company uses this short name already; choose another one."),
    "base.unstorable_text": N_("The text holds a character that cannot be kept. Type it again."),
    "currency_mismatch": N_("Amounts in two currencies cannot be added up."),
    "documents.bad_file": N_("This file cannot be archived: it is empty, too large, or not what it says."),
    "documents.bad_look": N_("A colour is written as #0e5a3c, and a logo has to be filed first."),
    "documents.bad_sheet": N_("The figures of the document do not add up; nothing was made of it."),
    "documents.content_lost": N_("The content of this file is not where it was put. Restore it from a backup."),
    "documents.faint_colour": N_("This colour is too light to be read on white paper: choose a darker one."),
    "documents.logo_reaches_out": N_(
        "The logo refers to something outside of itself, or runs things: save it as a plain SVG, or bring a PNG."
    ),
    "documents.logo_too_large": N_("The logo is too large: at most 1 MB and 4000 dots a side are drawn."),
    "documents.must_be_kept": N_("The law wants this file kept longer; nothing was erased."),
    "documents.no_such_file": N_("There is no such file in the archive."),
    "documents.not_renderable": N_("This document cannot be drawn as PDF. Its data are kept."),
    "documents.store_unreachable": N_("The store of the archive does not answer. Try again in a while."),
    "documents.unreadable_logo": N_("The logo cannot be read: bring a PNG, a JPEG, or an SVG in one file."),
    "file_too_large": N_("The file is larger than a bank file may be."),
    "formats.unwritable": N_("This cannot be written into a file for the bank: look at what is said of each payment."),
    "flows.already_founded": N_("There is a company here already: sign in."),
    "identifier_invalid": N_("This number is not valid."),
    "identifier_wrong_characters": N_("This number holds characters that do not belong in it."),
    "identifier_wrong_check_digit": N_("The check digit does not fit: one of the digits is mistyped."),
    "identifier_wrong_length": N_("This number has too many or too few digits."),
    "identifier_wrong_part": N_("A part of this number does not exist: look at it again."),
    "invalid_ocr_control": N_("This way of checking references does not exist."),
    "invalid_terms": N_("These are no terms of payment."),
    "invoicing.bad_answer": N_("An answer needs your name, and where it differs at least one amount or document."),
    "invoicing.bad_confirmation": N_(
        "A confirmation is asked for a day that has passed, by a day to come, and somebody signs it; a difference is "
        "explained in words."
    ),
    "invoicing.bad_statement": N_("The period must have begun and ended by today, and last ten years at most."),
    "invoicing.no_such_confirmation": N_("This confirmation cannot be changed like that any more. Reload the page."),
    "invoicing.no_such_run": N_("There is no such run. Reload the page."),
    "invoicing.stale_answer": N_("This was answered for good in the meantime. Reload the page."),
    "invoicing.agreement_refused": N_(
        "There is an agreement with this supplier already, or another series has the prefix."
    ),
    "invoicing.bad_contract": N_("A contract has a number, lines, and an end that is not before its start."),
    "invoicing.bad_claim_rule": N_(
        "These days cannot hold together: 0 to 365, and what is given freely reaches no further than what may be asked."
    ),
    "invoicing.bad_customer": N_("A customer has a number of at most 40 characters and a currency."),
    "invoicing.bad_draft": N_("The terms or the payment reference cannot stand on an invoice."),
    "invoicing.bad_fact": N_("This cannot be: look at the amount, which is at most what is open, and at the day."),
    "invoicing.bad_line": N_("A line cannot stand on an invoice: look at its text, numbers and VAT rate."),
    "invoicing.contract_refused": N_(
        "The contract cannot be changed so: look at its number, its notice and its periods."
    ),
    "invoicing.customer_number_taken": N_("Another customer has this number already."),
    "invoicing.due_date_refused": N_(
        "The due date of an issued invoice can be moved with a reason, to a day not before its issue."
    ),
    "invoicing.estimate_refused": N_("The estimate is invoiced already, or this money is not for it."),
    "invoicing.fact_stands_already": N_("This was said already and still stands: take it back first."),
    "invoicing.issue_refused": N_("This draft cannot be issued: its total is below zero, or its reference is taken."),
    "invoicing.link_refused": N_("Only an issued invoice has a page of its own, for one day to ten years."),
    "invoicing.no_agreement": N_("No agreement on self-billing with this supplier is in force on that day."),
    "invoicing.no_invoice": N_("Estimates and drafts have no e-invoice."),
    "invoicing.no_interest_rule": N_(
        "No rule of interest for late payment is known here for this country and customer: the law's table gives none."
    ),
    "invoicing.no_such_link": N_("This link opens nothing any more. Reload the page."),
    "invoicing.no_rate_for_compensation": N_(
        "The flat sum is in euro: record the exchange rate of the day, or leave the flat sum out."
    ),
    "invoicing.not_late": N_("This invoice bears no interest for these days, or all of it was asked for already."),
    "invoicing.not_correctable": N_("Only an issued invoice that was not credited can be corrected, with a reason."),
    "invoicing.no_such_claim": N_("There is no such invoice to pay."),
    "invoicing.no_such_fact": N_("There is no such entry any more, or it is the other side's. Reload the page."),
    "invoicing.not_a_receipt": N_("A receipt is a whole PDF, JPEG or PNG of at most 5 MB."),
    "invoicing.nothing_to_dispute": N_("Nothing is open that is not disputed already."),
    "invoicing.not_creditable": N_("Only what is left of an issued invoice can be credited, with a reason."),
    "invoicing.not_for_us": N_("This invoice is made out to somebody else."),
    "invoicing.order_refused": N_("This order stands on a document already, or its number is taken."),
    "invoicing.rate_refused": N_("This is no exchange rate between two currencies."),
    "invoicing.reference_taken": N_("Another document carries this payment reference already."),
    "invoicing.too_much_said": N_("So much was said about this invoice today that no more is taken in until tomorrow."),
    "invoicing.unknown_customer": N_("There is no such customer."),
    "invoicing.taken_in_before": N_("This invoice of this supplier was taken in before."),
    "invoicing.unknown_party": N_("There is no such customer."),
    "ledger.bad_export": N_(
        "An export has a period that ends after it begins (for SIE within one calendar year) and a format; an answer "
        "says who gave it, a refusal why."
    ),
    "ledger.bad_mapping": N_("An account has a number of up to 20 letters and digits, and a name."),
    "ledger.no_such_export": N_("There is no such export. Reload the page."),
    "ledger.not_mapped": N_("An account that is used has no number in your chart yet: give it one first."),
    "ledger.nothing_to_export": N_("Every entry of these days was exported before, or there is none."),
    "invoicing.unknown_supplier": N_("Nobody is known under the seller's numbers: say which supplier it is."),
    "invoicing.unreadable_invoice": N_("The file holds no e-invoice that can be taken in."),
    "ledger.allocation_refused": N_("These two do not belong together: customer, currency or side differ."),
    "ledger.already_reversed": N_("This was reversed before. Reload the page."),
    "ledger.items_allocated": N_("Undo the link to the payment first."),
    "ledger.not_allocated": N_("This was taken back before. Reload the page."),
    "ledger.nothing_open": N_("So much is not open any more. Reload the page."),
    "ledger.over_allocated": N_("More would be paid than is open. Reload the page."),
    "ledger.reason_missing": N_("Give a reason."),
    "ledger.unbalanced": N_("The two sides of the entry do not add up; nothing was posted."),
    "ledger.unknown_account": N_("There is no such account in the ledger."),
    "ledger.unknown_entry": N_("There is no such entry in the ledger."),
    "ledger.unknown_party": N_("There is no such customer."),
    "matching.already_linked": N_("This payment is linked already. Undo the link first."),
    "matching.bad_rule": N_("These numbers cannot be in force together: look at the target and the limits."),
    "matching.no_such_history": N_("This file was not tried, or nothing of it could be. Reload the page."),
    "matching.not_calibrated": N_("The robot asks as much as it was shipped to already."),
    "matching.no_such_payer": N_("This payer was forgotten before. Reload the page."),
    "matching.no_such_refund": N_("This refund does not wait any more: it was paid or withdrawn. Reload the page."),
    "matching.not_learnable": N_("Give the account, or the name, that pays for this customer."),
    "matching.not_linkable": N_(
        "It does not fit: name invoices in the payment's currency that take no more than was paid, or say whose it is."
    ),
    "matching.not_linked": N_("This link was undone before. Reload the page."),
    "matching.not_refundable": N_("So much is not left of the payment, or it is to go back already."),
    "matching.not_payable": N_(
        "No payment file can pay this back: the bank did not say from which account it came, the advance has been "
        "used, or its currency has no file. Pay it back at the bank; the movement is linked here when it comes."
    ),
    "matching.refund_being_paid": N_(
        "A payment file pays this back. Discard the file first; once the bank has it, wait for the movement and undo "
        "that."
    ),
    "matching.not_suggested": N_("What you looked at has changed since. Look again: this is what is known now."),
    "matching.suggestion_changed": N_(
        "The robot suggests something else by now than what you looked at. Look again: this is what it sees now."
    ),
    "matching.several_customers": N_(
        "The invoices are of several customers. Tick that one payer pays for all of them, and say whose the rest is."
    ),
    "matching.write_off_too_large": N_("So much may not be written off here: the limit stands beside the field."),
    "no_due_date_rule": N_("No rule says when this is due; give the terms of payment."),
    "no_interest_rate": N_("The rate of interest for late payment of that day is not known here."),
    "no_vat_rates": N_("The VAT rates of that day and country are not known here."),
    "not_representable": N_("This amount has too many decimals or is too large."),
    "not_under_mask": N_("This account number is not one of those agreed with the bank."),
    "nothing_to_split_by": N_("There is nothing to split the amount by."),
    "outside_calendar": N_("The working days of that year are not known here yet."),
    "pages.not_an_amount": N_("Write an amount in figures, with the decimals behind a comma or a point."),
    "parties.bad_address": N_("An address has a street or a town, and a country of two letters."),
    "parties.bad_consent": N_("A consent needs a proof, and a day that is not in the future."),
    "parties.bad_contact": N_("Nothing can arrive at this address or number; look at it again."),
    "parties.bad_fact": N_("This needs a source, and a day that is not in the future."),
    "parties.bad_name": N_("A name has 1 to 300 printable characters."),
    "parties.bad_party": N_("These particulars cannot be those of a company or a person."),
    "parties.bad_verification": N_("A check needs a source, and a day that is not in the future."),
    "parties.identity_taken": N_("Another customer has the same number, and it was verified."),
    "parties.no_register": N_("No register knows this number; of an account, the holder's NIP is needed as well."),
    "parties.no_such_contact": N_("There is no such address or number any more. Reload the page."),
    "parties.no_such_identity": N_("There is no such number any more. Reload the page."),
    "parties.no_such_inquiry": N_("There is no such question any more. Reload the page."),
    "parties.no_such_login": N_("There is no such sign-in any more. Reload the page."),
    "parties.no_such_party": N_("There is no such customer."),
    "parties.not_a_person": N_("Only the data of a person are erased; a company has none of its own."),
    "parties.party_erased": N_("The data of this person were erased; nothing is written about them any more."),
    "parties.register_off": N_("This register is switched off. The settings of the company say what is sent to it."),
    "parties.wrong_holder": N_("This kind of number belongs to a person and not a company, or the other way round."),
    "payer_number_too_large": N_("The customer's number is too large for the bank's account numbers."),
    "payment_codes.does_not_fit": N_("This payment does not fit into a code that bank apps read."),
    "reading_stopped": N_("The file could not be read to its end."),
    "serial_out_of_range": N_("No payment references are left in this series."),
    "unknown_calendar": N_("The working days of that country are not known here."),
    "unknown_currency": N_("There is no such currency."),
    "unknown_unit": N_("There is no such unit: write a code of UN/ECE Recommendation 20, or a common word."),
    "unreadable": N_("This cannot be read."),
    "unusable_profile": N_("The columns of this file are not described well enough to read it."),
    "world.busy": N_("Another day is being played just now. Wait until it is done."),
    "work.bad_item": N_("This cannot wait for a person as it is described."),
    "work.no_such_item": N_("Somebody else has dealt with this already."),
    "work.not_a_member": N_("This person does not work here."),
    "work.snooze_in_past": N_("Choose a moment that is still to come."),
}


def of_code(code: str) -> str:
    """What a refusal of this code means, in the reader's language; the code itself where nobody has words for it."""
    return gettext(TEXTS[code]) if code in TEXTS else code


def text(refusal: DomainError) -> str:
    """The refusal in the reader's language; one that nobody has words for says its own English ones."""
    known = TEXTS.get(refusal.code)
    return gettext(known) if known is not None else str(refusal)
