// Taggers: names, phrases, parts of speech of the tokens of a sequence.
//
//     const auto trained = eddy::Train(eddy::TaggerOptions{}, "names.conll");
//     const std::vector<std::string> tags = trained.model.Predict({"Rosa", "lives", "in", "Lyon", "."});
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

struct TaggerOptions {
  std::string token_column = {}, tag_column = {};  // by number, from 1, or CoNLL-U name; the first and the last otherwise
  bool strict = false;                             // the first bad line is an error; they are skipped and counted otherwise
  HeldOut held_out = {0.1, {}, 20'000};            // a share of the sequences, or sequences of their own
  std::string start = {};                          // a finished model, with whose weights, words and tags to go on
  std::string vectors = {};                        // a file of vectors of words to start from (word2vec, GloVe, fastText)
  bool freeze_vectors = false;                     // they stay as they are
  size_t vocabulary = 50'000;                      // at most so many different words, at least 2
  std::optional<size_t> embedding = {};            // width of a word's vector
  std::optional<size_t> character_features = {};   // of a word's characters; 0 to read words alone
  bool forward = false;                            // read in one direction only
  bool no_crf = false;                      // each tag is chosen by itself, without a conditional random field over them
  std::optional<double> word_dropout = {};  // share of the words that occur once that are read as unknown
  TrainOptions train = {};
};

class Tagger : public TrainedModel {
 public:
  static Tagger Load(const std::string& path);  // throws Error, also for a model of another task
  explicit Tagger(const TrainedModel& model);   // the same, of a model that was loaded

  const std::vector<std::string>& tags() const;
  std::vector<std::string> Predict(const std::vector<std::string>& tokens) const;
  std::vector<std::vector<std::string>> Predict(const std::vector<std::vector<std::string>>& sequences,
                                                int threads = 1) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<Tagger> Train(const TaggerOptions& options, const Data& sequences, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END
