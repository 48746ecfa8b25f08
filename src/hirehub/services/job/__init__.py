"""Job posts: written by companies, read by everybody.

Owns posts, skill tags and their counts. Publishes `job.created` and `job.updated`, listens to `application.submitted`
and `company.closed`, serves `/api/v1/jobs` and `/api/v1/skills`.
"""
