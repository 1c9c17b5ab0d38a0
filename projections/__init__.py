"""Read models: each a fold over the stream, with the position up to which it has folded saved beside its tables."""
