"""SIE, the Swedish exchange format of bookkeeping: types 1 to 4."""
