// What nobody can learn: labels drawn at random. Whoever claims something about them claims too much.
#include <gtest/gtest.h>

#include "eddy/random.h"
#include "eddy/tasks/classify.h"
#include "eddy/tasks/tag.h"
#include "model/json.h"

namespace eddy {
namespace guessing_test {

// An interval of 95% lets one run in twenty claim something by chance, and of twenty runs more than three do in 1 of 60
// trials.
constexpr int kRuns = 20, kMostClaims = 3;

TrainOptions Small() {
  TrainOptions train;
  train.hidden = 4;
  train.steps = 20;
  return train;
}

bool Claims(const Evaluation& evaluation) {
  return ParseJson(evaluation.json, "the evaluation").at("judged").at("certain").get<bool>();
}

std::string Word(Random& random) { return std::string(1, static_cast<char>('a' + random.Below(20))); }
std::string Label(Random& random) { return random.Below(2) == 0 ? "yes" : "no"; }

TEST(guessing, classes_of_sentences_drawn_at_random_let_hardly_a_run_claim_anything) {
  int claims = 0;
  for (uint64_t run = 0; run < kRuns; ++run) {
    Random random(run);
    std::vector<std::string> texts, labels;
    for (int i = 0; i < 300; ++i) {
      std::string& text = texts.emplace_back(Word(random));
      for (int k = 0; k < 5; ++k) text += " " + Word(random);
      labels.push_back(Label(random));
    }
    ClassifierOptions options;
    options.text = "text";
    options.label = "label";
    options.held_out.share = 0.3;
    options.train = Small();
    claims += Claims(Train(options, Data::Sentences(texts, labels)).evaluation);
  }
  EXPECT_LE(claims, kMostClaims);
}

TEST(guessing, classes_of_series_drawn_at_random_let_hardly_a_run_claim_anything) {
  int claims = 0;
  for (uint64_t run = 0; run < kRuns; ++run) {
    Random random(100 + run);
    std::string lines;
    for (int i = 0; i < 200; ++i) {
      lines += R"({"x":[)";
      for (int t = 0; t < 8; ++t) lines += (t > 0 ? "," : "") + std::to_string(random.Normal());
      lines += R"(],"label":")" + Label(random) + "\"}\n";
    }
    ClassifierOptions options;
    options.columns = {"x"};
    options.label = "label";
    options.held_out.share = 0.4;
    options.train = Small();
    claims += Claims(Train(options, Data::Text(lines, "memory.jsonl")).evaluation);
  }
  EXPECT_LE(claims, kMostClaims);
}

TEST(guessing, tags_drawn_at_random_let_hardly_a_run_claim_anything) {
  int claims = 0;
  for (uint64_t run = 0; run < kRuns; ++run) {
    Random random(200 + run);
    std::vector<std::vector<std::string>> tokens, tags;
    for (int i = 0; i < 150; ++i) {
      tokens.emplace_back();
      tags.emplace_back();
      for (int t = 0; t < 5; ++t) {
        tokens.back().push_back(Word(random));
        tags.back().push_back(Label(random));
      }
    }
    TaggerOptions options;
    options.held_out.share = 0.4;
    options.train = Small();
    claims += Claims(Train(options, Data::Sequences(tokens, tags)).evaluation);
  }
  EXPECT_LE(claims, kMostClaims);
}

}  // namespace guessing_test
}  // namespace eddy
