"""The network: a Transformer encoder over the last states of a conversation."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of the network.

    Attributes:
        features: How many features states have.
        actions: How many actions may follow.
        intents: How many intents are judged; 0 where no intent is.
        history: Most states that are looked at.
        width: Of every layer.
        layers: Of the encoder.
        heads: Of its attention.
    """

    features: int
    actions: int
    intents: int
    history: int
    width: int = 128
    layers: int = 1
    heads: int = 4


class DialogueNetwork(nn.Module):
    """Scores actions, and intents, from windows of states.

    Shapes: n = windows, l = history, f = features of a state, w = width.

    Source: Vlasov et al. 2019, "Dialogue Transformers", arXiv:1910.00486; a state is the sum of
    its features' embeddings, and the softmax runs over all actions.
    """

    def __init__(self, shape: Shape, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.embedding = nn.Embedding(shape.features + 1, shape.width, padding_idx=0)
        self.place = nn.Embedding(shape.history, shape.width)
        self.entry = nn.LayerNorm(shape.width)
        self.dropout = nn.Dropout(dropout)
        layer = nn.TransformerEncoderLayer(
            shape.width, shape.heads, 2 * shape.width, dropout, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(
            layer, shape.layers, norm=nn.LayerNorm(shape.width), enable_nested_tensor=False
        )
        self.action = nn.Linear(shape.width, shape.actions)
        self.intent = nn.Linear(shape.width, shape.intents) if shape.intents else None
        nn.init.normal_(self.embedding.weight, std=0.5)
        nn.init.normal_(self.place.weight, std=0.1)
        with torch.no_grad():
            self.embedding.weight[0] = 0.0

    def forward(self, numbers: Tensor) -> Tensor:
        """Return what is known of the present state ``[n, w]`` from numbers ``[n, l, f]``."""
        empty = (numbers == 0).all(dim=2)
        empty[:, -1] = False
        states = self.embedding(numbers).sum(dim=2) + self.place.weight
        encoded: Tensor = self.encoder(self.dropout(self.entry(states)), src_key_padding_mask=empty)
        return encoded[:, -1]
