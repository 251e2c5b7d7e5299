// Recurrent layers from and to other frameworks.
#include "eddy/convert.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "eddy/safetensors.h"
#include "layers.h"

namespace eddy::python {
namespace {

nb::list ListArrays(const nb::bytes& bytes) {
  nb::list arrays;
  for (const StoredArray& each : ListSafetensors({bytes.c_str(), bytes.size()})) {
    arrays.append(nb::make_tuple(each.name, each.type, each.shape, each.begin, each.end));
  }
  return arrays;
}

nb::tuple FromTorch(const nb::dict& arrays, const std::string& nonlinearity) {
  NamedArrays named;
  std::vector<Input> kept;
  for (const auto& [name, array] : arrays) {
    kept.push_back(nb::cast<Input>(array));
    named.emplace_back(nb::cast<std::string>(name), Borrowed(kept.back()));
  }
  ConvertedLayers read = LayersFromTorch(named, {nonlinearity});
  nb::list layers;
  for (ConvertedLayer& layer : read.layers) {
    layers.append(nb::make_tuple(layer.name, nb::cast(std::move(layer.stack)), layer.conventions));
  }
  return nb::make_tuple(layers, read.left);
}

nb::dict WeightsByName(const RecurrentStack& stack, const std::string& prefix) {
  nb::dict weights;
  for (const auto& [name, array] : ToTorch(stack, prefix)) weights[name.c_str()] = ToArray(array);
  return weights;
}

}  // namespace

void BindConvert(nb::module_& m) {
  m.def("list_safetensors", &ListArrays, nb::arg("bytes"),
        nb::sig("def list_safetensors(bytes: bytes) -> list[tuple[str, str, list[int], int, int]]"),
        "The name, type, shape, and begin and end in the file of each array.");
  m.def("layers_from_torch", &FromTorch, nb::arg("arrays"), nb::arg("nonlinearity") = "tanh",
        nb::sig("def layers_from_torch(arrays: dict[str, numpy.typing.NDArray[numpy.floating]], nonlinearity: str = ...) -> "
                "tuple[list[tuple[str, RecurrentStack, str]], list[str]]"),
        "Each recurrent layer with its name and its conventions, and the names of what is none.");
  m.def("weights_for_torch", &WeightsByName, nb::arg("stack"), nb::arg("prefix") = "",
        nb::sig("def weights_for_torch(stack: RecurrentStack, prefix: str = ...) -> dict[str, " EDDY_ARRAY "]"));
  m.def(
      "onnx_of",
      [](const RecurrentStack& stack) {
        const std::string bytes = ToOnnx(stack);
        return nb::bytes(bytes.data(), bytes.size());
      },
      nb::arg("stack"));
}

}  // namespace eddy::python
