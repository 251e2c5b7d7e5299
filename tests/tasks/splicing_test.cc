#include "tasks/transcribe/splicing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "eddy/error.h"
#include "tasks/small_transcriber.h"
#include "tasks/transcribe/training.h"
#include "train/whole_step.h"

namespace eddy {
namespace splicing_test {

using namespace small_transcriber;

constexpr size_t kFrames = 120;

// Whose every frame tells the recording and its own number.
EncodedUtterance Recorded(size_t number, const std::string& text, const std::string& speaker,
                          const TranscriberDesign& design) {
  EncodedUtterance made;
  made.speaker = speaker;
  made.characters = text.size();
  for (const std::string& each : design.spelling.Cut(text)) made.labels.push_back(design.spelling.labels().Find(each));
  const size_t width = design.inputs();
  for (size_t i = 0; i < kFrames * width; ++i) {
    if (made.frames.empty()) made.frames.emplace_back();
    made.frames.back().push_back(static_cast<float>(number + static_cast<double>(i / width) / 1000));
  }
  made.to_own.emplace_back(width, 0.F);
  return made;
}

const std::vector<std::string>& Texts() {
  static const std::vector<std::string> texts = {"ab ba cd", "dd aa bb c", "c d", "abcd", "", "ca da ba"};
  return texts;
}

std::vector<EncodedUtterance> Recordings(const TranscriberDesign& design) {
  const std::vector<std::string> speakers = {"Ana", "Ana", "Ana", "Ana", "", "Omar"};
  std::vector<EncodedUtterance> all;
  for (size_t i = 0; i < Texts().size(); ++i) all.push_back(Recorded(i, Texts()[i], speakers[i], design));
  return all;
}

TEST(splicing, parts_are_whole_words_of_one_speaker_and_as_many_as_there_were) {
  const TranscriberDesign design = Design(false);
  const std::vector<EncodedUtterance> all = Recordings(design);
  Splicing splicing(all, design.spelling, 0.5);
  ASSERT_EQ(splicing.places().size(), 8U) << "2 + 3 + 1 + 2 gaps";
  splicing.SetPlaces({0.3F, 0.7F, 0.2F, 0.5F, 0.8F, 0.5F, 0.4F, 0.6F});
  std::map<size_t, size_t> counts;  // of parts
  std::set<std::string> first, last;
  for (uint64_t key = 0; key < 200; ++key) {
    for (size_t i = 0; i < all.size(); ++i) {
      const JoinedRecording joined = splicing.Draw(i, MixBits(key));
      ++counts[joined.parts.size()];
      for (const RecordingPart& part : joined.parts) {
        EXPECT_EQ(all[part.recording].speaker, all[i].speaker);
        EXPECT_LT(part.begin, part.end);
      }
      const std::vector<LabelRange> words = design.spelling.WordsIn(joined.labels);
      EXPECT_EQ(words.size(), design.spelling.WordsIn(all[i].labels).size());
      const auto text = [&](LabelRange word) {
        return design.spelling.Join(std::span(joined.labels).subspan(word.begin, word.end - word.begin));
      };
      if (i != 0) continue;
      first.insert(text(words.front()));
      last.insert(text(words.back()));
    }
  }
  EXPECT_GT(counts[2], 100U);
  EXPECT_GT(counts[3], 100U);
  const std::set<std::string> of_ana = {"ab", "ba", "cd", "dd", "aa", "bb", "c", "d"};
  EXPECT_EQ(first, of_ana) << "any word can be the first";
  EXPECT_EQ(last, of_ana);
}

TEST(splicing, what_is_said_is_what_is_in_the_parts) {
  const TranscriberDesign design = Design(false);
  const std::vector<EncodedUtterance> all = Recordings(design);
  Splicing splicing(all, design.spelling, 0.5);
  splicing.SetPlaces({0.3F, 0.7F, 0.2F, 0.5F, kNowhere, 0.5F, 0.4F, 0.6F});
  struct Stretch {  // that is never parted
    float begin, end;
    std::string text;
  };
  const std::map<size_t, std::vector<Stretch>> stretches = {{0, {{0, 0.3F, "ab"}, {0.3F, 0.7F, "ba"}, {0.7F, 1, "cd"}}},
                                                            {1, {{0, 0.2F, "dd"}, {0.2F, 0.5F, "aa"}, {0.5F, 1, "bb c"}}},
                                                            {2, {{0, 0.5F, "c"}, {0.5F, 1, "d"}}},
                                                            {5, {{0, 0.4F, "ca"}, {0.4F, 0.6F, "da"}, {0.6F, 1, "ba"}}}};
  for (uint64_t key = 0; key < 200; ++key) {
    for (const auto& [i, own] : stretches) {
      const JoinedRecording joined = splicing.Draw(i, MixBits(key));
      std::string text;
      for (const RecordingPart& part : joined.parts) {
        for (const Stretch& each : stretches.at(part.recording)) {
          if (each.begin >= part.begin && each.end <= part.end) text += (text.empty() ? "" : " ") + each.text;
        }
      }
      EXPECT_EQ(design.spelling.Join(joined.labels), text);
    }
  }
}

TEST(splicing, nothing_is_parted_before_words_are_heard_or_where_the_network_is_not_sure) {
  const TranscriberDesign design = Design(false);
  const std::vector<EncodedUtterance> all = Recordings(design);
  Splicing splicing(all, design.spelling, 0.9);
  const auto most_parts = [&] {
    size_t most = 0;
    for (uint64_t key = 0; key < 50; ++key) {
      for (size_t i = 0; i < all.size(); ++i) most = std::max(most, splicing.Draw(i, key).parts.size());
    }
    return most;
  };
  EXPECT_EQ(most_parts(), 1U);
  Threads threads;
  TranscriberNetwork unsure(design, 1);
  for (Parameter* parameter : unsure.parameters()) parameter->value.Fill(0);  // all labels alike
  splicing.Align(unsure, threads);
  EXPECT_EQ(most_parts(), 1U);
  EXPECT_THROW(splicing.SetPlaces({}), Error);
  EXPECT_THROW(splicing.SetPlaces(std::vector<float>(8, 1.5F)), Error);
  EXPECT_THROW(splicing.SetPlaces(std::vector<float>(8, std::nanf(""))), Error);
}

// Steps at which each label of "ab c" is surest, and how sure of the last.
float PlaceOf(double probability) {
  const std::vector<LabelTime> times = {{5, 6, 1}, {9, 10, 1}, {20, 21, 1}, {29, 30, probability}};
  return PlaceBetween(times, {0, 2}, {3, 4}, 60);
}

TEST(splicing, words_are_parted_in_the_middle_between_their_letters) {
  EXPECT_FLOAT_EQ(PlaceOf(0.6), 19.5F / 60) << "between the end of b at 10 and the beginning of c at 29";
  EXPECT_EQ(PlaceOf(0.4), kNowhere);
}

// What a stored state says of where words end.
TaskState StateOf(const std::vector<float>& places) {
  Tensor stored({places.size()});
  std::copy(places.begin(), places.end(), stored.data());
  return {{}, {{"word_gaps", stored}}};
}

std::vector<float> StateTensor(const TranscriberTraining& task) {
  const TaskState state = task.SaveState();
  const std::span<const Real> stored = state.tensors.at(0).second.values();
  return {stored.begin(), stored.end()};
}

TEST(splicing, a_step_depends_on_its_number_and_on_what_is_stored_and_on_no_thread) {
  const TranscriberDesign design = Design(false);
  const std::vector<EncodedUtterance> all = Recordings(design), none;
  const std::vector<float> places = {0.3F, 0.7F, 0.2F, 0.5F, 0.8F, 0.5F, 0.4F, 0.6F};
  const auto last_loss = [&](std::initializer_list<int64_t> steps, int count, const std::vector<float>& stored) {
    Threads threads(count, Threads::Share::kAlways);
    TranscriberNetwork network(design, 3);
    TranscriberTraining task(network, all, none, {4, 2, 0, 0, 0.9}, 5, threads);
    task.LoadState(StateOf(stored));
    double loss = 0;
    for (const int64_t step : steps) loss = WholeStep(task, step, threads);
    EXPECT_EQ(StateTensor(task), stored);
    return loss;
  };
  EXPECT_EQ(last_loss({0, 1, 5}, 1, places), last_loss({5}, 3, places));
  EXPECT_NE(last_loss({5}, 1, places), last_loss({5}, 1, std::vector<float>(8, kNowhere)));
}

TEST(splicing, a_step_that_is_taken_back_has_not_listened) {
  const TranscriberDesign design = Design(false);
  const std::vector<EncodedUtterance> all = Recordings(design), none;
  const std::vector<float> places(8, 0.5F);
  Threads threads;
  TranscriberNetwork network(design, 3);
  TranscriberTraining task(network, all, none, {6, 1, 0, 0, 0.5}, 5, threads);
  task.LoadState(StateOf(places));
  for (const int64_t epoch : {4, 5, 6}) {
    task.BeginStep(epoch);
    EXPECT_EQ(StateTensor(task) == places, epoch == 5) << epoch;
    task.TakeBackStep();
    EXPECT_EQ(StateTensor(task), places) << epoch;
  }
}

}  // namespace splicing_test
}  // namespace eddy
