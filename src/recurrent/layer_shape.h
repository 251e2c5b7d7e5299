// The sizes of a layer, under the letters used everywhere, and where things stand in its arrays.
#pragma once

#include <cstddef>

#include "eddy/recurrent.h"
#include "kernels/cell_type.h"

namespace eddy {

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

  // A state row: S components of H, then the projected output if there is one.
  size_t Width() const { return S * H + (projected ? R : 0); }
  // Where in a state row that is which is put out: R wide.
  size_t OutputAt() const { return projected ? S * H : 0; }
  // What dropout of h applies to: what is put out, where that enters a product; else the h that Step reads.
  size_t OperandAt() const { return product ? OutputAt() : 0; }
  size_t OperandWidth() const { return product ? R : H; }
  size_t GH() const { return G * H; }
};

}  // namespace eddy
