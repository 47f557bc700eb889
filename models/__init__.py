"""What the bot remembers: SQLAlchemy classes and their invariants; imports nothing of ours from outside this package."""
