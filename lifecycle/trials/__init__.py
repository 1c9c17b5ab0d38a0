"""Trials: sample days played through the engine."""
