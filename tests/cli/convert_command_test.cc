#include "cli/program.h"
#include "eddy/convert.h"
#include "eddy/converted_chain.h"
#include "model/json.h"
#include "model/safetensors.h"

namespace eddy {
namespace convert_command_test {

class ConvertCommand : public ProgramTest {
 protected:
  // Layers "one", of `cell`, and "two", and an array that is no layer's.
  void SetUp() override {
    ProgramTest::SetUp();
    std::vector<ConvertedLayer> layers;
    Random random(1);
    for (const std::string cell : {"gru", "lstm"}) {
      StackOptions options;
      options.layer.cell = cell;
      options.layer.input = 3;
      options.layer.hidden = 4;
      options.layers = cell == "gru" ? 1 : 2;
      layers.push_back({cell == "gru" ? "one" : "two", RecurrentStack(options, "stack", random), ""});
    }
    SaveLayers(Path("two.safetensors"), layers);
    SaveLayers(Path("one.safetensors"), std::span(layers).first(1));
  }
};

TEST_F(ConvertCommand, says_what_is_found_and_what_becomes_of_gates_and_biases) {
  const ProgramOutcome outcome = Run({"convert", "two.safetensors", "-o", "out.safetensors", "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "one: gru 3 -> 4, 1 layer\n"
            "    in: gates of PyTorch r z n, of Eddy r z n; b = bias_ih, c = bias_hh, reset after the product\n"
            "    out: gates of Eddy r z n, of PyTorch r z n; bias_ih = b, bias_hh = c, reset after the product\n"
            "two: lstm 3 -> 4, 2 layers\n"
            "    in: gates of PyTorch i f g o, of Eddy i f g o; b = bias_ih + bias_hh\n"
            "    out: gates of Eddy i f g o, of PyTorch i f g o; bias_ih = b, bias_hh = 0\n");
  EXPECT_FALSE(std::filesystem::exists(Path("out.safetensors")));
  const ProgramOutcome onnx = Run({"convert", "two.safetensors", "-o", "out.onnx", "--layer", "one", "--dry-run"});
  EXPECT_NE(onnx.out.find("of ONNX z r h; Wb = b, Rb = c, linear_before_reset = 1"), std::string::npos) << onnx.out;
}

TEST_F(ConvertCommand, a_chain_becomes_a_model_that_says_what_it_is_and_what_was_left) {
  Safetensors file;
  for (const ConvertedLayer& layer : ReadLayers(Path("two.safetensors")).layers) {
    for (auto& array : ToTorch(layer.stack, layer.name + ".")) file.tensors.push_back(std::move(array));
  }
  file.tensors.emplace_back("head.weight", Tensor({2, 4}));
  file.tensors.emplace_back("head.bias", Tensor({2}));
  WriteAll(Path("net.safetensors"), SerializeSafetensors(file));
  const ProgramOutcome outcome = Run({"convert", "net.safetensors", "--chain", "one,head,relu", "-o", "net.eddy"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out.find("chain: one: gru 3 -> 4, 1 layer\n    in: gates of PyTorch"), 0u) << outcome.out;
  EXPECT_NE(outcome.out.find("chain: head: linear 4 -> 2\n    in: rows are outputs\nchain: relu\nleft: two: lstm"),
            std::string::npos)
      << outcome.out;
  EXPECT_EQ(ConvertedChain::Load(Path("net.eddy")).links().size(), 3u);

  const ProgramOutcome again = Run({"convert", "net.eddy"});
  EXPECT_NE(again.out.find("left: head.W\nleft: head.b\nleft: relu\n"), std::string::npos) << again.out << again.err;
  const ProgramOutcome json = Run({"convert", "net.eddy", "-o", "one.eddy", "--json"});
  EXPECT_EQ(ParseJson(json.out, "convert").at("chain").at(0).at("name"), "one") << json.err;
  EXPECT_EQ(ConvertedChain::Load(Path("one.eddy")).output_width(), 4u);
}

TEST_F(ConvertCommand, a_model_takes_one_layer_or_a_chain) {
  const ProgramOutcome several = Run({"convert", "two.safetensors", "-o", "two.eddy"});
  EXPECT_EQ(several.code, 1);
  EXPECT_NE(several.err.find("one, that --layer names, or several in the order of --chain"), std::string::npos);
  EXPECT_EQ(Run({"convert", "two.safetensors", "-o", "two.eddy", "--layer", "one"}).code, 0);
  const ProgramOutcome ending = Run({"convert", "two.safetensors", "-o", "two.onnx", "--chain", "one"});
  EXPECT_NE(ending.err.find("must be .eddy"), std::string::npos) << ending.err;
  const ProgramOutcome unknown = Run({"convert", "two.safetensors", "--chain", "one,head"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("one, two, tanh"), std::string::npos) << unknown.err;
  EXPECT_FALSE(std::filesystem::exists(Path("two.onnx")));
}

TEST_F(ConvertCommand, what_it_writes_is_read_again) {
  ASSERT_EQ(Run({"convert", "two.safetensors", "-o", "out.safetensors"}).code, 0);
  EXPECT_EQ(ReadAll(Path("out.safetensors")), ReadAll(Path("two.safetensors")));
  const ProgramOutcome outcome = Run({"convert", "two.safetensors", "-o", "out.onnx", "--layer", "two", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json json = ParseJson(outcome.out, "convert");
  EXPECT_EQ(json.at("verb"), "convert");
  EXPECT_EQ(json.at("layers").at(0).at("layers"), 2);
  EXPECT_EQ(json.at("bytes"), ReadAll(Path("out.onnx")).size());
  EXPECT_EQ(ReadAll(Path("out.onnx")), ToOnnx(ReadLayers(Path("two.safetensors")).layers.at(1).stack));
}

TEST_F(ConvertCommand, the_layers_of_a_model_come_out_and_the_rest_is_told) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += i % 3 == 0 ? "the cat sat on the mat\n" : "a dog ran to the log\n";
  WriteAll(Path("verses.txt"), text);
  for (const std::string cell : {"lstm", "gru", "tcn+lstm"}) {
    SCOPED_TRACE(cell);
    ASSERT_EQ(Run({"train", "text", "verses.txt", "-o", "m.eddy", "--cell", cell, "--hidden", "8", "--steps", "4", "--quiet",
                   "--unroll", "16", "--layers", "2"})
                  .code,
              0);
    const ProgramOutcome outcome = Run({"convert", "m.eddy", "-o", "m.safetensors", "--json"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const Json json = ParseJson(outcome.out, "convert");
    ASSERT_EQ(json.at("layers").size(), 1u) << outcome.out;
    EXPECT_EQ(json.at("layers").at(0).at("cell"), cell == "gru" ? "gru" : "lstm");
    EXPECT_NE(json.at("left").size(), 0u);
    ASSERT_EQ(ReadLayers(Path("m.safetensors")).layers.size(), 1u);
    EXPECT_EQ(ToOnnx(ReadLayers(Path("m.safetensors")).layers[0].stack), ToOnnx(ReadLayers(Path("m.eddy")).layers[0].stack));
  }
}

TEST_F(ConvertCommand, refuses_what_it_cannot_use_and_writes_nothing) {
  WriteAll(Path("text.txt"), "It is a truth universally acknowledged\n");
  const std::string good = ReadAll(Path("one.safetensors"));
  WriteAll(Path("short.safetensors"), good.substr(0, good.size() - 4));
  WriteAll(Path("empty.safetensors"), std::string("\x02\0\0\0\0\0\0\0{}", 10));
  ExpectError(Run({"convert", "missing.safetensors", "-o", "out.onnx"}), 1, "No such file");
  ExpectError(Run({"convert", "text.txt", "-o", "out.onnx"}), 1, "must be a safetensors file, but is something else");
  ExpectError(Run({"convert", "short.safetensors", "-o", "out.onnx"}), 1, "cut short");
  ExpectError(Run({"convert", "empty.safetensors", "-o", "out.onnx"}), 1, "layers must be at least one, but is none");
  ExpectError(Run({"convert", "two.safetensors", "-o", "out.onnx"}), 1, "of which one must be named");
  ExpectError(Run({"convert", "two.safetensors", "-o", "out.onnx", "--layer", "three"}), 1, "must be one of one, two");
  ExpectError(Run({"convert", "one.safetensors", "-o", "out.pt"}), 1, "must be .safetensors or .onnx, but is .pt");
  ExpectError(Run({"convert", "one.safetensors", "-o", "no-folder/out.onnx"}), 1, "no-folder");
  ExpectError(Run({"convert", "one.safetensors", "-o", "one.safetensors"}), 2, "one.safetensors");
  ExpectError(Run({"convert", "one.safetensors", "--nonlinearity", "elu"}), 2, "tanh");
  ExpectError(Run({"convert"}), 2, "FILE");
  EXPECT_EQ(ReadAll(Path("one.safetensors")), good);
  EXPECT_FALSE(std::filesystem::exists(Path("out.onnx")));
  const std::string header = R"({"a\u001b[31m\nb":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  WriteAll(Path("odd.safetensors"),
           std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header + "1234");
  EXPECT_EQ(Run({"convert", "odd.safetensors"}).out,
            "no recurrent layers\nleft: a\xEF\xBF\xBD[31m\xEF\xBF\xBD"
            "b\n");
  const ProgramOutcome empty = Run({"convert", "empty.safetensors"});
  EXPECT_EQ(empty.out, "no recurrent layers\n");
}

}  // namespace convert_command_test
}  // namespace eddy
