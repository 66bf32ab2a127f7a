"""Read YAML and remember on which line each value stands, so that an editor's mistake can be pointed at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Key = str | int
Lines = dict[tuple[Key, ...], int]
"""The line (from 1) of each value, by its path in the document."""


class YamlMistake(Exception):
    """The file is no good YAML: `line` (from 1) and `message` (Dutch) say where and what."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def read_yaml(path: Path) -> tuple[Any, Lines]:
    """Read one YAML file.

    Returns the document (dicts, lists, scalars) and the line of each value. Raises :class:`YamlMistake` for bad
    YAML, for a key that occurs twice and for a file that is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlMistake(1, f"het bestand is geen UTF-8 ({error.reason})") from error
    loader = yaml.SafeLoader(text)
    lines: Lines = {}
    try:
        node = loader.get_single_node()
        if node is None:
            raise YamlMistake(1, "het bestand is leeg")
        return _value(loader, node, (), lines), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlMistake(
            mark.line + 1 if mark else 1, f"dit is geen geldige YAML: {error.problem or error.context}"
        ) from error
    except yaml.YAMLError as error:
        raise YamlMistake(1, f"dit is geen geldige YAML: {error}") from error
    finally:
        loader.dispose()


def _value(loader: yaml.SafeLoader, node: yaml.Node, path: tuple[Key, ...], lines: Lines) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node))
            if key in result:
                raise YamlMistake(key_node.start_mark.line + 1, f"de sleutel '{key}' staat er twee keer")
            result[key] = _value(loader, value_node, (*path, key), lines)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, index), lines) for index, item in enumerate(node.value)]
    return loader.construct_object(node)
