// What was said, sought among all alignments: the likeliest label at every step, or prefix beam search (Hannun 2014),
// guided by a language model of words and by words to favour where there are any. Logits come a step at a time, as from a
// stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "decode/hot_words.h"
#include "decode/word_model.h"
#include "loss/prefix_beam.h"
#include "tasks/transcribe/design.h"

namespace eddy {

inline constexpr size_t kMostTranscriptBeam = 4096;

struct SearchOptions {
  size_t beam = 1;                   // beginnings kept; 1 for the likeliest label at every step
  const WordModel* model = nullptr;  // must outlive the search; where there is one, `beam` is at least 2
  double weight = 0.8;               // of the model's logarithms
  double bonus = 0.5;                // added for every word
  const HotWords* hot = nullptr;     // must outlive the search; where there are some, `beam` is at least 2
  double hot_weight = 4;             // added for each of them
};

class LabelSearch {
 public:
  // Throws Error for a word to favour of characters that are not learned.
  LabelSearch(const TranscriberDesign& design, const SearchOptions& options);
  ~LabelSearch();
  LabelSearch(LabelSearch&&) noexcept;

  void Step(const Real* logits);                      // [V]
  std::vector<FoundLabels> Best(size_t count) const;  // of what came so far, as if it ended here; best first
  void Restart();                                     // a new text begins; a label that goes on is not said again

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct LabelTime {
  size_t begin = 0, end = 0;  // steps [begin, end)
  double probability = 0;     // the highest of its steps
};

// When each label is said: the likeliest alignment (Viterbi) of labels with logits [T', V]. Labels fit the steps.
std::vector<LabelTime> AlignLabels(const Tensor& logits, std::span<const int32_t> labels);
// How sure a word is, 0 to 1: the geometric mean of its labels' probabilities.
double Confidence(std::span<const LabelTime> times, LabelRange word);

}  // namespace eddy
