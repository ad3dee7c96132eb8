"""What a buyer sees: an invoice with its history and how to pay it, and their account with the company."""
