// Layers from files and to files, by the files' endings.
#include <filesystem>

#include "convert/chain_link.h"
#include "convert/conventions.h"
#include "convert/eddy_model.h"
#include "convert/foreign_tensors.h"
#include "eddy/convert.h"
#include "eddy/error.h"
#include "model/atomic_file.h"
#include "model/input_file.h"
#include "model/safetensors_header.h"

namespace eddy {
namespace {

bool IsModel(const std::string& path) {
  const std::string expected = "a safetensors file";
  const InputFile file(path, expected);
  const SafetensorsHeader header = ParseSafetensorsHeader(SourceOf(file, path, expected), AnySafetensors());
  const auto format = header.metadata.find("format");
  return format != header.metadata.end() && format->second.starts_with("eddy-");
}

std::string SerializeForTorch(std::span<const ConvertedLayer> layers) {
  Safetensors content;
  content.metadata["format"] = "pt";  // without which some readers refuse it
  for (const ConvertedLayer& layer : layers) {
    for (auto& array : ToTorch(layer.stack, layer.name + ".")) content.tensors.push_back(std::move(array));
  }
  return SerializeSafetensors(content);
}

}  // namespace

ConvertedLayers ReadLayers(const std::string& path, const TorchOptions& options) {
  if (IsModel(path)) {
    const Model model = LoadModel(path);
    return model.task == kChainTask ? LayersOf(ChainFromModel(model)) : LayersFromModel(model);
  }
  const ForeignTensors foreign = ReadForeignTensors(path);
  ConvertedLayers read = LayersFromTorch(foreign.tensors, options);
  read.left.insert(read.left.end(), foreign.others.begin(), foreign.others.end());
  return read;
}

SerializedLayers SerializeLayers(std::string_view ending, std::span<const ConvertedLayer> layers) {
  const bool torch = ending == ".safetensors";
  if (!torch && ending != ".onnx") Fail("convert", "the ending of the output", ".safetensors or .onnx", ending);
  Require(!layers.empty(), "convert", "layers", "at least one", "none");
  if (!torch && layers.size() != 1) {
    Fail("convert to ONNX", "layers", "one", std::to_string(layers.size()) + ", of which one must be named");
  }
  SerializedLayers serialized{torch ? SerializeForTorch(layers) : ToOnnx(layers[0].stack), {}};
  for (const ConvertedLayer& layer : layers) {
    const std::string& cell = layer.stack.options().layer.cell;
    serialized.conventions.push_back(torch ? ToTorchConventions(cell) : ToOnnxConventions(cell));
  }
  return serialized;
}

void SaveLayers(const std::string& path, std::span<const ConvertedLayer> layers) {
  const SerializedLayers serialized = SerializeLayers(std::filesystem::path(path).extension().string(), layers);
  AtomicFile file(path);
  file.Write(serialized.bytes);
  file.Commit();
}

}  // namespace eddy
