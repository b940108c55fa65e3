"""What `run_server.py` can be told to do, one file a subcommand, and their settings."""
