#include <algorithm>

#include "eddy/ctc.h"
#include "eddy/error.h"
#include "loss/ctc_frames.h"
#include "loss/log_space.h"
#include "loss/prefix_beam.h"

namespace eddy {

struct CtcBeamSearch::Impl {
  size_t classes;
  PrefixBeam<Unguided> beam;
};

CtcBeamSearch::CtcBeamSearch(size_t classes, size_t width, int32_t blank) {
  Require(width >= 1, "ctc beam search", "width", "at least 1", "0");
  if (blank < 0 || static_cast<size_t>(blank) >= classes) {
    Fail("ctc beam search", "blank", "below " + std::to_string(classes) + " classes", std::to_string(blank));
  }
  impl_ = std::make_unique<Impl>(Impl{classes, {classes, width, blank}});
}

namespace {

void CheckSearch(const auto& parts) {
  Require(parts != nullptr, "ctc beam search", "the search", "there", "one that has been moved from");
}

}  // namespace

CtcBeamSearch::~CtcBeamSearch() = default;
CtcBeamSearch::CtcBeamSearch(CtcBeamSearch&&) noexcept = default;

void CtcBeamSearch::Step(const Real* logits) {
  CheckSearch(impl_);
  impl_->beam.Step(logits, LogNormalizer(logits, impl_->classes));
}

std::vector<CtcHypothesis> CtcBeamSearch::Best(size_t count) const {
  CheckSearch(impl_);
  std::vector<CtcHypothesis> best;
  for (FoundLabels& found : impl_->beam.Best(count, [](const PrefixCandidate&c, const auto&) { return c.total; })) {
    best.push_back({std::move(found.labels), found.log_probability});
  }
  return best;
}

std::vector<CtcHypothesis> CtcDecode(const Tensor& logits, const Sequence& sequence, size_t width, int32_t blank) {
  CheckFrames("ctc decode", logits.shape(), sequence, blank);
  const size_t B = sequence.rows, V = logits.dim(2);
  std::vector<CtcHypothesis> rows;
  for (size_t row = 0; row < B; ++row) {
    CtcBeamSearch search(V, width, blank);
    for (size_t t = 0; t < sequence.Length(row); ++t) search.Step(logits.data() + (t * B + row) * V);
    rows.push_back(search.Best().front());
  }
  return rows;
}

std::vector<std::vector<int32_t>> CtcGreedy(const Tensor& logits, const Sequence& sequence, int32_t blank) {
  CheckFrames("ctc greedy", logits.shape(), sequence, blank);
  const size_t B = sequence.rows, V = logits.dim(2);
  std::vector<std::vector<int32_t>> rows(B);
  for (size_t row = 0; row < B; ++row) {
    int32_t before = blank;
    for (size_t t = 0; t < sequence.Length(row); ++t) {
      const Real* frame = logits.data() + (t * B + row) * V;
      const auto best = static_cast<int32_t>(std::max_element(frame, frame + V) - frame);
      if (best != blank && best != before) rows[row].push_back(best);
      before = best;
    }
  }
  return rows;
}

}  // namespace eddy
