// Programs derived from a recorded graph: liveness, fusing of multiply-adds, and the backward by reverse differentiation.
#pragma once

#include "pointwise/graph.h"

namespace eddy::pointwise {

inline constexpr int kMostSlots = 64;  // inputs or outputs of a program

// A graph with named ends: input slot i is the node {kInput, i}; output i is node output[i].
struct Program {
  Graph graph;
  int num_outputs = 0;
  std::array<int, kMostSlots> output{};

  constexpr void Put(int node) { output[num_outputs++] = node; }
};

using NodeSet = std::array<bool, Graph::kMost>;

// The nodes that the first `outputs` outputs need.
constexpr NodeSet Live(const Program& p, int outputs) {
  NodeSet live{};
  for (int i = 0; i < outputs; ++i) live[p.output[i]] = true;
  for (int i = p.graph.size - 1; i >= 0; --i) {
    const Node& n = p.graph.node[i];
    if (!live[i] || n.op == Op::kInput) continue;
    for (int operand : {n.a, n.b, n.c}) {
      if (operand >= 0) live[operand] = true;
    }
  }
  return live;
}

// The nodes whose value depends on an input slot in [begin, end).
constexpr NodeSet DependsOn(const Graph& g, int begin, int end) {
  NodeSet depends{};
  for (int i = 0; i < g.size; ++i) {
    const Node& n = g.node[i];
    if (n.op == Op::kInput) {
      depends[i] = n.a >= begin && n.a < end;
    } else {
      for (int operand : {n.a, n.b, n.c}) depends[i] |= operand >= 0 && depends[operand];
    }
  }
  return depends;
}

constexpr bool Reads(const Program& p, int slot) {
  const NodeSet live = Live(p, p.num_outputs);
  for (int i = 0; i < p.graph.size; ++i) {
    if (live[i] && p.graph.node[i].op == Op::kInput && p.graph.node[i].a == slot) return true;
  }
  return false;
}

// Arithmetic operations that are executed.
constexpr int CountOperations(const Program& p) {
  const NodeSet live = Live(p, p.num_outputs);
  int count = 0;
  for (int i = 0; i < p.graph.size; ++i) count += live[i] && p.graph.node[i].op > Op::kConst;
  return count;
}

// Turns products that only one sum reads into fused multiply-adds, a product on the left first: a cell that writes its state
// term first has it rounded once, in the scan as in the step. Drops what no output needs.
constexpr Program Fuse(const Program& p) {
  const NodeSet live = Live(p, p.num_outputs);
  std::array<int, Graph::kMost> uses{}, absorbs{}, map{};
  NodeSet absorbed{};
  for (int i = 0; i < p.graph.size; ++i) {
    const Node& n = p.graph.node[i];
    if (!live[i] || n.op == Op::kInput) continue;
    for (int operand : {n.a, n.b, n.c}) {
      if (operand >= 0) ++uses[operand];
    }
  }
  for (int i = 0; i < p.num_outputs; ++i) ++uses[p.output[i]];
  for (int i = 0; i < p.graph.size; ++i) {
    const Node& n = p.graph.node[i];
    absorbs[i] = -1;
    if (!live[i] || (n.op != Op::kAdd && n.op != Op::kSub)) continue;
    for (int operand : {n.a, n.b}) {
      if (absorbs[i] < 0 && p.graph.node[operand].op == Op::kMul && uses[operand] == 1) absorbs[i] = operand;
    }
    if (absorbs[i] >= 0) absorbed[absorbs[i]] = true;
  }
  Program q;
  for (int i = 0; i < p.graph.size; ++i) {
    if (!live[i] || absorbed[i]) continue;
    Node n = p.graph.node[i];
    if (absorbs[i] >= 0) {
      const Node& product = p.graph.node[absorbs[i]];
      const bool left = absorbs[i] == n.a;
      const Op op = n.op == Op::kAdd ? Op::kMulAdd : left ? Op::kMulSub : Op::kSubMul;
      n = {op, map[product.a], map[product.b], map[left ? n.b : n.a]};
    } else if (n.op != Op::kInput) {
      if (n.a >= 0) n.a = map[n.a];
      if (n.b >= 0) n.b = map[n.b];
    }
    map[i] = q.graph.Push(n);
  }
  for (int i = 0; i < p.num_outputs; ++i) q.Put(map[p.output[i]]);
  return q;
}

using NodeMap = std::array<int, Graph::kMost>;

// Reverse differentiation. `value[i]` is the node of `to` that holds the value of forward node i; on entry `adjoint[i]` is
// the node of `to` that holds what is known of d result / d node i (a constant 0 at least); on return it is complete.
constexpr void Differentiate(const Graph& forward, const NodeMap& value, Graph& to, NodeMap& adjoint) {
  const auto add = [&](int node, int amount) { adjoint[node] = to.Emit(Op::kAdd, adjoint[node], amount); };
  const auto mul = [&](int a, int b) { return to.Emit(Op::kMul, a, b); };
  const int one = to.Const(1);
  for (int i = forward.size - 1; i >= 0; --i) {
    const Node& n = forward.node[i];
    const int d = adjoint[i], y = value[i];
    if (to.Is(d, 0)) continue;
    switch (n.op) {  // every derivative rule in the library
      case Op::kAdd:
        add(n.a, d), add(n.b, d);
        break;
      case Op::kSub:
        add(n.a, d), adjoint[n.b] = to.Emit(Op::kSub, adjoint[n.b], d);
        break;
      case Op::kMul:
        add(n.a, mul(d, value[n.b])), add(n.b, mul(d, value[n.a]));
        break;
      case Op::kDiv: {
        const int da = to.Emit(Op::kDiv, d, value[n.b]);
        add(n.a, da), adjoint[n.b] = to.Emit(Op::kSub, adjoint[n.b], mul(da, y));
        break;
      }
      case Op::kGate:
        add(n.b, to.Emit(Op::kGate, value[n.a], d));
        break;
      case Op::kRelu:
        add(n.a, to.Emit(Op::kGate, y, d));
        break;
      case Op::kSigmoid:
        add(n.a, mul(d, mul(y, to.Emit(Op::kSub, one, y))));
        break;
      case Op::kTanh:
        add(n.a, mul(d, to.Emit(Op::kSub, one, mul(y, y))));
        break;
      case Op::kExp:
        add(n.a, mul(d, y));
        break;
      case Op::kSqrt:
        add(n.a, to.Emit(Op::kDiv, mul(to.Const(0.5), d), y));
        break;
      default:
        break;
    }
  }
}

}  // namespace eddy::pointwise
