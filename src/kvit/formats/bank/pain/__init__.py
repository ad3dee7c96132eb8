"""ISO 20022 payments: orders to the bank (pain.001, pain.008) and its answers (pain.002)."""
