"""What all tests share: how many examples hypothesis tries, by the effort of the run."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.effort import EFFORT, share_of

settings.register_profile(
    EFFORT,
    max_examples=share_of(1000, at_least=25),
    deadline=None,  # the machine is shared; a slow example is no fault
    derandomize=EFFORT in ("check", "test"),  # the same commit gives the same verdict; `soak` explores
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(EFFORT)
