// What the laws are tested on: every cell of the table, under every loop option.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eddy/recurrent.h"

namespace eddy {

struct Case {
  std::string name;
  RecurrentOptions options;
};

inline void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

inline RecurrentOptions Plain(std::string_view cell, size_t input = 5, size_t hidden = 7) {
  RecurrentOptions options;
  options.cell = cell;
  options.input = input;
  options.hidden = hidden;
  return options;
}

inline std::vector<Case> EveryCell(size_t input = 5, size_t hidden = 7) {
  std::vector<Case> cases;
  for (const CellType* cell : Cells())
    cases.push_back({std::string(CellName(*cell)), Plain(CellName(*cell), input, hidden)});
  return cases;
}

// Each option alone and all together.
inline std::vector<Case> EveryCellAndOption(size_t input = 5, size_t hidden = 7) {
  std::vector<Case> cases = EveryCell(input, hidden);
  const auto with = [&](const std::string& suffix, auto set) {
    for (const Case& plain : EveryCell(input, hidden)) {
      cases.push_back({plain.name + "_" + suffix, plain.options});
      set(cases.back().options);
    }
  };
  with("projection", [](RecurrentOptions& o) { o.projection = 3; });
  with("reverse", [](RecurrentOptions& o) { o.reverse = true; });
  with("layer_norm", [](RecurrentOptions& o) { o.layer_norm = true; });
  with("variational_dropout", [](RecurrentOptions& o) { o.variational_dropout = 0.3; });
  with("recurrent_dropout", [](RecurrentOptions& o) { o.recurrent_dropout = 0.3; });
  with("zoneout", [](RecurrentOptions& o) { o.zoneout = 0.3; });
  with("state_clip", [](RecurrentOptions& o) { o.state_clip = 0.25; });
  with("learned_state", [](RecurrentOptions& o) { o.learned_state = true; });
  with("everything", [](RecurrentOptions& o) {
    o.projection = 3;
    o.layer_norm = o.learned_state = true;
    o.variational_dropout = o.recurrent_dropout = o.zoneout = 0.2;
    o.state_clip = 0.5;
  });
  return cases;
}

inline std::string CaseName(const testing::TestParamInfo<Case>& info) { return info.param.name; }

inline Tensor RandomTensor(const Shape& shape, uint64_t seed, double scale = 0.7) {
  Random random(seed);
  Tensor tensor(shape);
  for (Real& value : tensor.values()) value = static_cast<Real>(scale * random.Normal());
  return tensor;
}

// Moves every parameter away from special values such as 0 and 1.
inline void Disturb(Recurrent& layer, uint64_t seed) {
  for (Parameter* parameter : layer.parameters()) {
    const Tensor noise = RandomTensor(parameter->value.shape(), seed++, 0.3);
    for (size_t i = 0; i < noise.size(); ++i) parameter->value[i] += noise[i];
  }
}

// Ragged, with rows of length 0 and resets in the middle of rows.
inline Sequence RaggedSequence() {
  Sequence sequence{9, 5, {4, 9, 0, 9, 6}, std::vector<uint8_t>(9 * 5, 0)};
  sequence.resets[3 * 5 + 1] = sequence.resets[0 * 5 + 3] = sequence.resets[5 * 5 + 4] = sequence.resets[6 * 5 + 1] = 1;
  return sequence;
}

}  // namespace eddy
