#include <algorithm>

#include "eddy/encoder.h"

namespace eddy {

using AnyStream = LayerKinds::Stream;

struct EncoderStream::Impl {
  std::vector<AnyStream> layers;
};

EncoderStream::EncoderStream(const Encoder& encoder, size_t rows) : impl_(std::make_unique<Impl>()) {
  for (const Encoder::Layer& layer : encoder.layers()) {
    WithKind(layer, [&]<class Layer>(auto kind, const Layer& each) {
      constexpr auto kPlace = std::in_place_index<LayerKinds::IndexOf<Layer>()>;
      impl_->layers.emplace_back(kPlace, kind.MakeStream(each, rows, encoder.options().precision));
    });
  }
}

EncoderStream::~EncoderStream() = default;
EncoderStream::EncoderStream(EncoderStream&&) noexcept = default;

std::span<const Real> EncoderStream::Step(const Real* input) noexcept {
  std::span<const Real> output;
  for (AnyStream& layer : impl_->layers) {
    output = std::visit([=](auto& stream) { return stream.Step(input); }, layer);
    input = output.data();
  }
  return output;
}

size_t EncoderStream::state_size() const {
  size_t size = 0;
  for (AnyStream& layer : impl_->layers) {
    size += std::visit([](auto& stream) { return stream.state().size(); }, layer);
  }
  return size;
}

void EncoderStream::SaveState(std::span<Real> to) noexcept {
  Real* next = to.data();
  for (AnyStream& layer : impl_->layers) {
    const std::span<Real> state = std::visit([](auto& stream) { return stream.state(); }, layer);
    next = std::copy(state.begin(), state.end(), next);
  }
}

void EncoderStream::LoadState(std::span<const Real> from) noexcept {
  for (AnyStream& layer : impl_->layers) {
    const std::span<Real> state = std::visit([](auto& stream) { return stream.state(); }, layer);
    std::copy_n(from.begin(), state.size(), state.begin());
    from = from.subspan(state.size());
  }
}

void EncoderStream::Reset() noexcept {
  for (AnyStream& layer : impl_->layers) {
    std::visit([](auto& stream) { stream.Reset(); }, layer);
  }
}

}  // namespace eddy
