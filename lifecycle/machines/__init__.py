"""Flat machines as `transitions` runs them, their graph, and their pictures. The only importer of `transitions`."""
