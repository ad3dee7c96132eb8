"""A journal of postings for any other bookkeeping: CSV and XLSX, in which no text can act as a formula."""
