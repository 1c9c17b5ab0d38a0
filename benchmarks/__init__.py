"""Speed, side by side with a peer and with the disk's own limit in one run; figures are ratios."""
