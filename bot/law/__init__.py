"""What the clocks are made of: calendars, counting rules, and the table of periods; pure."""
