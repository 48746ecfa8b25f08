"""Measures the stages on data with known answers: figures from records, each stage beside the floors to beat."""
