#include "recurrent/initialize.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace eddy {

void FillOrthogonal(Real* matrix, size_t rows, size_t cols, Random& random) {
  const size_t count = std::min(rows, cols), length = std::max(rows, cols);
  std::vector<double> vectors(count * length);
  for (size_t i = 0; i < count; ++i) {
    double* v = vectors.data() + i * length;
    for (size_t j = 0; j < length; ++j) v[j] = random.Normal();
    for (int pass = 0; pass < 2; ++pass) {  // the second takes away what rounding left by the first
      for (size_t k = 0; k < i; ++k) {
        const double* w = vectors.data() + k * length;
        double along = 0;
        for (size_t j = 0; j < length; ++j) along += v[j] * w[j];
        for (size_t j = 0; j < length; ++j) v[j] -= along * w[j];
      }
    }
    double squares = 0;
    for (size_t j = 0; j < length; ++j) squares += v[j] * v[j];
    for (size_t j = 0; j < length; ++j) v[j] /= std::sqrt(squares);
  }
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < cols; ++c) {
      matrix[r * cols + c] = static_cast<Real>(rows <= cols ? vectors[r * length + c] : vectors[c * length + r]);
    }
  }
}

void FillIdentity(Real* matrix, size_t rows, size_t cols) {
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < cols; ++c) matrix[r * cols + c] = r == c;
  }
}

void FillUniform(const Tensor& tensor, double low, double high, Random& random) {
  for (Real& value : tensor.values()) value = static_cast<Real>(low + (high - low) * random.Uniform());
}

}  // namespace eddy
