#include <algorithm>
#include <unordered_map>

#include "eddy/error.h"
#include "loss/ctc_frames.h"
#include "loss/log_space.h"

namespace eddy {
namespace {

constexpr int32_t kNone = -1;
constexpr int32_t kEmpty = 0;  // the prefix of no labels

// A prefix of labels: that of its parent and one more.
struct Prefix {
  int32_t parent;
  int32_t label;
  int32_t place;  // in the beam; kNone while it is not there
};

// A prefix in the beam or that may come into it, and the log probability of its alignments that end in a blank and in its
// last label.
struct Candidate {
  int32_t parent, label;
  int32_t id;  // of the prefix; kNone while it has never been in the beam
  double in_blank, in_label;
  double total;
};

}  // namespace

struct CtcBeamSearch::Impl {
  size_t classes, width;
  int32_t blank;
  std::vector<Prefix> prefixes{{kNone, kNone, 0}};
  std::unordered_map<uint64_t, int32_t> children;  // of a prefix and a label
  std::vector<Candidate> beam{{kNone, kNone, kEmpty, 0, kLogZero, 0}};
  std::vector<Candidate> next;

  Prefix& PrefixOf(const Candidate& c) { return prefixes[static_cast<size_t>(c.id)]; }
  uint64_t Key(int32_t parent, int32_t label) const {
    return static_cast<uint64_t>(parent) * classes + static_cast<uint64_t>(label);
  }

  // Prefixes that stay, with the probability that they stay as they are. Their place in `next` is that in the beam.
  void Stay(const Real* logits, double normalizer) {
    for (const Candidate& c : beam) {
      const double repeat = c.id == kEmpty ? kLogZero : c.in_label + (logits[c.label] - normalizer);
      next.push_back({c.parent, c.label, c.id, c.total + (logits[blank] - normalizer), repeat, 0});
    }
  }

  // Prefixes with a label more. One that is in the beam itself is a prefix that stays.
  void Extend(const Real* logits, double normalizer) {
    for (const Candidate& c : beam) {
      for (int32_t label = 0; label < static_cast<int32_t>(classes); ++label) {
        if (label == blank) continue;
        // After its own last label only a blank between makes another of it.
        const double before = label == c.label ? c.in_blank : c.total;
        const double extended = before + (logits[label] - normalizer);
        const auto known = children.find(Key(c.id, label));
        const int32_t id = known == children.end() ? kNone : known->second;
        const int32_t place = id == kNone ? kNone : prefixes[static_cast<size_t>(id)].place;
        if (place != kNone) {
          Candidate& stays = next[static_cast<size_t>(place)];
          stays.in_label = LogAdd(stays.in_label, extended);
        } else if (extended > kLogZero) {
          next.push_back({c.id, label, id, kLogZero, extended, 0});
        }
      }
    }
  }

  void KeepTheBest() {
    for (Candidate& c : next) {
      const double total = LogAdd(c.in_blank, c.in_label);
      c.total = total > kLogZero ? total : kLogZero;  // not NaN, by which nothing can be sorted
    }
    if (next.size() > width) {
      std::vector<size_t> order(next.size());
      for (size_t i = 0; i < order.size(); ++i) order[i] = i;
      const auto better = [&](size_t a, size_t b) {
        return next[a].total != next[b].total ? next[a].total > next[b].total : a < b;
      };
      std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(width), order.end(), better);
      order.resize(width);
      std::sort(order.begin(), order.end());
      for (size_t i = 0; i < width; ++i) next[i] = next[order[i]];
      next.resize(width);
    }
    for (const Candidate& c : beam) PrefixOf(c).place = kNone;
    beam.swap(next);
    for (size_t i = 0; i < beam.size(); ++i) {
      Candidate& c = beam[i];
      if (c.id == kNone) {
        c.id = children[Key(c.parent, c.label)] = static_cast<int32_t>(prefixes.size());
        prefixes.push_back({c.parent, c.label, kNone});
      }
      PrefixOf(c).place = static_cast<int32_t>(i);
    }
    next.clear();
  }
};

CtcBeamSearch::CtcBeamSearch(size_t classes, size_t width, int32_t blank) : impl_(std::make_unique<Impl>()) {
  Require(width >= 1, "ctc beam search", "width", "at least 1", "0");
  if (blank < 0 || static_cast<size_t>(blank) >= classes) {
    Fail("ctc beam search", "blank", "below " + std::to_string(classes) + " classes", std::to_string(blank));
  }
  impl_->classes = classes;
  impl_->width = width;
  impl_->blank = blank;
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
  const double normalizer = LogNormalizer(logits, impl_->classes);
  impl_->Stay(logits, normalizer);
  impl_->Extend(logits, normalizer);
  impl_->KeepTheBest();
}

std::vector<CtcHypothesis> CtcBeamSearch::Best(size_t count) const {
  CheckSearch(impl_);
  std::vector<Candidate> beam = impl_->beam;
  std::stable_sort(beam.begin(), beam.end(), [](const Candidate& a, const Candidate& b) { return a.total > b.total; });
  beam.resize(std::min(count, beam.size()));
  std::vector<CtcHypothesis> best;
  for (const Candidate& c : beam) {
    CtcHypothesis hypothesis{{}, c.total};
    for (int32_t id = c.id; id != kEmpty; id = impl_->prefixes[static_cast<size_t>(id)].parent) {
      hypothesis.labels.push_back(impl_->prefixes[static_cast<size_t>(id)].label);
    }
    std::reverse(hypothesis.labels.begin(), hypothesis.labels.end());
    best.push_back(std::move(hypothesis));
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
