// numpy arrays as tensors and tensors as numpy arrays, sharing their memory.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <optional>
#include <vector>

#include "eddy/sequence.h"
#include "eddy/tensor.h"

namespace eddy::python {

namespace nb = nanobind;

// As arguments: float32 in C order is used as it stands; anything else is converted, which copies.
struct Input : nb::ndarray<const float, nb::c_contig, nb::device::cpu> {
  using Array = nb::ndarray<const float, nb::c_contig, nb::device::cpu>;
  Input() = default;
  explicit Input(Array&& array) : Array(std::move(array)) {}
};
using Output = nb::ndarray<float, nb::numpy>;
// Of any type and layout; see Integers().
using AnyArray = nb::ndarray<nb::ro, nb::device::cpu>;

Shape ShapeFrom(const std::vector<size_t>& dims);  // throws Error for more than four

// A tensor over the array's memory, which lives as long as the tensor does. Throws Error for more than four dimensions.
Tensor Shared(const Input& array);
// The same for a call that does not keep it: the array must outlive the tensor.
Tensor Borrowed(const Input& array);
Tensor Copied(const Input& array);
void CopyInto(const Tensor& to, const Input& from, const char* what);  // shapes must agree

// An array over the tensor's memory, which lives as long as the array does.
Output ToArray(const Tensor& tensor);
nb::object ToReadOnly(const Tensor& tensor);

// From an array of any integer type, or a sequence of integers. Throws Error for other types and for values out of range.
std::vector<int64_t> Integers(nb::handle values, const char* what);
std::vector<int32_t> Labels(nb::handle values, const char* what);

// x [T, B, D], whose rows have these lengths and start afresh at these steps, each none or an array (eddy/sequence.h).
Sequence SequenceOf(const Shape& x, nb::handle lengths, nb::handle resets);

}  // namespace eddy::python

// In signatures an argument is an array of any floating type.
template <>
struct nanobind::detail::type_caster<eddy::python::Input> {
  NB_TYPE_CASTER(eddy::python::Input, const_name("numpy.typing.NDArray[numpy.floating]"))
  bool from_python(handle source, uint32_t flags, cleanup_list* cleanup) noexcept {
    make_caster<eddy::python::Input::Array> caster;
    if (source.is_none() || !caster.from_python(source, flags, cleanup)) return false;
    value = eddy::python::Input(std::move(caster.value));
    return true;
  }
};
