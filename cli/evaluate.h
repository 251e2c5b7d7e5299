// `eddy evaluate` for each task: evaluate.cc reads the model, and its task says who goes on.
#pragma once

#include <string>
#include <vector>

#include "model/model_file.h"

namespace eddy {

struct EvaluateOptions {
  std::string model;
  std::string file;
  bool json = false;
  bool quiet = false;
  int threads = 1;
  bool all = false;  // text, classes, tags: also what the model was trained on
  // text: where the training text is, for the n-gram floor; classes, tags: where what was trained on is, likewise
  std::vector<std::string> train;
  std::vector<std::string> with;  // pairs: models that decide together with it
  std::string tokenize = "13a";   // pairs: of BLEU
  size_t beam = 5;                // pairs: beginnings kept in the search
  std::string from;               // series: the time from which on all is forecast; empty for the last horizon
};

// One figure that says how good a model is, the lower the better: nats a token on text, MASE on series, nats an example of
// classes, nats a token of tags and of translations.
struct Figure {
  double value;
  std::string measure;  // such as "nats a character"
};
Figure MeasureModel(const Model& model, const EvaluateOptions& options);

Figure MeasureTextModel(const Model& model, const EvaluateOptions& options);
Figure MeasureForecastModel(const Model& model, const EvaluateOptions& options);
Figure MeasureClassifier(const Model& model, const EvaluateOptions& options);
Figure MeasureTagger(const Model& model, const EvaluateOptions& options);
Figure MeasureTranslator(const Model& model, const EvaluateOptions& options);
void EvaluateText(const Model& model, const EvaluateOptions& options);
void EvaluateForecast(const Model& model, const EvaluateOptions& options);
void EvaluateClassifier(const Model& model, const EvaluateOptions& options);
void EvaluateTagger(const Model& model, const EvaluateOptions& options);
void EvaluateTranslation(const Model& model, const EvaluateOptions& options);

}  // namespace eddy
