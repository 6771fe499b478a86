"""Real servers that keep an index: PostgreSQL and Chroma, started for the tests."""
