"""Outside services simulated on this machine, speaking their real protocols, for tests and the demo."""
