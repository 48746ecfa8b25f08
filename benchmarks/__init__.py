"""Measurements of the product beside their baselines; `benchmarks/README.md` holds the figures."""
