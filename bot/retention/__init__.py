"""For how long things are kept, what is purged and what stays, and what is held on one person."""
