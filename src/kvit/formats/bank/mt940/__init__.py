"""SWIFT account statements: MT940, and the interim report MT942 through the same reader."""
