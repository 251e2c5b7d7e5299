// TaggerNetwork: a word's vector beside the largest values of a convolution over its characters (Ma and Hovy 2016) ->
// dropout
// -> recurrent layers -> dropout -> linear: the scores of each token's tags, and over them a linear-chain conditional random
// field. Shapes: T steps, B rows, K tags.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eddy/crf.h"
#include "eddy/recurrent.h"
#include "tasks/tag/batch.h"

namespace eddy {

class TaggerNetwork {
 public:
  // Throws Error for a design out of range.
  TaggerNetwork(const TaggerDesign& design, uint64_t seed);

  Var Scores(Tape& tape, const TaggerBatch& batch);  // [T, B, K]
  // The mean over tokens of -ln p: of a sequence's tags together with the field, of each tag by itself without. `tags` as
  // BatchTags() gives them. All scores, the field's too, are divided by the temperature.
  Var Loss(Tape& tape, Var scores, std::span<const int32_t> tags, const Sequence& sequence, double temperature = 1);
  // The likeliest tags of each row, [T, B]; what is beyond a row's length means nothing.
  std::vector<int32_t> Decode(const Tensor& scores, const Sequence& sequence) const;

  const TaggerDesign& design() const { return design_; }
  void SetPrecision(Precision precision);           // of the products of the trained network
  Parameter& embedding() { return embedding_; }     // [V, embedding]
  Tensor& head_bias() { return head_bias_.value; }  // [K]
  void SetTemperature(double temperature);          // divides all scores by this from now on, which changes no tag
  std::vector<Parameter*> parameters();

 private:
  Var Spell(Tape& tape, const TaggerBatch& batch);  // [T B, F]

  TaggerDesign design_;
  Random random_;                      // of the weights at the start
  Parameter embedding_, characters_;   // [V, embedding]; a row a character
  std::optional<Conv1d> convolution_;  // none for words alone
  RecurrentStack stack_;
  Parameter head_weight_, head_bias_;  // [K, width], [K]
  Crf field_;
};

}  // namespace eddy
