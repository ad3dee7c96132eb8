"""What customers see: sign-in, balance, invoices, and the live invoice."""
