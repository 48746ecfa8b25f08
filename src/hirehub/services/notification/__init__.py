"""Notifications: what people hear of, when, and how it reaches them.

Owns templates, notifications, devices and people's settings. Publishes nothing, listens to `resume.processed`,
`match.recommended`, `application.submitted`, `application.status_changed`, `interview.scheduled`,
`interview.cancelled` and `user.removed`, serves `/api/v1/notifications`, `/api/v1/notification-settings`,
`/api/v1/devices` and `/api/v1/notification-templates`.
"""
