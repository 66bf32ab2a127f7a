"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from knowledge.build import build_memory
from knowledge.content_files import Content, read_content
from knowledge.store import Store


@pytest.fixture(scope="session")
def content() -> Content:
    """The reviewed content."""
    return read_content()


@pytest.fixture(scope="session")
def store(content: Content) -> Iterator[Store]:
    """The knowledge base in memory."""
    found = Store(build_memory(content))
    yield found
    found.db.conn.close()
