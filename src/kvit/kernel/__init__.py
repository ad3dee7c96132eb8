"""Pure values every context shares: money, dates and working days, identifiers, result lists."""
