// A trained model as one value, and that value on disk: a safetensors file whose metadata say what it is. A task (language
// model, forecast) composes its network from the description and fills the parameters from the tensors:
//
//     Model model = LoadModel(path, "text");
//     Network network(model.description);        // checks sizes with Field functions of json.h, and against the tensors
//     RestoreNetwork(model, network.parameters(), [&](const Tensor& input) { return network.Run(input); });
//
// A description is read before any size in it is proved: bound it by FindTensor(model, ...).shape() before
// allocating.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "eddy/precision.h"
#include "eddy/tape.h"
#include "model/json.h"
#include "model/safetensors.h"

namespace eddy {

struct Model {
  std::string task;      // which task reads it, such as "text" or "forecast"
  Json description;      // an object: architecture, vocabulary or scaler, training provenance
  NamedTensors tensors;  // parameters, under readable names
  // How matrices are stored. Their values must be what RoundWeights (round_weights.h) makes of them.
  Precision precision = Precision::kFloat32;
  Tensor golden_input;  // a small input and what the network made of it when it was saved
  Tensor golden_output;
};

// Writes atomically. Throws Error when a value is not finite, a name is taken twice, or the file cannot be written.
void SaveModel(const std::string& path, const Model& model);

// Throws Error for a file that is no model (says what it seems to be), of a later format version, with values that are not
// finite, with metadata that are unknown, changed since it was written, or of another task than `task` when that is not
// empty.
Model LoadModel(const std::string& path, std::string_view task = {});
Model ParseModel(std::string_view bytes, Digests digests = Digests::kVerified);  // the same, from memory
std::string SerializeModel(const Model& model);

inline const Tensor& FindTensor(const Model& model, std::string_view name) { return FindTensor(model.tensors, name); }

// What a task checks before it allocates by what a description says; each throws Error.
void RequireTask(const Model& model, std::string_view task);
void RequireShape(const Model& model, std::string_view tensor, const Shape& described);

// What a network makes of an input, on which it depends as on nothing else. When the input comes from a file, `run` checks
// it.
using GoldenRun = std::function<Tensor(const Tensor& input)>;

// Puts a network's parameters into a model, and what it makes of a golden input.
void StoreNetwork(std::span<Parameter* const> parameters, const Tensor& golden_input, const GoldenRun& run, Model& model);

// Fills a network's parameters from the tensors of the same names. Throws Error for a tensor that is missing, of another
// shape, or that no parameter asks for; and when the golden output comes out as another, by more than a thousandth of its
// largest value (a twentieth where matrices are not in float32: last bits, which differ between instruction sets, decide to
// which side an operand is rounded): the network built is not the one that was saved.
void RestoreNetwork(const Model& model, std::span<Parameter* const> parameters, const GoldenRun& run);

}  // namespace eddy
