"""What is kept of calls, and what it teaches: the archive, and search in it."""
