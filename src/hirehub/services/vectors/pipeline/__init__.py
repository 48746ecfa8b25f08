"""The lane from wire messages to committed rows: decode, cut into groups, store, in order.

Everything up to `storing` is pure; `storing` speaks SQL through the store; `lane` runs several transactions at once
and commits them in the order in which their rows came.
"""
