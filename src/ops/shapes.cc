#include "ops/shapes.h"

#include <string>

#include "eddy/error.h"

namespace eddy {

size_t Rows(const Shape& shape) {
  size_t rows = 1;
  for (size_t i = 0; i + 1 < shape.rank(); ++i) rows *= shape[i];
  return rows;
}

size_t Cols(const Shape& shape) { return shape.rank() == 0 ? 1 : shape[shape.rank() - 1]; }

Shape WithDim(const Shape& shape, size_t i, size_t n) {
  const auto dim = [&](size_t j) { return j == i ? n : shape[j]; };
  switch (shape.rank()) {
    case 1:
      return {dim(0)};
    case 2:
      return {dim(0), dim(1)};
    case 3:
      return {dim(0), dim(1), dim(2)};
    default:
      return {dim(0), dim(1), dim(2), dim(3)};
  }
}

Shape WithCols(const Shape& shape, size_t cols) { return WithDim(shape, shape.rank() - 1, cols); }

Shape RowsOf(const Shape& shape) {
  switch (shape.rank()) {
    case 1:
      return {};
    case 2:
      return {shape[0]};
    case 3:
      return {shape[0], shape[1]};
    default:
      return {shape[0], shape[1], shape[2]};
  }
}

void RequireSameShape(std::string_view operation, std::string_view argument, const Shape& expected, const Shape& given) {
  if (given != expected) Fail(operation, argument, "of shape " + expected.ToString(), given.ToString());
}

void RequireLengths(std::string_view operation, const Shape& x, std::span<const size_t> lengths) {
  Require(x.rank() == 3, operation, "x", "[T, B, D]", x.ToString());
  if (!lengths.empty() && lengths.size() != x[1]) {
    Fail(operation, "lengths", "one a row of " + x.ToString(), std::to_string(lengths.size()));
  }
  for (const size_t length : lengths) {
    if (length > x[0]) Fail(operation, "a length", "at most the steps of " + x.ToString(), std::to_string(length));
  }
}

}  // namespace eddy
