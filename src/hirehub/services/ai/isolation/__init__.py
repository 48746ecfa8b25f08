"""Reads untrusted files in a child process that has given up memory, time and room on the disk.

`parent` hands a child a job and turns however it ends into an answer; `child` is the program that runs there. `kept`
and `forking` are the two ends of a process that is kept, of which children are forked. What is read, and what its
errors are called, is the caller's own.
"""
