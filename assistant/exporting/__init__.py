"""Answers in forms that outlast the page: Markdown, one HTML page, and evidence bundles.

A bundle can be checked without index and model: see `assistant.verify`.
"""

from assistant.exporting.bundle import BundleContext, to_bundle
from assistant.exporting.html_page import to_html
from assistant.exporting.items import Item
from assistant.exporting.markdown import to_markdown

__all__ = ["BundleContext", "Item", "to_bundle", "to_html", "to_markdown"]
