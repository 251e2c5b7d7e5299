// ClassifierNetwork: words' vectors or scaled numbers -> dropout -> layers -> their largest and mean outputs over
// time -> dropout -> linear -> softmax over the classes. Of sentences, what their n-grams say is added to the logits ("wide
// and deep", Cheng 2016): the network is trained without it, and both are given their shares afterwards. Shapes: T steps, B
// rows, D inputs, C classes, F n-grams.
#pragma once

#include <cstdint>
#include <vector>

#include "eddy/encoder.h"
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
  Tensor& embedding() { return embedding_.value; }  // [V, D] of sentences
  Tensor& head_bias() { return head_bias_.value; }  // [C]
  // Multiplies all logits by this from now on.
  void ScaleLogits(double factor);
  // Adds to all logits what a sentence's n-grams say, times a factor. The classifier is of the design's n-grams.
  void AddNgrams(const NgramClassifier& classifier, double factor);
  double NgramWeight(uint32_t ngram, size_t c) const;  // what an n-gram adds to a class's logit

  std::vector<Parameter*> parameters();  // of the network, which are trained
  std::vector<Parameter*> stored();      // and what the n-grams say, [F, C]

 private:
  ClassifierDesign design_;
  Random random_;        // of the weights at the start
  Parameter embedding_;  // [V, D] of sentences; empty for series
  Encoder encoder_;
  Parameter head_weight_, head_bias_;  // [C, 2 * width], [C]
  Parameter ngrams_;                   // [F, C], or empty
};

}  // namespace eddy
