// The weights that a layer starts from.
#pragma once

#include <string>

#include "eddy/parameter.h"
#include "eddy/random.h"
#include "eddy/tensor.h"

namespace eddy {

// Orthogonal (Saxe 2014): Gaussian vectors made orthonormal, [rows, cols]. Where the
// matrix is not square, its rows or columns are orthonormal, whichever are fewer. Time cubic in the size.
void FillOrthogonal(Real* matrix, size_t rows, size_t cols, Random& random);
void FillIdentity(Real* matrix, size_t rows, size_t cols);
void FillUniform(const Tensor& tensor, double low, double high, Random& random);
Parameter UniformParameter(std::string name, const Shape& shape, double limit, Random& random);  // within +-limit

}  // namespace eddy
