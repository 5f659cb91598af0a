"""The local mail sink: takes every mail by SMTP, keeps it in a directory, and shows it on a page."""
