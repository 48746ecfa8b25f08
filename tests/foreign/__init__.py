"""Clients that stock tools of another language generate from the published contract."""
