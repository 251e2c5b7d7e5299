#include "eddy/convert.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "data/printable.h"
#include "eddy/converted_chain.h"
#include "eddy/error.h"
#include "json_output.h"
#include "model/atomic_file.h"
#include "output.h"
#include "output_files.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

struct ConvertOptions {
  std::string file, output, layer, chain;
  TorchOptions torch;
  bool dry_run = false, json = false;
};

std::string Described(const ConvertedLayer& layer) { return Printable(Describe(layer)); }

OrderedJson LayerJson(const ConvertedLayer& layer) {
  const StackOptions& o = layer.stack.options();
  return {{"name", layer.name},
          {"cell", o.layer.cell},
          {"input", o.layer.input},
          {"hidden", o.layer.hidden},
          {"projection", o.layer.projection},
          {"layers", o.layers},
          {"bidirectional", o.bidirectional},
          {"reverse", o.layer.reverse},
          {"from", layer.conventions}};
}

// Keeps the one that is asked for.
void Choose(std::vector<ConvertedLayer>& layers, const std::string& wanted) {
  if (wanted.empty()) return;
  std::string names;
  for (const ConvertedLayer& layer : layers) names += (names.empty() ? "" : ", ") + Printable(layer.name);
  std::erase_if(layers, [&](const ConvertedLayer& layer) { return layer.name != wanted; });
  if (layers.empty()) Fail("convert", "--layer", names.empty() ? "left out: there is none" : "one of " + names, wanted);
}

// What a model of Eddy's is made of: the links that are asked for, or the only layer.
ConvertedChain ChainFor(const ConvertOptions& options, ConvertedLayers& read) {
  if (!options.chain.empty()) return TakeChain(read, SplitList(options.chain));
  if (read.layers.size() != 1) {
    Fail("convert to a model", "layers", "one, that --layer names, or several in the order of --chain",
         std::to_string(read.layers.size()));
  }
  const std::string order[] = {read.layers[0].name};
  return TakeChain(read, order);
}

void RunConvert(const ConvertOptions& options) {
  if (!options.output.empty()) RequireOutputs({options.output}, {options.file});
  ConvertedLayers read = ReadLayers(options.file, options.torch);
  const size_t found = read.layers.size();
  Choose(read.layers, options.layer);
  const bool writes = !options.output.empty() && !options.dry_run;
  const std::string ending = std::filesystem::path(options.output).extension().string();
  const bool chained = !options.chain.empty() || ending == ".eddy";
  SerializedLayers out;
  std::string text;
  OrderedJson json = JsonResult("convert", "layers", options.file);
  if (chained) {
    Require(options.output.empty() || ending == ".eddy", "convert", "the ending of a chain's output", ".eddy", ending);
    const ConvertedChain chain = ChainFor(options, read);
    out.bytes = chain.Serialize();
    json["chain"] = OrderedJson::array();
    for (const ChainLink& link : chain.links()) {
      text += "chain: " + Printable(Describe(link)) + "\n";
      if (!link.conventions.empty()) text += "    in: " + link.conventions + "\n";
      json["chain"].push_back({{"name", link.name}, {"layer", Describe(link)}, {"from", link.conventions}});
    }
  } else if (!options.output.empty()) {
    out = SerializeLayers(ending, read.layers);
  }
  json["layers"] = OrderedJson::array();
  for (size_t i = 0; i < read.layers.size(); ++i) {
    const ConvertedLayer& layer = read.layers[i];
    text += (chained ? "left: " : "") + Described(layer) + "\n    in: " + layer.conventions + "\n";
    json["layers"].push_back(LayerJson(layer));
    if (out.conventions.empty()) continue;
    text += "    out: " + out.conventions[i] + "\n";
    json["layers"].back()["to"] = out.conventions[i];
  }
  if (found == 0) text += "no recurrent layers\n";
  for (const std::string& name : read.left) text += "left: " + Printable(name) + "\n";
  json["left"] = read.left;
  if (writes) {
    AtomicFile file(options.output);
    file.Write(out.bytes);
    file.Commit();
    text += fmt::format("Wrote {}: {} KiB\n", options.output, (out.bytes.size() + 1023) / 1024);
    json["output"] = options.output;
    json["bytes"] = out.bytes.size();
  }
  if (options.json) return PrintJson(json);
  Print(text);
}

void Declare(ConvertOptions& o, OptionTable& table) {
  table.Add("FILE", o.file, AnyText("FILE"), "a safetensors file with PyTorch's names, or a model of Eddy").Required();
  table
      .Add("output", o.output, AnyText("OUT"),
           "where to write: OUT.safetensors, with PyTorch's names, OUT.onnx, or OUT.eddy, a model of Eddy's that carries an "
           "input and what comes of it")
      .Letter('o');
  table.Add("layer", o.layer, AnyText("NAME"), "the layer to write; ONNX takes one").Usually("all");
  table
      .Add("chain", o.chain, AnyText("NAMES"),
           "layers one after another, for OUT.eddy: recurrent ones, NAME of NAME.weight, NAME:causal or NAME:same of "
           "convolutions, tanh, sigmoid, relu, gelu, softmax, last (step)")
      .Usually("the only layer");
  table.Add("nonlinearity", o.torch.nonlinearity, OneOf({"tanh", "relu"}), "of RNNs, which their weights do not tell");
  table.Flag("dry-run", o.dry_run, "say what would be done, and write nothing");
  table.Flag("json", o.json, "print one JSON object");
}

}  // namespace

void AddConvert(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("convert", "Take recurrent layers from PyTorch's weights or a model, or to ONNX");
  auto options = std::make_shared<ConvertOptions>();
  auto table = std::make_shared<OptionTable>();
  Declare(*options, *table);
  AddOptions(verb, *table);
  verb.footer(
      R"(Recurrent layers are found by the names of their arrays, and named after them. What is said of each: the order of gates
there and here, what becomes of biases, and which reset. A chain reads tokens where its first link is a matrix without a
bias, a row a token; another matrix is a linear layer, three dimensions are a convolution. "left" is what is not converted; nothing else is left out.
Examples:
  eddy convert encoder.safetensors
  eddy convert encoder.safetensors -o encoder.onnx --dry-run
  eddy convert book.eddy -o book.onnx
  eddy convert tagger.safetensors --chain words,encoder,head -o tagger.eddy)");
  verb.callback([options, table] { RunConvert(*options); });
}

}  // namespace eddy
