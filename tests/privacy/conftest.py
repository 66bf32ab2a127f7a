"""Properties are tried with the same examples every time, and leave no folder behind."""

from hypothesis import settings

settings.register_profile("project", derandomize=True, database=None, deadline=None)
settings.load_profile("project")
