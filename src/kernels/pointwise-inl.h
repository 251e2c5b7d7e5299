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
      v[i] = hn::Max(hn::Zero(d), v[n.a]);  // in this order NaN stays NaN
    } else if constexpr (n.op == Op::kSigmoid) {
      v[i] = Logistic(d, v[n.a]);
    } else if constexpr (n.op == Op::kTanh) {
      v[i] = HyperbolicTangent(d, v[n.a]);
    } else {
      v[i] = hn::Exp(d, v[n.a]);
    }
  });
  Unroll<static_cast<size_t>(P::kOutputs)>([&](auto o) EDDY_INLINE {
    constexpr int node = P::kProgram.output[o];
    store(o, v[node]);
  });
}

// Program P on units [0, units) of one row, whole vectors only.
template <class P>
HWY_NOINLINE void RunVectors(const Real* const* in, Real* const* out, size_t units) {
  using D = hn::ScalableTag<Real>;
  const D d;
  for (size_t j = 0; j < units; j += hn::Lanes(d)) {
    RunProgram<P>(
        d, [&](auto slot) EDDY_INLINE { return hn::LoadU(d, in[slot] + j); },
        [&](auto o, hn::Vec<D> value) EDDY_INLINE {
          if constexpr (P::kWrites[o] && P::kAdds[o]) value = hn::Add(hn::LoadU(d, out[o] + j), value);
          if constexpr (P::kWrites[o]) hn::StoreU(value, d, out[o] + j);
        });
  }
}

// The kernel for program P. P::kWrites[o] says whether output o is stored, P::kAdds[o] whether it is added to what is there.
// The last units of a row go through buffers, so that nothing is read or written beyond its end.
template <class P>
HWY_NOINLINE void RunRows(const PointwiseArgs& args) {
  constexpr size_t kIns = static_cast<size_t>(P::kInputs), kOuts = static_cast<size_t>(P::kOutputs);
  constexpr size_t kMostLanes = HWY_MAX_BYTES / sizeof(Real);
  const size_t lanes = hn::Lanes(hn::ScalableTag<Real>());
  const size_t whole = args.units / lanes * lanes, rest = args.units - whole;
  for (size_t r = 0; r < args.rows; ++r) {
    const Real* in[kIns] = {};
    Real* out[kOuts] = {};
    for (size_t i = 0; i < kIns; ++i) {
      if (P::kReads[i]) in[i] = args.in[i] + r * args.in_stride[i];
    }
    for (size_t o = 0; o < kOuts; ++o) {
      if (P::kWrites[o]) out[o] = args.out[o] + r * args.out_stride[o];
    }
    RunVectors<P>(in, out, whole);
    if (rest == 0) continue;
    HWY_ALIGN Real in_rest[kIns][kMostLanes] = {};
    HWY_ALIGN Real out_rest[kOuts][kMostLanes] = {};
    Real* ends[kOuts] = {};
    for (size_t i = 0; i < kIns; ++i) {
      if (P::kReads[i]) std::copy_n(in[i] + whole, rest, in_rest[i]);
      in[i] = in_rest[i];
    }
    for (size_t o = 0; o < kOuts; ++o) {
      if (!P::kWrites[o]) continue;
      ends[o] = out[o] + whole;
      if (P::kAdds[o]) std::copy_n(ends[o], rest, out_rest[o]);
      out[o] = out_rest[o];
    }
    RunVectors<P>(in, out, lanes);
    for (size_t o = 0; o < kOuts; ++o) {
      if (P::kWrites[o]) std::copy_n(out_rest[o], rest, ends[o]);
    }
  }
}

// What RunRows needs to know of each kind of program of a cell.
template <const pointwise::Stage& kStage, int kNumInputs, bool kTrain>
struct ForwardProgram {
  static constexpr const pointwise::Program& kProgram = kStage.forward;
  static constexpr int kInputs = kNumInputs;
  static constexpr int kOutputs = kTrain ? kStage.forward.num_outputs : kStage.results;
  static constexpr auto kReads = pointwise::AllReads(kStage.forward);
  static constexpr auto kWrites = pointwise::FirstSlots(kOutputs);
  static constexpr auto kAdds = pointwise::FirstSlots(0);
};

template <class Cell, bool kIsBefore>
struct BackwardProgram {
  static constexpr const pointwise::Stage& kStage = kIsBefore ? pointwise::kBefore<Cell> : pointwise::kStep<Cell>;
  static constexpr const pointwise::Program& kProgram = kStage.backward;
  static constexpr int kOutputs = pointwise::SlotsOf<Cell>().inputs();
  static constexpr int kInputs = kOutputs + kStage.kept + kStage.results;
  static constexpr auto kReads = pointwise::AllReads(kProgram);
  static constexpr auto kWrites = pointwise::BackwardWrites<Cell, kIsBefore>();
  static constexpr auto kAdds = pointwise::BackwardAdds<Cell, kIsBefore>();
};

template <class Cell>
struct ScanProgram {
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
