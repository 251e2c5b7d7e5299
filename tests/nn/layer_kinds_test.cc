// Every header in include/eddy/layers/ declares a kind of layer whole: what is composed by its name runs, streams, is
// described and documented.
#include "eddy/layer_kinds.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "eddy/encoder.h"

namespace eddy {
namespace layer_kinds_test {

constexpr size_t kInputs = 8, kHidden = 8;

template <class Kind>
typename Kind::Options Composed(Kind kind) {
  StackOptions stack;
  stack.layer.cell = "gru";
  stack.layer.hidden = kHidden;
  stack.layer.variational_dropout = stack.layer.recurrent_dropout = stack.dropout = 0.5;
  stack.layers = 2;
  typename Kind::Options options = kind.Compose(LayerRequest{stack, 6, {}}).front();
  kind.Input(options) = kInputs;
  return options;
}

Encoder Make(const LayerOptions& layer) {
  Random random(1);
  return Encoder({.input = kInputs, .layers = {layer}}, "layer", random);
}

Tensor Input(size_t T, size_t B) {
  Random random(2);
  Tensor x({T, B, kInputs});
  for (Real& value : x.values()) value = static_cast<Real>(random.Normal());
  return x;
}

Tensor Outputs(Encoder& encoder, const Tensor& x, Tape::Mode mode) {
  Threads threads(1);
  Tape tape(threads, mode, 3);
  return tape.Value(encoder.Forward(tape, tape.Constant(x), {x.dim(0), x.dim(1), {}, {}}));
}

// The names of the fields as docs/file-format.md lists them, with those of an enumeration's values.
class FieldList {
 public:
  void operator()(const char* name, const auto&) { Add(name); }
  void operator()(const char* name, const auto&, const Bounds&) { Add(name); }
  template <class Enumeration, size_t count>
  void operator()(const char* name, const Enumeration&, const EnumerationName<Enumeration> (&values)[count]) {
    Add(name);
    for (size_t i = 0; i < count; ++i) text += (i == 0 ? " (`" : ", `") + std::string(values[i].name) + "`";
    text += ")";
  }
  std::string text;
  size_t count = 0;
  std::set<std::string> names;

 private:
  void Add(const char* name) {
    text += (text.empty() ? "`" : ", `") + std::string(name) + "`";
    names.insert(name);
    ++count;
  }
};

FieldList FieldsOf(auto kind) {
  FieldList fields;
  const auto options = Composed(kind);
  kind.Fields(fields, options);
  return fields;
}

std::string Page(const std::string& name) {
  std::ifstream file(std::string(EDDY_SOURCE_DIR "/docs/") + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Calls check(kind) for every kind, with its name in the messages of what fails.
void ForEachKind(auto&& check) {
  LayerKinds::ForEach([&](auto kind) {
    SCOPED_TRACE(std::string(kind.kInfo.kind));
    check(kind);
  });
}

TEST(LayerKinds, what_a_name_stands_for_streams_as_the_whole_sequence_runs) {
  ForEachKind([](auto kind) {
    const size_t T = 12, B = 2;
    const LayerOptions options = Composed(kind);
    ASSERT_TRUE(IsCausal(options));
    ASSERT_LT(StepsBack(options), kAllSteps);
    Encoder encoder = Make(options);
    const Tensor x = Input(T, B), whole = Outputs(encoder, x, Tape::Mode::kInference);
    ASSERT_EQ(whole.shape(), Shape({T, B, OutputWidth(options)}));
    EncoderStream stream(encoder, B);
    for (size_t t = 0; t < T; ++t) {
      const auto y = stream.Step(x.data() + t * B * kInputs);
      ASSERT_EQ(std::memcmp(y.data(), whole.data() + t * y.size(), y.size() * sizeof(Real)), 0) << "step " << t;
    }
  });
}

TEST(LayerKinds, what_is_composed_for_both_directions_looks_ahead_unless_the_kind_cannot) {
  const std::set<std::string_view> back_only = {"griffin", "tcn", "blocks", "windowed"};
  ForEachKind([&](auto kind) {
    StackOptions stack;
    stack.layer.hidden = kHidden;
    stack.bidirectional = true;
    const auto layers = kind.Compose(LayerRequest{stack, 6, {}});
    EXPECT_EQ(kind.IsCausal(layers.front()), back_only.contains(kind.kInfo.kind));
  });
}

TEST(LayerKinds, without_dropout_a_layer_trains_on_what_it_infers) {
  ForEachKind([](auto kind) {
    EncoderOptions options{kInputs, {Composed(kind)}};
    RemoveDropout(options);
    Encoder encoder = Make(options.layers[0]);
    const Tensor x = Input(5, 3);
    const Tensor a = Outputs(encoder, x, Tape::Mode::kInference), b = Outputs(encoder, x, Tape::Mode::kTraining);
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)), 0);
  });
}

TEST(LayerKinds, have_at_least_the_weights_that_they_say_at_any_width) {
  ForEachKind([](auto kind) {
    for (const size_t hidden : {size_t{4}, size_t{8}, size_t{24}}) {
      EncoderOptions options{kInputs, {Composed(kind)}};
      EXPECT_EQ(24 % HiddenStep(options), 0u);
      SetHidden(options, hidden);
      Encoder encoder = Make(options.layers[0]);
      size_t weights = 0;
      for (const Parameter* parameter : encoder.parameters()) weights += parameter->value.size();
      const double least =
          WithKind(encoder.options().layers[0], [](auto own, const auto& each) { return own.LeastWeights(each); });
      EXPECT_GT(least, 0);
      EXPECT_LE(least, static_cast<double>(weights)) << hidden;
    }
  });
}

TEST(LayerKinds, have_names_that_differ_and_describe_themselves) {
  std::set<std::string_view> stored, commands, described;
  std::vector<std::string> texts;
  ForEachKind([&](auto kind) {
    EXPECT_TRUE(stored.insert(kind.kInfo.kind).second);
    EXPECT_TRUE(commands.insert(kind.kInfo.command).second);
    EXPECT_EQ(kind.kInfo.command.empty(), kind.kInfo.naming == Naming::kCell);
    texts.push_back(Describe({kInputs, {Composed(kind)}}));
    EXPECT_NE(texts.back().find(std::to_string(kHidden)), std::string::npos) << texts.back();
    const FieldList fields = FieldsOf(kind);
    EXPECT_GE(fields.count, 2u);
    EXPECT_EQ(fields.names.size(), fields.count) << fields.text;
  });
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), texts.size());
}

TEST(LayerKinds, stand_in_the_documentation) {
  const std::string layers = Page("layers.md"), format = Page("file-format.md");
  ForEachKind([&](auto kind) {
    const LayerInfo& info = kind.kInfo;
    std::ostringstream row, options;
    row << "| [" << info.layer << "](../include/eddy/" << info.header << ".h) | " << info.what << " | " << info.paper
        << " | " << info.kept << " | ";
    if (info.naming == Naming::kCell) row << "a cell's name";
    if (info.naming == Naming::kHybrid) row << "`" << info.command << ":CELL`";
    if (info.naming == Naming::kByItself) row << "`" << info.command << "`";
    row << ": " << info.composed << " |\n";
    EXPECT_NE(layers.find(row.str()), std::string::npos) << "docs/layers.md should have the line\n" << row.str();
    options << "| `" << info.kind << "` | " << info.layer << " | " << FieldsOf(kind).text << " |\n";
    EXPECT_NE(format.find(options.str()), std::string::npos) << "docs/file-format.md should have the line\n"
                                                             << options.str();
  });
}

}  // namespace layer_kinds_test
}  // namespace eddy
