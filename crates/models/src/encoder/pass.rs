//! One pass of a group of posts through all layers. Posts lie one after the other, without padding.
//!
//! Everything from [`forward`] down is inlined into one function per kernel, because only there the compiler may use the
//! kernel's instructions. Adaptors that take closures (`for_each`, `fold`) would be functions of their own: loops are not.

use super::attention::{Attending, Projected, attend};
use super::curves::gelu;
use super::kernel::{Kernel, ROWS};
use super::norm::Norm;
use super::quantise::Quantised;
use super::vocabulary::{Piece, Vocabulary};
use super::weights::{Layer, Weights};
use std::ops::Range;

/// Rows that go through the linear layers together: their buffers stay in the processor's second cache.
const TILE: usize = 64;

/// What a pass reads and writes.
pub(super) struct Pass<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) weights: &'a Weights,
    /// The pieces of all posts of the group.
    pub(super) pieces: &'a [Piece],
    /// Where each post lies among them.
    pub(super) posts: &'a [Range<usize>],
    pub(super) buffers: &'a mut Buffers,
    /// The state of each piece, `hidden` values; afterwards that of the last layer.
    pub(super) states: &'a mut [f32],
}

/// What a pass needs to keep.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    quantised: Quantised,
    projected: Vec<f32>,
    attended: Vec<f32>,
    attending: Attending,
    inner: Vec<f32>,
    outer: Vec<f32>,
}

#[inline(always)]
pub(super) fn forward<K: Kernel>(kernel: K, pass: Pass<'_>) {
    let Pass {
        vocabulary,
        weights,
        pieces,
        posts,
        buffers,
        states,
    } = pass;
    let hidden = weights.hidden;
    for post in posts {
        let rows = states.chunks_exact_mut(hidden).skip(post.start);
        for ((piece, row), position) in pieces[post.clone()]
            .iter()
            .zip(rows)
            .zip(weights.positions.chunks_exact(hidden))
        {
            vocabulary.embed(piece.id, row);
            for (v, p) in row.iter_mut().zip(position) {
                *v += p;
            }
            weights.norm.apply(row);
        }
    }
    buffers.attended.clear();
    buffers.attended.resize(states.len(), 0.0);
    for layer in &weights.layers {
        project(kernel, layer, hidden, states, buffers);
        for post in posts {
            let width = layer.projection.width();
            let projected = Projected {
                rows: &buffers.projected[post.start * width..],
                width,
                tokens: post.len(),
                hidden,
                heads: weights.heads,
            };
            let out = &mut buffers.attended[post.start * hidden..post.end * hidden];
            attend(kernel, &projected, &mut buffers.attending, out);
        }
        for (at, tile) in states.chunks_mut(TILE * hidden).enumerate() {
            finish(kernel, layer, hidden, at * TILE * hidden, tile, buffers);
        }
    }
}

/// Makes the queries, keys and values of all pieces.
#[inline(always)]
fn project<K: Kernel>(kernel: K, layer: &Layer, hidden: usize, states: &[f32], buffers: &mut Buffers) {
    let width = layer.projection.width();
    let rows = (states.len() / hidden).next_multiple_of(ROWS) + ROWS;
    buffers.projected.resize(rows * width, 0.0);
    let outs = buffers.projected.chunks_mut(TILE * width);
    for (tile, out) in states.chunks(TILE * hidden).zip(outs) {
        let rows = tile.chunks_exact(hidden);
        layer.projection.apply(kernel, rows, &mut buffers.quantised, out);
    }
}

/// From what was attended to the layer's end, for one tile of states that begins at `at`.
#[inline(always)]
fn finish<K: Kernel>(
    kernel: K,
    layer: &Layer,
    hidden: usize,
    at: usize,
    states: &mut [f32],
    buffers: &mut Buffers,
) {
    let Buffers {
        quantised,
        attended,
        inner,
        outer,
        ..
    } = buffers;
    let count = states.len() / hidden;
    let rows = count.next_multiple_of(ROWS);
    outer.resize(rows * layer.out.width().max(layer.outer.width()), 0.0);
    inner.resize(rows * layer.inner.width(), 0.0);

    let rows = attended[at..at + states.len()].chunks_exact(hidden);
    layer.out.apply(kernel, rows, quantised, outer);
    add_and_norm(states, hidden, outer, layer.out.width(), &layer.out_norm);

    let rows = states.chunks_exact(hidden);
    layer.inner.apply(kernel, rows, quantised, inner);
    for v in inner.iter_mut() {
        *v = gelu(kernel, *v);
    }
    let width = layer.inner.width();
    let rows = inner[..count * width].chunks_exact(width).map(|r| &r[..layer.ff]);
    layer.outer.apply(kernel, rows, quantised, outer);
    add_and_norm(states, hidden, outer, layer.outer.width(), &layer.outer_norm);
}

/// Adds what a linear layer gave to the states and brings them to the layer's norm.
#[inline(always)]
fn add_and_norm(states: &mut [f32], hidden: usize, more: &[f32], width: usize, norm: &Norm) {
    for (row, more) in states.chunks_exact_mut(hidden).zip(more.chunks_exact(width)) {
        for (v, m) in row.iter_mut().zip(more) {
            *v += m;
        }
        norm.apply(row);
    }
}
