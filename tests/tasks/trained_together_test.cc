// Tasks of the library that several processes or threads train together.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "audio/buzz_words.h"
#include "eddy/tasks/by_name.h"
#include "eddy/tasks/transcribe.h"
#include "tasks/simulated_prices.h"
#include "tasks/simulated_stocks.h"
#include "tasks/simulated_triangles.h"
#include "train/thread_group.h"

namespace eddy {
namespace trained_together_test {

struct Case {
  std::string task;
  std::vector<TaskSetting> settings;
};

// The data's place among the options.
std::string FileOf(const std::string& task) {
  for (const TaskOption& option : DescribeTask(task).options) {
    if (option.kind == OptionKind::kFile) return option.name;
  }
  return {};
}

std::vector<Case> Cases() {
  std::vector<std::string> films, stars, words, sounds, german, english;
  std::vector<std::vector<std::string>> tokens, tags;
  std::vector<double> days;
  for (size_t i = 0; i < 120; ++i) {
    films.push_back(i % 2 == 0 ? "a fine film" : "a dull book");
    stars.push_back(i % 2 == 0 ? "5" : i % 3 == 0 ? "1" : "2");
    words.push_back(i % 3 == 0 ? "abc" : "bca");
    sounds.push_back(i % 3 == 0 ? "A B C" : "B C A");
    german.push_back(i % 3 == 0 ? "das Haus ist alt" : i % 3 == 1 ? "ein Buch ist hier" : "das Buch und ein Haus");
    english.push_back(i % 3 == 0 ? "the house is old" : i % 3 == 1 ? "a book is here" : "the book and a house");
    tokens.push_back({"Rosa", "lives", i % 4 == 0 ? "here" : "in", "Lyon"});
    tags.push_back({"B-PER", "O", "O", i % 4 == 0 ? "O" : "B-LOC"});
    days.push_back(static_cast<double>(10 + i % 7));
  }
  std::vector<Recording> recordings, sentences;
  for (size_t i = 0; i < 48; ++i) {
    std::vector<float> tone;
    for (size_t t = 0; t < 2000; ++t) {
      tone.push_back(static_cast<float>(std::sin(0.2 * static_cast<double>((i % 2 + 1) * t) + static_cast<double>(i))));
    }
    recordings.push_back({tone, 8000, i % 2 == 0 ? "oh" : "ah"});
  }
  for (uint64_t i = 0; i < 12; ++i) {
    const std::string said = i % 2 == 0 ? "ab dab" : "bad cab";
    sentences.push_back({SayBuzz(said, i), kBuzzRate, said});
  }
  std::string beats = "rhythm,t0,t1,t2,t3,t4,t5,t6,t7\n";
  for (size_t i = 0; i < 80; ++i) {
    beats += i % 2 == 0 ? "march" : "waltz";
    for (size_t t = 0; t < 8; ++t) beats += "," + std::to_string(t % (2 + i % 2) == 0 ? 10 + i % 5 : i % 3);
    beats += "\n";
  }
  std::string pieces;
  for (size_t i = 0; i < 24; ++i) {
    pieces += pieces.empty() ? "[[" : ", [";
    for (size_t t = 0; t < 20; ++t) pieces += (t == 0 ? "[" : ", [") + std::to_string(60 + (t * i) % 5) + ", 72]";
    pieces += "]";
  }
  pieces += "]";
  std::string text;
  for (size_t i = 0; i < 200; ++i) text += i % 3 == 0 ? "the cat sat on the mat\n" : "a dog lay by the door\n";
  const std::vector<Column> columns = {{"sales", days}};
  std::string shops = "shop,day,sales\n";
  for (size_t i = 0; i < 5 * 90; ++i) {
    shops += fmt::format("{},{},{}\n", i / 90, i % 90, 50 + (i % 7) * (1 + i / 90) + (i * i) % 11);
  }
  return {
      {"classify", {{FileOf("classify"), {}, {Data::Sentences(films, stars)}}, {"text", {"text"}}, {"label", {"label"}}}},
      {"classify", {{FileOf("classify"), {}, {Data::Text(beats, "beats.csv")}}, {"columns", {"t"}}, {"label", {"rhythm"}}}},
      {"compose", {{FileOf("compose"), {}, {Data::Text(pieces, "memory.json")}}, {"grid", {"quarter"}}}},
      {"forecast", {{FileOf("forecast"), {}, {Data::Table(columns)}}, {"target", {"sales"}}, {"horizon", {"7"}}}},
      {"forecast",
       {{FileOf("forecast"), {}, {Data::Text(shops, "shops.csv")}},
        {"target", {"sales"}},
        {"time", {"day"}},
        {"series", {"shop"}},
        {"horizon", {"5"}}}},
      {"direction",
       {{FileOf("direction"), {}, {Data::Text(StockTable(3, 200, 0.5), "stocks.csv")}},
        {"price", {"close"}},
        {"time", {"day"}},
        {"series", {"stock"}}}},
      {"reserve",
       {{FileOf("reserve"), {}, {Data::Text(TriangleTable(4, 6, 12), "triangles.csv")}},
        {"company", {"company"}},
        {"origin", {"year"}},
        {"development", {"lag"}},
        {"paid", {"paid"}},
        {"premium", {"premium"}},
        {"line", {"line"}},
        {"valuation", {"2005"}}}},
      {"risk",
       {{FileOf("risk"), {}, {Data::Text(PriceTable(SimulatePrices(500, 1).returns), "prices.csv")}},
        {"price", {"close"}},
        {"time", {"day"}}}},
      {"risk",
       {{FileOf("risk"), {}, {Data::Text(StockTable(3, 400, 0.1), "stocks.csv")}},
        {"price", {"close"}},
        {"time", {"day"}},
        {"series", {"stock"}}}},
      {"speak", {{FileOf("speak"), {}, {MakeRecordings(sentences)}}, {"rate", {"8000"}}, {"vocoder-epochs", {"1"}}}},
      {"tag", {{FileOf("tag"), {}, {Data::Sequences(tokens, tags)}}}},
      {"text", {{FileOf("text"), {}, {Data::Text(text)}}}},
      {"transcribe", {{FileOf("transcribe"), {}, {MakeRecordings(recordings)}}, {"channels", {"8"}}}},
      {"translate", {{FileOf("translate"), {}, {Data::Pairs(words, sounds)}}}},
      {"translate", {{FileOf("translate"), {}, {Data::Pairs(german, english)}}, {"unit", {"word"}}}}};
}

Trained<TrainedModel> TrainSome(Case some, const TrainHooks& hooks, const std::string& steps = "12") {
  for (const auto& [name, value] : {std::pair("hidden", "8"), {"batch", "16"}, {"shards", "3"}, {"steps", steps.c_str()}}) {
    some.settings.push_back({name, {value}});
  }
  return Train(some.task, some.settings, hooks);
}

TEST(TrainedTogether, a_task_comes_to_the_bits_of_one_process_on_each) {
  for (const Case& each : Cases()) {
    const Trained<TrainedModel> one = TrainSome(each, {});
    for (const int processes : {2, 3}) {
      ThreadGroup::Run(processes, [&](ProcessGroup& group) {
        TrainHooks hooks;
        hooks.group = &group;
        const Trained<TrainedModel> together = TrainSome(each, hooks);
        EXPECT_EQ(together.model.Serialize(), one.model.Serialize()) << each.task << " " << processes;
        EXPECT_EQ(together.evaluation.json, one.evaluation.json) << each.task << " " << processes;
      });
    }
  }
}

void ExpectBitsOf(const Trained<TrainedModel>& one, const Case& some, int threads) {
  TrainHooks hooks;
  hooks.threads = threads;
  const Trained<TrainedModel> together = TrainSome(some, hooks);
  EXPECT_EQ(together.model.Serialize(), one.model.Serialize()) << some.task << " " << threads;
  EXPECT_EQ(together.evaluation.json, one.evaluation.json) << some.task << " " << threads;
}

TEST(TrainedTogether, a_task_comes_to_the_bits_of_one_thread_with_one_for_each_shard) {
  for (const Case& each : Cases()) ExpectBitsOf(TrainSome(each, {}), each, 3);
}

// Of 3 shards, 2 threads share in each, and 6 are 3 teams.
TEST(TrainedTogether, teams_come_to_the_bits_of_one_thread) {
  const Case some = Cases()[0];
  const Trained<TrainedModel> one = TrainSome(some, {});
  for (const int threads : {2, 6}) ExpectBitsOf(one, some, threads);
}

TEST(TrainedTogether, what_ends_the_run_of_one_ends_all_before_a_step) {
  const Case some = Cases()[0];
  for (const bool by_request : {false, true}) {
    ThreadGroup::Run(3, [&](ProcessGroup& group) {
      StopRequest request;
      TrainHooks hooks;
      hooks.group = &group;
      hooks.request = &request;
      bool ask = false;
      int64_t last = -1;
      hooks.stop = [&] { return ask; };
      hooks.progress = [&](const Progress& progress) {
        last = progress.step;
        if (group.rank() != 1 || progress.step != 5) return;
        by_request ? request.Ask() : void(ask = true);
      };
      EXPECT_THROW(TrainSome(some, hooks, "1000000"), Stopped);
      EXPECT_EQ(last, 5) << group.rank();
    });
  }
}

TEST(TrainedTogether, a_request_before_the_first_step_ends_all) {
  ThreadGroup::Run(2, [&](ProcessGroup& group) {
    StopRequest request;
    if (group.rank() == 1) request.Ask();
    TrainHooks hooks;
    hooks.group = &group;
    hooks.request = &request;
    EXPECT_THROW(TrainSome(Cases()[0], hooks), Stopped);
  });
}

}  // namespace trained_together_test
}  // namespace eddy
