"""Pure rules about parties: names, numbers, ways to reach somebody, consents, the age of a fact."""
