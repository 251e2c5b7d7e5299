// Translators: sentences to sentences, spellings to sounds.
//
//     const auto trained = eddy::Train(eddy::TranslatorOptions{}, eddy::Data::Pairs(german, english));
//     std::puts(trained.model.Translate("ein Hund").c_str());
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

struct TranslatorOptions {
  bool strict = false;                         // the first bad line is an error; they are skipped and counted otherwise
  HeldOut held_out = {0.05, {}, 5'000};        // a share of the pairs, or pairs of their own
  std::string unit = {};                       // "word", "bpe" (pieces of words) or "char"; what suits the data otherwise
  std::string start = {};                      // a finished model, with whose weights and vocabularies to go on
  std::string vectors = {};                    // a file of vectors of the sources' words (word2vec, GloVe, fastText)
  bool freeze_vectors = false;                 // they stay as they are
  std::optional<size_t> vocabulary = {};       // at most so many different tokens on a side
  std::string tokenize = "13a";                // of BLEU: "13a", or "none" for text that is tokenised already
  std::optional<size_t> embedding = {};        // width of a token's vector
  std::string attention = "multiplicative";    // (Luong 2015), or "additive" (Bahdanau 2015)
  std::optional<double> label_smoothing = {};  // share of a target given to all tokens alike
  double scheduled_sampling = 0;  // share of what the decoder reads that it has drawn itself, in [0, 1) (Bengio 2015)
  TrainOptions train = {};
};

// Beam search.
struct TranslateOptions {
  size_t beam = 5;              // beginnings kept; 1 for the likeliest token at every step
  double length_penalty = 0.6;  // how much long translations are favoured (Wu 2016), 0 to 100
  int threads = 1;
};

class Translator : public TrainedModel {
 public:
  static Translator Load(const std::string& path);  // throws Error, also for a model of another task
  explicit Translator(const TrainedModel& model);   // the same, of a model that was loaded

  std::string Translate(const std::string& source, const TranslateOptions& options = {}) const;
  std::vector<std::string> Translate(std::span<const std::string> sources, const TranslateOptions& options = {}) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<Translator> Train(const TranslatorOptions& options, const Data& pairs, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END
