#include "model/model_file.h"

#include <limits>

#include "model/temporary_directory.h"

namespace eddy {
namespace model_file_test {

Tensor Values(std::initializer_list<Real> values) { return Tensor::From({values.size()}, std::vector<Real>(values)); }

Model Example() {
  Model model;
  model.task = "text";
  model.description = {{"hidden", 2}, {"vocabulary", {"a", "\xc3\xa9"}}, {"rate", 0.1}};
  model.tensors = {{"layer0.W", Values({1, 2})}, {"layer0.b", Values({3})}};
  model.golden_input = Values({1});
  model.golden_output = Values({5, -4});
  return model;
}

TEST(ModelFile, comes_back_as_it_was_saved) {
  const TemporaryDirectory directory;
  SaveModel(directory / "a.eddy", Example());
  const Model model = LoadModel(directory / "a.eddy", "text");
  EXPECT_EQ(model.task, "text");
  EXPECT_EQ(model.description, Example().description);
  EXPECT_EQ(FindTensor(model, "layer0.W")[1], 2);
  EXPECT_EQ(model.golden_input.size(), 1u);
  EXPECT_EQ(model.golden_output[1], -4);
  EXPECT_EQ(SerializeModel(model), SerializeModel(Example()));
}

TEST(ModelFile, a_model_of_another_task_is_an_error) {
  const TemporaryDirectory directory;
  SaveModel(directory / "a.eddy", Example());
  EXPECT_ERROR(LoadModel(directory / "a.eddy", "forecast"), "of task forecast, but is one of task \"text\"");
}

TEST(ModelFile, files_that_are_no_model_are_errors) {
  const TemporaryDirectory directory;
  const auto load = [&](std::string_view bytes) {
    WriteText(directory / "x", bytes);
    return ErrorOf([&] { LoadModel(directory / "x"); });
  };
  EXPECT_NE(load("").find("/x must be an Eddy model, but is empty"), std::string::npos);
  EXPECT_NE(load("Once upon a time there was").find("an Eddy model, but is something else"), std::string::npos);
  EXPECT_NE(load("\xff\xd8\xff\xe0\x10JFIF and so on").find("an Eddy model, but is something else"), std::string::npos);
  EXPECT_NE(load(SerializeSafetensors({{}, {{"a", Values({1})}}})).find("a safetensors file of something else"),
            std::string::npos);
  EXPECT_NE(load(SerializeSafetensors({{{"format", "eddy-checkpoint"}}, {}})).find("--resume"), std::string::npos);
  EXPECT_NE(load(SerializeSafetensors({{{"format", "eddy-model"}, {"format_version", "2"}}, {}})).find("version \"2\""),
            std::string::npos);
  EXPECT_ERROR(LoadModel(directory / ""), "a directory");
  EXPECT_ERROR(LoadModel(directory / "missing"), "No such file");
}

TEST(ModelFile, a_broken_description_is_an_error) {
  const auto parse = [](const std::string& description) {
    const std::map<std::string, std::string> metadata = {
        {"format", "eddy-model"}, {"format_version", "1"}, {"task", "text"}, {"description", description}};
    return ErrorOf([&] { ParseModel(SerializeSafetensors({metadata, {}})); });
  };
  EXPECT_EQ(parse("{}"), "");
  EXPECT_NE(parse("").find("JSON text"), std::string::npos);
  EXPECT_NE(parse("[1]").find("an object"), std::string::npos);
  EXPECT_NE(parse("{").find("JSON text"), std::string::npos);
}

TEST(ModelFile, values_that_are_not_finite_are_neither_saved_nor_loaded) {
  Model model = Example();
  std::string bytes = SerializeModel(model);
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  bytes.replace(bytes.size() - sizeof nan, sizeof nan, reinterpret_cast<const char*>(&nan), sizeof nan);
  EXPECT_ERROR(ParseModel(bytes, Digests::kIgnored), "finite");
  model.tensors[0].second[0] = nan;
  EXPECT_ERROR(SerializeModel(model), "\"layer0.W\" must be finite");
}

TEST(ModelFile, no_changed_bit_and_no_missing_end_is_taken) {
  const std::string whole = SerializeModel(Example());
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    EXPECT_NE(ErrorOf([&] { ParseModel(bytes); }), "") << "bit " << bit;
  }
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_NE(ErrorOf([&] { ParseModel(whole.substr(0, size)); }), "");
}

TEST(ModelFile, unknown_metadata_are_refused) {
  const std::map<std::string, std::string> metadata = {
      {"format", "eddy-model"}, {"format_version", "1"}, {"task", "text"}, {"description", "{}"}, {"dygest", "0"}};
  EXPECT_ERROR(ParseModel(SerializeSafetensors({metadata, {}})), "its metadata \"dygest\" are unknown");
}

// Were any step quadratic in the number of tensors, this would take many minutes.
TEST(ModelFile, many_tensors_take_no_longer_each_than_few) {
  Model model;
  model.task = "text";
  model.description = Json::object();
  model.precision = Precision::kInt8;
  model.golden_input = model.golden_output = Values({1});
  std::vector<Parameter> parameters;
  for (size_t i = 0; i < 50000; ++i) parameters.emplace_back("t" + std::to_string(i), Tensor({1, 1}));
  std::vector<Parameter*> pointers;
  for (Parameter& parameter : parameters) {
    pointers.push_back(&parameter);
    model.tensors.emplace_back(parameter.name, parameter.value);
  }
  const Model read = ParseModel(SerializeModel(model));
  EXPECT_EQ(read.tensors.size(), parameters.size());
  RestoreNetwork(read, pointers, [](const Tensor& input) { return input; });
}

// What the network of Example() makes of its golden input.
Tensor ExampleRun(const Tensor& input) { return Values({5 * input[0], -4}); }

TEST(ModelFile, parameters_are_stored_and_restored_by_name) {
  Parameter b("layer0.b", Tensor({1})), w("layer0.W", Tensor({2}));
  Parameter* const both[] = {&b, &w};
  RestoreNetwork(Example(), both, ExampleRun);
  EXPECT_EQ(w.value[1], 2);
  EXPECT_EQ(b.value[0], 3);
  Model stored;
  StoreNetwork(both, Values({2}), ExampleRun, stored);
  EXPECT_EQ(stored.tensors[1].first, "layer0.W");
  EXPECT_EQ(FindTensor(stored, "layer0.b")[0], 3);
  EXPECT_EQ(stored.golden_output[0], 10);
}

TEST(ModelFile, a_task_and_shapes_are_those_that_are_asked_for) {
  const Model model = Example();
  RequireTask(model, model.task);
  EXPECT_ERROR(RequireTask(model, "music"), "must be \"music\"");
  RequireShape(model, "layer0.W", {2});
  EXPECT_ERROR(RequireShape(model, "layer0.W", {3}), "as in the description, [3], but is [2]");
}

TEST(ModelFile, missing_unknown_and_misshaped_tensors_are_named) {
  Parameter b("layer0.b", Tensor({1})), w("layer0.W", Tensor({2})), other("other", Tensor({1})),
      wide("layer0.b", Tensor({2}));
  const auto restore = [](std::vector<Parameter*> parameters) {
    return ErrorOf([&] { RestoreNetwork(Example(), parameters, ExampleRun); });
  };
  EXPECT_NE(restore({&b}).find("\"layer0.W\" must be a parameter of its network, but is unknown"), std::string::npos);
  EXPECT_NE(restore({&b, &w, &other}).find("\"other\" must be there, but is missing"), std::string::npos);
  EXPECT_NE(restore({&wide, &w}).find("\"layer0.b\" must be of shape [2], but is [1]"), std::string::npos);
}

TEST(ModelFile, the_golden_tells_a_network_that_is_not_the_one_saved) {
  Parameter b("layer0.b", Tensor({1})), w("layer0.W", Tensor({2}));
  Parameter* const both[] = {&b, &w};
  Model model = Example();
  const auto run = [&](const GoldenRun& golden) { return ErrorOf([&] { RestoreNetwork(model, both, golden); }); };
  EXPECT_EQ(run([](const Tensor& input) { return Values({5 * input[0], -4.0001f}); }), "");
  EXPECT_NE(run([](const Tensor&) { return Values({5, 4}); }).find("off by 8"), std::string::npos);
  EXPECT_NE(run([](const Tensor&) { return Values({5}); }).find("of shape [1]"), std::string::npos);
  const Real infinity = std::numeric_limits<Real>::infinity();
  EXPECT_NE(run([=](const Tensor&) { return Values({5, infinity}); }).find("finite"), std::string::npos);
  model.golden_input = Tensor();
  EXPECT_NE(run(ExampleRun).find("missing"), std::string::npos);
}

}  // namespace model_file_test
}  // namespace eddy
