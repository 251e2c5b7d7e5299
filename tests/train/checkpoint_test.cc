#include "train/checkpoint.h"

#include "model/temporary_directory.h"
#include "train/training_state.h"

namespace eddy {
namespace checkpoint_test {

TEST(Checkpoint, comes_back_as_it_was_saved) {
  const TemporaryDirectory directory;
  const std::string path = CheckpointPath(directory / "a.eddy");
  EXPECT_EQ(path, directory / "a.eddy.checkpoint");
  EXPECT_FALSE(HasCheckpoint(path));
  SaveCheckpoint(path, {{{"hidden", "2"}}, {{"step", 7}}, {{"weights/W", Tensor({2})}}});
  EXPECT_TRUE(HasCheckpoint(path));
  const Checkpoint checkpoint = LoadCheckpoint(path);
  EXPECT_EQ(checkpoint.fingerprint.at("hidden"), "2");
  EXPECT_EQ(checkpoint.state["step"], 7);
  EXPECT_EQ(checkpoint.tensors[0].first, "weights/W");
  RemoveCheckpoint(path);
  RemoveCheckpoint(path);
  EXPECT_FALSE(HasCheckpoint(path));
}

TEST(Checkpoint, files_that_are_none_are_errors) {
  const auto parse = [](const std::map<std::string, std::string>& metadata) {
    return ErrorOf([&] { ParseCheckpoint(SerializeSafetensors({metadata, {}})); });
  };
  EXPECT_NE(parse({}).find("something else"), std::string::npos);
  EXPECT_NE(parse({{"format", "eddy-model"}}).find("must be a training checkpoint"), std::string::npos);
  EXPECT_NE(parse({{"format", "eddy-checkpoint"}, {"format_version", "9"}}).find("version \"9\""), std::string::npos);
  EXPECT_NE(parse({{"format", "eddy-checkpoint"}, {"format_version", "2"}, {"fingerprint", "3"}}).find("an object"),
            std::string::npos);
  EXPECT_ERROR(ParseCheckpoint("Once upon a time"), "a training checkpoint, but is something else");
}

TEST(Checkpoint, no_changed_bit_and_no_missing_end_is_taken) {
  const std::string whole =
      SerializeCheckpoint({{{"hidden", "2"}}, {{"step", 7}, {"plan", {{"steps", 9}}}}, {{"weights/W", Tensor({2})}}});
  ParseCheckpoint(whole);
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    EXPECT_NE(ErrorOf([&] { ParseCheckpoint(bytes); }), "") << "bit " << bit;
  }
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(ErrorOf([&] { ParseCheckpoint(whole.substr(0, size)); }), "") << size;
  }
}

TEST(Checkpoint, other_options_or_data_are_listed) {
  const Json options = {{"hidden", 128}, {"cell", "lstm"}, {"data", {{"bytes", 10}}}};
  const Fingerprint before = FlatFingerprint(options);
  RequireSameFingerprint(before, before);
  const Fingerprint now = {{"hidden", "256"}, {"data/bytes", "11"}};
  EXPECT_ERROR(RequireSameFingerprint(before, now),
               "different: \"cell\" nothing (there \"lstm\"), \"data/bytes\" 11 (there 10), \"hidden\" 256 (there 128)");
  EXPECT_ERROR(RequireSameFingerprint({}, now), "different");
}

TEST(Checkpoint, the_training_state_comes_back) {
  TrainingState state;
  state.step = 5;
  state.best = 0.1;
  state.plan = {1, 0.25, 10, 3.5, 2};
  state.history.groups = {"a", "b"};
  state.history.training = {{5, 1.0 / 3, 0.1, 2, {3, TrainingState::kNone}}};
  state.history.validation = {{5, TrainingState::kNone}};
  const std::string text = DumpJson(ToJson(state), "state");
  EXPECT_EQ(DumpJson(ToJson(TrainingStateFromJson(ParseJson(text, "state"))), "state"), text);
}

// Each field in turn is made null, a text, negative and huge.
TEST(Checkpoint, a_broken_training_state_is_an_error_or_is_read) {
  TrainingState state;
  state.history.groups = {"a"};
  state.history.training = {{5, 1, 1, 1, {1}}};
  state.history.validation = {{5, 1}};
  const Json flat = ToJson(state).flatten();
  for (const auto& entry : flat.items()) {
    for (const Json& value : {Json(), Json("text"), Json(-1), Json(1e300)}) {
      Json broken = flat;
      broken[entry.key()] = value;
      ErrorOf([&] { TrainingStateFromJson(broken.unflatten()); });
    }
    Json missing = flat;
    missing.erase(entry.key());
    ErrorOf([&] { TrainingStateFromJson(missing.unflatten()); });
  }
  EXPECT_ERROR(TrainingStateFromJson(Json::object()), "\"step\" must be there");
}

}  // namespace checkpoint_test
}  // namespace eddy
