"""The staff site: officers sign in and read the reports that residents have made."""
