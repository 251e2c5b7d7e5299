#include "model/encoder_json.h"

#include <gtest/gtest.h>

#include <functional>

#include "eddy/error.h"
#include "model/model_file.h"
#include "model/stack_json.h"

namespace eddy {
namespace encoder_json_test {

RecurrentOptions Cell(const char* cell, size_t input, size_t hidden) {
  RecurrentOptions options;
  options.cell = cell;
  options.input = input;
  options.hidden = hidden;
  return options;
}

EncoderOptions Chain() {
  StackOptions stack;
  stack.layer.cell = "gru";
  stack.layer.hidden = 6;
  stack.layer.input = 5;
  EncoderOptions options{
      3,
      {TcnOptions{.input = 3, .hidden = 5, .blocks = 2, .kernel = 3, .dropout = 0.25}, stack,
       TransformerOptions{.input = 6, .hidden = 8, .blocks = 2, .heads = 2, .window = 7},
       Conv1dOptions{.input = 8,
                     .output = 8,
                     .kernel = 5,
                     .convolution = {.dilation = 3, .groups = 4, .padding = Padding::kSame},
                     .bias = false,
                     .weight_norm = true},
       GriffinOptions{.input = 8, .hidden = 8, .blocks = 4, .heads = 2, .window = 9, .kernel = 3},
       RecurrentBlocksOptions{.input = 8, .hidden = 6, .cell = "min_gru", .groups = 3},
       WindowedRecurrentOptions{Cell("qrnn", 6, 5), 3},
       AttentiveRecurrentOptions{{Cell("lstm", 5, 4), 2}, {2, 0.5, true, 11, Positions::kLinearBias}},
       MultiHeadAttentionOptions{.input = 4, .hidden = 6, .attention = {3, 0, true, 5, Positions::kRotary}}}};
  options.precision = Precision::kBfloat16;
  return options;
}

TEST(EncoderJson, a_chain_is_the_same_after_writing_and_reading) {
  Json json = Json::object();
  AddEncoder(json, Chain());
  const EncoderOptions read = EncoderFromJson(json);
  EXPECT_EQ(read.input, 3u);
  EXPECT_EQ(read.precision, Precision::kBfloat16);
  const TcnOptions& tcn = std::get<TcnOptions>(read.layers[0]);
  EXPECT_EQ(tcn.hidden, 5u);
  EXPECT_EQ(tcn.blocks, 2u);
  EXPECT_EQ(tcn.kernel, 3u);
  EXPECT_EQ(tcn.dropout, 0.25);
  EXPECT_EQ(std::get<StackOptions>(read.layers[1]).layer.cell, "gru");
  Json again = Json::object();
  AddEncoder(again, read);
  EXPECT_EQ(again, json);
}

TEST(EncoderJson, every_kind_of_layer_is_the_same_after_writing_and_reading) {
  LayerKinds::ForEach([](auto kind) {
    SCOPED_TRACE(std::string(kind.kInfo.kind));
    EncoderOptions options{4, {kind.Compose(LayerRequest{{Cell("gru", 4, 8), 2}, 6, 5}).front()}};
    kind.Input(std::get<typename decltype(kind)::Options>(options.layers[0])) = 4;
    options.layers.push_back(TcnOptions{.input = OutputWidth(options.layers[0]), .hidden = 2});
    Json json = Json::object(), again = Json::object();
    AddEncoder(json, options);
    EXPECT_EQ(json["layers"][0]["kind"], kind.kInfo.kind);
    const EncoderOptions read = EncoderFromJson(json);
    EXPECT_EQ(Describe(read), Describe(options));
    AddEncoder(again, read);
    EXPECT_EQ(again, json);
    json["layers"][0].erase(std::prev(json["layers"][0].end()));
    EXPECT_THROW(EncoderFromJson(json), Error);
  });
}

// Of this chain, with an input and what came out of it; written when layers were described by hand and files had no digest.
TEST(EncoderJson, a_chain_written_long_ago_is_read_and_would_be_written_the_same) {
  const Model model = LoadModel(EDDY_SOURCE_DIR "/tests/goldens/chain.eddy");
  const EncoderOptions options = EncoderFromJson(model.description);
  RequireFits(options, model.tensors);
  Json again = Json::object();
  AddEncoder(again, options);
  EXPECT_EQ(DumpJson(again, "it"), DumpJson(model.description, "it"));
  Random random(1);
  Encoder encoder(options, "layer", random);
  RestoreNetwork(model, encoder.parameters(), [&](const Tensor& input) {
    Threads threads(1);
    Tape tape(threads, Tape::Mode::kInference);
    return tape.Value(encoder.Forward(tape, tape.Constant(input), {input.dim(0), input.dim(1), {}, {}}));
  });
}

TEST(EncoderJson, recurrent_layers_alone_are_written_as_before_there_were_others) {
  StackOptions stack;
  stack.layer.hidden = 6;
  stack.layer.input = 3;
  stack.precision = Precision::kInt8;
  Json json = Json::object();
  AddEncoder(json, {3, {stack}, Precision::kInt8});
  EXPECT_EQ(json, (Json{{"recurrent", ToJson(stack)}}));
  const EncoderOptions read = EncoderFromJson(json);
  EXPECT_EQ(read.input, 3u);
  EXPECT_EQ(read.precision, Precision::kInt8);
  EXPECT_EQ(read.stack()->layer.hidden, 6u);
}

TEST(EncoderJson, what_does_not_fit_is_refused) {
  const auto refused = [](const char* place, const Json& value) {
    Json json = Json::object();
    AddEncoder(json, Chain());
    json[Json::json_pointer(place)] = value;
    EXPECT_THROW(EncoderFromJson(json), Error) << place;
  };
  refused("/layers", Json::array());
  refused("/layers/0/kind", "convolution");
  refused("/layers/0/blocks", 0);
  refused("/layers/0/kernel", -1);
  refused("/layers/0/hidden", 1.5);
  refused("/layers/0/dropout", 1.5);
  refused("/layers/1/zoneout", -0.5);
  refused("/layers/1/input", 4);
  refused("/layers/1/hidden", int64_t{1} << 40);
  refused("/layers/2/positions", "sines");
  refused("/layers/2/window", -1);
  refused("/layers/3/padding", "none");
  refused("/layers/3/kernel", 0);
  refused("/layers/4/window", 0);
  refused("/layers/5/groups", 0);
  refused("/layers/5/cell", 3);
  refused("/layers/6/kernel", 0);
  refused("/layers/6/recurrent/input", 7);
  refused("/layers/7/positions", "sines");
  refused("/layers/7/recurrent", "lstm");
  refused("/precision", "float64");
  EXPECT_THROW(EncoderFromJson(Json::object()), Error);
}

TEST(EncoderJson, layers_larger_than_what_is_stored_are_not_built) {
  Random random(1);
  EncoderOptions options = Chain();
  Encoder encoder(options, "layer", random);
  NamedTensors tensors;
  for (const Parameter* parameter : encoder.parameters()) tensors.emplace_back(parameter->name, parameter->value);
  RequireFits(options, tensors);
  std::get<TcnOptions>(options.layers[0]).hidden = 1 << 20;
  EXPECT_THROW(RequireFits(options, tensors), Error);
  for (size_t i = 3; i < Chain().layers.size(); ++i) {
    EncoderOptions alone{InputOf(options.layers[i]), {Chain().layers[i]}};
    Encoder layer(alone, "layer", random);
    NamedTensors own;
    for (const Parameter* parameter : layer.parameters()) own.emplace_back(parameter->name, parameter->value);
    RequireFits(alone, own);
  }
}

}  // namespace encoder_json_test
}  // namespace eddy
