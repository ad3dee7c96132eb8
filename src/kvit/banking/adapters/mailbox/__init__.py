"""A mailbox to which a bank sends its files as attachments."""

from kvit.banking.adapters.mailbox.imap import Mailbox, MailboxRefused, mailbox_at

__all__ = ["Mailbox", "MailboxRefused", "mailbox_at"]
