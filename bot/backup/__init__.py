"""Backups: one folder for each, with the databases, the photos, and a manifest with the digest of
every file. The secrets are not in it: they are kept apart (docs/operating.md)."""
