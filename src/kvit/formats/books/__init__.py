"""Books and lists of documents: readers and writers of what other systems keep."""
