"""As what somebody can open a case that several people share."""

ACCOUNT_ROLES = ("analyst", "supervisor", "auditor", "read-only")
