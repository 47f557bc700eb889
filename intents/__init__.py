"""What people ask a privacy mailbox for, and how we recognise it; imports nothing of ours from outside this package."""
