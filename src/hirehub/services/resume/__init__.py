"""Resumes: files that people upload, and what was read in them.

Owns resumes, their experiences, skills, educations, chunks with vectors, and the log of what was masked. Publishes
`resume.uploaded`, `resume.updated` and `resume.removed`, listens to `user.removed`, serves `/api/v1/resumes`. What is
read in a file comes from `ai`.
"""
