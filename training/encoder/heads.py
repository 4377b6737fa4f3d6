"""The heads: what each says of a post, a target's span or a token."""
import torch.nn as nn

from data import EMOTION, FEELINGS, HATE, KINDS, SENTIMENT
from weak import INTENTS, REASONS, RELEVANCE, SPAMS

TAGS = ["O"] + [f"{p}-{k}" for k in KINDS for p in "BI"]
TERMS = ["O", "B-term", "I-term"]
HEADS = {
    "sentiment": ("post", SENTIMENT), "emotion": ("post", EMOTION), "feelings": ("post", FEELINGS),
    "offensive": ("post", ["not-offensive", "offensive"]), "hate": ("post", HATE), "irony": ("post", ["literal", "irony"]),
    "sarcasm": ("post", ["literal", "sarcasm"]), "complaint": ("post", ["none", "complaint"]),
    "question": ("post", ["none", "question"]), "target": ("target", SENTIMENT), "entities": ("token", TAGS),
    "terms": ("token", TERMS), "intent": ("post", INTENTS), "spam": ("post", SPAMS), "reason": ("post", REASONS),
    "relevance": ("post", RELEVANCE), "embedding": ("post", []),
}
MANY = {"feelings"}  # each label on its own


def make(hidden=384):
    size = {"post": hidden, "target": 2 * hidden, "token": hidden}
    heads = nn.ModuleDict({name: nn.Linear(size[where], len(labels) or hidden) for name, (where, labels) in HEADS.items()})
    for h in heads.values():
        nn.init.normal_(h.weight, 0, 0.02), nn.init.zeros_(h.bias)
    nn.init.eye_(heads["embedding"].weight)
    return heads
