"""Gradio's own parts in the colors of `style.css`, with the fonts of the system."""

import gradio as gr

SANS = ("-apple-system", "'Segoe UI'", "Roboto", "'Noto Sans'", "'Liberation Sans'", "sans-serif")
MONO = ("ui-monospace", "'SF Mono'", "Consolas", "'Liberation Mono'", "monospace")


def theme() -> gr.themes.Base:
    """The theme: nothing is fetched for it."""
    base = gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=SANS,
        font_mono=MONO,
    )
    return base.set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#171816",
        body_text_color="#22201c",
        body_text_color_dark="#ebe7de",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#20211f",
        border_color_primary="#dcd7cc",
        border_color_primary_dark="#3a3b37",
        input_background_fill="#ffffff",
        input_background_fill_dark="#20211f",
        input_placeholder_color="#6b655b",
        input_placeholder_color_dark="#a29c90",
        button_primary_background_fill="#17545c",
        button_primary_background_fill_hover="#0f434a",
        button_primary_background_fill_dark="#8ccbd0",
        button_primary_background_fill_hover_dark="#a9dadd",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#0f2427",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#20211f",
    )
