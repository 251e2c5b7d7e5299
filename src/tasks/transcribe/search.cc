#include "tasks/transcribe/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "data/excerpt.h"
#include "data/side_format.h"
#include "eddy/error.h"
#include "loss/ctc_frames.h"
#include "loss/log_space.h"
#include "loss/prefix_beam.h"

namespace eddy {
namespace {

constexpr int32_t kBlankLabel = 0;
constexpr double kLeastLog = -18;  // labels less likely than this are not followed

// What a language model of words says of labels: of each word when one comes that ends it. What a word to favour adds comes
// with its characters, and goes again where another word comes of them.
class WordGuide {
 public:
  struct Note {
    double said = 0;                           // of the words that are whole
    WordModel::Context context;                // after them
    std::string word;                          // that has begun
    double said_whole = kUnasked;              // as `said`, were that word whole
    HotWords::Place place = HotWords::kStart;  // of that word among those to favour
  };

  WordGuide(const TranscriberDesign& design, const SearchOptions& options) : spelling_(&design.spelling), options_(options) {
    const std::string unknown = options.hot != nullptr ? options.hot->Unknown(design.spelling.labels()) : "";
    if (!unknown.empty()) Fail("transcribe", "a hot word", "of characters that the model has learned", Excerpt(unknown));
    if (options.hot == nullptr) return;
    for (size_t label = 0; label < spelling_->size(); ++label) {
      letters_.push_back(CutSide(spelling_->Letters(static_cast<int32_t>(label)), SideUnit::kCharacters));
    }
  }

  Note Empty() const {
    Note note;
    if (options_.model != nullptr) note.context = options_.model->Start();
    return note;
  }

  Note Extended(const Note& prefix, int32_t label) const {
    Note note = prefix;
    note.said_whole = kUnasked;
    if (options_.model == nullptr && options_.hot == nullptr) return note;
    if (spelling_->EndsWord(label)) {
      note.said += WordScore(note.context, note.word, note.place);
      note.word.clear();
      note.place = HotWords::kStart;
    }
    note.word += spelling_->Letters(label);
    note.place = After(note.place, label);
    return note;
  }

  double Score(const Note& prefix) const { return prefix.said + Begun(prefix.place); }

  double ScoreAfter(Note& prefix, int32_t label) const {
    if (!spelling_->EndsWord(label)) return prefix.said + Begun(After(prefix.place, label));
    if (prefix.word.empty()) return prefix.said + Begun(After(HotWords::kStart, label));
    if (std::isnan(prefix.said_whole)) {
      WordModel::Context context = prefix.context;
      prefix.said_whole = prefix.said + WordScore(context, prefix.word, prefix.place);
    }
    return prefix.said_whole + Begun(After(HotWords::kStart, label));
  }

  // The score of a prefix with which the text ends.
  double AtTheEnd(const Note& prefix) const {
    WordModel::Context context = prefix.context;
    const double said = prefix.said + WordScore(context, prefix.word, prefix.place);
    return options_.model != nullptr ? said + options_.weight * options_.model->End(context) : said;
  }

 private:
  static constexpr double kUnasked = std::numeric_limits<double>::quiet_NaN();

  // What is added for a word, which the context then has behind it.
  double WordScore(WordModel::Context& context, const std::string& word, HotWords::Place place) const {
    if (word.empty()) return 0;
    const double hot = options_.hot != nullptr && options_.hot->IsWord(place) ? options_.hot_weight : 0;
    if (options_.model == nullptr) return hot;
    return hot + options_.weight * options_.model->Score(context, word) + options_.bonus;
  }

  // Where the letters of a label lead among the words to favour.
  HotWords::Place After(HotWords::Place place, int32_t label) const {
    if (options_.hot == nullptr) return place;
    for (const std::string& letter : letters_[static_cast<size_t>(label)]) place = options_.hot->Next(place, letter);
    return place;
  }

  // What is added for a word that has begun: that share of a word to favour which has been said.
  double Begun(HotWords::Place place) const {
    return options_.hot != nullptr ? options_.hot_weight * options_.hot->Share(place) : 0;
  }

  const Spelling* spelling_;
  std::vector<std::vector<std::string>> letters_;  // of each label, where there are words to favour
  SearchOptions options_;
};

}  // namespace

struct LabelSearch::Impl {
  Impl(const TranscriberDesign& design, const SearchOptions& search)
      : options(search),
        words(design, search),
        classes(design.spelling.size()),
        beam(classes, search.beam, kBlankLabel, kLeastLog, words) {}

  void StepGreedy(const Real* logits, double normalizer) {
    const auto best = static_cast<int32_t>(std::max_element(logits, logits + classes) - logits);
    greedy_log += static_cast<double>(logits[best]) - normalizer;
    if (best != kBlankLabel && best != last) greedy.push_back(best);
    last = best;
  }

  const SearchOptions options;
  const WordGuide words;
  const size_t classes;
  PrefixBeam<WordGuide> beam;
  std::vector<int32_t> greedy;  // the labels of the likeliest alignment
  double greedy_log = 0;
  int32_t last = kBlankLabel;  // its label at the step before
};

LabelSearch::LabelSearch(const TranscriberDesign& design, const SearchOptions& options)
    : impl_(std::make_unique<Impl>(design, options)) {}
LabelSearch::~LabelSearch() = default;
LabelSearch::LabelSearch(LabelSearch&&) noexcept = default;

void LabelSearch::Step(const Real* logits) {
  const double normalizer = LogNormalizer(logits, impl_->classes);
  if (impl_->options.beam > 1) {
    impl_->beam.Step(logits, normalizer);
  } else {
    impl_->StepGreedy(logits, normalizer);
  }
}

std::vector<FoundLabels> LabelSearch::Best(size_t count) const {
  const Impl& i = *impl_;
  if (i.options.beam <= 1) return {{i.greedy, i.greedy_log, i.greedy_log}};
  return i.beam.Best(
      count, [&](const PrefixCandidate& c, const WordGuide::Note& note) { return c.total + i.words.AtTheEnd(note); });
}

void LabelSearch::Restart() {
  impl_->beam.Begin();
  impl_->greedy.clear();
  impl_->greedy_log = 0;
}

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

double Confidence(std::span<const LabelTime> times, LabelRange word) {
  double logs = 0;
  for (size_t i = word.begin; i < word.end; ++i) logs += std::log(times[i].probability);
  return std::exp(logs / static_cast<double>(word.end - word.begin));
}

}  // namespace eddy
