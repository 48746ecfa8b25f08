"""Skills in text: a taxonomy of the product's own, and a finder that reads a text once.

Pure: the taxonomy is a data file of this package, the finder a function of the text.
"""
