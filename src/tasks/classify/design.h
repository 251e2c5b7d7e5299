// ClassifierDesign: what a classifier is apart from its weights. It is stored in the model and read back from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/examples.h"
#include "data/scaling.h"
#include "data/sentence.h"
#include "eddy/encoder.h"
#include "floors/convolution_features.h"
#include "floors/ngrams.h"
#include "model/json.h"

namespace eddy {

// What a finished classifier's head differs by from the trained one, with which training goes on: its weights and bias were
// multiplied by `share`, then `bias`, [C] or empty, was added to its bias for the regression and for honest probabilities.
struct MixedIn {
  double share = 1;
  std::vector<double> bias = {};
};

struct ClassifierDesign {
  ExampleFields fields;              // `columns` names all that are read
  std::vector<std::string> classes;  // C of them, at least 2
  SentenceFormat sentences;          // of sentences: V tokens
  Ngrams ngrams;                     // of sentences: F whose log odds are added to the network's, if any
  size_t embedding = 0;              // of sentences: width of a token's vector
  std::vector<Scaling> scalings;     // of series: one a column
  // Of series: what else reads them, of which the log odds are added to the network's.
  std::optional<ConvolutionShape> convolutions = {};
  MixedIn mixed_in = {};   // what the head has become beside training
  double dropout = 0;      // of what enters and leaves the layers
  size_t frame = 1;        // of series: steps that the layers read as one
  EncoderOptions encoder;  // its input is inputs()

  bool is_text() const { return fields.is_text(); }
  size_t inputs() const { return is_text() ? embedding : frame * scalings.size(); }  // numbers a step that the layers read
};

// Throws Error for fewer than two classes, classes twice, and sizes out of range.
void RequireValid(const ClassifierDesign& design);

// In two parts, "classify" (what is read) and "network".
Json ToJson(const ClassifierDesign& design);
ClassifierDesign ClassifierDesignFromJson(const Json& description);  // throws Error

}  // namespace eddy
