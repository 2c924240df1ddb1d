"""What we know and where it comes from: the library, the catalogues, ingest and search."""
