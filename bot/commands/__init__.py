"""What commands print; the command line itself is `bot.__main__`."""
