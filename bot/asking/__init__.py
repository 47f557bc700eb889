"""Who asks: a colleague's forward, a mail group's rewritten From, agents, and several people in one mail."""
