"""Companies, people, contacts by purpose, consents, identities verified or not."""
