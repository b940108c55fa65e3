"""TOML -> a frozen struct, or every fault in it with its place.

msgspec stops at the first fault; whoever edits the playbook wants to see all of them at once.
"""

import re
import types
import typing
from collections.abc import Mapping
from typing import TypeVar

import msgspec

_AT = re.compile(r" - at `\$(.*)`$")

T = TypeVar("T")


def convert(data: object, into: type[T], path: str, faults: dict[str, str]) -> T | None:
    """`data` as `into`, or None and every fault added to `faults` under its key path."""
    before = len(faults)
    if isinstance(data, Mapping) and issubclass(into, msgspec.Struct):
        _members(data, into, path, faults)
    if len(faults) > before:
        return None
    try:
        return msgspec.convert(data, into)
    except msgspec.ValidationError as fault:
        message = str(fault)
        at = _AT.search(message)
        faults[path + (at[1] if at else "")] = _AT.sub("", message)
        return None


def _members(
    data: Mapping[str, object], into: type[msgspec.Struct], path: str, faults: dict[str, str]
) -> None:
    hints = typing.get_type_hints(into, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(into)}
    prefix = f"{path}." if path else ""
    for key in data.keys() - fields.keys():
        faults[prefix + key] = "is not known here"
    for name, field in fields.items():
        if name in data:
            _member(data[name], hints[field.name], prefix + name, faults)
        elif field.required:
            faults[prefix + name] = "is missing"


def _member(value: object, kind: object, path: str, faults: dict[str, str]) -> None:
    kind = _without_none(kind)
    item = typing.get_args(kind)[:1]
    if typing.get_origin(kind) is tuple and isinstance(value, list):
        for index, one in enumerate(value):
            _member(one, item[0], f"{path}[{index}]", faults)
    if typing.get_origin(kind) is dict and isinstance(value, Mapping):
        for key, one in value.items():
            _member(one, typing.get_args(kind)[1], f"{path}.{key}", faults)
    if isinstance(kind, type):
        convert(value, kind, path, faults)
    else:
        _leaf(value, kind, path, faults)


def _without_none(kind: object) -> object:
    """A section that may be left out is looked into like any other."""
    kinds = [one for one in typing.get_args(kind) if one is not type(None)]
    optional = isinstance(kind, types.UnionType) and len(kinds) == 1
    return kinds[0] if optional and isinstance(kinds[0], type) else kind


def _leaf(value: object, kind: object, path: str, faults: dict[str, str]) -> None:
    if any(known.startswith(path) for known in faults):
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        faults[path] = _AT.sub("", str(fault))
