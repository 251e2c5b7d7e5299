#include "eddy/converted_chain.h"

#include <gtest/gtest.h>

#include <cstring>

#include "convert/chain_link.h"
#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace converted_chain_test {

Tensor Random3(const Shape& shape, uint64_t seed) {
  Random random(seed);
  const Tensor tensor(shape);
  for (Real& value : tensor.values()) value = static_cast<Real>(random.Normal() * 0.5);
  return tensor;
}

RecurrentStack MakeStack(size_t input, size_t hidden, const std::string& cell = "gru") {
  StackOptions options;
  options.layer.cell = cell;
  options.layer.input = input;
  options.layer.hidden = hidden;
  Random random(3);
  return RecurrentStack(options, "stack", random);
}

// Arrays of a table of 7 tokens, a convolution, an encoder and a head, under PyTorch's names; "step" fits nowhere.
ConvertedLayers ReadTagger() {
  NamedArrays arrays = {{"words.weight", Random3({7, 4}, 1)}, {"smooth.weight", Random3({6, 4, 3}, 2)},
                        {"smooth.bias", Random3({6}, 3)},     {"head.weight", Random3({2, 5}, 4)},
                        {"head.bias", Random3({2}, 5)},       {"extra.weight", Random3({2, 2, 2, 2}, 6)}};
  for (auto& array : ToTorch(MakeStack(6, 5), "encoder.")) arrays.push_back(std::move(array));
  return LayersFromTorch(arrays);
}

const std::vector<std::string> kOrder = {"words", "smooth:same", "relu", "encoder", "head", "softmax"};

Tensor Tokens() {
  const Tensor tokens({9, 2});
  for (size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<Real>(i % 7);
  return tokens;
}

bool SameBits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

std::string ErrorOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ConvertedChain, computes_what_its_layers_do_one_after_another) {
  ConvertedLayers read = ReadTagger();
  const NamedArrays arrays = read.rest;
  const auto array = [&](const std::string& name) {
    for (const auto& [each, tensor] : arrays) {
      if (each == name) return tensor;
    }
    return Tensor();
  };
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  const Sequence sequence{9, 2, {}, {}};
  std::vector<int32_t> indices;
  const Tensor tokens = Tokens();
  for (const Real token : tokens.values()) indices.push_back(static_cast<int32_t>(token));
  Var x = Reshape(tape, Embedding(tape, tape.Constant(array("words.weight")), indices), {9, 2, 4});
  const Tensor weight = array("smooth.weight"), turned({6, 3, 4});
  for (size_t n = 0; n < 6; ++n) {
    for (size_t d = 0; d < 4; ++d) {
      for (size_t k = 0; k < 3; ++k) turned[(n * 3 + k) * 4 + d] = weight[(n * 4 + d) * 3 + k];
    }
  }
  ConvolutionOptions same;
  same.padding = Padding::kSame;
  x = Relu(tape, Convolution(tape, x, tape.Constant(turned), tape.Constant(array("smooth.bias")), same, sequence));
  x = read.layers.at(0).stack.Forward(tape, x, sequence).y;
  x = Softmax(tape, Linear(tape, x, tape.Constant(array("head.weight")), tape.Constant(array("head.bias"))));

  const ConvertedChain chain = TakeChain(read, kOrder);
  EXPECT_TRUE(SameBits(chain.Run(Tokens()), tape.Value(x)));
  EXPECT_EQ(read.left, std::vector<std::string>{"extra.weight"});
  EXPECT_TRUE(read.layers.empty());
  EXPECT_EQ(chain.input_width(), 0u);
  EXPECT_EQ(chain.output_width(), 2u);
}

TEST(ConvertedChain, says_what_its_links_are) {
  ConvertedLayers read = ReadTagger();
  std::string text;
  const ConvertedChain chain = TakeChain(read, kOrder);
  for (const ChainLink& link : chain.links()) text += Describe(link) + "\n";
  EXPECT_EQ(text,
            "words: table of 7 tokens -> 4\nsmooth: convolution 4 -> 6, kernel 3, same\nrelu\n"
            "encoder: gru 6 -> 5, 1 layer\nhead: linear 5 -> 2\nsoftmax\n");
}

TEST(ConvertedChain, comes_back_from_its_file_with_the_same_bits_and_its_layers_are_read) {
  const TemporaryDirectory directory;
  const std::string path = directory / "tagger.eddy";
  ConvertedLayers read = ReadTagger();
  const ConvertedChain chain = TakeChain(read, kOrder);
  chain.Save(path);
  EXPECT_TRUE(SameBits(ConvertedChain::Load(path).Run(Tokens()), chain.Run(Tokens())));
  ConvertedLayers again = ReadLayers(path);
  ASSERT_EQ(again.layers.size(), 1u);
  EXPECT_EQ(again.layers[0].name, "encoder");
  EXPECT_TRUE(SameBits(TakeChain(again, kOrder).Run(Tokens()), chain.Run(Tokens())));
}

TEST(ConvertedChain, carries_the_figures_of_the_original_and_refuses_others) {
  ConvertedLayers read = ReadTagger();
  const ConvertedChain chain = TakeChain(read, kOrder);
  const Tensor original = chain.Run(Tokens()).Clone();
  original[0] += Real{1e-5F};  // of another summation's order
  const Model model = ParseModel(chain.Serialize({Tokens(), original}));
  EXPECT_TRUE(SameBits(model.golden_input, Tokens()));
  EXPECT_TRUE(SameBits(model.golden_output, original));
  original[0] += Real{0.1F};
  EXPECT_NE(ErrorOf([&] { chain.Serialize({Tokens(), original}); }).find("golden output"), std::string::npos);

  Model damaged = model;
  damaged.tensors[0].second[0] += 1;
  EXPECT_NE(ErrorOf([&] { ConvertedChain::Parse(SerializeModel(damaged)); }).find("golden output"), std::string::npos);
}

TEST(ConvertedChain, keeps_layers_of_every_cell) {
  for (const CellType* cell : Cells()) {
    ConvertedLayers read;
    read.layers.push_back({"layer", MakeStack(3, 4, std::string(CellName(*cell))), ""});
    const std::string order[] = {"layer", "tanh"};
    const ConvertedChain chain = TakeChain(read, order);
    const Tensor x = Random3({5, 2, 3}, 9);
    EXPECT_TRUE(SameBits(ConvertedChain::Parse(chain.Serialize()).Run(x), chain.Run(x))) << CellName(*cell);
  }
}

TEST(ConvertedChain, the_last_step_alone_is_that_of_all_steps) {
  ConvertedLayers read = ReadTagger(), again = ReadTagger();
  const std::string all[] = {"encoder", "head"}, one[] = {"encoder", "last", "head"};
  const Tensor x = Random3({5, 2, 6}, 8);
  const Tensor y = TakeChain(read, all).Run(x), last = TakeChain(again, one).Run(x);
  EXPECT_EQ(last.shape(), (Shape{1, 2, 2}));
  EXPECT_TRUE(SameBits(last, y.Rows(4, 1)));
}

TEST(ConvertedChain, refuses_what_is_no_chain_and_takes_nothing) {
  const auto error = [](std::vector<std::string> order) {
    ConvertedLayers read = ReadTagger();
    const std::vector<std::string> left = read.left;
    const std::string text = ErrorOf([&] { TakeChain(read, order); });
    EXPECT_EQ(read.left, left);
    EXPECT_EQ(read.layers.size(), 1u);
    return text;
  };
  EXPECT_NE(error({"encoder", "hat"}).find("encoder, words, smooth, head, tanh, sigmoid"), std::string::npos)
      << error({"encoder", "hat"});
  EXPECT_NE(error({"words", "encoder"}).find("of 4 inputs"), std::string::npos);
  EXPECT_NE(error({"words", "smooth", "encoder"}).find("smooth:causal or :same"), std::string::npos);
  EXPECT_NE(error({"words", "smooth:valid"}).find("causal or same"), std::string::npos);
  EXPECT_NE(error({"words", "head:same"}).find("a convolution"), std::string::npos);
  EXPECT_NE(error({"encoder", "encoder"}).find("once in it"), std::string::npos);
  EXPECT_NE(error({"words", "last", "smooth:same"}).find("in front of"), std::string::npos);
  EXPECT_NE(error({"extra"}).find("dimensions"), std::string::npos);
  EXPECT_NE(error({"relu"}).find("operations alone"), std::string::npos);
  EXPECT_NE(error({}).find("1 to 64"), std::string::npos);
}

TEST(ConvertedChain, refuses_inputs_that_are_none) {
  ConvertedLayers read = ReadTagger();
  const ConvertedChain chain = TakeChain(read, kOrder);
  EXPECT_NE(ErrorOf([&] { chain.Run(Tensor({3, 1, 4})); }).find("[steps, rows]"), std::string::npos);
  const Tensor beyond({1, 1});
  for (const double token : {7.0, -1.0, 0.5, 1e30}) {
    beyond[0] = static_cast<Real>(token);
    EXPECT_NE(ErrorOf([&] { chain.Run(beyond); }).find("below 7"), std::string::npos);
  }
}

TEST(ConvertedChain, a_description_that_promises_more_than_the_file_holds_is_refused_before_memory_is_taken) {
  ConvertedLayers read = ReadTagger();
  const Model model = ParseModel(TakeChain(read, kOrder).Serialize());
  for (const auto& [link, field, size] : {std::tuple(0, "tokens", 1 << 24), std::tuple(3, "hidden", 1 << 20),
                                          std::tuple(1, "output", 1 << 24), std::tuple(4, "output", 1 << 20)}) {
    Model larger = model;
    larger.description["links"][link][field] = size;
    EXPECT_NE(ErrorOf([&] { ChainFromModel(larger); }), "") << field;
  }
  Model strange = model;
  strange.description["links"][2]["name"] = "exp";
  EXPECT_NE(ErrorOf([&] { ChainFromModel(strange); }).find("an operation"), std::string::npos);
  strange.description["links"][2]["kind"] = "norm";
  EXPECT_NE(ErrorOf([&] { ChainFromModel(strange); }).find("the kind of a link"), std::string::npos);
}

}  // namespace converted_chain_test
}  // namespace eddy
