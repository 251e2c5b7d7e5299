// Everything the engine derives from a cell's header. A cell is
//
//     struct NAME {
//       template <class V> struct Gates { V i, f, ...; };      // gates, in the order of the rows of W, U and b
//       template <class V> struct State { V h, ...; };         // the first recurs and is put out
//       template <class V> struct Params { V i, ...; };        // optional: per-unit parameters
//       template <class V> struct First { V rh, ...; };        // optional: see below
//       template <class V> static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s [, First<V> m] [, Params<V>
//       p]); static constexpr CellInfo kInfo = {...};
//     };
//
// where x is the gates' share of W input + b and u their share of U h + c. A cell of two dependent products also has
//       static constexpr int kFirstGates;   // the first gates, whose u is a product with h; that of the others is with
//                                           // the first field of what Before returns, which Step gets as `m`
//       template <class V> static constexpr First<V> Before(Gates<V> x, Gates<V> u, State<V> s [, Params<V> p]);
#pragma once

#include <cstddef>
#include <utility>

#include "pointwise/program.h"

namespace eddy::pointwise {

// A struct template of n fields of V is numbered by its size and taken apart by structured bindings.
template <template <class> class Fields>
inline constexpr int kCount = sizeof(Fields<double>) / sizeof(double);

template <template <class> class Fields, class V, class F>
constexpr Fields<V> Fill(const F& f) {
  return [&]<size_t... I>(std::index_sequence<I...>) { return Fields<V>{f(static_cast<int>(I))...}; }
  (std::make_index_sequence<kCount<Fields>>());
}

template <template <class> class Fields, class V>
constexpr std::array<V, kCount<Fields>> List(const Fields<V>& fields) {
  constexpr int n = kCount<Fields>;
  static_assert(n >= 1 && n <= 8, "a cell's struct has 1 to 8 fields");
  if constexpr (n == 1) {
    const auto& [a] = fields;
    return {a};
  } else if constexpr (n == 2) {
    const auto& [a, b] = fields;
    return {a, b};
  } else if constexpr (n == 3) {
    const auto& [a, b, c] = fields;
    return {a, b, c};
  } else if constexpr (n == 4) {
    const auto& [a, b, c, d] = fields;
    return {a, b, c, d};
  } else if constexpr (n == 5) {
    const auto& [a, b, c, d, e] = fields;
    return {a, b, c, d, e};
  } else if constexpr (n == 6) {
    const auto& [a, b, c, d, e, f] = fields;
    return {a, b, c, d, e, f};
  } else if constexpr (n == 7) {
    const auto& [a, b, c, d, e, f, g] = fields;
    return {a, b, c, d, e, f, g};
  } else {
    const auto& [a, b, c, d, e, f, g, h] = fields;
    return {a, b, c, d, e, f, g, h};
  }
}

template <class Cell>
concept HasParams = requires {
  typename Cell::template Params<double>;
};
template <class Cell>
concept HasFirst = requires {
  typename Cell::template First<double>;
};

// Where things stand in a cell's programs. Inputs of every program: x, u, state, first results, parameters; a backward
// program then reads the kept values of its forward and the gradients of its results.
struct Slots {
  int gates = 0, states = 0, firsts = 0, params = 0, first_gates = 0;
  constexpr int x() const { return 0; }
  constexpr int u() const { return gates; }
  constexpr int s() const { return 2 * gates; }
  constexpr int m() const { return 2 * gates + states; }
  constexpr int p() const { return m() + firsts; }
  constexpr int inputs() const { return p() + params; }
};

template <class Cell>
constexpr Slots SlotsOf() {
  Slots slots;
  slots.gates = kCount<Cell::template Gates>;
  slots.states = kCount<Cell::template State>;
  slots.first_gates = slots.gates;
  if constexpr (HasParams<Cell>) slots.params = kCount<Cell::template Params>;
  if constexpr (HasFirst<Cell>) {
    slots.firsts = kCount<Cell::template First>;
    slots.first_gates = Cell::kFirstGates;
  }
  return slots;
}

// Calls a cell's Before or Step with values made by make(slot).
template <class Cell, bool kBefore, class V, class Make>
constexpr auto Evaluate(const Make& make) {
  constexpr Slots slots = SlotsOf<Cell>();
  const auto fields = [&]<template <class> class Fields>(std::type_identity<Fields<V>>, int base) {
    return Fill<Fields, V>([&](int i) { return make(base + i); });
  };
  const auto x = fields(std::type_identity<typename Cell::template Gates<V>>(), slots.x());
  const auto u = fields(std::type_identity<typename Cell::template Gates<V>>(), slots.u());
  const auto s = fields(std::type_identity<typename Cell::template State<V>>(), slots.s());
  if constexpr (HasParams<Cell>) {
    const auto p = fields(std::type_identity<typename Cell::template Params<V>>(), slots.p());
    if constexpr (kBefore) {
      return Cell::Before(x, u, s, p);
    } else if constexpr (HasFirst<Cell>) {
      return Cell::Step(x, u, s, fields(std::type_identity<typename Cell::template First<V>>(), slots.m()), p);
    } else {
      return Cell::Step(x, u, s, p);
    }
  } else {
    if constexpr (kBefore) {
      return Cell::Before(x, u, s);
    } else if constexpr (HasFirst<Cell>) {
      return Cell::Step(x, u, s, fields(std::type_identity<typename Cell::template First<V>>(), slots.m()));
    } else {
      return Cell::Step(x, u, s);
    }
  }
}

// One pointwise stage of a step and its derivative.
struct Stage {
  int results = 0;                          // the next states, or the first results
  int kept = 0;                             // values kept for the backward
  std::array<int, kMostSlots> kept_node{};  // which nodes of the recorded graph they are
  Program forward;                          // outputs: results, then kept values
  Program backward;  // inputs also: kept values, gradients of results; outputs: the gradient of every input slot
};

// The backward replays the cheap operations and reads the values of the others, and of the gates, which nothing else keeps.
constexpr Stage Derive(const Program& recorded, const Slots& slots) {
  const int inputs = slots.inputs();
  const auto may_keep = [&](const Node& n) { return IsKept(n.op) || (n.op == Op::kInput && n.a < slots.s()); };
  const Graph& f = recorded.graph;
  Stage stage;
  stage.results = recorded.num_outputs;
  stage.forward = recorded;

  // First with every kept candidate as an input, to learn which of them are read.
  NodeSet is_read{};
  for (bool final : {false, true}) {
    Program b;
    NodeMap value{}, adjoint{};
    const int zero = b.graph.Const(0);
    int kept = 0;
    for (int i = 0; i < f.size; ++i) {
      const Node& n = f.node[i];
      adjoint[i] = zero;
      if (may_keep(n)) {
        if (final && !is_read[i]) {
          value[i] = zero;  // never used
        } else {
          stage.kept_node[kept] = i;
          value[i] = b.graph.Input(inputs + kept++);
          if (final) stage.forward.Put(i);
        }
      } else if (n.op == Op::kInput || n.op == Op::kConst) {
        value[i] = b.graph.Push(n);
      } else {
        value[i] = b.graph.Emit(n.op, value[n.a], n.b >= 0 ? value[n.b] : -1);
      }
    }
    for (int r = 0; r < stage.results; ++r) {
      const int node = recorded.output[r];
      adjoint[node] = b.graph.Emit(Op::kAdd, adjoint[node], b.graph.Input(inputs + kept + r));
    }
    Differentiate(f, value, b.graph, adjoint);
    for (int slot = 0; slot < inputs; ++slot) b.Put(zero);
    for (int i = 0; i < f.size; ++i) {
      if (f.node[i].op == Op::kInput) b.output[f.node[i].a] = adjoint[i];
    }
    int candidate = 0;
    for (int i = 0; i < f.size && !final; ++i) {
      if (may_keep(f.node[i])) is_read[i] = Reads(b, inputs + candidate++);
    }
    stage.kept = kept;
    stage.backward = Fuse(b);
  }
  stage.forward = Fuse(stage.forward);
  return stage;
}

template <class Cell, bool kBefore>
constexpr Program Record() {
  Program p;
  const auto result = Evaluate<Cell, kBefore, Sym>([&](int slot) { return Sym{&p.graph, p.graph.Input(slot)}; });
  for (Sym s : List(result)) p.Put(s.id);
  return p;
}

// The main stage (Step), and what comes before it in a cell of two products (an empty stage otherwise).
template <class Cell>
inline constexpr Stage kStep = Derive(Record<Cell, false>(), SlotsOf<Cell>());
template <class Cell>
inline constexpr Stage kBefore = [] {
  if constexpr (HasFirst<Cell>) return Derive(Record<Cell, true>(), SlotsOf<Cell>());
  return Stage{};
}();

constexpr bool ReadsRange(const Program& p, int begin, int end) {
  for (int slot = begin; slot < end; ++slot) {
    if (Reads(p, slot)) return true;
  }
  return false;
}

// Whether anything multiplies the hidden state by a matrix.
template <class Cell>
inline constexpr bool kHasProduct = [] {
  const Slots slots = SlotsOf<Cell>();
  return HasFirst<Cell> || ReadsRange(kStep<Cell>.forward, slots.u(), slots.s());
}();

// Whether U h needs a bias of its own: where u is merely added to x, their derivatives are one node, and so are their
// biases.
template <class Cell>
inline constexpr bool kHasRecurrentBias = [] {
  const Slots slots = SlotsOf<Cell>();
  for (int g = 0; g < slots.gates && kHasProduct<Cell>; ++g) {
    const Program& b = HasFirst<Cell> && g < slots.first_gates ? kBefore<Cell>.backward : kStep<Cell>.backward;
    if (b.output[slots.x() + g] != b.output[slots.u() + g]) return true;
  }
  return false;
}();

// h' = a h + b with a and b read off Step, a as its derivative by h and b as its value at h = 0. Outputs: a, b, then Step's
// kept values. A cell is linear when none of them depends on the state and nothing is read from u.
template <class Cell>
constexpr Program DeriveScan() {
  constexpr Slots slots = SlotsOf<Cell>();
  Program p = Record<Cell, false>();
  const Graph forward = p.graph;
  NodeMap value{}, adjoint{};
  const int zero = p.graph.Const(0);
  for (int i = 0; i < forward.size; ++i) {
    value[i] = i;
    adjoint[i] = zero;
  }
  adjoint[p.output[0]] = p.graph.Const(1);
  Differentiate(forward, value, p.graph, adjoint);
  const auto at_zero = Evaluate<Cell, false, Sym>([&](int slot) {
    return Sym{&p.graph, slot == slots.s() ? p.graph.Const(0) : p.graph.Input(slot)};
  });
  p.num_outputs = 0;
  p.Put(adjoint[forward.Find({Op::kInput, slots.s()})]);
  p.Put(List(at_zero)[0].id);
  for (int k = 0; k < kStep<Cell>.kept; ++k) p.Put(kStep<Cell>.kept_node[k]);
  return Fuse(p);
}

template <class Cell>
inline constexpr bool kIsLinear = [] {
  constexpr Slots slots = SlotsOf<Cell>();
  if constexpr (slots.states == 1 && !kHasProduct<Cell>) {
    return !Reads(DeriveScan<Cell>(), slots.s());
  } else {
    return false;
  }
}();
template <class Cell>
inline constexpr Program kScan = [] {
  if constexpr (kIsLinear<Cell>) return DeriveScan<Cell>();
  return Program{};
}();

// What the kernels that run these programs read and write, by slot.
using SlotSet = std::array<bool, kMostSlots>;

constexpr SlotSet AllReads(const Program& p) {
  SlotSet reads{};
  for (int slot = 0; slot < kMostSlots; ++slot) reads[slot] = Reads(p, slot);
  return reads;
}

constexpr SlotSet FirstSlots(int count) {
  SlotSet set{};
  for (int slot = 0; slot < count; ++slot) set[slot] = true;
  return set;
}

constexpr bool IsZero(const Stage& stage, int slot) { return stage.backward.graph.Is(stage.backward.output[slot], 0); }

// Gradients that a stage's backward stores: those of u only where they differ from x's, and of zeros those that whoever
// reads the gradients would else find unwritten: of states, and of gates that no stage reads.
template <class Cell, bool kIsBefore>
constexpr SlotSet BackwardWrites() {
  constexpr Slots slots = SlotsOf<Cell>();
  const Stage& stage = kIsBefore ? kBefore<Cell> : kStep<Cell>;
  SlotSet writes{};
  for (int slot = 0; slot < slots.inputs(); ++slot) {
    const bool is_u = slot >= slots.u() && slot < slots.s(), is_state = slot >= slots.s() && slot < slots.m();
    const bool is_gate = slot < slots.s(), in_before = HasFirst<Cell> && !IsZero(kBefore<Cell>, slot);
    const bool zeros = !kIsBefore && (is_state || (is_gate && !in_before));
    writes[slot] = (!IsZero(stage, slot) || zeros) && (!is_u || kHasRecurrentBias<Cell>);
  }
  return writes;
}

// Gradients that a stage's backward adds to what is there: of parameters, and in Before of what Step has written.
template <class Cell, bool kIsBefore>
constexpr SlotSet BackwardAdds() {
  constexpr Slots slots = SlotsOf<Cell>();
  const SlotSet step = BackwardWrites<Cell, false>();
  SlotSet adds{};
  for (int slot = 0; slot < slots.inputs(); ++slot) adds[slot] = slot >= slots.p() || (kIsBefore && step[slot]);
  return adds;
}

}  // namespace eddy::pointwise
