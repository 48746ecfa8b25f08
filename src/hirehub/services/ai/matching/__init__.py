"""Posts held against resumes: which pairs, when, and what is told of them.

A post or a resume waits in a table when it is new or different. Whoever works it reads it from its service, keeps its
profile (facts, skills, vector), finds candidates among the profiles of the other side, scores those exactly and tells.
"""
