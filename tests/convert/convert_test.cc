#include "eddy/convert.h"

#include <cmath>
#include <cstring>

#include "convert/foreign_tensors.h"
#include "convert/protobuf.h"
#include "eddy/threads.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace convert_test {

constexpr const char* kTorchCells[] = {"lstm", "gru", "rnn_tanh", "rnn_relu"};

// A stack of which no parameter is zero.
RecurrentStack MakeStack(const StackOptions& options) {
  Random random(3);
  RecurrentStack stack(options, "stack", random);
  for (Parameter* parameter : stack.parameters()) {
    for (Real& value : parameter->value.values()) value = static_cast<Real>(random.Normal() * 0.3);
  }
  return stack;
}

StackOptions Options(const std::string& cell, size_t layers = 1, bool bidirectional = false) {
  StackOptions options;
  options.layer.cell = cell;
  options.layer.input = 3;
  options.layer.hidden = 4;
  options.layers = layers;
  options.bidirectional = bidirectional;
  return options;
}

Tensor Run(const RecurrentStack& stack) {
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  const Tensor x({5, 2, stack.options().layer.input});
  Random random(7);
  for (Real& value : x.values()) value = static_cast<Real>(random.Normal());
  return tape.Value(stack.Forward(tape, tape.Constant(x), Sequence{5, 2, {}, {}}).y).Clone();
}

void ExpectSame(const RecurrentStack& a, const RecurrentStack& b) {
  const Tensor first = Run(a), second = Run(b);
  ASSERT_EQ(first.shape(), second.shape());
  EXPECT_EQ(std::memcmp(first.data(), second.data(), first.size() * sizeof(Real)), 0);
}

TorchOptions For(const std::string& cell) { return {cell == "rnn_relu" ? "relu" : "tanh"}; }

// A safetensors file of a header text and data.
std::string FileOf(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

TEST(Convert, what_goes_to_torch_and_comes_back_computes_the_same_bits) {
  for (const std::string cell : kTorchCells) {
    for (size_t layers : {1, 3}) {
      for (bool both : {false, true}) {
        const RecurrentStack stack = MakeStack(Options(cell, layers, both));
        NamedArrays arrays = ToTorch(stack, "a.b.");
        arrays.emplace_back("head.weight", Tensor({2, 4}));
        const ConvertedLayers read = LayersFromTorch(arrays, For(cell));
        ASSERT_EQ(read.layers.size(), 1u);
        EXPECT_EQ(read.layers[0].name, "a.b");
        EXPECT_EQ(read.layers[0].stack.options().layer.cell, cell);
        EXPECT_EQ(read.left, std::vector<std::string>{"head.weight"});
        ExpectSame(read.layers[0].stack, stack);
      }
    }
  }
}

TEST(Convert, projections_and_cells_of_one_layer_and_short_names_are_read) {
  StackOptions projected = Options("lstm", 2);
  projected.layer.projection = 2;
  const RecurrentStack stack = MakeStack(projected);
  ExpectSame(LayersFromTorch(ToTorch(stack)).layers.at(0).stack, stack);

  const RecurrentStack gru = MakeStack(Options("gru"));
  const auto renamed = [&](const char* weight, const char* bias) {
    NamedArrays arrays;
    for (auto [name, array] : ToTorch(gru)) {
      name.erase(name.rfind("_l0"));
      const bool is_bias = name.starts_with("bias");
      arrays.emplace_back((is_bias ? bias : weight) + name.substr(is_bias ? 4 : 6), array);
    }
    return arrays;
  };
  const ConvertedLayers cell = LayersFromTorch(renamed("weight", "bias"));
  EXPECT_EQ(cell.layers.at(0).name, "layer");
  ExpectSame(cell.layers[0].stack, gru);
  const ConvertedLayers numpy = LayersFromTorch(renamed("enc_w", "enc_b"));
  EXPECT_EQ(numpy.layers.at(0).name, "enc");
  ExpectSame(numpy.layers[0].stack, gru);
}

TEST(Convert, arrays_that_do_not_fit_together_are_errors_or_left) {
  const NamedArrays good = ToTorch(MakeStack(Options("lstm", 2)));
  const auto with = [&](const std::string& name, const Tensor& array) {
    NamedArrays changed = good;
    for (auto& each : changed) {
      if (each.first == name) each.second = array;
    }
    return changed;
  };
  EXPECT_ERROR(LayersFromTorch(with("weight_hh_l1", Tensor({16, 5}))), "of shape [16, 4], but is [16, 5]");
  EXPECT_ERROR(LayersFromTorch(with("weight_hh_l0", Tensor({16, 5}))), "of 1, 3 or 4 rows a unit");
  EXPECT_ERROR(LayersFromTorch(with("weight_hh_l0", Tensor({16}))), "weight_ih must be");
  EXPECT_ERROR(LayersFromTorch(with("bias_hh_l0", Tensor({15}))), "bias_hh must be of shape [16], but is [15]");
  EXPECT_ERROR(LayersFromTorch(good, {"elu"}), "nonlinearity must be tanh or relu, but is elu");
  NamedArrays odd;
  for (const auto& [name, array] : with("weight_hh_l1", Tensor({16, 5}))) odd.emplace_back("a\nb." + name, array);
  EXPECT_ERROR(LayersFromTorch(odd), "\"a?b\", layer 1.U must be");
  NamedArrays alone;
  alone.emplace_back("weight_ih_l0", Tensor({16, 3}));
  EXPECT_EQ(LayersFromTorch(alone).left, std::vector<std::string>{"weight_ih_l0"});
}

TEST(Convert, what_a_framework_has_not_is_an_error_that_says_so) {
  StackOptions options = Options("lstm");
  options.layer.layer_norm = true;
  EXPECT_ERROR(ToTorch(MakeStack(options)), "layer_norm must be off, which PyTorch has not");
  options = Options("lstm");
  options.layer.zoneout = 0.1;
  EXPECT_ERROR(ToOnnx(MakeStack(options)), "zoneout must be off, which ONNX has not");
  options = Options("gru");
  options.layer.reverse = true;
  EXPECT_ERROR(ToTorch(MakeStack(options)), "reverse must be off");
  EXPECT_NE(ToOnnx(MakeStack(options)).find("reverse"), std::string::npos);
  options = Options("gru");
  options.layer.projection = 2;
  EXPECT_ERROR(ToTorch(MakeStack(options)), "projection must be 0");
  EXPECT_ERROR(ToOnnx(MakeStack(options)), "projection must be 0");
  EXPECT_ERROR(ToTorch(MakeStack(Options("mgu"))), "cell must be one of lstm, gru, rnn_tanh, rnn_relu, but is mgu");
  EXPECT_ERROR(ToOnnx(MakeStack(Options("mgu"))), "cell must be one of lstm, lstm_peephole");
}

TEST(Convert, files_come_and_go) {
  const TemporaryDirectory directory;
  std::vector<ConvertedLayer> layers;
  layers.push_back({"one", MakeStack(Options("lstm")), ""});
  layers.push_back({"two", MakeStack(Options("gru", 2)), ""});
  SaveLayers(directory / "a.safetensors", layers);
  const ConvertedLayers read = ReadLayers(directory / "a.safetensors");
  ASSERT_EQ(read.layers.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.layers[i].name, layers[i].name);
    ExpectSame(read.layers[i].stack, layers[i].stack);
  }
  EXPECT_TRUE(read.left.empty());
  EXPECT_ERROR(SaveLayers(directory / "a.onnx", layers), "layers must be one, but is 2, of which one must be named");
  EXPECT_ERROR(SaveLayers(directory / "a.txt", layers), "must be .safetensors or .onnx, but is .txt");
  EXPECT_ERROR(SaveLayers(directory / "b.safetensors", {}), "at least one");
  SaveLayers(directory / "a.onnx", std::span(layers).first(1));
  EXPECT_EQ(ReadText(directory / "a.onnx"), ToOnnx(layers[0].stack));
  EXPECT_EQ(directory.FileCount(), 2u);
}

TEST(ForeignTensors, every_float_type_is_read_and_the_rest_is_told) {
  const auto entry = [](const char* type, const char* shape, int begin, int end) {
    return std::string("{\"dtype\":\"") + type + "\",\"shape\":" + shape + ",\"data_offsets\":[" + std::to_string(begin) +
           "," + std::to_string(end) + "]}";
  };
  const double d[] = {1.5, -2};
  // 1, -2, the smallest subnormal and infinity in half precision.
  const uint16_t h[] = {0x3c00, 0xc000, 0x0001, 0x7c00}, b[] = {0x3f80, 0xc000};
  const std::string data = std::string(reinterpret_cast<const char*>(d), 16) +
                           std::string(reinterpret_cast<const char*>(h), 8) +
                           std::string(reinterpret_cast<const char*>(b), 4) + std::string(12, '\0');
  const std::string header = "{\"d\":" + entry("F64", "[2]", 0, 16) + ",\"h\":" + entry("F16", "[2,2]", 16, 24) +
                             ",\"b\":" + entry("BF16", "[]", 24, 26) + ",\"c\":" + entry("BF16", "[1]", 26, 28) +
                             ",\"i\":" + entry("I64", "[1]", 28, 36) + ",\"e\":" + entry("F32", "[0,3]", 36, 36) +
                             ",\"v\":" + entry("F32", "[1,1,1,1,1]", 36, 40) + "}";
  const ForeignTensors read = ParseForeignTensors(FileOf(header, data));
  ASSERT_EQ(read.tensors.size(), 4u);
  EXPECT_EQ(FindTensor(read.tensors, "d")[1], -2);
  EXPECT_EQ(FindTensor(read.tensors, "h")[2], std::ldexp(1.0f, -24));
  EXPECT_TRUE(std::isinf(FindTensor(read.tensors, "h")[3]));
  EXPECT_EQ(FindTensor(read.tensors, "b").shape(), Shape{});
  EXPECT_EQ(FindTensor(read.tensors, "c")[0], -2);
  EXPECT_EQ(read.others, (std::vector<std::string>{"i (I64)", "e (F32, empty)", "v (F32, 5 dimensions)"}));
}

TEST(ForeignTensors, hostile_files_are_errors) {
  const auto refused = [](const std::string& bytes, const std::string& part) {
    const std::string message = ErrorOf([&] { ParseForeignTensors(bytes); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  const auto one = [](const std::string& type, const std::string& shape, const std::string& offsets) {
    return "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
  };
  refused("", "empty");
  refused(std::string(8, '\xff') + "{}", "something else");
  refused(FileOf(one("F32", "[4294967296,4294967296]", "[0,4]"), "1234"), "a shape unlike its size");
  refused(FileOf(one("F32", "[9223372036854775808,2]", "[0,4]"), "1234"), "a shape unlike its size");
  refused(FileOf(one("F32", "[0,9223372036854775808]", "[0,4]"), "1234"), "a shape unlike its size");
  refused(FileOf(one("F32", "[1]", "[0,18446744073709551615]"), "1234"), "outside the file");
  refused(FileOf(one("F32", "[1]", "[4,0]"), "1234"), "outside the file");
  refused(FileOf(one("F33", "[1]", "[0,4]"), "1234"), "is not of type F64, F32, F16");
  refused(FileOf(one("F32", "[1]", "[0,4]"), "12345"), "longer than");
  const std::string whole = FileOf(one("F16", "[1,2]", "[0,4]"), "1234");
  for (size_t i = 0; i < whole.size(); ++i) {
    refused(whole.substr(0, i), "");
    for (int flip : {1, 2, 0x20, 0x80, 0xff}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      ErrorOf([&] { ParseForeignTensors(bytes); });
    }
  }
}

TEST(Message, fields_are_written_as_protocol_buffers_are) {
  EXPECT_EQ(Message().Add(1, int64_t{300}).bytes(), std::string("\x08\xac\x02", 3));
  EXPECT_EQ(Message().Add(2, "ab").bytes(),
            "\x12\x02"
            "ab");
  EXPECT_EQ(Message().Add(20, Message().Add(1, int64_t{-1})).bytes(),
            std::string("\xa2\x01\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 14));
}

}  // namespace convert_test
}  // namespace eddy
