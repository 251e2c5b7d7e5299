// Convolution over time of a ragged batch x [T, B, D], time-major as recurrent layers have it. Cost: 2 N K D / groups
// operations an output, of which there is one a row and `stride` steps. Each group is a product of its own, as wide as a
// vector at least: many narrow groups are slower than their number of operations, but for groups of one channel in and out,
// which are no products (and always in float32). With a stride above 1 the gradient by x costs as much as with stride 1.
//
// An output's sum is made in one order, whatever the batch, the threads or the length: a row's outputs are the same, bit for
// bit, alone, in any batch, and a step at a time (conv1d.h).
#pragma once

#include <cstddef>

#include "eddy/fields.h"
#include "eddy/sequence.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// What lies beyond a sequence's ends is zeros. span = (K - 1) dilation + 1 is the number of steps that an output sees.
enum class Padding {
  kCausal,  // span - 1 zeros before the first step: the output of step t sees steps up to t. ceil(length / stride) outputs
  kSame,    // half of them before and half after the sequence (the odd one after). ceil(length / stride) outputs
  kNone,    // (length - span) / stride + 1 outputs, 0 where length < span
};
// Of what keeps the number of steps, and so can be stored.
inline constexpr EnumerationName<Padding> kPaddingNames[] = {{"causal", Padding::kCausal}, {"same", Padding::kSame}};

struct ConvolutionOptions {
  size_t dilation = 1;  // steps between the taps of a kernel, 1 to 2^20
  size_t stride = 1;    // steps between outputs, 1 to 2^20
  size_t groups = 1;    // divides D and N; output channel n sees the input channels of its group only
  Padding padding = Padding::kCausal;
};

// x [T, B, D], weight [N, K, D / groups], bias [N] or none -> [T', B, N], where T', B and lengths are those of
// Convolved(sequence), zeros beyond them:
//     y[t, b, n] = bias[n] + sum over k, d of weight[n, k, d] x[t stride + k dilation - padding before, b, d].
// PyTorch's weight is [N, D / groups, K]. Resets are honoured where padding is causal and stride 1: no output sees past the
// latest reset. Throws Error where they are given otherwise, and for shapes that do not fit.
Var Convolution(Tape& tape, Var x, Var weight, Var bias, const ConvolutionOptions& options, const Sequence& sequence);

// What the K = `kernel` taps of a causal convolution see, side by side, the oldest first: x [T, B, D] -> [T, B, K D], zeros
// before a row's first step, before its latest reset, and beyond its length. A layer that multiplies it by weights
// [N, K D] is that convolution. K times the memory of x.
Var Taps(Tape& tape, Var x, size_t kernel, const Sequence& sequence);

// Which outputs exist of a convolution with kernels of K = `kernel` taps.
Sequence Convolved(const Sequence& sequence, size_t kernel, const ConvolutionOptions& options);

}  // namespace eddy
EDDY_API_END
