"""Gradio components as this page uses them."""

from typing import Any

import gradio as gr


def html(value: str = "", **options: Any) -> gr.HTML:  # noqa: ANN401 -- handed on
    """HTML of our own, without Gradio's styles and scripts for it."""
    return gr.HTML(value, apply_default_css=False, js_on_load=None, **options)
