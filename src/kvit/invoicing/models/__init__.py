"""The tables of invoicing."""

from kvit.invoicing.models.claims import ClaimFact, ClaimRule, DisputedLine, Remark
from kvit.invoicing.models.documents import (
    Customer,
    DueDateMove,
    Invoice,
    InvoiceLine,
    Link,
    PartyCopy,
    Series,
    VatTotal,
    View,
)
from kvit.invoicing.models.letters import Confirmation, ConfirmationAnswer, Run, Statement
from kvit.invoicing.models.sources import (
    Agreement,
    Contract,
    ContractIndex,
    ContractPeriod,
    EstimatePayment,
    ExchangeRate,
    IncomingInvoice,
    Order,
    OrderBilling,
)

__all__ = [
    "Agreement",
    "ClaimFact",
    "ClaimRule",
    "Confirmation",
    "ConfirmationAnswer",
    "Contract",
    "ContractIndex",
    "ContractPeriod",
    "Customer",
    "DisputedLine",
    "DueDateMove",
    "EstimatePayment",
    "ExchangeRate",
    "IncomingInvoice",
    "Invoice",
    "InvoiceLine",
    "Link",
    "Order",
    "OrderBilling",
    "PartyCopy",
    "Remark",
    "Run",
    "Series",
    "Statement",
    "VatTotal",
    "View",
]
