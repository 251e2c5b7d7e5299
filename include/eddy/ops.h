// Differentiable operations on a tape. Arrays are row-major; "rows" means all dimensions but the last. Every operation
// spreads over the tape's threads and gives the same bits for any number of them. Shapes that do not fit throw Error with
// both shapes. Each is linear in the size of its operands in time, products apart.
#pragma once

#include <cstdint>
#include <span>

#include "eddy/sequence.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// x [..., K], weight [N, K], bias [N] or none -> [..., N]: x weight^T + bias. 2 N K operations a row.
Var Linear(Tape& tape, Var x, Var weight, Var bias = {});

// a [..., K], b [K, N] -> [..., N]: the matrix product a b. 2 N K operations a row.
Var MatrixProduct(Tape& tape, Var a, Var b);

// table [V, D], indices (each in [0, V)) -> [indices.size(), D]. The gradient of a repeated row is summed in index order.
Var Embedding(Tape& tape, Var table, std::span<const int32_t> indices);

Var Tanh(Tape& tape, Var x);
Var Sigmoid(Tape& tape, Var x);
Var Relu(Tape& tape, Var x);
Var Gelu(Tape& tape, Var x);  // x Phi(x), by erf (Hendrycks 2016)
Var Exp(Tape& tape, Var x);   // infinite above 88.7 in float
Var Log(Tape& tape, Var x);   // natural; -infinity at 0, NaN below

// x [..., V] -> exp(x) / sum of exp(x) over the last dimension, without overflow. For a loss of classes use
// SoftmaxCrossEntropy() (loss.h), which takes logits.
Var Softmax(Tape& tape, Var x);

// Over the steps of each row that exist: x [T, B, D], lengths [B] from 0 to T, or empty when all are T -> [B, D]; 0 for a
// row of no steps. The gradient of a maximum goes to the first step that has it.
Var MaxOverTime(Tape& tape, Var x, std::span<const size_t> lengths = {});
Var MeanOverTime(Tape& tape, Var x, std::span<const size_t> lengths = {});
Var LastOverTime(Tape& tape, Var x, std::span<const size_t> lengths = {});  // the last of them

// A filter whose K taps glide from those of the step before to those of the step: taps [T, B, K]; sound [T, B, S + K - 1],
// of each step its S samples and those around them that its outputs see; before [B, K], or none for the first step's own ->
// [T, B, S]:
//     y[t, b, s] = sum over k of ((1 - a) taps[t - 1, b, k] + a taps[t, b, k]) sound[t, b, s + k],    a = (s + 1) / S.
// The taps alone receive a gradient. 4 K operations a sample.
Var VaryingFilter(Tape& tape, Var taps, Var before, const Tensor& sound);

// Sets elements to 0 with this probability and scales the others by 1 / (1 - probability); the identity in inference.
Var Dropout(Tape& tape, Var x, double probability);
// x [T, B, D]: one mask for all steps (Gal 2016).
Var VariationalDropout(Tape& tape, Var x, double probability);

// direction [N, ...], length [N] -> direction * length / |direction|, norms being of the entries of the first dimension
// (Salimans 2016, equation 2). A direction of zeros gives zeros.
Var WeightNorm(Tape& tape, Var direction, Var length);

// x [..., D], gain [D], shift [D] or none: (x - mean) / sqrt(variance + 1e-5) * gain + shift over the last dimension (Ba
// 2016).
Var LayerNorm(Tape& tape, Var x, Var gain, Var shift = {});
// As LayerNorm, over each of `groups` equal shares of the last dimension (Wu 2018, of channels at one step).
Var GroupNorm(Tape& tape, Var x, size_t groups, Var gain, Var shift = {});
// x / sqrt(mean of x^2 + 1e-5) * gain over the last dimension (Zhang 2019, equation 4).
Var RmsNorm(Tape& tape, Var x, Var gain);

Var Add(Tape& tape, Var a, Var b);       // same shape
Var Subtract(Tape& tape, Var a, Var b);  // a - b, same shape
Var Multiply(Tape& tape, Var a, Var b);  // element by element, same shape
Var Scale(Tape& tape, Var x, Real factor);
Var Sum(Tape& tape, Var x);  // of all elements, in double -> a scalar, []
// Side by side in the last dimension: a [..., M], b [..., N] -> [..., M + N].
Var Concat(Tape& tape, Var a, Var b);
// Steps [begin, end) of x [T, ...] -> [end - begin, ...].
Var Slice(Tape& tape, Var x, size_t begin, size_t end);
// Columns [begin, end) of x [..., N] -> [..., end - begin].
Var SliceColumns(Tape& tape, Var x, size_t begin, size_t end);
// One after another in a new first dimension: T values [B, C], or of any one shape of up to three dimensions -> [T, B, C].
Var Stack(Tape& tape, std::span<const Var> steps);
Var Reshape(Tape& tape, Var x, const Shape& shape);
// x [T, B, ...] with zeros beyond each row's length, and gradients of zero there; x itself where no lengths are given.
Var WithinLengths(Tape& tape, Var x, const Sequence& sequence);

}  // namespace eddy
EDDY_API_END
