"""The report as one HTML file that needs nothing else."""

from eval.html.page import render_report

__all__ = ["render_report"]
