// Classifiers: which class a sentence or a series is of.
//
//     const eddy::Data reviews = eddy::Data::Sentences(texts, stars);
//     const auto trained = eddy::Train(eddy::ClassifierOptions{.text = "text", .label = "label"}, reviews);
//     std::puts(trained.model.PredictSentence("a fine film").likeliest.c_str());
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

struct ClassifierOptions {
  // The examples: a table, JSON lines, a .ts file, a folder with a folder for each class. What the file itself tells need
  // not be said.
  std::string text = {};                  // column of the sentences; or
  std::vector<std::string> columns = {};  // columns of the numbers of series, or their names without the numbers of steps
  std::string label = {};                 // column of the classes
  std::string series = {};    // column that tells apart series whose steps are rows; a row is an example otherwise
  std::string time = {};      // column that orders these rows
  bool no_header = false;     // the table names no columns: they are 1, 2, 3 ...
  bool newest_first = false;  // of steps in numbered columns (PAY_1, PAY_2 ... for "PAY") the lowest is the last
  bool strict = false;        // the first bad line is an error; they are skipped and counted otherwise
  HeldOut held_out = {0.1, {}, 20'000};  // a share of each class, or examples of their own

  bool characters = false;                  // sentences are read as characters; as words otherwise
  bool forward = false;                     // read in one direction only
  std::optional<size_t> frame = {};         // steps of a series that the network reads as one
  std::optional<size_t> vocabulary = {};    // at most so many different words or characters
  std::string start = {};                   // a finished model, with whose weights, words and classes to go on
  std::string vectors = {};                 // a file of vectors of words to start from (word2vec, GloVe, fastText)
  bool freeze_vectors = false;              // they stay as they are
  std::optional<size_t> embedding = {};     // width of a word's vector
  std::optional<double> balance = {};       // how much rare classes are favoured: 0 as they are, 1 all alike
  std::optional<double> word_dropout = {};  // share of words that are read as unknown
  // Of two classes: what a missed example of the second costs, a false alarm being 1. Decisions are judged by it.
  std::optional<double> cost_ratio = {};
  bool alone = false;  // nothing of a simple method is mixed into the network
  TrainOptions train = {};
};

struct ClassPrediction {
  std::string likeliest;
  std::vector<double> probabilities;  // in the order of Classifier::classes()
};

class Classifier : public TrainedModel {
 public:
  static Classifier Load(const std::string& path);  // throws Error, also for a model of another task
  explicit Classifier(const TrainedModel& model);   // the same, of a model that was loaded

  const std::vector<std::string>& classes() const;
  bool reads_text() const;  // sentences; series otherwise

  std::vector<ClassPrediction> Predict(const Data& examples, int threads = 1) const;  // labels are not read
  std::vector<ClassPrediction> Predict(std::span<const std::string> sentences, int threads = 1) const;
  ClassPrediction PredictSentence(const std::string& sentence) const;
  // A series [T, D], D being the columns that it was trained on.
  ClassPrediction PredictSeries(std::span<const double> values) const;
  // The same of many. A missing value, NaN, is the last one before.
  std::vector<ClassPrediction> PredictSeries(std::span<const std::vector<double>> series, int threads = 1) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<Classifier> Train(const ClassifierOptions& options, const Data& examples, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END
