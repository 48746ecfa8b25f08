"""Takes personal data out of text: rules alone, no model, no network; the same text gives the same masks everywhere.

`finding` says what is found, a module a kind of rule finds it, `mask` puts masks in its place and keeps where
everything was. What was found is never kept: a finding names a kind and a place.
"""
