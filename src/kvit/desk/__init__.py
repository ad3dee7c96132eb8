"""What the company's own people see and do."""
