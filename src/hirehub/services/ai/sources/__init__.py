"""Rows out of files: pickled frames, Parquet, or a folder of either, as wire bytes in the order of their ids."""
