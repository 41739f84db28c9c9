"""Readers of indicator files, one module per publisher's form."""
