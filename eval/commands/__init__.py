"""The subcommands of `assistant-eval`, one a module.

Each has `add_parser(commands)`, which adds its options and sets `handler`; what is heavy is
imported only when it runs.
"""
