// The kernels of one cell for the current instruction set, and (once) its entry in the cell table. Used by the sources that
// the build generates, one a cell (cmake/EddyAddCells.cmake).
#if defined(EDDY_KERNELS_CELL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EDDY_KERNELS_CELL_INL_H_
#undef EDDY_KERNELS_CELL_INL_H_
#else
#define EDDY_KERNELS_CELL_INL_H_
#endif

#include "kernels/cell_registry.h"
#include "kernels/describe_cell.h"
#include "kernels/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

struct NoProgram {};  // stands for a program that a cell does not have

template <class P>
void RunIfAny(const PointwiseArgs& args) {
  if constexpr (!std::is_same_v<P, NoProgram>) RunRows<P>(args);
}

template <class Cell>
struct CellPrograms {
  static constexpr bool kTwo = pointwise::HasFirst<Cell>;
  template <bool kTrain>
  using BeforeForward = std::conditional_t<kTwo, ForwardProgram<Cell, pointwise::kBefore<Cell>, kTrain>, NoProgram>;
  template <bool kTrain>
  using StepForward = ForwardProgram<Cell, pointwise::kStep<Cell>, kTrain>;
  using BeforeBackward = std::conditional_t<kTwo, BackwardProgram<Cell, true>, NoProgram>;
  using StepBackward = BackwardProgram<Cell, false>;
  using Scan = std::conditional_t<pointwise::kIsLinear<Cell>, ScanProgram<Cell>, NoProgram>;
};

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

// Highway's dispatch wants functions of namespace scope, so each program of a cell gets one.
#define EDDY_CELL_KERNELS(Type)                                                                       \
  namespace {                                                                                         \
  void BeforeTrain(const PointwiseArgs& a) { RunIfAny<CellPrograms<Type>::BeforeForward<true>>(a); }  \
  void BeforeInfer(const PointwiseArgs& a) { RunIfAny<CellPrograms<Type>::BeforeForward<false>>(a); } \
  void BeforeBackward(const PointwiseArgs& a) { RunIfAny<CellPrograms<Type>::BeforeBackward>(a); }    \
  void StepTrain(const PointwiseArgs& a) { RunIfAny<CellPrograms<Type>::StepForward<true>>(a); }      \
  void StepInfer(const PointwiseArgs& a) { RunIfAny<CellPrograms<Type>::StepForward<false>>(a); }     \
  void StepBackward(const PointwiseArgs& a) { RunIfAny<CellPrograms<Type>::StepBackward>(a); }        \
  void ScanFactors(const PointwiseArgs& a) { RunIfAny<CellPrograms<Type>::Scan>(a); }                 \
  size_t VectorLanes() { return hn::Lanes(hn::ScalableTag<Real>()); }                                 \
  }

#define EDDY_CELL_ENTRY(Type, cell_name)                                                               \
  namespace {                                                                                          \
  HWY_EXPORT(BeforeTrain);                                                                             \
  HWY_EXPORT(BeforeInfer);                                                                             \
  HWY_EXPORT(BeforeBackward);                                                                          \
  HWY_EXPORT(StepTrain);                                                                               \
  HWY_EXPORT(StepInfer);                                                                               \
  HWY_EXPORT(StepBackward);                                                                            \
  HWY_EXPORT(ScanFactors);                                                                             \
  HWY_EXPORT(VectorLanes);                                                                             \
  }                                                                                                    \
  const CellType& Type##Cell() {                                                                       \
    static const CellType type = [] {                                                                  \
      HWY_DYNAMIC_DISPATCH(StepInfer)(PointwiseArgs{}); /* a first call chooses the instruction set */ \
      CellType t = DescribeCell<Type>(cell_name);                                                      \
      t.before.train = &HWY_DYNAMIC_DISPATCH(BeforeTrain);                                             \
      t.before.infer = &HWY_DYNAMIC_DISPATCH(BeforeInfer);                                             \
      t.before.backward = &HWY_DYNAMIC_DISPATCH(BeforeBackward);                                       \
      t.step.train = &HWY_DYNAMIC_DISPATCH(StepTrain);                                                 \
      t.step.infer = &HWY_DYNAMIC_DISPATCH(StepInfer);                                                 \
      t.step.backward = &HWY_DYNAMIC_DISPATCH(StepBackward);                                           \
      t.scan = &HWY_DYNAMIC_DISPATCH(ScanFactors);                                                     \
      t.lanes = HWY_DYNAMIC_DISPATCH(VectorLanes)();                                                   \
      return t;                                                                                        \
    }();                                                                                               \
    return type;                                                                                       \
  }

// Of a cell outside the library. The name is what a linker is asked for that would leave the object in its archive.
#define EDDY_CELL_REGISTRATION(Type, cell_name)                           \
  extern "C" {                                                            \
  extern const eddy::CellRegistration eddy_cell_##cell_name;              \
  const eddy::CellRegistration eddy_cell_##cell_name(eddy::Type##Cell()); \
  }

#endif
