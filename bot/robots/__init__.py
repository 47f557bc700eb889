"""How robots' mail is known: signs in headers, bounces, words of answering machines; pure."""
