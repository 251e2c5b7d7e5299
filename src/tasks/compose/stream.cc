#include "tasks/compose/stream.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "eddy/error.h"
#include "eddy/linear.h"

namespace eddy {
namespace {

// Whether a key sounds. What is less likely than 1 - top_p is not taken; at a temperature of 0 the likelier is.
bool DrawKey(double logit, const DrawOptions& options, Random& random) {
  if (options.temperature == 0) return logit > 0;
  const double p = 1 / (1 + std::exp(-logit / options.temperature));
  const bool drawn = random.Uniform() < p;
  if (std::min(p, 1 - p) <= 1 - options.top_p) return p > 0.5;
  return drawn;
}

}  // namespace

struct ComposeStream::Impl {
  Impl(const ComposeNetwork& network, const Tensor& read_melody)
      : design(network.design()),
        melody(read_melody),
        embedding(design.events() ? network.embedding().Clone() : Tensor()),
        layers(network.encoder()),
        head(network.head_weight(), network.head_bias(), 1, design.encoder.precision),
        input(design.inputs()) {
    if (design.key_units > 0) keys.emplace(network.write().Clone(), network.read().Clone());
  }

  std::span<const Real> Step(const Real* x) {
    outputs = head.Step(layers.Step(x).data());
    return outputs;
  }

  ComposeDesign design;
  Tensor melody, embedding;
  size_t steps = 0;
  EncoderStream layers;
  LinearStream head;
  std::optional<NadeStep> keys;
  std::vector<Real> input;
  std::span<const Real> outputs;
};

ComposeStream::ComposeStream(const ComposeNetwork& network, const Tensor& melody)
    : impl_(std::make_unique<Impl>(network, melody)) {
  Require(network.design().harmonise == !melody.empty(), "compose", "the melody", "given to a network that harmonises alone",
          melody.empty() ? "none" : "one");
}
ComposeStream::~ComposeStream() = default;
ComposeStream::ComposeStream(ComposeStream&&) noexcept = default;

std::span<const Real> ComposeStream::Read(const RollFrame* before) {
  Impl& i = *impl_;
  std::fill(i.input.begin(), i.input.end(), Real{0});
  PutFrame(before, 0, i.input.data());
  if (!i.melody.empty()) {
    Require(i.steps < i.melody.dim(0), "compose", "the steps", "those of the melody", "more");
    const size_t width = i.melody.dim(2);
    const Real* from = i.melody.data() + i.steps++ * width;
    std::copy(from, from + width, i.input.data() + kPianoKeys + 1);
  }
  return i.Step(i.input.data());
}

std::span<const Real> ComposeStream::Read(int32_t before) {
  Impl& i = *impl_;
  return i.Step(i.embedding.data() + static_cast<size_t>(before) * i.embedding.dim(1));
}

RollFrame ComposeStream::Draw(const DrawOptions& options, int limit, Random& random, double* log_probability) {
  Impl& i = *impl_;
  RollFrame frame;
  if (i.keys) i.keys->Begin(i.outputs.first(kPianoKeys), i.outputs.subspan(kPianoKeys));
  for (size_t k = 0; k < kPianoKeys; ++k) {
    const int key = kLowestKey + static_cast<int>(k);
    const double logit = i.keys ? i.keys->Logit() : static_cast<double>(i.outputs[k]);
    const bool on = key < limit && DrawKey(logit, options, random);
    if (key < limit && log_probability != nullptr) *log_probability -= std::log1p(std::exp(on ? -logit : logit));
    if (on) frame.push_back(static_cast<uint8_t>(key));
    if (i.keys) i.keys->Set(on);
  }
  return frame;
}

ComposeStream::State ComposeStream::Save() {
  State state{std::vector<Real>(impl_->layers.state_size()), impl_->steps};
  impl_->layers.SaveState(state.layers);
  return state;
}

void ComposeStream::Load(const State& state) {
  impl_->layers.LoadState(state.layers);
  impl_->steps = state.steps;
}

}  // namespace eddy
