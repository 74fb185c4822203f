"""Where the plugin's own files lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"
ALGORITHM_TEXTS = RESOURCES / "algorithms"
MODELS = RESOURCES / "models"
ICONS = RESOURCES / "icons"
STYLES = RESOURCES / "styles"
LEGENDS = STYLES / "legend.yaml"
SAMPLE = RESOURCES / "sample" / "musterstadt.gpkg"
REPORT_TEMPLATES = RESOURCES / "report"
HANDBOOK = RESOURCES / "handbook"
TRANSLATIONS = ROOT / "i18n"


def plugin_version() -> str:
    """Return the version that ``metadata.txt`` declares."""
    return declared("version")


def declared(fact: str) -> str:
    """Return a fact that ``metadata.txt`` declares, such as ``name``."""
    for line in (ROOT / "metadata.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{fact}="):
            return line.partition("=")[2].strip()
    raise ValueError(f"metadata.txt declares no {fact}")
