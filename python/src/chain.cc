// Chains of converted layers.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "eddy/converted_chain.h"
#include "layers.h"
#include "team.h"

namespace eddy::python {
namespace {

// A copy: a stack belongs to whoever made it.
RecurrentStack CopyOf(const std::string& name, const RecurrentStack& stack) {
  Random random(0);
  RecurrentStack copy(stack.options(), name, random);
  CopyWeights(stack.parameters(), copy.parameters());
  return copy;
}

Tensor BiasOf(nb::handle array, Input& kept) {
  if (array.is_none()) return {};
  kept = nb::cast<Input>(array);
  return Borrowed(kept);
}

template <class Enumeration, size_t count>
Enumeration Named(const std::string& name, const EnumerationName<Enumeration> (&names)[count], const char* what) {
  std::string all;
  for (const auto& each : names) {
    if (name == each.name) return each.value;
    all += (all.empty() ? "" : ", ") + std::string(each.name);
  }
  Fail("chain", what, "one of " + all, name);
}

// ("recurrent", name, stack), ("table", name, weight), ("linear", name, weight, bias), ("convolution", name, weight, bias,
// padding, dilation, groups), each with what is to be said of it, or ("operation", name).
ChainLink LinkFrom(const nb::tuple& link) {
  const auto at = [&](size_t i) -> nb::object {
    Require(i < link.size(), "chain", "a link", "of more parts", std::to_string(link.size()));
    return link[i];
  };
  const auto kind = nb::cast<std::string>(at(0)), name = nb::cast<std::string>(at(1));
  if (kind == "operation") return {name, Named(name, kChainOperationNames, "an operation"), ""};
  if (kind == "recurrent") {
    return {name, CopyOf(name, nb::cast<const RecurrentStack&>(at(2))), nb::cast<std::string>(at(3))};
  }
  const auto weight = nb::cast<Input>(at(2));
  if (kind == "table") return TableLink(name, Borrowed(weight));
  Input kept;
  const Tensor bias = BiasOf(at(3), kept);
  if (kind == "linear") return LinearLink(name, Borrowed(weight), bias);
  Require(kind == "convolution", "chain", "the kind of a link", "recurrent, table, linear, convolution or operation", kind);
  ConvolutionOptions options;
  options.padding = Named(nb::cast<std::string>(at(4)), kPaddingNames, "padding");
  options.dilation = nb::cast<size_t>(at(5));
  options.groups = nb::cast<size_t>(at(6));
  return ConvolutionLink(name, Borrowed(weight), bias, options);
}

// Links of layers and arrays that were read, in this order, and the names of what is left of the arrays.
nb::tuple Take(const nb::list& layers, const nb::dict& arrays, const std::vector<std::string>& order) {
  ConvertedLayers read;
  for (const nb::handle each : layers) {
    const auto layer = nb::cast<nb::tuple>(each);
    const auto name = nb::cast<std::string>(layer[0]);
    read.layers.push_back({name, CopyOf(name, nb::cast<const RecurrentStack&>(layer[1])), nb::cast<std::string>(layer[2])});
  }
  std::vector<Input> kept;
  for (const auto& [name, array] : arrays) {
    kept.push_back(nb::cast<Input>(array));
    read.rest.emplace_back(nb::cast<std::string>(name), Borrowed(kept.back()));
    read.left.push_back(read.rest.back().first);
  }
  ConvertedChain chain = TakeChain(read, order);
  for (const ConvertedLayer& layer : read.layers) read.left.push_back(layer.name);
  return nb::make_tuple(nb::cast(std::move(chain)), read.left);
}

nb::bytes BytesOf(const ConvertedChain& chain, nb::handle golden) {
  const auto bytes = [](const std::string& text) { return nb::bytes(text.data(), text.size()); };
  if (golden.is_none()) return bytes(chain.Serialize());
  const auto both = nb::cast<std::pair<Input, Input>>(golden);
  return bytes(chain.Serialize({Borrowed(both.first), Borrowed(both.second)}));
}

}  // namespace

void BindChain(nb::module_& m) {
  nb::class_<ConvertedChain>(m, "_Chain")
      .def(
          "__init__",
          [](ConvertedChain* self, const nb::list& links) {
            std::vector<ChainLink> made;
            for (const nb::handle link : links) made.push_back(LinkFrom(nb::cast<nb::tuple>(link)));
            new (self) ConvertedChain(std::move(made));
          },
          nb::arg("links"), nb::sig("def __init__(self, links: list[tuple[typing.Any, ...]]) -> None"))
      .def(
          "run",
          [](const ConvertedChain& chain, const Input& x, int threads) {
            const std::shared_ptr<Team> team = TeamOf(threads);
            Tensor y;
            Work(*team, [&] { y = chain.Run(Borrowed(x), team->threads); });
            return ToArray(y);
          },
          nb::arg("x"), nb::arg("threads") = 1,
          nb::sig("def run(self, x: " EDDY_FLOATS ", threads: int = ...) -> " EDDY_ARRAY))
      .def_prop_ro("input_width", &ConvertedChain::input_width)
      .def_prop_ro("output_width", &ConvertedChain::output_width)
      .def("describe",
           [](const ConvertedChain& chain) {
             nb::list links;
             for (const ChainLink& link : chain.links()) links.append(nb::make_tuple(Describe(link), link.conventions));
             return nb::typed<nb::list, nb::typed<nb::tuple, nb::str, nb::str>>(links);
           })
      .def("serialize", &BytesOf, nb::arg("golden").none(),
           nb::sig("def serialize(self, golden: tuple[" EDDY_FLOATS ", " EDDY_FLOATS "] | None) -> bytes"))
      .def_static(
          "parse",
          [](const nb::bytes& bytes) {
            return ConvertedChain::Parse({bytes.c_str(), bytes.size()});
          },
          nb::arg("bytes"));
  m.def("_take_chain", &Take, nb::arg("layers"), nb::arg("arrays"), nb::arg("order"),
        nb::sig("def _take_chain(layers: list[tuple[str, RecurrentStack, str]], arrays: dict[str, " EDDY_FLOATS "], order: "
                "list[str]) -> tuple[_Chain, list[str]]"));
}

}  // namespace eddy::python
