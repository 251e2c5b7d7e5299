// What several processes measure together has the bits of what one measures.
#include <gtest/gtest.h>

#include "model/architecture.h"
#include "tasks/small_text_design.h"
#include "tasks/text/training.h"
#include "train/thread_group.h"

namespace eddy {
namespace shared_measure_test {

TextSplit SomeText(bool lines) {
  std::string text;
  for (uint64_t i = 0; i < 9000; ++i)
    text += lines && i % 41 == 40 ? '\n' : static_cast<char>('a' + MixBits(i) % (1 + i % 5));
  TextOptions options;
  options.valid = 0.7;
  options.lines = lines;
  return SplitText(text, options, "letters");
}

// Its own network for every process, as they have.
TextNetwork SomeNetwork(const TextSplit& text, const std::string& cell) {
  return TextNetwork(SmallTextDesign(text, cell), 1);
}

struct Score {
  explicit Score(const TextScore& score) : tokens(score.tokens), nats(score.nats) {
    for (const TextScore::Block& block : score.blocks) blocks.emplace_back(block.tokens, block.nats);
  }
  size_t tokens;
  double nats;
  std::vector<std::pair<size_t, double>> blocks;
  bool operator==(const Score&) const = default;
};

// By each process.
std::vector<Score> Scores(const TextSplit& text, const std::string& cell, Measure measure, int processes) {
  std::vector<Score> scores(static_cast<size_t>(processes), Score(TextScore{}));
  ThreadGroup::Run(processes, [&](ProcessGroup& group) {
    Threads threads(1);
    TextNetwork network = SomeNetwork(text, cell);
    scores[static_cast<size_t>(group.rank())] = Score(MeasureText(network, text.valid, measure, threads, group));
  });
  return scores;
}

TEST(SharedMeasure, of_text_has_the_bits_of_one_process) {
  for (const bool lines : {false, true}) {
    const TextSplit text = SomeText(lines);
    for (const std::string& cell : CellNames()) {
      for (const Measure measure : {Measure::kQuick, Measure::kExact}) {
        const Score one = Scores(text, cell, measure, 1)[0];
        EXPECT_GT(one.tokens, 1000u);
        EXPECT_GT(one.blocks.size(), 1u);
        for (const int processes : {2, 5}) {
          for (const Score& each : Scores(text, cell, measure, processes)) EXPECT_EQ(each, one) << cell << processes;
        }
      }
    }
  }
}

TEST(SharedMeasure, of_fewer_pieces_than_processes_leaves_some_without_work) {
  const TextSplit text = SomeText(false);
  const std::vector<Piece> pieces = SampledPieces(text.valid, 300);
  const auto score = [&](int processes) {
    std::vector<Score> scores(static_cast<size_t>(processes), Score(TextScore{}));
    ThreadGroup::Run(processes, [&](ProcessGroup& group) {
      Threads threads(1);
      TextNetwork network = SomeNetwork(text, "lstm");
      scores[static_cast<size_t>(group.rank())] = Score(MeasureText(network, text.valid, pieces, threads, group));
    });
    return scores;
  };
  const Score one = score(1)[0];
  for (const Score& each : score(static_cast<int>(pieces.size()) + 2)) EXPECT_EQ(each, one);
}

}  // namespace shared_measure_test
}  // namespace eddy
