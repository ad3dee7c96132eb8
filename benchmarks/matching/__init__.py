"""Which payment pays what, measured: workloads with their truth, scoring, other ways of matching to compare with."""
