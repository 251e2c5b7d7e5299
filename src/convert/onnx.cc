// A stack as an ONNX model. Gates of ONNX are in another order: i o f c of LSTM (c is Eddy's g), z r h of GRU (h is n); P
// has i o f. B holds two biases, which are added but for GRU with linear_before_reset, whose second one the reset gate
// multiplies; elsewhere the second is 0. Fields are numbered as in onnx.proto.
#include <algorithm>
#include <limits>

#include "convert/conventions.h"
#include "convert/protobuf.h"
#include "convert/stack_weights.h"
#include "eddy/convert.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr int64_t kIrVersion = 8, kOpset = 14;
constexpr std::string_view kOnnxCells[] = {"lstm", "lstm_peephole", "gru", "gru_reset_before", "rnn_tanh", "rnn_relu"};

using Words = std::vector<std::string>;

struct Operator {
  const char* name;
  Words gates;  // ONNX's order, in Eddy's letters
};

Operator OperatorOf(const std::string& cell) {
  if (cell.starts_with("lstm")) return {"LSTM", {"i", "o", "f", "g"}};
  if (cell.starts_with("gru")) return {"GRU", {"z", "r", "n"}};
  return {"RNN", {"h"}};
}

const Words kPeepholes = {"i", "o", "f"}, kOurPeepholes = {"i", "f", "o"};

enum class Type : int64_t { kFloat = 1, kInt64 = 7 };  // TensorProto.DataType

Message MakeTensor(const std::string& name, Type type, const std::vector<int64_t>& dims, std::string_view bytes) {
  Message tensor;
  for (int64_t dim : dims) tensor.Add(1, dim);
  tensor.Add(2, static_cast<int64_t>(type)).Add(8, name).Add(9, bytes);
  return tensor;
}

Message MakeInt(const char* name, int64_t value) { return Message().Add(1, name).Add(3, value).Add(20, int64_t{2}); }
Message MakeText(const char* name, const char* value) { return Message().Add(1, name).Add(4, value).Add(20, int64_t{3}); }
Message MakeInts(const char* name, const std::vector<int64_t>& values) {
  Message attribute;
  attribute.Add(1, name);
  for (int64_t value : values) attribute.Add(8, value);
  return attribute.Add(20, int64_t{7});
}
Message MakeTexts(const char* name, size_t count, const char* value) {
  Message attribute;
  attribute.Add(1, name);
  for (size_t i = 0; i < count; ++i) attribute.Add(9, value);
  return attribute.Add(20, int64_t{8});
}

Message MakeNode(const char* type, const Words& inputs, const Words& outputs, const std::string& name,
                 const std::vector<Message>& attributes) {
  Message node;
  for (const std::string& input : inputs) node.Add(1, input);
  for (const std::string& output : outputs) node.Add(2, output);
  if (!name.empty()) node.Add(3, name);
  node.Add(4, type);
  for (const Message& attribute : attributes) node.Add(5, attribute);
  return node;
}

// Of floats; a dimension is a number or, where it is free, a name.
struct Dimension {
  int64_t size = 0;
  const char* name = nullptr;
};
Message MakeValue(const std::string& name, const std::vector<Dimension>& dims) {
  Message shape;
  for (const Dimension& dim : dims) {
    shape.Add(1, dim.name != nullptr ? Message().Add(2, dim.name) : Message().Add(1, dim.size));
  }
  const Message tensor = Message().Add(1, static_cast<int64_t>(Type::kFloat)).Add(2, shape);
  return Message().Add(1, name).Add(2, Message().Add(1, tensor));
}

void Append(std::string& bytes, const Tensor& tensor) {
  bytes.append(reinterpret_cast<const char*>(tensor.data()), tensor.size() * sizeof(Real));
}

// The initializers of a layer, [directions, ...], whose names end with its number.
void AddWeights(Message& graph, const std::string& cell, const Operator& op, const std::vector<DirectionWeights>& directions,
                const std::string& number) {
  const Words ours = GatesOf(cell);
  const auto ways = static_cast<int64_t>(directions.size());
  std::string W, R, B, P;
  for (const DirectionWeights& direction : directions) {
    const auto theirs = [&](const char* part) { return Reordered(direction.at(part), ours, op.gates); };
    Append(W, theirs("W"));
    Append(R, theirs("U"));
    Append(B, theirs("b"));
    Append(B, direction.contains("c") ? theirs("c") : Tensor(direction.at("b").shape()));
    if (direction.contains("p")) Append(P, Reordered(direction.at("p"), kOurPeepholes, kPeepholes));
  }
  const auto dim = [&](const char* part, size_t i) { return static_cast<int64_t>(directions[0].at(part).dim(i)); };
  const auto add = [&](const char* name, const std::vector<int64_t>& dims, const std::string& bytes) {
    graph.Add(5, MakeTensor(name + number, Type::kFloat, dims, bytes));
  };
  add("W", {ways, dim("W", 0), dim("W", 1)}, W);
  add("R", {ways, dim("U", 0), dim("U", 1)}, R);
  add("B", {ways, 2 * dim("b", 0)}, B);
  if (!P.empty()) add("P", {ways, dim("p", 0)}, P);
}

std::vector<Message> AttributesOf(const StackOptions& options) {
  const std::string& cell = options.layer.cell;
  std::vector<Message> attributes = {MakeInt("hidden_size", static_cast<int64_t>(options.layer.hidden)),
                                     MakeText("direction", options.bidirectional   ? "bidirectional"
                                                           : options.layer.reverse ? "reverse"
                                                                                   : "forward")};
  if (cell == "gru") attributes.push_back(MakeInt("linear_before_reset", 1));
  if (cell == "rnn_relu") attributes.push_back(MakeTexts("activations", options.bidirectional ? 2 : 1, "Relu"));
  return attributes;
}

// Nodes of all layers; each puts its rows' directions side by side, as the next one reads them.
void AddNodes(Message& graph, const StackOptions& options, const Operator& op, const Words& states) {
  const std::vector<Message> attributes = AttributesOf(options);
  const bool several = options.layers > 1;
  std::vector<Words> after(states.size());
  const auto number = [&](size_t layer) { return several ? "_" + std::to_string(layer) : std::string(); };
  for (const std::string& state : states) {
    Words names;
    for (size_t layer = 0; layer < options.layers; ++layer) names.push_back(state + "0" + number(layer));
    if (several) graph.Add(1, MakeNode("Split", {state + "0"}, names, "", {MakeInt("axis", 0)}));
  }
  std::string x = "x";
  for (size_t layer = 0; layer < options.layers; ++layer) {
    const std::string n = std::to_string(layer);
    Words inputs = {x, "W" + n, "R" + n, "B" + n, ""}, outputs = {"Y" + n};
    for (size_t s = 0; s < states.size(); ++s) {
      inputs.push_back(states[s] + "0" + number(layer));
      outputs.push_back(states[s] + "n" + number(layer));
      after[s].push_back(outputs.back());
    }
    if (options.layer.cell == "lstm_peephole") inputs.push_back("P" + n);
    graph.Add(1, MakeNode(op.name, inputs, outputs, "layer" + n, attributes));
    graph.Add(1, MakeNode("Transpose", {"Y" + n}, {"rows" + n}, "", {MakeInts("perm", {0, 2, 1, 3})}));
    x = layer + 1 == options.layers ? "y" : "y" + n;
    graph.Add(1, MakeNode("Reshape", {"rows" + n, "joined"}, {x}, "", {}));
  }
  for (size_t s = 0; several && s < states.size(); ++s) {
    graph.Add(1, MakeNode("Concat", after[s], {states[s] + "n"}, "", {MakeInt("axis", 0)}));
  }
}

}  // namespace

std::string ToOnnx(const RecurrentStack& stack) {
  const StackOptions& options = stack.options();
  Require(options.layer.projection == 0, "convert to ONNX", "projection", "0, which ONNX has not",
          std::to_string(options.layer.projection));
  const StackWeights weights = WeightsOf(stack, "ONNX", kOnnxCells);
  size_t bytes = 0;
  for (const Parameter* parameter : stack.parameters()) bytes += parameter->value.size() * sizeof(Real);
  constexpr size_t kMost = (size_t{1} << 31) - (size_t{1} << 20);
  Require(bytes < kMost, "convert to ONNX", "weights", "below 2 GiB, the most that a file of ONNX holds",
          std::to_string(bytes) + " bytes");

  const Operator op = OperatorOf(options.layer.cell);
  const Words states = options.layer.cell.starts_with("lstm") ? Words{"h", "c"} : Words{"h"};
  const auto ways = static_cast<int64_t>(options.bidirectional ? 2 : 1);
  const auto hidden = static_cast<int64_t>(options.layer.hidden);
  Message graph;
  AddNodes(graph, options, op, states);
  graph.Add(2, "eddy");
  const int64_t joined[] = {0, 0, -1};
  graph.Add(5, MakeTensor("joined", Type::kInt64, {3}, {reinterpret_cast<const char*>(joined), sizeof(joined)}));
  for (size_t layer = 0; layer < weights.size(); ++layer) {
    AddWeights(graph, options.layer.cell, op, weights[layer], std::to_string(layer));
  }
  const Dimension steps = {0, "steps"}, rows = {0, "rows"};
  const std::vector<Dimension> each = {{static_cast<int64_t>(options.layers) * ways, nullptr}, rows, {hidden, nullptr}};
  graph.Add(11, MakeValue("x", {steps, rows, {static_cast<int64_t>(options.layer.input), nullptr}}));
  for (const std::string& state : states) graph.Add(11, MakeValue(state + "0", each));
  graph.Add(12, MakeValue("y", {steps, rows, {ways * hidden, nullptr}}));
  for (const std::string& state : states) graph.Add(12, MakeValue(state + "n", each));

  Message model;
  model.Add(1, kIrVersion).Add(2, "eddy").Add(7, graph).Add(8, Message().Add(1, "").Add(2, kOpset));
  return model.bytes();
}

std::string ToOnnxConventions(const std::string& cell) {
  Words theirs = OperatorOf(cell).gates;
  // ONNX's own letters for what it calls otherwise.
  for (std::string& gate : theirs) gate = gate == "g" ? "c" : gate == "n" ? "h" : gate;
  const std::string biases = cell == "gru" ? "Wb = b, Rb = c, linear_before_reset = 1 (reset after the product)"
                             : cell == "gru_reset_before"
                                 ? "Wb = b, Rb = 0, linear_before_reset = 0 (reset before the product)"
                                 : "Wb = b, Rb = 0";
  return "gates of Eddy " + Joined(GatesOf(cell)) + ", of ONNX " + Joined(theirs) + "; " + biases +
         (cell == "lstm_peephole" ? "; peepholes i f o, of ONNX i o f" : "");
}

}  // namespace eddy
