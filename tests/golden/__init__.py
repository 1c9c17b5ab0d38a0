"""Golden histories: complete cases of the shipped workflows, kept as files and replayed on every run.

Each file is one case from its opening to its end: its events in their stored form, and the state that they fold
to. `python -m tests.golden.record` writes them anew; that is right only as long as a workflow has not been
released. What a release has written stays for ever: an event shape that changes needs an upcast, not new files.
"""
