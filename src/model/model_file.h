// A trained model as one value, and that value on disk: a safetensors file whose metadata say what it is. A task (language
// model, forecast) composes its network from the description and fills the parameters from the tensors:
//
//     Model model = LoadModel(path, "text");
//     Network network(model.description);        // checks sizes with Field functions of json.h, and against the tensors
//     RestoreParameters(model, network.parameters());
//     VerifyGolden(model, [&](const Tensor& input) { return network.Run(input); });
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
// finite, or of another task than `task` when that is not empty.
Model LoadModel(const std::string& path, std::string_view task = {});
Model ParseModel(std::string_view bytes);  // the same, from memory
std::string SerializeModel(const Model& model);

inline const Tensor& FindTensor(const Model& model, std::string_view name) { return FindTensor(model.tensors, name); }

// Parameters to and from tensors of the same names. Restoring copies; it refuses a tensor that is missing, of another shape,
// or that no parameter asks for.
NamedTensors TensorsOf(std::span<Parameter* const> parameters);
void RestoreParameters(const Model& model, std::span<Parameter* const> parameters);

// Runs the golden input and throws Error when the output differs by more than `tolerance` relative to its largest value:
// the network built is not the one that was saved. The input comes from the file: `run` checks it. The default leaves room
// for other instruction sets, and more where their last bits decide to which side an operand is rounded.
void VerifyGolden(const Model& model, const std::function<Tensor(const Tensor& input)>& run, double tolerance = 1e-3);
double GoldenTolerance(Precision precision);

}  // namespace eddy
