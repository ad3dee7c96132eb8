"""Leverantörsbetalningar (LB), the Swedish supplier payments of Bankgirot: orders and what is answered."""
