#include "tasks/text/stream.h"

#include <cassert>

#include "eddy/encoder.h"
#include "eddy/linear.h"

namespace eddy {

struct TextStream::Impl {
  explicit Impl(const TextNetwork& model)
      : embedding(model.embedding().Clone()),
        layers(model.encoder()),
        softmax(model.softmax_weight(), model.softmax_bias(), 1, model.options().encoder.precision) {}

  Tensor embedding;  // [V, D]
  EncoderStream layers;
  LinearStream softmax;
};

TextStream::TextStream(const TextNetwork& model) : impl_(std::make_unique<Impl>(model)) {}
TextStream::~TextStream() = default;
TextStream::TextStream(TextStream&&) noexcept = default;

std::span<const Real> TextStream::Step(int32_t token) noexcept {
  Impl& i = *impl_;
  assert(token >= 0 && static_cast<size_t>(token) < i.embedding.dim(0));
  const std::span<const Real> y = i.layers.Step(i.embedding.data() + static_cast<size_t>(token) * i.embedding.dim(1));
  return i.softmax.Step(y.data());
}

void TextStream::Reset() noexcept { impl_->layers.Reset(); }

}  // namespace eddy
