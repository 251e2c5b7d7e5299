#include <algorithm>

#include "eddy/tcn.h"
#include "nn/convolution_step.h"
#include "recurrent/stream_rows.h"

namespace eddy {

struct TcnStream::Block {
  Block(const Tcn::Block& block, size_t rows, Precision precision)
      : first(block.first, rows, precision), second(block.second, rows, precision) {
    if (block.around) around.emplace(*block.around, rows, precision);
    inner.resize(first.output_size());
    output.resize(first.output_size());
    beside.resize(around ? first.output_size() : 0);
  }

  size_t state_size() const { return first.state_size() + second.state_size() + (around ? around->state_size() : 0); }

  // As Tcn::Forward does a block.
  void Step(Real* state, const Real* input) noexcept {
    const auto relu = [](Real x) { return x < 0 ? Real{0} : x; };
    first.Step(state, input, inner.data());
    std::transform(inner.begin(), inner.end(), inner.begin(), relu);
    second.Step(state + first.state_size(), inner.data(), output.data());
    const Real* beyond = input;
    if (around) {
      around->Step(state + first.state_size() + second.state_size(), input, beside.data());
      beyond = beside.data();
    }
    for (size_t i = 0; i < output.size(); ++i) output[i] = relu(relu(output[i]) + beyond[i]);
  }

  ConvolutionStep first, second;
  std::optional<ConvolutionStep> around;
  std::vector<Real> inner, output, beside;  // [B, H]
};

TcnStream::TcnStream(const Tcn& network, size_t rows, Precision precision) try {
  Require(!network.blocks().empty(), "tcn stream", "the network's blocks", "there", "gone with the one it was moved to");
  size_t size = 0;
  for (const Tcn::Block& block : network.blocks()) {
    blocks_.emplace_back(block, rows, precision);
    size += blocks_.back().state_size();
  }
  state_.resize(size);
} catch (const std::bad_alloc&) {
  FailStreamMemory("tcn stream", rows);
}

TcnStream::~TcnStream() = default;
TcnStream::TcnStream(TcnStream&&) noexcept = default;

std::span<const Real> TcnStream::Step(const Real* input) noexcept {
  if (blocks_.empty()) return {};
  Real* state = state_.data();
  for (Block& block : blocks_) {
    block.Step(state, input);
    state += block.state_size();
    input = block.output.data();
  }
  return blocks_.back().output;
}

std::span<Real> TcnStream::state() {
  CheckStream("tcn stream", blocks_.data());
  return state_;
}

void TcnStream::Reset() {
  const std::span<Real> all = state();
  std::fill(all.begin(), all.end(), Real{0});
}

}  // namespace eddy
