"""Changes what the assistant says while it runs: drafts, publishing, and the live register."""
