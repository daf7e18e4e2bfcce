"""Look for faults in a bot's files before anything is trained on them."""

from .finding import Finding, Findings
from .names import known_actions
from .validate import check_names, validate_bot

__all__ = ["Finding", "Findings", "check_names", "known_actions", "validate_bot"]
