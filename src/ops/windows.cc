#include "ops/windows.h"

#include <string>

#include "eddy/error.h"
#include "ops/lengths.h"

namespace eddy {
namespace {

constexpr size_t kMost = size_t{1} << 20;

void CheckNumber(const char* argument, size_t number) {
  if (number < 1 || number > kMost) Fail("convolution", argument, "between 1 and 2^20", std::to_string(number));
}

void Check(const Sequence& sequence, size_t kernel, const ConvolutionOptions& options) {
  CheckNumber("kernel", kernel);
  CheckNumber("dilation", options.dilation);
  CheckNumber("stride", options.stride);
  CheckLengths("convolution", sequence);
  if (sequence.resets.empty()) return;
  Require(options.padding == Padding::kCausal && options.stride == 1, "convolution", "padding and stride",
          "causal and 1 where there are resets", "other");
}

size_t OutputLength(size_t length, size_t kernel, const ConvolutionOptions& options) {
  if (options.padding != Padding::kNone) return (length + options.stride - 1) / options.stride;
  const size_t span = Span(kernel, options);
  return length < span ? 0 : (length - span) / options.stride + 1;
}

size_t StepsBefore(size_t kernel, const ConvolutionOptions& options) {
  const size_t most = Span(kernel, options) - 1;
  return options.padding == Padding::kCausal ? most : options.padding == Padding::kSame ? most / 2 : 0;
}

}  // namespace

Sequence Convolved(const Sequence& sequence, size_t kernel, const ConvolutionOptions& options) {
  Check(sequence, kernel, options);
  Sequence outputs = sequence;
  outputs.steps = OutputLength(sequence.steps, kernel, options);
  for (size_t& length : outputs.lengths) length = OutputLength(length, kernel, options);
  return outputs;
}

Windows::Windows(const Sequence& sequence, size_t kernel, const ConvolutionOptions& options)
    : kernel_(kernel), options_(options), inputs_(sequence), outputs_(Convolved(sequence, kernel, options)) {
  before_ = StepsBefore(kernel, options);
  begin_ = LatestResets(sequence);
}

size_t Windows::InputOf(size_t output, size_t k) const {
  const size_t B = inputs_.rows, row = output % B;
  const size_t padded = output / B * options_.stride + k * options_.dilation;
  if (padded < before_ + FirstSeen(output) || padded - before_ >= inputs_.Length(row)) return kNowhere;
  return (padded - before_) * B + row;
}

size_t Windows::OutputOf(size_t input, size_t k) const {
  const size_t B = inputs_.rows, row = input % B;
  const size_t padded = input / B + before_, offset = k * options_.dilation;
  if (padded < offset || (padded - offset) % options_.stride != 0) return kNowhere;
  const size_t step = (padded - offset) / options_.stride, output = step * B + row;
  if (step >= outputs_.Length(row) || FirstSeen(output) > input / B) return kNowhere;
  return output;
}

std::vector<size_t> Windows::Positions(const Sequence& sequence) {
  std::vector<size_t> positions;
  positions.reserve(sequence.steps * sequence.rows);
  for (size_t i = 0; i < sequence.steps * sequence.rows; ++i) {
    if (i / sequence.rows < sequence.Length(i % sequence.rows)) positions.push_back(i);
  }
  return positions;
}

}  // namespace eddy
