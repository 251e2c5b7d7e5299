#include "tasks/text/stream.h"

#include <cassert>
#include <vector>

#include "eddy/encoder.h"
#include "kernels/product.h"

namespace eddy {

struct TextStream::Impl {
  explicit Impl(const TextNetwork& model)
      : embedding(model.embedding().Clone()),
        layers(model.encoder()),
        width(model.encoder().output_width()),
        softmax(RowMajor(model.softmax_weight().data(), model.options().vocabulary, width).Transposed(),
                model.options().encoder.precision),
        bias(model.softmax_bias().Clone()),
        logits(model.options().vocabulary) {}

  Tensor embedding;  // [V, D]
  EncoderStream layers;
  size_t width;
  PackedMatrix softmax;  // [width, V]
  Tensor bias;           // [V]
  std::vector<Real> logits;
};

TextStream::TextStream(const TextNetwork& model) : impl_(std::make_unique<Impl>(model)) {}
TextStream::~TextStream() = default;
TextStream::TextStream(TextStream&&) noexcept = default;

std::span<const Real> TextStream::Step(int32_t token) noexcept {
  Impl& i = *impl_;
  assert(token >= 0 && static_cast<size_t>(token) < i.logits.size());
  const std::span<const Real> y = i.layers.Step(i.embedding.data() + static_cast<size_t>(token) * i.embedding.dim(1));
  PackedProduct(RowMajor(y.data(), 1, i.width), i.softmax, 0, i.logits.size(), i.logits.data(), i.logits.size(),
                Start::kBias, i.bias.data());
  return i.logits;
}

void TextStream::Reset() noexcept { impl_->layers.Reset(); }

}  // namespace eddy
