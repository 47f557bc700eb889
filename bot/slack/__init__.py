"""Slack: the desk where staff live; cards, modals, home tab, slash command, and the courier that takes notices there."""
