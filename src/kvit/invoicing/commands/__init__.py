"""What may be done to customers and documents: register, draft, issue, credit, move a due date."""

from kvit.invoicing.commands.crediting import CreditDrafted, NotCreditable, draft_credit_note
from kvit.invoicing.commands.customers import (
    BadCustomer,
    CustomerAdded,
    CustomerNumberTaken,
    CustomersRegistered,
    NewCustomer,
    UnknownParty,
    add_customer,
    register_customers,
)
from kvit.invoicing.commands.drafting import (
    Discarded,
    Drafted,
    ReferenceTaken,
    UnknownCustomer,
    discard,
    draft_invoices,
    redraft,
)
from kvit.invoicing.commands.due_dates import DueDateChanged, DueDateRefused, move_due_date
from kvit.invoicing.commands.issuing import Issued, IssueRefused, issue_invoices

__all__ = [
    "BadCustomer",
    "CreditDrafted",
    "CustomerAdded",
    "CustomerNumberTaken",
    "CustomersRegistered",
    "Discarded",
    "Drafted",
    "DueDateChanged",
    "DueDateRefused",
    "IssueRefused",
    "Issued",
    "NewCustomer",
    "NotCreditable",
    "ReferenceTaken",
    "UnknownCustomer",
    "UnknownParty",
    "add_customer",
    "discard",
    "draft_credit_note",
    "draft_invoices",
    "issue_invoices",
    "move_due_date",
    "redraft",
    "register_customers",
]
