// Attention: each query gets a mean of the memory's values, weighted by how well the query agrees with the memory's keys.
// Queries and memory are ragged batches, row b of one attending to row b of the other; lengths are honoured on both sides.
// Shapes: Tq queries, Tk steps of memory, B rows. A query's output is the same, bit for bit, whatever the other queries, the
// batch and the number of threads.
#pragma once

#include <cstddef>

#include "eddy/fields.h"
#include "eddy/sequence.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// How a query knows at what distance a step of memory stands.
enum class Positions {
  kNone,
  // Queries and keys are turned by angles that grow with their steps, so that their products tell distances (Su 2021,
  // equation 34): channels 2i and 2i + 1 of a head by 10000^(-2i / width) radians a step. Steps are counted from the latest
  // reset. The width of a head's keys is even.
  kRotary,
  // The scores of head h, from 0, fall by 2^(-8 (h + 1) / heads) a step of distance (Press 2022, section 3).
  kLinearBias,
};
inline constexpr EnumerationName<Positions> kPositionsNames[] = {
    {"none", Positions::kNone}, {"rotary", Positions::kRotary}, {"linear_bias", Positions::kLinearBias}};

struct AttentionOptions {
  size_t heads = 1;     // divides the widths of keys and values: each head has its own share of the channels, and weights
  double scale = 0;     // of the products of queries and keys; 0 for 1 / sqrt(width of a head's keys)
  bool causal = false;  // whether query t sees steps up to t only; Tq = Tk then
  size_t window = 0;    // of a causal query, how many steps it sees, its own among them; 0 for all
  Positions positions = Positions::kNone;
};

// Multiplicative attention: query [Tq, B, H], key [Tk, B, H], value [Tk, B, V] -> [Tq, B, V], per head
//     sum over s of softmax over s (scale query . key[s]) value[s],    s over the steps that the query sees.
// That is scaled dot-product attention (Vaswani 2017, equation 1); with one head and scale 1 the "dot" score of Luong 2015,
// and the "general" one if the query is put through Linear() first. Zeros beyond the queries' lengths and for an empty
// memory. Resets are honoured in causal attention: no query sees past the latest. `weights`, where given, becomes
// [B, heads, Tq, Tk]: the softmax, 0 where nothing is seen. Time Tq Tk (H + V) a row, and memory Tq Tk a row and head for
// training; in causal attention half of both, or the window's share of them. Products are in float32 whatever the tape's
// precision. Throws Error for shapes and options that do not fit.
Var Attention(Tape& tape, Var query, Var key, Var value, const AttentionOptions& options, const Sequence& queries,
              const Sequence& memory, Tensor* weights = nullptr);

// Additive attention (Bahdanau 2015, appendix A.1.2), one head: query [Tq, B, A], key [Tk, B, A], combine [A], value
// [Tk, B, V] -> [Tq, B, V], the scores being
//     combine . tanh(query + key[s]).
// Query and key have been put through Linear() to a common width. Else as Attention(), and no query is causal. Time Tq Tk A
// tanh a row, which are made again for the gradients.
Var AdditiveAttention(Tape& tape, Var query, Var key, Var combine, Var value, const Sequence& queries,
                      const Sequence& memory, Tensor* weights = nullptr);

}  // namespace eddy
EDDY_API_END
