// What a chain of converted layers is and what it computes. What it is on disk is in chain_model.cc, how it is put together
// in take_chain.cc.
#include "eddy/converted_chain.h"

#include <cmath>
#include <set>

#include "convert/chain_link.h"
#include "convert/stack_weights.h"
#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/json.h"

namespace eddy {
namespace {

constexpr size_t kMostLinks = 64;

Var Operated(Tape& tape, Var x, ChainOperation operation) {
  switch (operation) {
    case ChainOperation::kTanh:
      return Tanh(tape, x);
    case ChainOperation::kSigmoid:
      return Sigmoid(tape, x);
    case ChainOperation::kRelu:
      return Relu(tape, x);
    case ChainOperation::kGelu:
      return Gelu(tape, x);
    case ChainOperation::kSoftmax:
      return Softmax(tape, x);
    case ChainOperation::kLast: {
      const Shape shape = tape.Value(x).shape();
      return Reshape(tape, LastOverTime(tape, x), {1, shape[1], shape[2]});
    }
  }
  return x;
}

// Runs a link of any kind on x [T, B, ...].
struct LinkRun {
  Tape& tape;
  Var x;
  Sequence sequence;

  Var operator()(const TokenTable& table) const {
    const Tensor& tokens = tape.Value(x);
    const size_t V = table.weight->value.dim(0);
    std::vector<int32_t> indices;
    indices.reserve(tokens.size());
    for (const Real token : tokens.values()) {
      const bool fits = token >= 0 && token < static_cast<Real>(V) && token == std::floor(token);
      Require(fits, "chain", "a token", "a whole number below " + std::to_string(V), "another");
      indices.push_back(static_cast<int32_t>(token));
    }
    const Var vectors = Embedding(tape, tape.Use(*table.weight), indices);
    return Reshape(tape, vectors, {sequence.steps, sequence.rows, table.weight->value.dim(1)});
  }
  Var operator()(const RecurrentStack& stack) const { return stack.Forward(tape, x, sequence).y; }
  Var operator()(const Conv1d& convolution) const { return convolution.Forward(tape, x, sequence); }
  Var operator()(const LinearLayer& linear) const { return linear.Forward(tape, x); }
  Var operator()(ChainOperation operation) const { return Operated(tape, x, operation); }
};

std::string DescribeStack(const std::string& name, const StackOptions& o) {
  std::string text =
      name + ": " + o.layer.cell + " " + std::to_string(o.layer.input) + " -> " + std::to_string(o.layer.hidden);
  if (o.layer.projection > 0) text += " projected to " + std::to_string(o.layer.projection);
  text += ", " + std::to_string(o.layers) + (o.layers > 1 ? " layers" : " layer");
  return text + (o.bidirectional ? ", both directions" : o.layer.reverse ? ", backward" : "");
}

bool IsLast(const ChainLink& link) {
  const auto* operation = std::get_if<ChainOperation>(&link.layer);
  return operation != nullptr && *operation == ChainOperation::kLast;
}

}  // namespace

bool IsTable(const ChainLink& link) { return std::holds_alternative<TokenTable>(link.layer); }

LinkWidths WidthsOf(const ChainLink& link) {
  if (const auto* table = std::get_if<TokenTable>(&link.layer)) return {0, table->weight->value.dim(1)};
  if (const auto* stack = std::get_if<RecurrentStack>(&link.layer)) {
    return {stack->options().layer.input, stack->output_width()};
  }
  if (const auto* convolution = std::get_if<Conv1d>(&link.layer)) {
    return {convolution->options().input, convolution->options().output};
  }
  if (const auto* linear = std::get_if<LinearLayer>(&link.layer)) return {linear->options().input, linear->options().output};
  return {};
}

void RequireChain(std::span<const ChainLink> links) {
  Require(!links.empty() && links.size() <= kMostLinks, "chain", "its links", "1 to " + std::to_string(kMostLinks),
          std::to_string(links.size()));
  std::set<std::string_view> names;
  size_t width = 0;
  bool last = false;
  for (const ChainLink& link : links) {
    const std::string shown = Quoted(link.name);
    const bool over_steps = std::holds_alternative<RecurrentStack>(link.layer) || std::holds_alternative<Conv1d>(link.layer);
    Require(!last || !over_steps, "chain", shown, "in front of \"last\", which leaves it a single step", "behind it");
    last = last || IsLast(link);
    const bool operation = std::holds_alternative<ChainOperation>(link.layer);
    Require(!IsTable(link) || &link == &links.front(), "chain", shown, "at its beginning, where tokens come in",
            "behind it");
    Require(operation || names.insert(link.name).second, "chain", shown, "once in it", "twice");
    Require(operation || (!link.name.empty() && !link.name.starts_with("golden/")), "chain", "the name of a layer",
            "another", shown);
    if (const auto* convolution = std::get_if<Conv1d>(&link.layer)) {
      const ConvolutionOptions& options = convolution->options().convolution;
      Require(options.stride == 1 && options.padding != Padding::kNone, "chain", "the convolution " + shown,
              "one that keeps the number of steps", "another");
    }
    const LinkWidths widths = WidthsOf(link);
    if (!operation && width > 0 && widths.input != width) {
      Fail("chain", shown, "of " + std::to_string(width) + " inputs, what comes before puts out",
           std::to_string(widths.input));
    }
    if (!operation) width = widths.output;
  }
  Require(width > 0, "chain", "its links", "layers", "operations alone");
}

std::vector<Parameter*> ParametersOf(ChainLink& link) {
  if (auto* table = std::get_if<TokenTable>(&link.layer)) return {&*table->weight};
  if (auto* stack = std::get_if<RecurrentStack>(&link.layer)) return stack->parameters();
  if (auto* convolution = std::get_if<Conv1d>(&link.layer)) return convolution->parameters();
  if (auto* linear = std::get_if<LinearLayer>(&link.layer)) return linear->parameters();
  return {};
}

std::vector<const Parameter*> ParametersOf(const ChainLink& link) {
  const std::vector<Parameter*> all = ParametersOf(const_cast<ChainLink&>(link));  // a list, which changes nothing
  return {all.begin(), all.end()};
}

ConvertedChain::ConvertedChain(std::vector<ChainLink> links) : links_(std::move(links)) {
  RequireChain(links_);
  // Layers were called something before: of "stack.0.W" the number and the array's name stay, of others the latter.
  for (ChainLink& link : links_) {
    const bool stack = std::holds_alternative<RecurrentStack>(link.layer);
    for (Parameter* parameter : ParametersOf(link)) {
      size_t dot = parameter->name.rfind('.');
      if (stack) dot = parameter->name.rfind('.', dot - 1);
      parameter->name = link.name + parameter->name.substr(dot);
    }
  }
}

size_t ConvertedChain::input_width() const {
  for (const ChainLink& link : links_) {
    if (!std::holds_alternative<ChainOperation>(link.layer)) return WidthsOf(link).input;
  }
  return 0;
}

size_t ConvertedChain::output_width() const {
  size_t width = 0;
  for (const ChainLink& link : links_) {
    if (!std::holds_alternative<ChainOperation>(link.layer)) width = WidthsOf(link).output;
  }
  return width;
}

Tensor ConvertedChain::Run(const Tensor& x, Threads& threads) const {
  Require(!links_.empty(), "chain", "its links", "there", "gone with the chain it was moved to");
  const bool tokens = IsTable(links_.front());
  const bool fits = tokens ? x.rank() == 2 : x.rank() == 3 && x.dim(2) == input_width();
  Require(fits, "chain", "the input", tokens ? "[steps, rows]" : "[steps, rows, " + std::to_string(input_width()) + "]",
          x.shape().ToString());
  Tape tape(threads, Tape::Mode::kInference);
  LinkRun run{tape, tape.Constant(x), {x.dim(0), x.dim(1), {}, {}}};
  for (const ChainLink& link : links_) run.x = std::visit(run, link.layer);
  return tape.Value(run.x).Clone();
}

Tensor ConvertedChain::Run(const Tensor& x) const {
  Threads threads(1);
  return Run(x, threads);
}

ConvertedLayers LayersOf(ConvertedChain chain) {
  ConvertedLayers read;
  for (ChainLink& link : std::move(chain).TakeLinks()) {
    if (auto* stack = std::get_if<RecurrentStack>(&link.layer)) {
      const std::string gates = Joined(GatesOf(stack->options().layer.cell));
      read.layers.push_back({link.name, std::move(*stack), link.conventions + ", gates " + gates});
      continue;
    }
    if (std::holds_alternative<ChainOperation>(link.layer)) read.left.push_back(link.name);
    for (const Parameter* parameter : ParametersOf(link)) {
      read.left.push_back(parameter->name);
      read.rest.emplace_back(parameter->name, parameter->value);
    }
  }
  return read;
}

std::string Describe(const ConvertedLayer& layer) { return DescribeStack(layer.name, layer.stack.options()); }

std::string Describe(const ChainLink& link) {
  if (std::holds_alternative<ChainOperation>(link.layer)) return link.name;
  if (const auto* stack = std::get_if<RecurrentStack>(&link.layer)) return DescribeStack(link.name, stack->options());
  const LinkWidths widths = WidthsOf(link);
  const std::string output = std::to_string(widths.output);
  if (const auto* table = std::get_if<TokenTable>(&link.layer)) {
    return link.name + ": table of " + std::to_string(table->weight->value.dim(0)) + " tokens -> " + output;
  }
  const std::string way = std::to_string(widths.input) + " -> " + output;
  if (const auto* convolution = std::get_if<Conv1d>(&link.layer)) {
    const Conv1dOptions& options = convolution->options();
    const bool same = options.convolution.padding == Padding::kSame;
    return link.name + ": convolution " + way + ", kernel " + std::to_string(options.kernel) +
           (same ? ", same" : ", causal");
  }
  return link.name + ": linear " + way;
}

}  // namespace eddy
