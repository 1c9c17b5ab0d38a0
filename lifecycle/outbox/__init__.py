"""Delivery of notices: what is due, to which address, in which words; mail, file and console are the ways out."""
