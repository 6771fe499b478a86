"""The chat page and its endpoints: the only package that imports gradio.

Importing it is cheap: gradio and FastAPI are loaded by `serve`.
"""

from assistant.web.server import check_port, serve

__all__ = ["check_port", "serve"]
