// Prefix beam search (Hannun 2014): of all that CTC's alignments may spell, the likeliest prefixes, a frame at a time. A
// guide, such as a language model, keeps a note on every prefix and adds to its score:
//
//     struct Guide {
//       struct Note;
//       Note Empty() const;                                   // of the prefix of no labels
//       Note Extended(const Note& prefix, int32_t label) const;
//       double Score(const Note& prefix) const;               // added to the log probability of a prefix that was kept
//       double ScoreAfter(Note& prefix, int32_t label) const;  // of that prefix with a label more, which may never be kept
//     };
//
// A step costs width * classes additions and a selection among them. Every prefix that survived a step is kept until
// Begin().
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "eddy/real.h"
#include "loss/log_space.h"

namespace eddy {

// Adds nothing.
struct Unguided {
  struct Note {};
  Note Empty() const { return {}; }
  Note Extended(const Note&, int32_t) const { return {}; }
  double Score(const Note&) const { return 0; }
  double ScoreAfter(Note&, int32_t) const { return 0; }
};

// A prefix of labels, and the log probability of its alignments that end in a blank, that end in its last label, and of
// both.
struct PrefixCandidate {
  int32_t parent, label;  // the prefix without its last label, and that label
  int32_t id;             // of the prefix; below zero for one that has never been kept
  double in_blank, in_label, total;
  double score;  // the total and what the guide adds
};

struct FoundLabels {
  std::vector<int32_t> labels;
  double log_probability = 0;  // of the alignments that were followed
  double score = 0;            // with what the guide adds
};

template <typename Guide>
class PrefixBeam {
 public:
  using Note = typename Guide::Note;

  // Classes [0, classes), among them the blank. Labels whose log probability in a frame is below `least_log` are not
  // followed.
  PrefixBeam(size_t classes, size_t width, int32_t blank, double least_log = kLogZero, Guide guide = {})
      : classes_(classes), width_(width), blank_(blank), least_log_(least_log), guide_(std::move(guide)) {
    Begin();
  }

  // Forgets all frames.
  void Begin() {
    prefixes_.assign(1, {kNone, kNone, 0, guide_.Empty()});
    children_.clear();
    beam_.assign(1, {kNone, kNone, kEmpty, 0, kLogZero, 0, 0});
  }

  // logits [classes] of the next frame, and the logarithm of the sum of their exponentials.
  void Step(const Real* logits, double normalizer) {
    next_.clear();
    Stay(logits, normalizer);
    Extend(logits, normalizer);
    KeepTheBest();
  }

  // The best `count` prefixes or fewer by final_score(candidate, note), best first; equal ones in the order found.
  template <typename FinalScore>
  std::vector<FoundLabels> Best(size_t count, const FinalScore& final_score) const {
    std::vector<std::pair<double, const PrefixCandidate*>> order;
    for (const PrefixCandidate& c : beam_) order.emplace_back(final_score(c, At(c.id).note), &c);
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    order.resize(std::min(count, order.size()));
    std::vector<FoundLabels> found;
    for (const auto& [score, candidate] : order) found.push_back({Labels(candidate->id), candidate->total, score});
    return found;
  }

 private:
  static constexpr int32_t kNone = -1;
  static constexpr int32_t kEmpty = 0;  // the prefix of no labels

  struct Prefix {
    int32_t parent, label;
    int32_t place;  // in the beam; kNone while it is not there
    Note note;
  };

  Prefix& At(int32_t id) { return prefixes_[static_cast<size_t>(id)]; }
  const Prefix& At(int32_t id) const { return prefixes_[static_cast<size_t>(id)]; }
  uint64_t Key(int32_t parent, int32_t label) const {
    return static_cast<uint64_t>(parent) * classes_ + static_cast<uint64_t>(label);
  }

  std::vector<int32_t> Labels(int32_t id) const {
    std::vector<int32_t> labels;
    for (; id != kEmpty; id = At(id).parent) labels.push_back(At(id).label);
    std::reverse(labels.begin(), labels.end());
    return labels;
  }

  // Prefixes that stay, with the probability that they stay as they are. Their place in `next_` is that in the beam.
  void Stay(const Real* logits, double normalizer) {
    for (const PrefixCandidate& c : beam_) {
      const double repeat = c.id == kEmpty ? kLogZero : c.in_label + (logits[c.label] - normalizer);
      next_.push_back({c.parent, c.label, c.id, c.total + (logits[blank_] - normalizer), repeat, 0, 0});
    }
  }

  // Prefixes with a label more. One that is in the beam itself is a prefix that stays.
  void Extend(const Real* logits, double normalizer) {
    for (const PrefixCandidate& c : beam_) {
      for (int32_t label = 0; label < static_cast<int32_t>(classes_); ++label) {
        const double log = logits[label] - normalizer;
        if (label == blank_ || log < least_log_) continue;
        // After its own last label only a blank between makes another of it.
        const double extended = (label == c.label ? c.in_blank : c.total) + log;
        const auto known = children_.find(Key(c.id, label));
        const int32_t id = known == children_.end() ? kNone : known->second;
        const int32_t place = id == kNone ? kNone : At(id).place;
        if (place != kNone) {
          PrefixCandidate& stays = next_[static_cast<size_t>(place)];
          stays.in_label = LogAdd(stays.in_label, extended);
        } else if (extended > kLogZero) {
          next_.push_back({c.id, label, id, kLogZero, extended, 0, 0});
        }
      }
    }
  }

  void KeepTheBest() {
    for (PrefixCandidate& c : next_) {
      const double total = LogAdd(c.in_blank, c.in_label);
      c.total = total > kLogZero ? total : kLogZero;  // not NaN, by which nothing can be sorted
      c.score = c.total + (c.id != kNone ? guide_.Score(At(c.id).note) : guide_.ScoreAfter(At(c.parent).note, c.label));
    }
    if (next_.size() > width_) {
      std::vector<size_t> order(next_.size());
      for (size_t i = 0; i < order.size(); ++i) order[i] = i;
      const auto better = [&](size_t a, size_t b) {
        return next_[a].score != next_[b].score ? next_[a].score > next_[b].score : a < b;
      };
      std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(width_), order.end(), better);
      order.resize(width_);
      std::sort(order.begin(), order.end());
      for (size_t i = 0; i < width_; ++i) next_[i] = next_[order[i]];
      next_.resize(width_);
    }
    for (const PrefixCandidate& c : beam_) At(c.id).place = kNone;
    beam_.swap(next_);
    for (size_t i = 0; i < beam_.size(); ++i) {
      PrefixCandidate& c = beam_[i];
      if (c.id == kNone) {
        c.id = children_[Key(c.parent, c.label)] = static_cast<int32_t>(prefixes_.size());
        Note note = guide_.Extended(At(c.parent).note, c.label);
        prefixes_.push_back({c.parent, c.label, kNone, std::move(note)});
      }
      At(c.id).place = static_cast<int32_t>(i);
    }
  }

  size_t classes_, width_;
  int32_t blank_;
  double least_log_;
  Guide guide_;
  std::vector<Prefix> prefixes_;
  std::unordered_map<uint64_t, int32_t> children_;  // of a prefix and a label
  std::vector<PrefixCandidate> beam_, next_;
};

}  // namespace eddy
