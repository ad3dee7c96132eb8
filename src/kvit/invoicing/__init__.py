"""Customers' terms, invoices, credit notes, due dates, and what customer and company say about a claim."""
