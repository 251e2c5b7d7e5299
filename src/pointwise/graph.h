// A cell's arithmetic as data: a straight-line program in single-assignment form, and the symbol type that records it.
// Everything is constexpr, so a cell is recorded while compiling; the same functions work at run time.
#pragma once

#include <array>
#include <cstdint>

namespace eddy::pointwise {

enum class Op : uint8_t {
  kInput,   // slot a
  kConst,   // value
  kAdd,     // a + b
  kSub,     // a - b
  kMul,     // a b
  kDiv,     // a / b
  kMulAdd,  // a b + c, rounded once; the fused forms are made by Fuse(), never recorded
  kMulSub,  // a b - c
  kSubMul,  // c - a b
  kGate,    // b where a > 0, else 0
  kRelu,    // the operations from here on are costly or lose their input: their values are kept for the backward
  kSigmoid,
  kTanh,
  kExp,
  kSqrt,
};

constexpr bool IsKept(Op op) { return op >= Op::kRelu; }
constexpr int Operands(Op op) {
  if (op == Op::kInput || op == Op::kConst) return 0;
  if (IsKept(op)) return 1;
  return op >= Op::kMulAdd && op <= Op::kSubMul ? 3 : 2;
}

struct Node {
  Op op = Op::kConst;
  int a = -1, b = -1, c = -1;
  double value = 0;
  constexpr bool operator==(const Node&) const = default;
};

// Push() reuses equal nodes and Emit() folds constants, which is all the optimisation that programs of this size need.
struct Graph {
  static constexpr int kMost = 192;
  std::array<Node, kMost> node{};
  int size = 0;

  constexpr int Find(const Node& n) const {  // -1 when there is none
    for (int i = 0; i < size; ++i) {
      if (node[i] == n) return i;
    }
    return -1;
  }
  constexpr int Push(const Node& n) {
    const int found = Find(n);
    if (found >= 0) return found;
    node[size] = n;  // out of range is a compile-time error
    return size++;
  }
  constexpr int Input(int slot) { return Push({Op::kInput, slot}); }
  constexpr int Const(double value) { return Push({Op::kConst, -1, -1, -1, value}); }
  constexpr bool Is(int i, double value) const { return node[i].op == Op::kConst && node[i].value == value; }
  constexpr int Emit(Op op, int a, int b = -1) {
    switch (op) {
      case Op::kAdd:
        if (Is(a, 0)) return b;
        if (Is(b, 0)) return a;
        break;
      case Op::kSub:
        if (Is(b, 0)) return a;
        break;
      case Op::kMul:
        if (Is(a, 0) || Is(b, 0)) return Const(0);
        if (Is(a, 1)) return b;
        if (Is(b, 1)) return a;
        break;
      case Op::kDiv:
        if (Is(a, 0)) return a;
        if (Is(b, 1)) return a;
        break;
      case Op::kGate:
        if (Is(b, 0)) return b;
        break;
      default:
        break;
    }
    return Push({op, a, b});
  }
};

// What a cell's Step is evaluated on to record it.
struct Sym {
  Graph* graph;
  int id;
};

constexpr Sym operator+(Sym x, Sym y) { return {x.graph, x.graph->Emit(Op::kAdd, x.id, y.id)}; }
constexpr Sym operator-(Sym x, Sym y) { return {x.graph, x.graph->Emit(Op::kSub, x.id, y.id)}; }
constexpr Sym operator*(Sym x, Sym y) { return {x.graph, x.graph->Emit(Op::kMul, x.id, y.id)}; }
constexpr Sym operator/(Sym x, Sym y) { return {x.graph, x.graph->Emit(Op::kDiv, x.id, y.id)}; }
constexpr Sym operator+(double x, Sym y) { return Sym{y.graph, y.graph->Const(x)} + y; }
constexpr Sym operator-(double x, Sym y) { return Sym{y.graph, y.graph->Const(x)} - y; }
constexpr Sym operator*(double x, Sym y) { return Sym{y.graph, y.graph->Const(x)} * y; }
constexpr Sym Relu(Sym x) { return {x.graph, x.graph->Emit(Op::kRelu, x.id)}; }
constexpr Sym Sigmoid(Sym x) { return {x.graph, x.graph->Emit(Op::kSigmoid, x.id)}; }
constexpr Sym Tanh(Sym x) { return {x.graph, x.graph->Emit(Op::kTanh, x.id)}; }
constexpr Sym Exp(Sym x) { return {x.graph, x.graph->Emit(Op::kExp, x.id)}; }
constexpr Sym Sqrt(Sym x) { return {x.graph, x.graph->Emit(Op::kSqrt, x.id)}; }

}  // namespace eddy::pointwise
