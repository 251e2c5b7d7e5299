#include <algorithm>

#include "eddy/encoder.h"
#include "eddy/error.h"
#include "recurrent/stream_rows.h"

namespace eddy {

namespace {

using AnyStream = LayerKinds::Stream;

void CheckStateSize(std::string_view operation, size_t size, size_t given) {
  if (given != size) Fail(operation, "the span", std::to_string(size) + " reals", std::to_string(given));
}

}  // namespace

struct EncoderStream::Impl {
  std::vector<AnyStream> layers;
};

EncoderStream::EncoderStream(const Encoder& encoder, size_t rows) : impl_(std::make_unique<Impl>()) {
  Require(!encoder.layers().empty(), "encoder stream", "the encoder's layers", "there", "gone with the one it was moved to");
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
  if (impl_ == nullptr) return output;
  for (AnyStream& layer : impl_->layers) {
    output = std::visit([=](auto& stream) { return stream.Step(input); }, layer);
    input = output.data();
  }
  return output;
}

size_t EncoderStream::state_size() const {
  CheckStream("encoder stream", impl_);
  size_t size = 0;
  for (AnyStream& layer : impl_->layers) {
    size += std::visit([](auto& stream) { return stream.state().size(); }, layer);
  }
  return size;
}

void EncoderStream::SaveState(std::span<Real> to) {
  CheckStateSize("save state", state_size(), to.size());
  Real* next = to.data();
  for (AnyStream& layer : impl_->layers) {
    const std::span<Real> state = std::visit([](auto& stream) { return stream.state(); }, layer);
    next = std::copy(state.begin(), state.end(), next);
  }
}

void EncoderStream::LoadState(std::span<const Real> from) {
  CheckStateSize("load state", state_size(), from.size());
  for (AnyStream& layer : impl_->layers) {
    const std::span<Real> state = std::visit([](auto& stream) { return stream.state(); }, layer);
    std::copy_n(from.begin(), state.size(), state.begin());
    from = from.subspan(state.size());
  }
}

void EncoderStream::Reset() {
  CheckStream("encoder stream", impl_);
  for (AnyStream& layer : impl_->layers) {
    std::visit([](auto& stream) { stream.Reset(); }, layer);
  }
}

}  // namespace eddy
