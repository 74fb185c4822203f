"""Make the checkout importable as the package ``gruene_infra``, whatever its folder is called.

The root must not stay on ``sys.path``: our folder ``processing`` would hide QGIS's own package.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _register_package() -> None:
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
    if "gruene_infra" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        "gruene_infra", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["gruene_infra"] = module
    spec.loader.exec_module(module)


_register_package()
