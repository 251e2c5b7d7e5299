#include "recurrent/layer_shape.h"

namespace eddy {

LayerShape::LayerShape(const RecurrentOptions& options, const CellType& cell)
    : D(options.input),
      H(options.hidden),
      G(static_cast<size_t>(cell.slots.gates)),
      S(static_cast<size_t>(cell.slots.states)),
      P(static_cast<size_t>(cell.slots.params)),
      R(options.projection ? options.projection : options.hidden),
      M(static_cast<size_t>(cell.slots.firsts)),
      F(static_cast<size_t>(cell.slots.first_gates)),
      K(static_cast<size_t>(cell.step.kept)),
      K1(static_cast<size_t>(cell.before.kept)),
      projected(options.projection > 0),
      product(cell.facts.products > 0),
      recurrent_bias(cell.facts.recurrent_bias) {}

}  // namespace eddy
