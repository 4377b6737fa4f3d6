"""The encoder and its heads: one pass of a post serves every task."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Layer(nn.Module):
    def __init__(self, hidden, heads, ff, eps):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(hidden, hidden) for _ in range(4))
        self.ln1, self.ln2 = nn.LayerNorm(hidden, eps), nn.LayerNorm(hidden, eps)
        self.fi, self.fo = nn.Linear(hidden, ff), nn.Linear(ff, hidden)

    def forward(self, x, mask, dropout):
        batch, length, hidden = x.shape
        split = lambda t: t.view(batch, length, self.heads, -1).transpose(1, 2)
        q, k, v = (split(f(x)).float() for f in (self.q, self.k, self.v))
        with torch.autocast("cpu", enabled=False):  # attention in bfloat16 is six times slower on a CPU
            a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.ln1(x + F.dropout(self.o(a.transpose(1, 2).reshape(batch, length, hidden)), dropout, self.training))
        return self.ln2(x + F.dropout(self.fo(F.gelu(self.fi(x))), dropout, self.training))


class Encoder(nn.Module):
    """BERT with learned positions (token type already added to them) and layer norms after the sums."""

    def __init__(self, vocabulary, hidden, layers, heads, ff, positions, eps):
        super().__init__()
        self.word, self.pos = nn.Embedding(vocabulary, hidden), nn.Embedding(positions, hidden)
        self.ln = nn.LayerNorm(hidden, eps)
        self.layers = nn.ModuleList(Layer(hidden, heads, ff, eps) for _ in range(layers))

    def forward(self, ids, present, dropout=0.0, every=False):
        x = self.ln(self.word(ids) + self.pos.weight[:ids.shape[1]])
        mask = present[:, None, None, :]
        states = [x]
        for layer in self.layers:
            x = layer(x, mask, dropout)
            states.append(x)
        return states if every else x


def mean(x, weights):
    """The mean of the states of the tokens that `weights` (0 or 1) marks."""
    w = weights[:, :, None].to(x.dtype)
    return (x * w).sum(1) / w.sum(1).clamp(min=1)


def padded(sequences, pad):
    """Ids and presence, each [posts, longest]."""
    longest = max(map(len, sequences))
    ids = torch.full((len(sequences), longest), pad)
    present = torch.zeros(len(sequences), longest, dtype=torch.bool)
    for i, s in enumerate(sequences):
        ids[i, :len(s)] = torch.tensor(s)
        present[i, :len(s)] = True
    return ids, present
