"""The pure centre: what a command decides and what an event changes. No I/O, no clock, no randomness."""
