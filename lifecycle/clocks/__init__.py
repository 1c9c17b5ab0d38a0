"""The clock that is passed in, and points in time as people type and read them."""
