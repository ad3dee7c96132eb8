"""The matching engine: arrays of open items and payments in, decisions with evidence out; pure."""
