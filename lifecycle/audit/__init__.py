"""Proofs and questions of the auditor: is a history whole, and why was a step allowed."""
