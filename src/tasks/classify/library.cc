// The public class Classifier.
#include "tasks/library.h"

#include <cmath>

#include "eddy/error.h"
#include "eddy/tasks/classify.h"
#include "tasks/classify/job.h"
#include "tasks/classify/model.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace {

ClassifierNetwork Loaded(const Model& packed) {
  Threads threads(1);
  return LoadClassifier(packed, threads);
}

}  // namespace

struct Classifier::Impl {
  explicit Impl(const Model& packed) : network(Loaded(packed)) {}

  std::vector<ClassPrediction> Predict(const ExampleSet& set, int thread_count) const {
    Threads threads(thread_count);
    const std::vector<std::string>& classes = network.design().classes;
    const std::vector<double> all = ClassProbabilities(network, set, threads);
    std::vector<ClassPrediction> predictions;
    for (size_t i = 0; i < set.size(); ++i) {
      const std::span<const double> row = std::span(all).subspan(i * classes.size(), classes.size());
      predictions.push_back({classes[static_cast<size_t>(LikeliestClass(row))], {row.begin(), row.end()}});
    }
    return predictions;
  }

  mutable ClassifierNetwork network;  // predictions do not change it
};

Classifier::Classifier(const TrainedModel& model)
    : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
Classifier Classifier::Load(const std::string& path) { return Classifier(TrainedModel::Load(path)); }

const std::vector<std::string>& Classifier::classes() const { return impl_->network.design().classes; }
bool Classifier::reads_text() const { return impl_->network.design().is_text(); }

std::vector<ClassPrediction> Classifier::Predict(const Data& examples, int threads) const {
  ExampleFields fields = impl_->network.design().fields;
  fields.label.clear();
  return impl_->Predict(ReadExamples(examples, fields), threads);
}

std::vector<ClassPrediction> Classifier::Predict(std::span<const std::string> sentences, int threads) const {
  Require(reads_text(), "classify", "what is asked about", "series, as in training", "sentences");
  ExampleSet set("memory");
  for (const std::string& sentence : sentences) {
    set.AddSentence(sentence, "", "sentence " + std::to_string(set.size() + 1));
  }
  return sentences.empty() ? std::vector<ClassPrediction>() : impl_->Predict(set, threads);
}

ClassPrediction Classifier::PredictSentence(const std::string& sentence) const {
  return Predict(std::span(&sentence, 1)).front();
}

ClassPrediction Classifier::PredictSeries(std::span<const double> values) const {
  const std::vector<double> series(values.begin(), values.end());
  return PredictSeries(std::span(&series, 1)).front();
}

std::vector<ClassPrediction> Classifier::PredictSeries(std::span<const std::vector<double>> series, int threads) const {
  const ClassifierDesign& design = impl_->network.design();
  Require(!reads_text(), "classify", "what is asked about", "a sentence, as in training", "a series");
  const size_t columns = design.fields.columns.size();
  ExampleSet set("memory", design.fields.columns);
  for (const std::vector<double>& values : series) {
    Require(!values.empty() && values.size() % columns == 0, "classify", "the values of a series",
            "whole steps of " + std::to_string(columns), std::to_string(values.size()));
    std::vector<double> filled = values;
    for (size_t i = columns; i < values.size(); ++i) {
      if (std::isnan(values[i])) filled[i] = filled[i - columns];
    }
    set.AddSeries(filled, "", "series " + std::to_string(set.size() + 1));
  }
  return series.empty() ? std::vector<ClassPrediction>() : impl_->Predict(set, threads);
}

Trained<Classifier> Train(const ClassifierOptions& options, const Data& examples, const TrainHooks& hooks) {
  return TrainAs<Classifier>(
      [&](TaskContext& context) {
        const ExampleFields fields = FieldsOf(examples, options);
        return MakeClassifierJob(LoadClassData(examples, options.held_out, fields), fields, options, context);
      },
      hooks);
}

}  // namespace eddy
