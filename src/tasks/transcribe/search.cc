#include "tasks/transcribe/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "eddy/ctc.h"
#include "loss/ctc_frames.h"
#include "loss/log_space.h"

namespace eddy {
namespace {

constexpr int32_t kBlankLabel = 0;
constexpr int32_t kNone = -1;
constexpr double kLeastLog = -18;  // characters less likely than this are not followed

}  // namespace

struct LabelSearch::Impl {
  static constexpr double kUnasked = std::numeric_limits<double>::quiet_NaN();

  // A beginning, in the tree of all that were ever kept.
  struct Prefix {
    int32_t parent = kNone, label = kNone;
    int32_t place = kNone;         // in the beam
    double said = 0;               // by the language model, of the words that are whole
    WordModel::Context context;    // after them
    std::string word;              // that has begun
    double said_whole = kUnasked;  // as `said`, were that word whole
  };
  struct Candidate {
    int32_t parent, label, id;  // id kNone for one that has never been kept
    double in_blank, in_label;  // log p of its alignments that end so
    double total, score;
  };

  Impl(const TranscriberDesign& d, const SearchOptions& o) : design(d), options(o), space(d.characters.Find(" ")) {
    Begin();
  }

  void Begin() {
    Prefix empty;
    if (options.model != nullptr) empty.context = options.model->Start();
    empty.place = 0;
    prefixes.assign(1, empty);
    children.clear();
    beam.assign(1, {kNone, kNone, 0, 0, kLogZero, 0, 0});
    greedy.clear();
    greedy_log = 0;
  }

  Prefix& At(int32_t id) { return prefixes[static_cast<size_t>(id)]; }
  const Prefix& At(int32_t id) const { return prefixes[static_cast<size_t>(id)]; }
  uint64_t Key(int32_t parent, int32_t label) const {
    return static_cast<uint64_t>(parent) * design.characters.size() + static_cast<uint64_t>(label);
  }

  // What the language model adds for the word that a prefix has begun, as if it were whole.
  double WordScore(WordModel::Context& context, const std::string& word) const {
    if (word.empty() || options.model == nullptr) return 0;
    return options.weight * options.model->Score(context, word) + options.bonus;
  }

  Prefix Extended(int32_t parent, int32_t label) const {
    Prefix made = At(parent);
    made.parent = parent;
    made.label = label;
    made.place = kNone;
    made.said_whole = kUnasked;
    if (label != space) {
      if (options.model != nullptr) made.word += design.characters[label];
      return made;
    }
    made.said += WordScore(made.context, made.word);
    made.word.clear();
    return made;
  }

  // The score of an extension that may never be kept.
  double SaidAfter(int32_t parent, int32_t label) {
    Prefix& before = At(parent);
    if (label != space || options.model == nullptr || before.word.empty()) return before.said;
    if (std::isnan(before.said_whole)) {
      WordModel::Context context = before.context;
      before.said_whole = before.said + WordScore(context, before.word);
    }
    return before.said_whole;
  }

  void StepGreedy(const Real* logits, double normalizer) {
    const size_t V = design.characters.size();
    const auto best = static_cast<int32_t>(std::max_element(logits, logits + V) - logits);
    greedy_log += static_cast<double>(logits[best]) - normalizer;
    if (best != kBlankLabel && best != last) greedy.push_back(best);
    last = best;
  }

  void StepBeam(const Real* logits, double normalizer) {
    next.clear();
    for (const Candidate& c : beam) {
      const double repeat = c.id == 0 ? kLogZero : c.in_label + (static_cast<double>(logits[c.label]) - normalizer);
      const double blank = c.total + (static_cast<double>(logits[kBlankLabel]) - normalizer);
      next.push_back({c.parent, c.label, c.id, blank, repeat, 0, 0});
    }
    for (const Candidate& c : beam) {
      for (int32_t label = 1; label < static_cast<int32_t>(design.characters.size()); ++label) {
        const double log = static_cast<double>(logits[label]) - normalizer;
        if (log < kLeastLog) continue;
        const double extended = (label == c.label ? c.in_blank : c.total) + log;
        if (!(extended > kLogZero)) continue;
        const auto known = children.find(Key(c.id, label));
        const int32_t id = known == children.end() ? kNone : known->second;
        const int32_t place = id == kNone ? kNone : At(id).place;
        if (place != kNone) {
          Candidate& stays = next[static_cast<size_t>(place)];
          stays.in_label = LogAdd(stays.in_label, extended);
        } else {
          next.push_back({c.id, label, id, kLogZero, extended, 0, 0});
        }
      }
    }
    Keep();
  }

  void Keep() {
    for (Candidate& c : next) {
      const double total = LogAdd(c.in_blank, c.in_label);
      c.total = total > kLogZero ? total : kLogZero;  // not NaN, by which nothing can be sorted
      c.score = c.total + (c.id != kNone ? At(c.id).said : SaidAfter(c.parent, c.label));
    }
    std::vector<size_t> order(next.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    const size_t kept = std::min(options.beam, next.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(kept), order.end(), [&](size_t a, size_t b) {
      return next[a].score != next[b].score ? next[a].score > next[b].score : a < b;
    });
    for (const Candidate& c : beam) At(c.id).place = kNone;
    beam.clear();
    for (size_t i = 0; i < kept; ++i) {
      Candidate c = next[order[i]];
      if (c.id == kNone) {
        c.id = children[Key(c.parent, c.label)] = static_cast<int32_t>(prefixes.size());
        prefixes.push_back(Extended(c.parent, c.label));
      }
      At(c.id).place = static_cast<int32_t>(i);
      beam.push_back(c);
    }
  }

  double FinalScore(const Candidate& c) const {
    if (options.model == nullptr) return c.total;
    const Prefix& prefix = At(c.id);
    WordModel::Context context = prefix.context;
    const double word = WordScore(context, prefix.word);
    return c.total + prefix.said + word + options.weight * options.model->End(context);
  }

  const TranscriberDesign& design;
  const SearchOptions options;
  const int32_t space;
  std::vector<Prefix> prefixes;
  std::unordered_map<uint64_t, int32_t> children;  // of a prefix and a label
  std::vector<Candidate> beam, next;
  std::vector<int32_t> greedy;  // the labels of the likeliest alignment
  double greedy_log = 0;
  int32_t last = kBlankLabel;  // its label at the step before
};

LabelSearch::LabelSearch(const TranscriberDesign& design, const SearchOptions& options)
    : impl_(std::make_unique<Impl>(design, options)) {}
LabelSearch::~LabelSearch() = default;
LabelSearch::LabelSearch(LabelSearch&&) noexcept = default;

void LabelSearch::Step(const Real* logits) {
  const double normalizer = LogNormalizer(logits, impl_->design.characters.size());
  if (impl_->options.beam > 1) {
    impl_->StepBeam(logits, normalizer);
  } else {
    impl_->StepGreedy(logits, normalizer);
  }
}

std::vector<FoundLabels> LabelSearch::Best(size_t count) const {
  const Impl& i = *impl_;
  if (i.options.beam <= 1) return {{i.greedy, i.greedy_log, i.greedy_log}};
  std::vector<std::pair<double, const Impl::Candidate*>> order;
  for (const Impl::Candidate& c : i.beam) order.emplace_back(i.FinalScore(c), &c);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  order.resize(std::min(count, order.size()));
  std::vector<FoundLabels> found;
  for (const auto& [score, candidate] : order) {
    FoundLabels& each = found.emplace_back();
    for (int32_t id = candidate->id; id > 0; id = i.At(id).parent) each.labels.push_back(i.At(id).label);
    std::reverse(each.labels.begin(), each.labels.end());
    each.log_probability = candidate->total;
    each.score = score;
  }
  return found;
}

void LabelSearch::Restart() { impl_->Begin(); }

std::vector<LabelTime> AlignLabels(const Tensor& logits, std::span<const int32_t> labels) {
  const size_t T = logits.dim(0), V = logits.dim(1), S = 2 * labels.size() + 1;
  if (labels.empty()) return {};
  const auto label_of = [&](size_t s) { return s % 2 == 0 ? kBlankLabel : labels[s / 2]; };
  std::vector<double> score(S, kLogZero), before;
  std::vector<uint8_t> back(T * S);  // how many states ago it came from
  std::vector<double> normalizers(T);
  for (size_t t = 0; t < T; ++t) {
    const Real* row = logits.data() + t * V;
    normalizers[t] = LogNormalizer(row, V);
    before = score;
    for (size_t s = 0; s < S; ++s) {
      double best = t == 0 ? (s < 2 ? 0 : kLogZero) : before[s];
      uint8_t from = 0;
      const bool skips = s >= 2 && s % 2 == 1 && label_of(s) != label_of(s - 2);
      for (uint8_t way = 1; t > 0 && way <= (skips ? 2 : 1) && way <= s; ++way) {
        if (before[s - way] > best) {
          best = before[s - way];
          from = way;
        }
      }
      score[s] = best + (static_cast<double>(row[label_of(s)]) - normalizers[t]);
      back[t * S + s] = from;
    }
  }
  std::vector<LabelTime> times(labels.size());
  size_t s = score[S - 1] >= score[S - 2] ? S - 1 : S - 2;
  for (size_t t = T; t-- > 0;) {
    if (s % 2 == 1) {
      LabelTime& time = times[s / 2];
      const double log = static_cast<double>(logits[t * V + static_cast<size_t>(label_of(s))]) - normalizers[t];
      time.end = std::max(time.end, t + 1);
      time.begin = t;
      time.probability = std::max(time.probability, std::exp(log));
    }
    s -= back[t * S + s];
  }
  return times;
}

}  // namespace eddy
