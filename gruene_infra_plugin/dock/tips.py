"""Tool tips that show names as they are: Qt takes a text for HTML where it holds a tag."""

from __future__ import annotations

from html import escape

_SIGNS_OF_HTML = ("<", "&lt;")


def plain_tip(text: str) -> str:
    """Return a tool tip that reads as ``text``, whatever names from registers and layers are in it."""
    if not any(sign in text for sign in _SIGNS_OF_HTML):
        return text
    return f"<p>{'<br>'.join(escape(line) for line in text.splitlines())}</p>"
