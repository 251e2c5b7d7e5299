// The sizes of a layer, under the letters used everywhere, and where things stand in its arrays.
#pragma once

#include <cstddef>

#include "eddy/recurrent.h"
#include "kernels/cell_type.h"

namespace eddy {

// Rows of states. Component 0, h, may stand apart from the others, which follow one another: components 1 to S - 1 and, if
// there is one, the projected output, as component S.
struct StateRows {
  Real* h = nullptr;
  size_t h_stride = 0;
  Real* others = nullptr;
  size_t others_stride = 0;
  size_t H = 0;

  Real* At(size_t component, size_t row) const {
    return component == 0 ? h + row * h_stride : others + (component - 1) * H + row * others_stride;
  }
  size_t Stride(size_t component) const { return component == 0 ? h_stride : others_stride; }
};

struct LayerShape {
  LayerShape(const RecurrentOptions& options, const CellType& cell);

  size_t D, H, G, S;  // inputs, hidden units, gates, state components
  size_t P;           // per-unit parameters
  size_t R;           // width of what recurs and is put out
  size_t M;           // first results of a cell of two products, else 0
  size_t F;           // gates whose u is a product with h: all, or the first ones in a cell of two products
  size_t K, K1;       // kept values of Step and of Before
  bool projected;
  bool product;         // whether anything multiplies h
  bool recurrent_bias;  // whether u has a bias and a gradient of its own

  // A row of states [Width()], where none stands apart: S components of H, then the projected output if there is one.
  size_t Width() const { return S * H + (projected ? R : 0); }
  size_t OthersWidth() const { return Width() - H; }
  StateRows Rows(Real* states) const { return {states, Width(), states == nullptr ? nullptr : states + H, Width(), H}; }
  // The component that is put out: R wide.
  size_t Output() const { return projected ? S : 0; }
  // What dropout of h applies to: what is put out, where that enters a product; else the h that Step reads.
  size_t Operand() const { return product ? Output() : 0; }
  size_t OperandWidth() const { return product ? R : H; }
  size_t GH() const { return G * H; }
};

}  // namespace eddy
