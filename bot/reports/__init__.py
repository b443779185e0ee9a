"""Reports of anti-social behaviour: what one is, and where they are kept."""
