// Runs a cell's programs over rows of units: each program is unrolled into straight vector code, its values in registers.
#if defined(EDDY_KERNELS_POINTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EDDY_KERNELS_POINTWISE_INL_H_
#undef EDDY_KERNELS_POINTWISE_INL_H_
#else
#define EDDY_KERNELS_POINTWISE_INL_H_
#endif

#include <algorithm>

#include "kernels/cell_type.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

template <class P>
inline constexpr pointwise::NodeSet kLiveNodes = pointwise::Live(P::kProgram, P::kOutputs);

// Evaluates all nodes of P::kProgram that are live for P::kOutputs outputs; `load(slot)` gives an input.
template <class P, class D, class Load, class Store>
HWY_INLINE void RunProgram(D d, const Load& load, const Store& store) {
  using V = hn::Vec<D>;
  using T = hn::TFromD<D>;
  using pointwise::Node;
  using pointwise::Op;

  V v[P::kProgram.graph.size];
  Unroll<static_cast<size_t>(P::kProgram.graph.size)>([&](auto i) EDDY_INLINE {
    constexpr Node n = P::kProgram.graph.node[i];
    if constexpr (!kLiveNodes<P>[i]) {
      return;
    } else if constexpr (n.op == Op::kInput) {
      v[i] = load(std::integral_constant<size_t, static_cast<size_t>(n.a)>());
    } else if constexpr (n.op == Op::kConst) {
      v[i] = hn::Set(d, static_cast<T>(n.value));
    } else if constexpr (n.op == Op::kAdd) {
      v[i] = hn::Add(v[n.a], v[n.b]);
    } else if constexpr (n.op == Op::kSub) {
      v[i] = hn::Sub(v[n.a], v[n.b]);
    } else if constexpr (n.op == Op::kMul) {
      v[i] = hn::Mul(v[n.a], v[n.b]);
    } else if constexpr (n.op == Op::kDiv) {
      v[i] = hn::Div(v[n.a], v[n.b]);
    } else if constexpr (n.op == Op::kMulAdd) {
      v[i] = hn::MulAdd(v[n.a], v[n.b], v[n.c]);
    } else if constexpr (n.op == Op::kMulSub) {
      v[i] = hn::MulSub(v[n.a], v[n.b], v[n.c]);
    } else if constexpr (n.op == Op::kSubMul) {
      v[i] = hn::NegMulAdd(v[n.a], v[n.b], v[n.c]);
    } else if constexpr (n.op == Op::kGate) {
      v[i] = hn::IfThenElseZero(hn::Gt(v[n.a], hn::Zero(d)), v[n.b]);
    } else if constexpr (n.op == Op::kRelu) {
      v[i] = OrNaN(v[n.a], hn::Max(hn::Zero(d), v[n.a]));
    } else if constexpr (n.op == Op::kSigmoid) {
      v[i] = Logistic(d, v[n.a]);
    } else if constexpr (n.op == Op::kTanh) {
      v[i] = HyperbolicTangent(d, v[n.a]);
    } else if constexpr (n.op == Op::kExp) {
      v[i] = ExpOrNan(d, v[n.a]);
    } else {
      static_assert(n.op == Op::kSqrt);
      v[i] = hn::Sqrt(v[n.a]);
    }
  });
  Unroll<static_cast<size_t>(P::kOutputs)>([&](auto o) EDDY_INLINE {
    constexpr int node = P::kProgram.output[o];
    store(o, v[node]);
  });
}

// Where the instruction set has masks, a row's last units take the same way as whole vectors.
inline constexpr bool kHasMasks = HWY_TARGET <= HWY_AVX3;

// The vector of units [j, ...) of a row, of which only those before `units` are read or written.
template <class D>
HWY_INLINE hn::Vec<D> LoadUnits(D d, const Real* row, size_t j, size_t units) {
  if constexpr (kHasMasks) return hn::MaskedLoad(hn::FirstN(d, units - j), d, row + j);
  return hn::LoadU(d, row + j);
}
template <class D>
HWY_INLINE void StoreUnits(D d, hn::Vec<D> value, Real* row, size_t j, size_t units) {
  if constexpr (kHasMasks) return hn::BlendedStore(value, hn::FirstN(d, units - j), d, row + j);
  hn::StoreU(value, d, row + j);
}

// Program P on units [0, units) of all rows; whole vectors only, unless the instruction set has masks. Rows are often of one
// vector alone, so that constants are loaded once for all of them.
template <class P>
HWY_NOINLINE void RunVectors(const PointwiseArgs& args, size_t units) {
  constexpr size_t kIns = static_cast<size_t>(P::kInputs), kOuts = static_cast<size_t>(P::kOutputs);
  using D = hn::ScalableTag<Real>;
  const D d;
  const Real* in[kIns];
  Real* out[kOuts];
  Unroll<kIns>([&](auto i) EDDY_INLINE { in[i] = P::kReads[i] ? args.in[i] : nullptr; });
  Unroll<kOuts>([&](auto o) EDDY_INLINE { out[o] = P::kWrites[o] ? args.out[o] : nullptr; });
  const size_t x_step = args.x_step, u_step = args.u_step;
  for (size_t rows = args.rows; rows > 0; --rows) {
    for (size_t j = 0, x = 0, u = 0; j < units; j += hn::Lanes(d), x += x_step, u += u_step) {
      RunProgram<P>(
          d,
          [&](auto slot) EDDY_INLINE {
            if constexpr (P::IsX(slot)) {
              return hn::LoadU(d, in[slot] + x);
            } else if constexpr (P::IsU(slot)) {
              return hn::LoadU(d, in[slot] + u);
            } else {
              return LoadUnits(d, in[slot], j, units);
            }
          },
          [&](auto o, hn::Vec<D> value) EDDY_INLINE {
            if constexpr (P::kWrites[o] && P::kAdds[o]) value = hn::Add(LoadUnits(d, out[o], j, units), value);
            if constexpr (P::kWrites[o]) StoreUnits(d, value, out[o], j, units);
          });
    }
    Unroll<kIns>([&](auto i) EDDY_INLINE {
      if constexpr (P::kReads[i]) in[i] += args.in_stride[i];
    });
    Unroll<kOuts>([&](auto o) EDDY_INLINE {
      if constexpr (P::kWrites[o]) out[o] += args.out_stride[o];
    });
  }
}

// to[0, n) = from[0, n) for n below a vector's lanes.
HWY_INLINE void CopyPart(const Real* from, size_t n, Real* to) {
#if HWY_TARGET == HWY_AVX2
  const hn::ScalableTag<Real> d;
  const auto first = hn::FirstN(d, n);
  hn::BlendedStore(hn::MaskedLoad(first, d, from), first, d, to);
#else
  std::copy_n(from, n, to);
#endif
}

// The last units of row r from `first` on, fewer than a vector: through buffers, so that nothing is read or written beyond
// the row's end.
template <class P>
HWY_NOINLINE void RunPart(const PointwiseArgs& args, size_t r, size_t first) {
  constexpr size_t kIns = static_cast<size_t>(P::kInputs), kOuts = static_cast<size_t>(P::kOutputs);
  constexpr size_t kMostLanes = HWY_MAX_BYTES / sizeof(Real);
  HWY_ALIGN Real in_part[kIns][kMostLanes], out_part[kOuts][kMostLanes];
  const hn::ScalableTag<Real> d;
  const size_t units = args.units - first, vector = first / hn::Lanes(d);
  PointwiseArgs part;
  part.rows = 1;
  for (size_t i = 0; i < kIns; ++i) {
    if (!P::kReads[i]) continue;
    const Real* row = args.in[i] + r * args.in_stride[i];
    if (P::IsX(i) || P::IsU(i)) {
      part.In(static_cast<int>(i), row + vector * (P::IsX(i) ? args.x_step : args.u_step), 0);
      continue;
    }
    hn::Store(hn::Zero(d), d, in_part[i]);
    CopyPart(row + first, units, in_part[i]);
    part.In(static_cast<int>(i), in_part[i], 0);
  }
  const auto row_out = [&](size_t o) { return args.out[o] + r * args.out_stride[o] + first; };
  for (size_t o = 0; o < kOuts; ++o) {
    if (!P::kWrites[o]) continue;
    part.Out(static_cast<int>(o), out_part[o], 0);
    if (!P::kAdds[o]) continue;
    hn::Store(hn::Zero(d), d, out_part[o]);
    CopyPart(row_out(o), units, out_part[o]);
  }
  RunVectors<P>(part, hn::Lanes(d));
  for (size_t o = 0; o < kOuts; ++o) {
    if (P::kWrites[o]) CopyPart(out_part[o], units, row_out(o));
  }
}

// The kernel for program P. P::kWrites[o] says whether output o is stored, P::kAdds[o] whether it is added to what is there.
template <class P>
HWY_NOINLINE void RunRows(const PointwiseArgs& args) {
  if constexpr (kHasMasks) {
    RunVectors<P>(args, args.units);
  } else {
    const size_t lanes = hn::Lanes(hn::ScalableTag<Real>()), whole = args.units / lanes * lanes;
    RunVectors<P>(args, whole);
    for (size_t r = 0; r < args.rows && whole < args.units; ++r) RunPart<P>(args, r, whole);
  }
}

// What RunRows needs to know of each kind of program of a cell.
template <class Cell>
struct InterleavedGates {  // whether an input slot is a gate that a product has made
  static constexpr pointwise::Slots kSlots = pointwise::SlotsOf<Cell>();
  static constexpr bool IsX(size_t slot) { return slot < static_cast<size_t>(kSlots.u()); }
  static constexpr bool IsU(size_t slot) { return !IsX(slot) && slot < static_cast<size_t>(kSlots.s()); }
};

template <class Cell, const pointwise::Stage& kStage, bool kTrain>
struct ForwardProgram : InterleavedGates<Cell> {
  static constexpr const pointwise::Program& kProgram = kStage.forward;
  static constexpr int kInputs = pointwise::SlotsOf<Cell>().inputs();
  static constexpr int kOutputs = kTrain ? kStage.forward.num_outputs : kStage.results;
  static constexpr auto kReads = pointwise::AllReads(kStage.forward);
  static constexpr auto kWrites = pointwise::FirstSlots(kOutputs);
  static constexpr auto kAdds = pointwise::FirstSlots(0);
};

template <class Cell, bool kIsBefore>
struct BackwardProgram {
  static constexpr const pointwise::Stage& kStage = kIsBefore ? pointwise::kBefore<Cell> : pointwise::kStep<Cell>;
  static constexpr const pointwise::Program& kProgram = kStage.backward;
  static constexpr bool IsX(size_t) { return false; }
  static constexpr bool IsU(size_t) { return false; }
  static constexpr int kOutputs = pointwise::SlotsOf<Cell>().inputs();
  static constexpr int kInputs = kOutputs + kStage.kept + kStage.results;
  static constexpr auto kReads = pointwise::AllReads(kProgram);
  static constexpr auto kWrites = pointwise::BackwardWrites<Cell, kIsBefore>();
  static constexpr auto kAdds = pointwise::BackwardAdds<Cell, kIsBefore>();
};

template <class Cell>
struct ScanProgram : InterleavedGates<Cell> {
  static constexpr const pointwise::Program& kProgram = pointwise::kScan<Cell>;
  static constexpr int kInputs = pointwise::SlotsOf<Cell>().inputs();
  static constexpr int kOutputs = kProgram.num_outputs;
  static constexpr auto kReads = pointwise::AllReads(kProgram);
  static constexpr auto kWrites = pointwise::FirstSlots(kOutputs);
  static constexpr auto kAdds = pointwise::FirstSlots(0);
};

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#endif
