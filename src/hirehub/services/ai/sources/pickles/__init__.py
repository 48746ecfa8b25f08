"""Reads a pickled DataFrame without pandas and without running anything that the file names.

`machine` turns the bytes into plain values and inert nodes, `frame` and `arrays` read the nodes that a frame is made
of, `cells` turns a column's cells into Arrow arrays. It runs in a child process with limits (`isolate`).
"""
