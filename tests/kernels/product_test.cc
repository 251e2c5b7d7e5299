// Products against a naive loop over every size around a tile, and the law of one summation order.
#include "kernels/product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "eddy/random.h"
#include "kernels/product_kernels.h"

namespace eddy {
namespace product_test {

std::vector<Real> RandomValues(size_t n, uint64_t seed) {
  Random random(seed);
  std::vector<Real> values(n);
  for (Real& value : values) value = static_cast<Real>(random.Normal());
  return values;
}

Real At(const MatrixView& m, size_t i, size_t j) { return m.data[i * m.row_stride + j * m.col_stride]; }

// The order of the law. Whether the machine's best instruction set rounds a multiply-add once is asked of a product.
std::vector<Real> InOrder(const MatrixView& a, const MatrixView& b, const std::vector<Real>& start, bool fused) {
  std::vector<Real> c = start;
  for (size_t m = 0; m < a.rows; ++m) {
    for (size_t n = 0; n < b.cols; ++n) {
      Real& sum = c[m * b.cols + n];
      for (size_t k = 0; k < a.cols; ++k) {
        const Real x = At(a, m, k), y = At(b, k, n);
        if (fused) {
          sum = std::fma(x, y, sum);
        } else {
          const volatile Real product = x * y;
          sum = sum + product;
        }
      }
    }
  }
  return c;
}

bool Fused() {
  const Real a = 1 + Real(1e-4), b = 1 - Real(1e-4);
  Real c = -1;
  Threads threads(1);
  Product(RowMajor(&a, 1, 1), RowMajor(&b, 1, 1), &c, 1, Start::kC, nullptr, threads);
  return c == std::fma(a, b, Real{-1});
}

TEST(Product, products_of_one_matrix_together_are_those_apart) {
  for (int team : {1, 3}) {
    Threads threads(team, Threads::Share::kAlways);
    for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
      for (size_t M : {1, 7, 97}) {
        const size_t K = 600, N1 = 65, N2 = 130;
        const auto a = RandomValues(M * K, 1), b1 = RandomValues(K * N1, 2), b2 = RandomValues(K * N2, 3);
        const auto c1 = RandomValues(M * N1, 4), c2 = RandomValues(M * N2, 5);
        const bool rows = precision == Precision::kInt8;  // which wants A's rows contiguous
        const MatrixView A = rows ? RowMajor(a.data(), M, K) : RowMajor(a.data(), K, M).Transposed();
        const MatrixView B1 = RowMajor(b1.data(), K, N1), B2 = RowMajor(b2.data(), N2, K).Transposed();
        auto apart1 = c1, apart2 = c2, together1 = c1, together2 = c2;
        Product(A, B1, apart1.data(), N1, Start::kC, nullptr, threads, precision);
        Product(A, B2, apart2.data(), N2, Start::kC, nullptr, threads, precision);
        const ProductSum sums[] = {{B1, together1.data(), N1}, {B2, together2.data(), N2}};
        AddProducts(A, sums, threads, precision);
        EXPECT_EQ(together1, apart1) << M;
        EXPECT_EQ(together2, apart2) << M;
      }
    }
  }
}

TEST(Product, every_element_is_summed_in_the_order_of_the_inner_dimension) {
  const bool fused = Fused();
  Threads threads(3, Threads::Share::kAlways);
  for (size_t M : {1, 2, 5, 6, 7, 13, 97}) {
    for (size_t N : {1, 3, 15, 16, 17, 31, 64, 65, 130}) {
      for (size_t K : {1, 2, 19, 600}) {
        const auto a = RandomValues(M * K, 1), b = RandomValues(K * N, 2), bias = RandomValues(N, 3),
                   c0 = RandomValues(M * N, 4);
        for (bool transpose_a : {false, true}) {
          const MatrixView A = transpose_a ? RowMajor(a.data(), K, M).Transposed() : RowMajor(a.data(), M, K);
          const MatrixView B = transpose_a ? RowMajor(b.data(), K, N) : RowMajor(b.data(), N, K).Transposed();
          std::vector<Real> c = c0;
          Product(A, B, c.data(), N, Start::kC, nullptr, threads);
          EXPECT_EQ(c, InOrder(A, B, c0, fused)) << M << " x " << N << " x " << K;

          if (transpose_a) continue;  // a packed product reads A's rows as they are
          std::vector<Real> biased(M * N);
          for (size_t i = 0; i < M * N; ++i) biased[i] = bias[i % N];
          std::vector<Real> packed(M * N);
          PackedProduct(A, PackedMatrix(B), 0, N, packed.data(), N, Start::kBias, bias.data());
          EXPECT_EQ(packed, InOrder(A, B, biased, fused)) << M << " x " << N << " x " << K;
        }
      }
    }
  }
}

// Of a matrix that is larger than the second-level cache, whose next panel is asked for while one is multiplied.
TEST(Product, a_large_matrix_gives_the_same_bits_row_by_row_and_in_either_direction) {
  constexpr size_t K = 320, N = 3500;
  const auto a = RandomValues(13 * K, 1), b = RandomValues(K * N, 2), bias = RandomValues(N, 3);
  Threads threads(2, Threads::Share::kAlways);
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    const PackedMatrix packed(RowMajor(b.data(), K, N), precision);
    for (size_t M : {2, 6, 7, 13}) {
      const MatrixView A = RowMajor(a.data(), M, K);
      std::vector<Real> rows(M * N), forwards(M * N), backwards(M * N), whole(M * N);
      for (size_t m = 0; m < M; ++m) {
        PackedProduct(RowMajor(a.data() + m * K, 1, K), packed, 0, N, rows.data() + m * N, N, Start::kBias, bias.data());
      }
      const size_t middle = 16 * PanelWidth();
      PackedProduct(A, packed, 0, N, forwards.data(), N, Start::kBias, bias.data());
      PackedProduct(A, packed, middle, N, backwards.data() + middle, N, Start::kBias, bias.data() + middle, true);
      PackedProduct(A, packed, 0, middle, backwards.data(), N, Start::kBias, bias.data(), true);
      Product(A, RowMajor(b.data(), K, N), whole.data(), N, Start::kBias, bias.data(), threads, precision);
      EXPECT_EQ(forwards, rows) << PrecisionName(precision) << " " << M;
      EXPECT_EQ(backwards, rows) << PrecisionName(precision) << " " << M;
      EXPECT_EQ(whole, rows) << PrecisionName(precision) << " " << M;
    }
  }
}

Real Rounded(Real x) {
  const float value = static_cast<float>(x);
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000;
  float rounded;
  std::memcpy(&rounded, &bits, sizeof(bits));
  return static_cast<Real>(rounded);
}

TEST(Product, in_bfloat16_multiplies_rounded_operands) {
  Threads threads(2, Threads::Share::kAlways);
  for (size_t M : {1, 3, 6, 7, 50, 97}) {
    for (size_t N : {1, 15, 17, 64, 65, 256, 300}) {
      for (size_t K : {1, 2, 19, 600, 1025}) {
        auto a = RandomValues(M * K, 1), b = RandomValues(K * N, 2);
        const std::vector<Real> exact_a = a, exact_b = b;
        for (Real& x : a) x = Rounded(x);
        for (Real& x : b) x = Rounded(x);
        for (bool transposed : {false, true}) {
          const auto view_a = [&](const Real* data) {
            return transposed ? RowMajor(data, K, M).Transposed() : RowMajor(data, M, K);
          };
          const auto view_b = [&](const Real* data) {
            return transposed ? RowMajor(data, N, K).Transposed() : RowMajor(data, K, N);
          };
          const std::vector<Real> expected = InOrder(view_a(a.data()), view_b(b.data()), std::vector<Real>(M * N), true);
          std::vector<Real> c(M * N, 7), packed(M * N, 7);
          const MatrixView A = view_a(exact_a.data()), B = view_b(exact_b.data());
          Product(A, B, c.data(), N, Start::kZero, nullptr, threads, Precision::kBfloat16);
          for (size_t i = 0; i < c.size(); ++i) ASSERT_NEAR(c[i], expected[i], 1e-5 * static_cast<double>(K)) << M << N << K;
          if (transposed) continue;
          PackedProduct(A, PackedMatrix(B, Precision::kBfloat16), 0, N, packed.data(), N, Start::kZero, nullptr);
          ASSERT_EQ(c, packed) << M << " x " << N << " x " << K;
        }
      }
    }
  }
}

// Row r of a whole number's product: the largest errors are half a step of each operand.
TEST(Product, in_int8_comes_within_the_steps_of_both_operands) {
  Threads threads(2, Threads::Share::kAlways);
  for (size_t M : {1, 5, 7, 13}) {
    for (size_t N : {1, 17, 64, 65, 256, 300}) {
      for (size_t K : {1, 3, 19, 600, 1025, 2100}) {
        const auto a = RandomValues(M * K, 1), b = RandomValues(K * N, 2), bias = RandomValues(N, 3);
        const MatrixView A = RowMajor(a.data(), M, K), B = RowMajor(b.data(), K, N);
        std::vector<Real> biased(M * N), c(M * N), packed(M * N, 7), row(N);
        for (size_t i = 0; i < M * N; ++i) biased[i] = bias[i % N];
        const std::vector<Real> exact = InOrder(A, B, biased, true);
        Product(A, B, c.data(), N, Start::kBias, bias.data(), threads, Precision::kInt8);
        // Steps of up to 4.5 / 127; errors of K terms of size about 1 add up as a random walk does.
        const double bound = 8 * 4.5 / 254 * std::sqrt(2.0 * static_cast<double>(K));
        for (size_t i = 0; i < c.size(); ++i) ASSERT_NEAR(c[i], exact[i], bound) << M << " x " << N << " x " << K;
        const PackedMatrix weights(B, Precision::kInt8);
        PackedProduct(A, weights, 0, N, packed.data(), N, Start::kBias, bias.data());
        ASSERT_EQ(c, packed) << M << " x " << N << " x " << K;
        PackedProduct(RowMajor(a.data() + (M - 1) * K, 1, K), weights, 0, N, row.data(), N, Start::kBias, bias.data());
        ASSERT_TRUE(std::equal(row.begin(), row.end(), c.end() - static_cast<ptrdiff_t>(N))) << "a row alone";
      }
    }
  }
}

TEST(Product, in_int8_gives_the_same_bits_with_and_without_instructions_for_it) {
  if (VnniKernels() == nullptr) GTEST_SKIP() << "no instructions for it";
  constexpr size_t kDepth = 1000, kWidth = 64, kRows = 6;
  const auto a = RandomValues(kRows * kDepth, 1), b = RandomValues(kDepth * kWidth, 2);
  std::vector<std::vector<Real>> results;
  for (const ProductKernels* kernels : {&Int8Kernels(), VnniKernels()}) {
    std::vector<Real> rows(kRows * (kDepth + 1)), panel(kWidth * (kDepth + 2)), c(kRows * kWidth);
    kernels->pack_rows(RowMajor(a.data(), kRows, kDepth), 0, kRows, 0, kDepth, rows.data());
    kernels->pack_panel(RowMajor(b.data(), kDepth, kWidth), 0, kDepth, 0, kWidth, panel.data());
    kernels->tile(kRows, kWidth / kernels->lanes, rows.data(), kernels->RowElements(kDepth), 1, panel.data(),
                  kernels->Groups(kDepth), nullptr, 0, c.data(), kWidth);
    results.push_back(c);
  }
  EXPECT_EQ(results[0], results[1]);
}

TEST(Product, in_int8_does_not_hide_what_is_not_finite) {
  std::vector<Real> a = {1, std::numeric_limits<Real>::quiet_NaN(), 0, 1, 2, std::numeric_limits<Real>::infinity(), 0, 0, 0};
  const std::vector<Real> b = RandomValues(3, 1);
  std::vector<Real> c(3);
  Threads threads(1);
  Product(RowMajor(a.data(), 3, 3), RowMajor(b.data(), 3, 1), c.data(), 1, Start::kZero, nullptr, threads, Precision::kInt8);
  EXPECT_TRUE(std::isnan(c[0]) && std::isnan(c[1]));
  EXPECT_EQ(c[2], 0);
}

TEST(Product, writes_nothing_outside_its_columns) {
  const size_t M = 7, N = PanelWidth() + 3, K = 5, stride = N + 9;
  const auto a = RandomValues(M * K, 1), b = RandomValues(K * N, 2);
  std::vector<Real> c(M * stride, 7);
  PackedProduct(RowMajor(a.data(), M, K), PackedMatrix(RowMajor(b.data(), K, N)), PanelWidth(), N, c.data(), stride,
                Start::kZero, nullptr);
  for (size_t m = 0; m < M; ++m) {
    for (size_t n = 3; n < stride; ++n) EXPECT_EQ(c[m * stride + n], 7);
  }
}

TEST(Product, a_row_prepared_gives_the_same_bits_in_either_direction) {
  const size_t vector = VectorWidth(), width = PanelWidth();
  const size_t columns[] = {
      1,         vector,        vector + 1, width - vector,     width - 1,          width,    width + vector,
      2 * width, 3 * width + 1, 4 * width,  4 * width + vector, 9 * width - vector, 9 * width};
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    for (size_t K : {1, 2, 33, 1100}) {
      for (size_t N : columns) {
        const auto a = RandomValues(K, 1), b = RandomValues(K * N, 2), bias = RandomValues(N, 3);
        const PackedMatrix packed(RowMajor(b.data(), K, N), precision);
        for (size_t begin : {size_t{0}, width}) {
          if (begin >= N) continue;
          for (const bool with_bias : {false, true}) {
            const Real* start = with_bias ? bias.data() + begin : nullptr;
            std::vector<Real> expected(N, 7), forwards(N, 7), backwards(N, 7);
            PackedProduct(RowMajor(a.data(), 1, K), packed, begin, N, expected.data() + begin, N,
                          with_bias ? Start::kBias : Start::kZero, start);
            RowProduct(packed, begin, N, forwards.data() + begin, start, false)(a.data());
            RowProduct(packed, begin, N, backwards.data() + begin, start, true)(a.data());
            ASSERT_EQ(forwards, expected) << PrecisionName(precision) << " " << K << " x " << N << " from " << begin;
            ASSERT_EQ(backwards, expected) << PrecisionName(precision) << " " << K << " x " << N << " from " << begin;
          }
        }
      }
    }
  }
  RowProduct()(nullptr);
}

TEST(Product, an_empty_inner_dimension_gives_the_start) {
  std::vector<Real> c(6, 5);
  const Real nothing = 0;
  Threads threads(2, Threads::Share::kAlways);
  Product(RowMajor(&nothing, 2, 0), RowMajor(&nothing, 0, 3), c.data(), 3, Start::kC, nullptr, threads);
  EXPECT_EQ(c, std::vector<Real>(6, 5));
  Product(RowMajor(&nothing, 2, 0), RowMajor(&nothing, 0, 3), c.data(), 3, Start::kZero, nullptr, threads);
  EXPECT_EQ(c, std::vector<Real>(6, 0));
}

}  // namespace product_test
}  // namespace eddy
