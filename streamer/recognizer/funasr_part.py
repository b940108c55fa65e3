"""One part of funasr, without the rest.

funasr's own `__init__` imports every submodule it has: nine seconds of CPU and 270 MB for the
one class that is needed here. It also prints, warns and installs a root log handler.
"""

import contextlib
import importlib
import importlib.util
import io
import logging
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType

from streamer.errors import ModelError

_PACKAGE = "funasr"


def part_of_funasr(name: str) -> ModuleType:
    """The module `name` (`funasr.models...`), imported with what it imports itself.

    Logging, output and warnings stay as they are. Whoever imports `funasr` later still gets the
    whole of it. Raises `ModelError` where funasr is not installed.
    """
    with _undisturbed():
        if _PACKAGE in sys.modules:
            return importlib.import_module(name)
        spec = importlib.util.find_spec(_PACKAGE)
        if spec is None or spec.submodule_search_locations is None:
            raise ModelError("funasr is not installed: pip install funasr")
        # A package of the same place that has not run its `__init__`.
        package = ModuleType(_PACKAGE)
        package.__path__ = list(spec.submodule_search_locations)
        sys.modules[_PACKAGE] = package
        try:
            return importlib.import_module(name)
        finally:
            del sys.modules[_PACKAGE]


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # those of its dependencies; tests make them errors
        try:
            yield
        finally:
            root.setLevel(level)
            root.handlers[:] = handlers
