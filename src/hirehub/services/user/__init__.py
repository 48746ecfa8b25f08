"""People: accounts, sessions, job seekers' profiles, companies and their members.

Owns: users, sessions and their refresh tokens, profiles, companies, members, invitations, mails that wait to leave.
Publishes: `user.removed`, `company.closed`. Listens: to nothing. Serves: /api/v1/auth, users, profiles, companies,
invitations, admin/users, and the public key of its tokens at /.well-known/jwks.json.
"""
