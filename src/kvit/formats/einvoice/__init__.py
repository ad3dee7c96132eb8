"""Electronic invoices: the semantic model of EN 16931, its calculation and rules, and the syntaxes that carry it."""
