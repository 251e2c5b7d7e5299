// A cell as the time loop sees it: what its programs read and write, and the compiled kernels that run them over rows.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "eddy/cell.h"
#include "eddy/real.h"
#include "pointwise/cell_programs.h"

namespace eddy {

// A pointwise kernel goes over `rows` rows of `units` units. Row r of slot i is at in[i] + r * in_stride[i]; a stride of 0
// gives every row the same values. Slots that the program does not touch may hold anything. Outputs may alias inputs of the
// same slot position only if they are exactly the same rows. A row's units are consecutive, but for gates that a product has
// made (slots x and u of a forward): from one vector of units to the next it is x_step or u_step reals, and the last vector
// is whole.
struct PointwiseArgs {
  size_t rows = 0, units = 0;
  size_t x_step = 0, u_step = 0;
  std::array<const Real*, pointwise::kMostSlots> in;
  std::array<size_t, pointwise::kMostSlots> in_stride;
  std::array<Real*, pointwise::kMostSlots> out;
  std::array<size_t, pointwise::kMostSlots> out_stride;

  void In(int slot, const Real* data, size_t stride) {
    in[static_cast<size_t>(slot)] = data;
    in_stride[static_cast<size_t>(slot)] = stride;
  }
  void Out(int slot, Real* data, size_t stride) {
    out[static_cast<size_t>(slot)] = data;
    out_stride[static_cast<size_t>(slot)] = stride;
  }
};
using PointwiseKernel = void (*)(const PointwiseArgs&);

// Slots are numbered as in pointwise::Slots. A backward reads inputs, kept values and gradients of results. It writes:
//   x, u, state and first-result slots: the gradient. The main stage's backward runs first and stores; the backward of
//     Before then adds to what the main stage has written. State slots are always written. u slots are written only for a
//     cell with a recurrent bias; otherwise the gradient of u is that of x.
//   parameter slots: adds the gradient.
struct StageType {
  int results = 0, kept = 0;
  std::array<pointwise::Op, pointwise::kMostSlots> kept_op{};  // what each kept value is the result of,
  std::array<int, pointwise::kMostSlots> kept_gate{};          // and the one gate it depends on, or -1
  PointwiseKernel train = nullptr;                             // writes results and kept values
  PointwiseKernel infer = nullptr;                             // writes results
  PointwiseKernel backward = nullptr;
};

struct CellType {
  std::string_view name;
  CellInfo info;
  CellFacts facts;
  pointwise::Slots slots;
  StageType before;  // results == 0 when the cell has one product at most
  StageType step;
  bool step_ignores_operand = false;  // whether Step reads the second product's operand only through the product
  // For a linear cell: reads x and p, writes a, b and the kept values of Step; h' = a h + b.
  PointwiseKernel scan = nullptr;
  size_t lanes = 0;  // reals in a vector of the kernels, which must be VectorWidth() of product.h
};

}  // namespace eddy
