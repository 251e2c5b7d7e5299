// LanguageModel: embedding -> dropout -> recurrent layers -> dropout -> softmax over the vocabulary. It predicts the next
// token from those before it. Shapes: T steps, B rows, V tokens in the vocabulary.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/recurrent.h"
#include "eddy/tape.h"

namespace eddy {

struct LanguageModelOptions {
  size_t vocabulary = 0;  // V
  size_t embedding = 0;   // width of a token's vector
  bool tied = false;      // the softmax has the embedding for its weights (Press 2017): their widths must agree
  double dropout = 0;     // of the embedding and of what enters the softmax
  StackOptions stack;     // its layer.input is set to `embedding`
};

class LanguageModel {
 public:
  // Throws Error for options out of range.
  LanguageModel(const LanguageModelOptions& options, uint64_t seed);

  struct Features {
    Var y;                   // [T, B, stack.output_width()]
    std::vector<Var> state;  // as RecurrentStack's
  };
  // tokens [T, B].
  Features Read(Tape& tape, std::span<const int32_t> tokens, const Sequence& sequence, const std::vector<Var>& state = {},
                std::vector<Trace>* traces = nullptr);
  Var Embed(Tape& tape, std::span<const int32_t> tokens, const Sequence& sequence);  // [T, B, embedding]
  Var Logits(Tape& tape, Var y);                                                     // [..., V], of Features::y or a part

  const LanguageModelOptions& options() const { return options_; }
  void SetPrecision(Precision precision);  // of the products of the trained network
  RecurrentStack& stack() { return stack_; }
  const RecurrentStack& stack() const { return stack_; }
  const Tensor& embedding() const { return embedding_.value; }  // [V, embedding]
  const Tensor& softmax_weight() const { return options_.tied ? embedding_.value : softmax_weight_.value; }  // [V, width]
  const Tensor& softmax_bias() const { return softmax_bias_.value; }                                         // [V]
  std::vector<Parameter*> parameters();

 private:
  LanguageModelOptions options_;
  Random random_;  // of the weights at the start
  Parameter embedding_;
  RecurrentStack stack_;
  Parameter softmax_weight_;  // empty when tied
  Parameter softmax_bias_;
};

}  // namespace eddy
