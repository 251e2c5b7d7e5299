#include "recurrent/initialize.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace eddy {
namespace {

// Several sums at once, which the compiler may keep in vectors.
double Dot(const double* a, const double* b, size_t n) {
  constexpr size_t kSums = 16;
  double sums[kSums] = {};
  const size_t whole = n / kSums * kSums;
  for (size_t j = 0; j < whole; j += kSums) {
    for (size_t k = 0; k < kSums; ++k) sums[k] += a[j + k] * b[j + k];
  }
  for (size_t j = whole; j < n; ++j) sums[j - whole] += a[j] * b[j];
  return std::accumulate(sums, sums + kSums, 0.0);
}

}  // namespace

void FillOrthogonal(Real* matrix, size_t rows, size_t cols, Random& random) {
  const size_t count = std::min(rows, cols), length = std::max(rows, cols);
  std::vector<double> vectors(count * length);
  for (size_t i = 0; i < count; ++i) {
    double* v = vectors.data() + i * length;
    for (size_t j = 0; j < length; ++j) v[j] = random.Normal();
    for (int pass = 0; pass < 2; ++pass) {  // the second takes away what rounding left by the first
      for (size_t k = 0; k < i; ++k) {
        const double* w = vectors.data() + k * length;
        const double along = Dot(v, w, length);
        for (size_t j = 0; j < length; ++j) v[j] -= along * w[j];
      }
    }
    const double norm = std::sqrt(Dot(v, v, length));
    for (size_t j = 0; j < length; ++j) v[j] /= norm;
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

Parameter UniformParameter(std::string name, const Shape& shape, double limit, Random& random) {
  const Tensor values = Tensor::Uninitialized(shape);
  FillUniform(values, -limit, limit, random);
  return Parameter(std::move(name), values);
}

}  // namespace eddy
