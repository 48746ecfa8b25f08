"""Applications: what becomes of them, who decided it, and the interviews on the way.

Owns applications, their history and interviews. Publishes `application.submitted`, `application.status_changed`,
`interview.scheduled` and `interview.cancelled`, listens to `user.removed`, `company.closed` and `match.calculated`,
serves `/api/v1/applications` and `/api/v1/interviews`.
"""
