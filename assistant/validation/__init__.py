"""Look for faults in a bot's files before anything is trained on them."""

from .names import check_names

__all__ = ["check_names"]
