// TranslatorNetwork: an encoder that reads the source in both directions, and a decoder that writes the target and attends
// to what was read (Luong 2015, global attention, equations 5 to 8; the score is the design's):
//     h = encoder(vectors of the source)                      states start from tanh(W mean of h + b)
//     s = decoder(vectors of the tokens before)               c = attention of s over h
//     p = softmax(target vectors . tanh(Wc [s; c] + bc) + b)  the softmax is tied to the vectors (Press 2017)
// Attention comes after the recurrent layers and feeds nothing back into them: with the target known, all its steps run as
// one batch. Shapes: S steps of source, T of target, B rows, E width of vectors, V tokens of the target.
#pragma once

#include <cstdint>
#include <vector>

#include "eddy/recurrent.h"
#include "tasks/translate/batch.h"

namespace eddy {

class TranslatorNetwork {
 public:
  // Throws Error for a design out of range.
  TranslatorNetwork(const TranslatorDesign& design, uint64_t seed);

  // A source as the decoder sees it, and the states that the decoder starts from.
  struct Memory {
    Var keys, values;        // [S, B, width of s], [S, B, width of h]
    std::vector<Var> state;  // of the decoder's layers, [B, state_width()]
    Sequence sequence;
  };
  Memory Read(Tape& tape, const TokenBatch& source);

  struct Written {
    Var logits;              // [T, B, V]
    std::vector<Var> state;  // after each row's last step
  };
  // `inputs` [T, B]: the tokens before those predicted. For a single step (T = 1) inputs may have n times the memory's rows:
  // row k B + b then reads row b of the memory. `weights`, where given, becomes [B, 1, T, S]: what is attended to.
  Written Write(Tape& tape, const TokenBatch& inputs, const Memory& memory, const std::vector<Var>& state,
                Tensor* weights = nullptr);

  const TranslatorDesign& design() const { return design_; }
  void SetPrecision(Precision precision);  // of the products of the trained network
  Precision precision() const { return design_.decoder.precision; }
  // Packs the weights of the layers for many steps on inference tapes; until Thaw() they must not change.
  void Freeze(Threads& threads);
  void Thaw();
  Parameter& source_vectors() { return source_vectors_; }  // [V, embedding] of the source's tokens
  Tensor& head_bias() { return head_bias_.value; }         // [V]
  std::vector<Parameter*> parameters();

 private:
  Var Attend(Tape& tape, Var s, const Sequence& queries, const Memory& memory, Tensor* weights);
  Var Embed(Tape& tape, Parameter& table, const TokenBatch& batch) const;

  TranslatorDesign design_;
  Random random_;                              // of the weights at the start
  Parameter source_vectors_, target_vectors_;  // [., E], [V, E]
  RecurrentStack encoder_, decoder_;
  std::vector<Parameter> start_weight_, start_bias_;  // a layer of the decoder: [state_width(), width of h], [state_width()]
  Parameter key_weight_;                              // [width of s, width of h]
  Parameter query_weight_, score_weight_;             // [width of s, width of s], [width of s]: of additive attention
  Parameter combine_weight_, combine_bias_;           // [E, width of s + width of h], [E]
  Parameter head_bias_;
};

}  // namespace eddy
