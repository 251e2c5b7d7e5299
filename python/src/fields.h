// The options of layers and optimizers, described once: Python's keywords, their types and defaults in signatures, the
// dictionary of an object's options and its pickle follow from it.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/error.h"
#include "eddy/optim.h"

namespace eddy::python {

namespace nb = nanobind;

// Throws Error that names the fields there are.
[[noreturn]] void FailUnknown(const char* what, const std::string& name, const std::vector<std::string>& fields);

// visit(name, member) for each field. Enumerations and nested options are fields of their own.
template <class Visit>
void Fields(RecurrentOptions& o, const Visit& visit) {
  visit("cell", o.cell);
  visit("input", o.input);
  visit("hidden", o.hidden);
  visit("projection", o.projection);
  visit("reverse", o.reverse);
  visit("layer_norm", o.layer_norm);
  visit("variational_dropout", o.variational_dropout);
  visit("recurrent_dropout", o.recurrent_dropout);
  visit("zoneout", o.zoneout);
  visit("state_clip", o.state_clip);
  visit("learned_state", o.learned_state);
  visit("forget_bias", o.forget_bias);
}

template <class Visit>
void Fields(StackOptions& o, const Visit& visit) {
  Fields(o.layer, visit);
  visit("layers", o.layers);
  visit("bidirectional", o.bidirectional);
  visit("dropout", o.dropout);
  visit("residual", o.residual);
  visit("precision", o.precision);
}

template <class Visit>
void Fields(AttentionOptions& o, const Visit& visit) {
  visit("heads", o.heads);
  visit("scale", o.scale);
  visit("causal", o.causal);
  visit("window", o.window);
  visit("positions", o.positions);
}

template <class Visit>
void Fields(Conv1dOptions& o, const Visit& visit) {
  visit("input", o.input);
  visit("output", o.output);
  visit("kernel", o.kernel);
  visit("dilation", o.convolution.dilation);
  visit("stride", o.convolution.stride);
  visit("groups", o.convolution.groups);
  visit("padding", o.convolution.padding);
  visit("bias", o.bias);
  visit("weight_norm", o.weight_norm);
}

template <class Visit>
void Fields(TcnOptions& o, const Visit& visit) {
  visit("input", o.input);
  visit("hidden", o.hidden);
  visit("blocks", o.blocks);
  visit("kernel", o.kernel);
  visit("dropout", o.dropout);
}

template <class Visit>
void Fields(TransformerOptions& o, const Visit& visit) {
  visit("input", o.input);
  visit("hidden", o.hidden);
  visit("blocks", o.blocks);
  visit("heads", o.heads);
  visit("window", o.window);
  visit("dropout", o.dropout);
  visit("causal", o.causal);
  visit("positions", o.positions);
  visit("norm", o.norm);
  visit("feed_forward", o.feed_forward);
  visit("feed_forward_width", o.feed_forward_width);
}

template <class Visit>
void Fields(GriffinOptions& o, const Visit& visit) {
  visit("input", o.input);
  visit("hidden", o.hidden);
  visit("blocks", o.blocks);
  visit("heads", o.heads);
  visit("window", o.window);
  visit("kernel", o.kernel);
  visit("dropout", o.dropout);
  visit("feed_forward_width", o.feed_forward_width);
}

template <class Visit>
void Fields(RecurrentBlocksOptions& o, const Visit& visit) {
  visit("input", o.input);
  visit("hidden", o.hidden);
  visit("blocks", o.blocks);
  visit("cell", o.cell);
  visit("groups", o.groups);
  visit("kernel", o.kernel);
  visit("dropout", o.dropout);
  visit("feed_forward_width", o.feed_forward_width);
}

template <class Visit>
void Fields(WindowedRecurrentOptions& o, const Visit& visit) {
  Fields(o.recurrent, visit);
  visit("kernel", o.kernel);
}

template <class Visit>
void Fields(AttentiveRecurrentOptions& o, const Visit& visit) {
  Fields(o.recurrent, visit);
  Fields(o.attention, visit);
}

template <class Visit>
void Fields(MultiHeadAttentionOptions& o, const Visit& visit) {
  visit("input", o.input);
  visit("memory", o.memory);
  visit("hidden", o.hidden);
  Fields(o.attention, visit);
}

template <class Visit>
void Fields(OptimizerOptions& o, const Visit& visit) {
  visit("name", o.name);
  visit("momentum", o.momentum);
  visit("nesterov", o.nesterov);
  visit("beta1", o.beta1);
  visit("beta2", o.beta2);
  visit("alpha", o.alpha);
  visit("epsilon", o.epsilon);
  visit("weight_decay", o.weight_decay);
}

template <class Visit>
void Fields(ScheduleOptions& o, const Visit& visit) {
  visit("name", o.name);
  visit("rate", o.rate);
  visit("warmup", o.warmup);
  visit("final", o.final);
  visit("factor", o.factor);
  visit("every", o.every);
  visit("patience", o.patience);
}

// Enumerations by their names.
std::string NameOf(Precision value);
std::string NameOf(Padding value);
std::string NameOf(Positions value);
std::string NameOf(Normalization value);
std::string NameOf(FeedForwardKind value);
void FromName(const std::string& name, Precision& value);
void FromName(const std::string& name, Padding& value);
void FromName(const std::string& name, Positions& value);
void FromName(const std::string& name, Normalization& value);
void FromName(const std::string& name, FeedForwardKind& value);

// A field's value for Python.
template <class T>
nb::object ToPython(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return nb::cast(NameOf(value));
  } else {
    return nb::cast(value);
  }
}

// The same in a signature: "name: type = default", without a default for widths that must be given. (A layer in a chain
// takes its input from the one before it.)
template <class T>
std::string Keyword(const char* name, const T& value, bool in_chain) {
  const char* type = std::is_same_v<T, bool>       ? "bool"
                     : std::is_floating_point_v<T> ? "float"
                     : std::is_integral_v<T>       ? "int"
                                                   : "str";
  const std::string text = std::string(name) + ": " + type;
  if constexpr (std::is_same_v<T, size_t>) {
    const std::string_view required = name;
    if (value == 0 && ((required == "input" && !in_chain) || required == "hidden" || required == "output")) return text;
  }
  return text + " = " + nb::repr(ToPython(value)).c_str();
}

// Sets the fields that are named, first those given in order. Throws Error for a name that is none, TypeError for a type.
template <class Options>
Options FromKeywords(const char* what, const nb::args& in_order, const nb::kwargs& keywords, Options options = {}) {
  std::vector<std::string> names;
  size_t used = 0;
  Fields(options, [&](const char* name, auto& member) {
    using T = std::remove_reference_t<decltype(member)>;
    nb::object value;
    const bool positional = names.size() < in_order.size();
    if (positional) value = in_order[names.size()];
    names.emplace_back(name);
    if (keywords.contains(name)) {
      if (positional) throw nb::type_error((std::string(what) + " got '" + name + "' twice").c_str());
      value = keywords[name];
      ++used;
    }
    if (!value.is_valid()) return;
    if constexpr (std::is_enum_v<T>) {
      FromName(nb::cast<std::string>(value), member);
    } else if (!nb::try_cast(value, member)) {
      throw nb::type_error((std::string(what) + ": '" + name + "' cannot be " + nb::repr(value).c_str()).c_str());
    }
  });
  if (used == keywords.size()) return options;
  for (const auto& [key, value] : keywords) {
    const std::string name = nb::cast<std::string>(key);
    if (std::find(names.begin(), names.end(), name) == names.end()) FailUnknown(what, name, names);
  }
  return options;
}

template <class Options>
nb::dict ToDict(Options options) {
  nb::dict dict;
  Fields(options, [&](const char* name, const auto& member) { dict[name] = ToPython(member); });
  return dict;
}

// Keeps a text for as long as the module is there, as nanobind asks.
const char* Keep(std::string text);

// The signature of a constructor: `before`, the fields, the first `in_order` of them also without their names, and `after`.
template <class Options>
const char* Signature(const std::string& before, const std::string& after, size_t in_order = 0, bool in_chain = false) {
  Options options;
  std::string text = "def __init__(" + before, required, optional;
  size_t n = 0;
  Fields(options, [&](const char* name, const auto& member) {
    std::string keyword = Keyword(name, member, in_chain);
    if (n++ < in_order) {
      if (std::string_view(name) == "cell") keyword = "cell: str";  // what others without a default follow
      text += ", " + keyword;
      return;
    }
    (keyword.find(" = ") == std::string::npos ? required : optional) += ", " + keyword;
  });
  text += ", *" + required + optional + (after.empty() ? "" : ", " + after) + ") -> None";
  return Keep(text);
}

}  // namespace eddy::python
