"""Matches: what posts and resumes were found to be to each other, best first, and what people say of that.

Owns match results and feedback. Listens to `match.calculated`, `job.updated`, `resume.removed` and `user.removed`,
publishes `match.recommended`, serves `/api/v1/matches` and `/api/v1/recommendations`.
"""
