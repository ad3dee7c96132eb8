"""ISO 20022 account statements: camt.053, and camt.052 and camt.054 through the same reader."""
