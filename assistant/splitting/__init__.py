"""Split training data in two: a part to train on and a part to measure with."""

from .examples import Split, split_examples
from .responses import retrieval_responses
from .stories import StorySplit, split_stories

__all__ = ["Split", "StorySplit", "retrieval_responses", "split_examples", "split_stories"]
