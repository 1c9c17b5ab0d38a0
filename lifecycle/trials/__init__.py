"""Trials: sample weeks played through the engine."""
