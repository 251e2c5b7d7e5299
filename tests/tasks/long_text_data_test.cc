// A text that is loaded by blocks, by any number of processes, is the text that is held.
#include <gtest/gtest.h>

#include <cmath>

#include "eddy/loss.h"
#include "eddy/random.h"
#include "model/temporary_directory.h"
#include "tasks/text/lanes.h"
#include "tasks/text/long_data.h"
#include "train/thread_group.h"

namespace eddy {
namespace long_text_data_test {

std::string DrawnText(size_t bytes) {
  const std::vector<std::string> characters = {"a", "e", "n", " ", "\n", "ü", "€", "語"};
  Random random(1);
  std::string text;
  while (text.size() < bytes) {
    const double skew = std::abs(random.Normal()) * 2.5;
    text += characters[std::min(static_cast<size_t>(skew), characters.size() - 1)];
  }
  return text;
}

void ExpectSameCorpus(const Corpus& a, const Corpus& b) {
  EXPECT_TRUE(a.tokens == b.tokens);
  EXPECT_EQ(a.ends, b.ends);
  EXPECT_EQ(a.boundary, b.boundary);
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_EQ(a.unknown, b.unknown);
  EXPECT_EQ(a.unknown_bytes, b.unknown_bytes);
}

class LongTextData : public testing::Test {
 protected:
  LongTextData() { WriteText(directory_ / "text", DrawnText(200'000)); }
  const TemporaryDirectory directory_;
  const std::vector<Data> files_ = {directory_ / "text"};
};

TEST_F(LongTextData, is_split_and_encoded_as_if_it_were_held) {
  TextOptions few;
  few.most_tokens = 5;
  TextOptions bytes;
  bytes.unit = TextUnit::kBytes;
  TextOptions rare;
  rare.min_count = 2000;
  rare.valid = 0.3;
  for (const TextOptions& options : {TextOptions(), few, bytes, rare}) {
    const LoadedText held = LoadText(files_, Data(), options);
    EXPECT_TRUE(options.unit == TextUnit::kBytes || options.most_tokens > 5 || held.split.train.unknown > 0);
    for (const int processes : {1, 2, 3, 5}) {
      ThreadGroup::Run(processes, [&](ProcessGroup& group) {
        const LoadedText read = LoadLongText(files_, Data(), options, nullptr, group);
        EXPECT_EQ(read.split.format.vocabulary.tokens(), held.split.format.vocabulary.tokens());
        ExpectSameCorpus(read.split.train, held.split.train);
        ExpectSameCorpus(read.split.valid, held.split.valid);
        EXPECT_EQ(read.source.options.min_count, held.source.options.min_count);
      });
    }
  }
}

TEST_F(LongTextData, goes_on_with_a_known_vocabulary_and_a_file_held_out) {
  WriteText(directory_ / "valid", DrawnText(3000));
  const Vocabulary known({std::string(Vocabulary::kUnknown), "z", "語"});
  const Data valid = directory_ / "valid";
  const LoadedText held = LoadText(files_, valid, {}, &known);
  ThreadGroup::Run(2, [&](ProcessGroup& group) {
    const LoadedText read = LoadLongText(files_, valid, {}, &known, group);
    EXPECT_EQ(read.split.format.vocabulary.tokens(), held.split.format.vocabulary.tokens());
    ExpectSameCorpus(read.split.train, held.split.train);
    ExpectSameCorpus(read.split.valid, held.split.valid);
  });
}

TEST_F(LongTextData, its_fingerprint_is_that_of_its_text_whoever_looked) {
  const auto fingerprint = [&](int processes) {
    std::string first;
    ThreadGroup::Run(processes, [&](ProcessGroup& group) {
      const LoadedText read = LoadLongText(files_, Data(), {}, nullptr, group);
      if (group.rank() == 0) first = read.fingerprint + read.source.hash;
    });
    return first;
  };
  const std::string one = fingerprint(1);
  EXPECT_EQ(fingerprint(3), one);
  std::string other = DrawnText(200'000);
  other[other.find('e', 150'000)] = 'n';
  WriteText(directory_ / "text", other);
  EXPECT_NE(fingerprint(3), one);
}

TEST_F(LongTextData, that_differs_between_machines_is_noticed_by_who_reads_it) {
  std::string other = DrawnText(200'000);
  other[other.find('e', 150'000)] = 'n';
  WriteText(directory_ / "other", other);
  ThreadGroup::Run(2, [&](ProcessGroup& group) {
    const std::vector<Data> own = {directory_ / (group.rank() == 0 ? "other" : "text")};  // differs in the second's share
    const LoadedText read = LoadLongText(own, Data(), {}, nullptr, group);
    const auto all = [&] { read.split.train.tokens.Copy(); };
    if (group.rank() == 0) {
      EXPECT_ERROR(all(), "the same on every machine");
    } else {
      all();
    }
  });
  WriteText(directory_ / "other", other + "x");
  ThreadGroup::Run(2, [&](ProcessGroup& group) {
    const std::vector<Data> own = {directory_ / (group.rank() == 0 ? "other" : "text")};
    EXPECT_ERROR(LoadLongText(own, Data(), {}, nullptr, group), "of another length for process 2 of 2");
  });
}

TEST_F(LongTextData, is_only_what_cannot_be_held) {
  EXPECT_FALSE(IsLong(files_, {}));
  std::filesystem::resize_file(directory_ / "text", (size_t{1} << 30) + 1);  // of zeros that take no disk
  EXPECT_TRUE(IsLong(files_, {}));
  TextOptions lines;
  lines.lines = true;
  EXPECT_FALSE(IsLong(files_, lines));
}

// What training reads of a step's rows is what it would read of the whole step.
TEST_F(LongTextData, rows_are_read_alone_as_they_are_together) {
  const LoadedText held = LoadText(files_, Data(), {});
  TrainingPieces all_pieces(held.split.train, 5, 1), own_pieces(held.split.train, 5, 1);
  TextLanes all_lanes(held.split.train, 5), own_lanes(held.split.train, 5);
  for (int step = 0; step < 200; ++step) {
    const TextBatch all = all_lanes.Read(37, [&](Piece& piece) { return piece = all_pieces.Next(), true; });
    TextBatch own = own_lanes.Plan(37, [&](Piece& piece) { return piece = own_pieces.Next(), true; });
    own_lanes.ReadRows(own, 1, 3);
    EXPECT_EQ(own.counted, all.counted);
    EXPECT_EQ(own.sequence.resets, all.sequence.resets);
    for (size_t i = 0; i < all.inputs.size(); ++i) {
      const bool read = i % 5 >= 1 && i % 5 < 3;
      EXPECT_EQ(own.inputs[i], read ? all.inputs[i] : 0);
      EXPECT_EQ(own.targets[i], read ? all.targets[i] : kIgnore);
    }
  }
}

}  // namespace long_text_data_test
}  // namespace eddy
