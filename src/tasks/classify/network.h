// ClassifierNetwork: words' vectors or scaled numbers -> dropout -> layers -> their largest and mean outputs over
// time -> dropout -> linear -> softmax over the classes. Beside it may stand a regression, on the n-grams of a sentence or
// on what small convolutions say of a series, whose log odds are added to the logits ("wide and deep", Cheng 2016): the
// network is trained without it, and both are given their shares afterwards. Shapes: T steps, B rows, D inputs, C classes, F
// features of the regression.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/encoder.h"
#include "floors/convolution_classifier.h"
#include "floors/ngram_classifier.h"
#include "tasks/classify/batch.h"

namespace eddy {

class ClassifierNetwork {
 public:
  // Throws Error for a design out of range.
  ClassifierNetwork(const ClassifierDesign& design, uint64_t seed);

  Var Read(Tape& tape, const ClassifierBatch& batch);          // what the layers read: [T, B, D]
  Var Logits(Tape& tape, Var read, const Sequence& sequence);  // [B, C]

  const ClassifierDesign& design() const { return design_; }
  const Encoder& encoder() const { return encoder_; }
  void SetPrecision(Precision precision);           // of the products of the trained network
  Parameter& embedding() { return embedding_; }     // [V, D] of sentences
  Tensor& head_bias() { return head_bias_.value; }  // [C]
  // Multiplies all logits by this from now on.
  void ScaleLogits(double factor);
  // Adds to all logits what a sentence's n-grams say, times a factor. The classifier is of the design's n-grams.
  void AddNgrams(const NgramClassifier& classifier, double factor);
  void AddBias(std::span<const double> bias);          // [C], to the log odds of each class
  double NgramWeight(uint32_t ngram, size_t c) const;  // what an n-gram adds to a class's logit
  // Adds to all logits what convolutions say of a series, times a factor. To be called once.
  void AddConvolutions(const ConvolutionClassifier& classifier, double factor);
  // Undoes the above in the head, which then is as it was trained, to rounding; what the regression says is left.
  void UnmixHead();

  bool has_regression() const { return design_.ngrams.size() > 0 || design_.convolutions.has_value(); }
  // Adds to logits [C] of the network what the regression says of an example.
  void AddRegression(const EncodedExample& example, std::span<double> logits) const;

  std::vector<Parameter*> parameters();  // of the network, which are trained
  std::vector<Parameter*> stored();      // and the regression

 private:
  ClassifierDesign design_;
  Random random_;        // of the weights at the start
  Parameter embedding_;  // [V, D] of sentences; empty for series
  Encoder encoder_;
  Parameter head_weight_, head_bias_;  // [C, 2 * width], [C]
  Parameter ngrams_;                   // [F, C], or empty
  ConvolutionFeatures convolutions_;
  Parameter thresholds_, convolution_weights_, convolution_bias_;  // [F], [F, C], [C], or empty

  void MakeConvolutions();  // as the design has them, of zeros
};

}  // namespace eddy
