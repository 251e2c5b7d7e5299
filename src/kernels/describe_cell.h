// A cell's entry in the table, but for its kernels.
#pragma once

#include "kernels/cell_type.h"

namespace eddy {

// The one gate that `node` depends on, or -1 when there are several or a state is among what it depends on.
inline int GateOf(const pointwise::Graph& graph, int node, const pointwise::Slots& slots) {
  int gate = -1;
  if (pointwise::DependsOn(graph, slots.m(), slots.p())[node]) return -1;
  for (int g = 0; g < slots.gates; ++g) {
    if (!pointwise::DependsOn(graph, slots.x() + g, slots.x() + g + 1)[node]) continue;
    if (gate >= 0) return -1;
    gate = g;
  }
  return gate;
}

inline StageType DescribeStage(const pointwise::Stage& stage, const pointwise::Program& recorded,
                               const pointwise::Slots& slots) {
  StageType type;
  type.results = stage.results;
  type.kept = stage.kept;
  for (int k = 0; k < stage.kept; ++k) {
    const int node = stage.kept_node[k];
    type.kept_op[k] = recorded.graph.node[node].op;
    type.kept_gate[k] = GateOf(recorded.graph, node, slots);
  }
  return type;
}

template <class Cell>
CellType DescribeCell(std::string_view name) {
  using namespace pointwise;
  CellType type;
  type.name = name;
  type.info = Cell::kInfo;
  type.slots = SlotsOf<Cell>();
  type.step = DescribeStage(kStep<Cell>, Record<Cell, false>(), type.slots);
  if constexpr (HasFirst<Cell>) type.before = DescribeStage(kBefore<Cell>, Record<Cell, true>(), type.slots);
  if constexpr (HasFirst<Cell>) type.step_ignores_operand = !BackwardWrites<Cell, false>()[type.slots.m()];
  type.facts = {
      .gates = type.slots.gates,
      .states = type.slots.states,
      .params = type.slots.params,
      .products = HasFirst<Cell>      ? 2
                  : kHasProduct<Cell> ? 1
                                      : 0,
      .recurrent_bias = kHasRecurrentBias<Cell>,
      .linear = kIsLinear<Cell>,
      .forward_operations = CountOperations(kBefore<Cell>.forward) + CountOperations(kStep<Cell>.forward),
      .backward_operations = CountOperations(kBefore<Cell>.backward) + CountOperations(kStep<Cell>.backward),
      .kept = kBefore<Cell>.kept + kStep<Cell>.kept,
  };
  return type;
}

}  // namespace eddy
