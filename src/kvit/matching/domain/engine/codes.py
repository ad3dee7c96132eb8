"""The small numbers that compiled code uses for kinds of evidence: how an item was met, how amounts stand, who paid."""

from typing import Final

# How an item was met; the smaller, the surer. Between BY_SLIP and BY_CUT: BY_SLIP + a slip of `correction`.
BY_REFERENCE: Final = 1
BY_BODY: Final = 2
BY_NUMBER: Final = 3
BY_SLIP: Final = 3
BY_CUT: Final = 11
BY_FAR: Final = 10  # BY_FAR + 2 or 3 slips: 12, 13
BY_NOTHING: Final = 15

# How an amount paid stands to what is open.
EQUAL: Final = 0
SHORT: Final = 1
OVER: Final = 2
PARTIAL: Final = 3
MORE: Final = 4

# Places in CreditorRule.numbers().
SHORT_MINOR: Final = 0
SHORT_PERMILLE: Final = 1
FEE: Final = 2
ROUNDS: Final = 3
MOST_ITEMS: Final = 4

# Signs that a customer is the payer, to be added up.
VIRTUAL: Final = 1
ACCOUNT: Final = 2
NAME: Final = 4
ALIAS: Final = 8
NUMBER: Final = 16
QUOTED: Final = 32  # an item of the customer is quoted, and the payer is known for it
WHO_PAID: Final = VIRTUAL | ACCOUNT | NAME | ALIAS

# Places in Bench.counts.
PAYERS: Final = 0
CANDIDATES: Final = 1
TOKENS: Final = 2
OF_VIRTUAL: Final = 3
OF_ACCOUNT: Final = 4
OF_NAME: Final = 5
OF_ALIAS: Final = 6
OF_NUMBER: Final = 7
WORDS: Final = 8
OF_AMOUNT: Final = 9
EXACT: Final = 10
EXACT_EQUAL: Final = 11
CLOSED: Final = 12
CORRECTED: Final = 13
NEIGHBOURS: Final = 14
OF_BLOCK: Final = 15
FOCUS: Final = 16  # how many customers are QUOTED: then nobody else is looked at
LISTED_ITEMS: Final = 17  # how many items stand in Bench.quoted
