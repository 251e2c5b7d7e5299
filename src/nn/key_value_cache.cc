#include "nn/key_value_cache.h"

#include <algorithm>

#include "ops/attention_rows.h"

namespace eddy {

KeyValueCache::KeyValueCache(size_t keys, size_t values, size_t most, bool slides)
    : kernels_(FloatKernels()), keys_(keys), values_(values), width_(kernels_.PanelWidth()) {
  padded_ = (values + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes;
  // One block more where steps are forgotten: the oldest and the newest must not share one.
  blocks_ = (most + width_ - 1) / width_ + slides;
  scores_.resize((blocks_ + 1) * width_);
  weights_.resize(scores_.size());
  sums_.resize(padded_);
}

template <class Panel, class Use>
void KeyValueCache::ForPanels(Panel* values, const Use& use) const {
  for (size_t col = 0; col < values_; col += width_) use(col, kernels_.VectorsAt(col, values_), values + col * width_);
}

void KeyValueCache::Put(Real* memory, size_t place, const Real* key, const Real* value) const {
  const size_t at = place % width_;
  Real *keys = memory + place / width_ * BlockSize(), *values = keys + width_ * keys_;
  if (at == 0) std::fill_n(values, width_ * padded_, Real{0});  // forgotten steps
  for (size_t i = 0; i < keys_; ++i) keys[i * width_ + at] = key[i];
  ForPanels(values, [&](size_t col, size_t vectors, Real* panel) {
    const size_t cols = vectors * kernels_.lanes;
    std::copy_n(value + col, std::min(cols, values_ - col), panel + at * cols);
  });
}

void KeyValueCache::Attend(const Real* memory, size_t place, size_t seen, const Real* query, Real scale, Real slope,
                           Real* out) {
  const size_t oldest = (place + 1 + steps() - seen) % steps(), offset = oldest % width_;
  const size_t visited = (offset + seen + width_ - 1) / width_;
  const auto block = [&](size_t i) { return memory + (oldest / width_ + i) % blocks_ * BlockSize(); };
  for (size_t i = 0; i < visited; ++i) {
    kernels_.tile(1, kernels_.panel_vectors, query, 0, 1, block(i), keys_, nullptr, 0, scores_.data() + i * width_, width_);
  }
  Real* scores = scores_.data() + offset;
  for (size_t i = 0; i < seen; ++i) scores[i] *= scale;
  if (slope != 0) SubtractDistances(slope, seen - 1, 0, seen, scores);
  std::fill_n(weights_.begin(), visited * width_, Real{0});
  SoftmaxRow(scores, seen, weights_.data() + offset);
  for (size_t i = 0; i < visited; ++i) {
    ForPanels(block(i) + width_ * keys_, [&](size_t col, size_t vectors, const Real* panel) {
      Real* sums = sums_.data() + col;
      kernels_.tile(1, vectors, weights_.data() + i * width_, 0, 1, panel, width_, i == 0 ? nullptr : sums, 0, sums,
                    padded_);
    });
  }
  std::copy_n(sums_.begin(), values_, out);
}

}  // namespace eddy
