"""What may be done to customers and documents: register, draft, issue, credit, move a due date, open a link."""

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
from kvit.invoicing.commands.links import (
    LinkAskedFor,
    LinkOpened,
    LinkRefused,
    LinkRevoked,
    NoSuchLink,
    Viewed,
    ask_for_link,
    open_link,
    record_view,
    revoke_link,
)

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
    "LinkAskedFor",
    "LinkOpened",
    "LinkRefused",
    "LinkRevoked",
    "NewCustomer",
    "NoSuchLink",
    "NotCreditable",
    "ReferenceTaken",
    "UnknownCustomer",
    "UnknownParty",
    "Viewed",
    "add_customer",
    "ask_for_link",
    "discard",
    "draft_credit_note",
    "draft_invoices",
    "issue_invoices",
    "move_due_date",
    "open_link",
    "record_view",
    "redraft",
    "register_customers",
    "revoke_link",
]
