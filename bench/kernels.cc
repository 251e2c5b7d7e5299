// Google Benchmark of the kernels on one thread: products (items are floating-point operations), the cells' pointwise
// programs and the costly functions (items are units or elements, bytes what is read and written at least).
//     kernels --benchmark_filter=Product
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "eddy/cell.h"
#include "eddy/threads.h"
#include "kernels/cell_type.h"
#include "kernels/math.h"
#include "kernels/product.h"

namespace {

using namespace eddy;

std::vector<Real> Numbers(size_t count) {
  std::vector<Real> numbers(count);
  for (size_t i = 0; i < count; ++i) numbers[i] = static_cast<Real>(i % 17) / 16 - Real{0.5};
  return numbers;
}

void CountProduct(benchmark::State& state, size_t M, size_t K, size_t N) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(2 * M * K * N));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>((M * K + K * N + M * N) * sizeof(Real)));
}

struct ProductShape {
  explicit ProductShape(const benchmark::State& state)
      : M(static_cast<size_t>(state.range(0))),
        K(static_cast<size_t>(state.range(1))),
        N(static_cast<size_t>(state.range(2))) {}
  size_t M, K, N;
};

void BM_Product(benchmark::State& state) {
  const auto [M, K, N] = ProductShape(state);
  const std::vector<Real> a = Numbers(M * K), b = Numbers(K * N);
  std::vector<Real> c(M * N);
  Threads threads(1);
  for (auto _ : state) {
    Product(RowMajor(a.data(), M, K), RowMajor(b.data(), K, N), c.data(), N, Start::kZero, nullptr, threads);
    benchmark::ClobberMemory();
  }
  CountProduct(state, M, K, N);
}
BENCHMARK(BM_Product)->ArgNames({"M", "K", "N"})->Args({1024, 128, 512})->Args({512, 1024, 128})->Args({2048, 1024, 512});

void BM_PackedProduct(benchmark::State& state) {
  const auto [M, K, N] = ProductShape(state);
  const std::vector<Real> a = Numbers(M * K), b = Numbers(K * N);
  const PackedMatrix packed(RowMajor(b.data(), K, N));
  std::vector<Real> c(M * N);
  for (auto _ : state) {
    PackedProduct(RowMajor(a.data(), M, K), packed, 0, N, c.data(), N, Start::kZero, nullptr);
    benchmark::ClobberMemory();
  }
  CountProduct(state, M, K, N);
}
BENCHMARK(BM_PackedProduct)
    ->ArgNames({"M", "K", "N"})
    ->Args({1, 64, 64})
    ->Args({1, 512, 512})
    ->Args({32, 128, 128})
    ->Args({64, 256, 256})
    ->Args({64, 512, 2048})
    ->Args({64, 2048, 512})
    ->Args({256, 512, 2048})
    ->Args({16, 1024, 1024});

void BM_Function(benchmark::State& state, void (*function)(const Real*, size_t, Real*)) {
  const size_t n = static_cast<size_t>(state.range(0));
  const std::vector<Real> x = Numbers(n);
  std::vector<Real> y(n);
  for (auto _ : state) {
    function(x.data(), n, y.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(n));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(2 * n * sizeof(Real)));
}
BENCHMARK_CAPTURE(BM_Function, tanh, TanhArray)->Arg(64)->Arg(4096);
BENCHMARK_CAPTURE(BM_Function, sigmoid, SigmoidArray)->Arg(64)->Arg(4096);

// A cell's Step over rows and units that stay in the first-level cache, as many as follow a product of several rows; every
// slot in an array of its own.
void BM_Step(benchmark::State& state, const CellType& cell, bool backward, bool training) {
  const size_t rows = 36, units = VectorWidth();
  const StageType& stage = cell.step;
  const int inputs = cell.slots.inputs(), kept = training ? stage.kept : 0;
  const int reads = backward ? inputs + stage.kept + stage.results : inputs;
  const int writes = backward ? inputs : stage.results + kept;
  std::vector<std::vector<Real>> arrays;
  PointwiseArgs args;
  args.rows = rows;
  args.units = units;
  args.x_step = args.u_step = VectorWidth();
  for (int i = 0; i < reads; ++i) args.In(i, arrays.emplace_back(Numbers(rows * units)).data(), units);
  for (int i = 0; i < writes; ++i) args.Out(i, arrays.emplace_back(Numbers(rows * units)).data(), units);
  const PointwiseKernel kernel = backward ? stage.backward : training ? stage.train : stage.infer;
  for (auto _ : state) {
    kernel(args);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(rows * units));
}

const bool registered = [] {
  for (const CellType* cell : Cells()) {
    const std::string name = "BM_Step/" + std::string(CellName(*cell));
    benchmark::RegisterBenchmark((name + "/infer").c_str(), BM_Step, *cell, false, false);
    benchmark::RegisterBenchmark((name + "/train").c_str(), BM_Step, *cell, false, true);
    benchmark::RegisterBenchmark((name + "/backward").c_str(), BM_Step, *cell, true, true);
  }
  return true;
}();

}  // namespace
