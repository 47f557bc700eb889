"""What `privacybot demo` and the tests start beside the bot: a Slack of their own on the loopback interface."""
