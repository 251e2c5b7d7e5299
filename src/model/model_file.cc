#include "model/model_file.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "eddy/error.h"
#include "model/round_weights.h"

namespace eddy {
namespace {

const std::string kExpected = "an Eddy model";
constexpr std::string_view kFormat = "eddy-model";
constexpr std::string_view kVersion = "1";

// Parameter names never start like this: a golden shares the file with them.
constexpr std::string_view kGoldenInput = "golden/input";
constexpr std::string_view kGoldenOutput = "golden/output";

void RequireFinite(const std::string& operation, const std::string& name, const Tensor& tensor) {
  const bool finite = std::all_of(tensor.values().begin(), tensor.values().end(), [](Real x) { return std::isfinite(x); });
  Require(finite, operation, "tensor " + Quoted(name), "finite", "not");
}

Safetensors Pack(const Model& model) {
  Require(model.description.is_object(), "save model", "the description", "an object", model.description.type_name());
  Safetensors content;
  content.metadata = {{"format", std::string(kFormat)},
                      {"format_version", std::string(kVersion)},
                      {"task", model.task},
                      {"description", DumpJson(model.description, "the description")}};
  content.tensors = model.tensors;
  StoreMatrices(model.precision, content);
  if (!model.golden_input.empty()) {
    content.tensors.emplace_back(kGoldenInput, model.golden_input);
    content.tensors.emplace_back(kGoldenOutput, model.golden_output);
  }
  for (const auto& [name, tensor] : content.tensors) RequireFinite("save model", name, tensor);
  return content;
}

Model Unpack(Safetensors content, const std::string& file) {
  const std::string format = TakeMetadata(content, "format");
  if (format == "eddy-checkpoint") Fail("read", file, kExpected, "a training checkpoint: go on from it with --resume");
  Require(format == kFormat, "read", file, kExpected, "a safetensors file of something else");
  const std::string version = TakeMetadata(content, "format_version");
  Require(version == kVersion, "read", file, "of format version 1", "of version " + Quoted(version));

  Model model;
  model.task = TakeMetadata(content, "task");
  model.description = ParseJson(TakeMetadata(content, "description"), "the description in " + file);
  RequireNoMetadata(content, file, kExpected);
  Require(model.description.is_object(), "read", "the description in " + file, "an object", model.description.type_name());
  model.precision = RestoreMatrices(content);
  for (auto& [name, tensor] : content.tensors) {
    RequireFinite("read " + file, name, tensor);
    if (name == kGoldenInput) {
      model.golden_input = tensor;
    } else if (name == kGoldenOutput) {
      model.golden_output = tensor;
    } else {
      model.tensors.emplace_back(name, tensor);
    }
  }
  Require(model.golden_input.empty() == model.golden_output.empty(), "read", "the golden in " + file,
          "an input and an output", "one of them");
  return model;
}

void RestoreParameters(const Model& model, std::span<Parameter* const> parameters) {
  std::unordered_set<std::string_view> names;
  for (const Parameter* parameter : parameters) names.insert(parameter->name);
  std::unordered_map<std::string_view, const Tensor*> stored_by_name;
  for (const auto& [name, tensor] : model.tensors) {
    if (!names.contains(name)) Fail("model", "tensor " + Quoted(name), "a parameter of its network", "unknown to it");
    stored_by_name[name] = &tensor;
  }
  for (const Parameter* parameter : parameters) {
    const auto found = stored_by_name.find(parameter->name);
    const Tensor& stored = found != stored_by_name.end() ? *found->second : FindTensor(model, parameter->name);
    Require(stored.shape() == parameter->value.shape(), "model", "tensor " + Quoted(parameter->name),
            "of shape " + parameter->value.shape().ToString(), stored.shape().ToString());
    std::copy(stored.values().begin(), stored.values().end(), parameter->value.data());
  }
}

void VerifyGolden(const Model& model, const GoldenRun& run) {
  const double tolerance = model.precision == Precision::kFloat32 ? 1e-3 : 5e-2;
  Require(!model.golden_input.empty(), "model", "the golden", "there", "missing");
  const Tensor output = run(model.golden_input);
  const Tensor& golden = model.golden_output;
  Require(output.shape() == golden.shape(), "model", "the golden output", "of shape " + output.shape().ToString(),
          golden.shape().ToString());
  double largest = 0, difference = 0;
  for (size_t i = 0; i < golden.size(); ++i) {
    largest = std::max(largest, std::abs(double{golden[i]}));
    difference = std::max(difference, std::abs(double{output[i]} - double{golden[i]}));
    if (!std::isfinite(output[i])) Fail("model", "the golden output", "finite", "not: the weights are of no use");
  }
  Require(difference <= tolerance * std::max(largest, 1e-6), "model", "the golden output",
          "what the network makes of the golden input",
          "off by " + std::to_string(difference) + ": the file does not describe the network it was saved from");
}

}  // namespace

void SaveModel(const std::string& path, const Model& model) { WriteSafetensors(path, Pack(model)); }

std::string SerializeModel(const Model& model) { return SerializeSafetensors(Pack(model)); }

Model LoadModel(const std::string& path, std::string_view task) {
  Model model = Unpack(ReadSafetensors(path, kExpected), path);
  if (!task.empty() && model.task != task) {
    Fail("read", path, "a model of task " + std::string(task), "one of task " + Quoted(model.task));
  }
  return model;
}

Model ParseModel(std::string_view bytes, Digests digests) {
  return Unpack(ParseSafetensors(bytes, kExpected, digests), "the file");
}

void RequireTask(const Model& model, std::string_view task) {
  if (model.task != task) Fail("load model", "its task", Quoted(task), Quoted(model.task));
}

void RequireShape(const Model& model, std::string_view tensor, const Shape& described) {
  const Shape& shape = FindTensor(model, tensor).shape();
  Require(shape == described, "load model", Quoted(tensor), "as in the description, " + described.ToString(),
          shape.ToString());
}

void StoreNetwork(std::span<Parameter* const> parameters, const Tensor& golden_input, const GoldenRun& run, Model& model) {
  for (const Parameter* parameter : parameters) model.tensors.emplace_back(parameter->name, parameter->value);
  model.golden_input = golden_input;
  model.golden_output = run(golden_input);
}

void RestoreNetwork(const Model& model, std::span<Parameter* const> parameters, const GoldenRun& run) {
  RestoreParameters(model, parameters);
  VerifyGolden(model, run);
}

}  // namespace eddy
