#include "tasks/language_model_stream.h"

#include <cassert>

#include "eddy/encoder.h"
#include "eddy/linear.h"

namespace eddy {

struct LanguageModelStream::Impl {
  explicit Impl(const LanguageModel& model)
      : embedding(model.embedding().Clone()),
        layers(model.encoder()),
        softmax(model.softmax_weight(), model.softmax_bias(), 1, model.options().encoder.precision) {}

  Tensor embedding;  // [V, D]
  EncoderStream layers;
  LinearStream softmax;
};

LanguageModelStream::LanguageModelStream(const LanguageModel& model) : impl_(std::make_unique<Impl>(model)) {}
LanguageModelStream::~LanguageModelStream() = default;
LanguageModelStream::LanguageModelStream(LanguageModelStream&&) noexcept = default;

std::span<const Real> LanguageModelStream::Step(int32_t token) noexcept {
  Impl& i = *impl_;
  assert(token >= 0 && static_cast<size_t>(token) < i.embedding.dim(0));
  const std::span<const Real> y = i.layers.Step(i.embedding.data() + static_cast<size_t>(token) * i.embedding.dim(1));
  return i.softmax.Step(y.data());
}

void LanguageModelStream::Reset() noexcept { impl_->layers.Reset(); }

}  // namespace eddy
