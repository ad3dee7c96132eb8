"""Customers' terms, invoices, credit notes, due dates."""
