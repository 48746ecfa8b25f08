"""Reads untrusted files in a child process that has given up memory, time and room on the disk.

`parent` starts the child, hands it a job and turns however it ends into an answer; `child` is the program that runs
there. What is read, and what its errors are called, is the caller's own.
"""
