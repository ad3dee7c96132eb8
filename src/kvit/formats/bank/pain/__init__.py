"""ISO 20022 payment files to the bank: pain.001 (credit transfers) and pain.008 (direct debits)."""
