#include "model/model_file.h"

#include <limits>

#include "model/temporary_directory.h"

namespace eddy {
namespace {

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
  EXPECT_ERROR(ParseModel(bytes), "finite");
  model.tensors[0].second[0] = nan;
  EXPECT_ERROR(SerializeModel(model), "\"layer0.W\" must be finite");
}

TEST(ModelFile, parameters_are_restored_by_name) {
  Parameter b("layer0.b", Tensor({1})), w("layer0.W", Tensor({2}));
  Parameter* const both[] = {&b, &w};
  RestoreParameters(Example(), both);
  EXPECT_EQ(w.value[1], 2);
  EXPECT_EQ(b.value[0], 3);
  EXPECT_EQ(TensorsOf(both)[1].first, "layer0.W");
}

TEST(ModelFile, missing_unknown_and_misshaped_tensors_are_named) {
  Parameter b("layer0.b", Tensor({1})), w("layer0.W", Tensor({2})), other("other", Tensor({1})),
      wide("layer0.b", Tensor({2}));
  const auto restore = [](std::vector<Parameter*> parameters) {
    return ErrorOf([&] { RestoreParameters(Example(), parameters); });
  };
  EXPECT_NE(restore({&b}).find("\"layer0.W\" must be a parameter of its network, but is unknown"), std::string::npos);
  EXPECT_NE(restore({&b, &w, &other}).find("\"other\" must be there, but is missing"), std::string::npos);
  EXPECT_NE(restore({&wide, &w}).find("\"layer0.b\" must be of shape [2], but is [1]"), std::string::npos);
}

TEST(ModelFile, the_golden_tells_a_network_that_is_not_the_one_saved) {
  const Model model = Example();
  VerifyGolden(model, [](const Tensor& input) { return Values({5 * input[0], -4.0001f}); });
  EXPECT_ERROR(VerifyGolden(model, [](const Tensor&) { return Values({5, 4}); }), "off by 8");
  EXPECT_ERROR(VerifyGolden(model, [](const Tensor&) { return Values({5}); }), "of shape [1]");
  EXPECT_ERROR(VerifyGolden(model,
                            [](const Tensor&) {
                              return Values({5, std::numeric_limits<Real>::infinity()});
                            }),
               "finite");
  EXPECT_ERROR(VerifyGolden(Model(), [](const Tensor& input) { return input; }), "missing");
}

}  // namespace
}  // namespace eddy
