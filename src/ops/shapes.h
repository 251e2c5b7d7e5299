// What operations ask of shapes. "Rows" are all dimensions but the last.
#pragma once

#include <span>
#include <string_view>

#include "eddy/tensor.h"

namespace eddy {

size_t Rows(const Shape& shape);  // their number; 1 for a scalar
size_t Cols(const Shape& shape);  // the last dimension; 1 for a scalar
// For a rank of at least 1.
Shape WithDim(const Shape& shape, size_t i, size_t n);  // dimension i replaced by n
Shape WithCols(const Shape& shape, size_t cols);        // the last dimension replaced
Shape RowsOf(const Shape& shape);                       // the last dimension dropped

// Throws Error unless the shapes are the same.
void RequireSameShape(std::string_view operation, std::string_view argument, const Shape& expected, const Shape& given);

// Throws Error unless x is [T, B, D] and lengths, where not empty, are [B] and at most T.
void RequireLengths(std::string_view operation, const Shape& x, std::span<const size_t> lengths);

}  // namespace eddy
