"""The privacy inbox bot; every event is decided, then recorded in one transaction, then delivered from the outbox.

mailbox.fetch -> [Mail]                    INBOX is the queue
parsing.parse_email -> Inquiry             decide: pure functions
screening.screen -> Verdict
classifier.predict -> Prediction
clocks.due -> Due
intake.file_inquiry -> Filed               record: one transaction, notices included
mailbox.file                               the mail leaves INBOX only after the commit
outbox.deliver                             deliver: letters by SMTP, cards by Slack
"""
