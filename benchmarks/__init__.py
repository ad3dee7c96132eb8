"""The figures that promises name, one module each; `python -m benchmarks [NAME …]` runs them."""
