"""Mails, and other files in their form."""
