#include <fmt/format.h>

#include <cmath>

#include "audio/buzz_words.h"
#include "audio/tone_words.h"
#include "cli/program.h"
#include "tasks/simulated_prices.h"

namespace eddy {
namespace published_recipes_test {

const std::vector<std::string> kRecipes = {"an4",
                                           "asterisk_voice",
                                           "espeak_sounds",
                                           "festvox_ru",
                                           "forecast_sets",
                                           "fsdd",
                                           "japanese_vowels",
                                           "jsb_harmonies",
                                           "multi30k",
                                           "phone_boundaries",
                                           "polyphonic",
                                           "schedule_p",
                                           "series_classes",
                                           "sigmorphon2020_g2p",
                                           "sp500_risk",
                                           "sst2",
                                           "stocknet_acl18",
                                           "tiny_shakespeare",
                                           "yesno"};

class PublishedRecipesTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (std::system("python3 -c '' 2>/dev/null") != 0) GTEST_SKIP() << "the recipes need Python 3";
  }

  // `words` are the shell's.
  ProgramOutcome Recipe(const std::string& name, const std::string& words) const {
    const std::string command =
        "cd " + directory_ + " && " EDDY_SOURCE_DIR "/bench/published/" + name + " " + words + " >stdout 2>stderr";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), ReadAll(Path("stdout")), ReadAll(Path("stderr"))};
  }

  // On the data of this directory, with a training that is over at once.
  void ExpectTable(const std::string& name, const std::string& words, const std::vector<std::string>& parts) const {
    const ProgramOutcome outcome = Recipe(name, ". --eddy " EDDY_BINARY_DIR "/eddy --threads 1 --seed 3 " + words);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("seed 3, 1 thread\n"), std::string::npos) << outcome.out;
    for (const std::string& part : parts)
      EXPECT_NE(outcome.out.find(part), std::string::npos) << part << " in\n" << outcome.out;
  }

  void WriteLines(const std::string& name, const std::vector<std::string>& lines, size_t times) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    std::string text;
    for (size_t i = 0; i < times; ++i) {
      for (const std::string& line : lines) text += line + "\n";
    }
    WriteAll(Path(name), text);
  }
};

TEST_F(PublishedRecipesTest, data_that_are_not_there_are_named_with_where_to_get_them) {
  for (const std::string& recipe : kRecipes) {
    const ProgramOutcome outcome = Recipe(recipe, "nowhere --eddy " EDDY_BINARY_DIR "/eddy");
    EXPECT_EQ(outcome.code, 2) << recipe;
    EXPECT_EQ(outcome.out, "") << recipe;
    EXPECT_TRUE(outcome.err.starts_with(recipe + ": there is no nowhere/")) << outcome.err;
    EXPECT_NE(outcome.err.find("https://"), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  }
}

TEST_F(PublishedRecipesTest, a_program_that_is_not_there_is_named) {
  for (const std::string& recipe : kRecipes) {
    const ProgramOutcome outcome = Recipe(recipe, ". --eddy nothing");
    EXPECT_EQ(outcome.code, 2) << recipe;
    EXPECT_NE(outcome.err.find("/nothing: build it"), std::string::npos) << outcome.err;
  }
}

TEST_F(PublishedRecipesTest, a_failure_of_the_program_is_the_recipe_s) {
  for (const char* part : {"train.tsv", "dev.tsv", "test.tsv"}) WriteLines(part, {"one column"}, 3);
  const ProgramOutcome outcome = Recipe("sst2", ". --eddy " EDDY_BINARY_DIR "/eddy");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(outcome.err.starts_with("eddy: ")) << outcome.err;
}

TEST_F(PublishedRecipesTest, sentences_stand_beside_the_published_figure_and_the_floor) {
  for (const char* part : {"train.tsv", "dev.tsv", "test.tsv"}) WriteLines(part, {"a lovely film\t1", "a dull film\t0"}, 10);
  ExpectTable("sst2", "-- --steps 3 --hidden 8",
              {"| eddy | ", "| published, from scratch |  | 76 to 80 |", "| floor: majority class | 50.00 | 50.00 |"});
}

TEST_F(PublishedRecipesTest, spoken_words_stand_beside_the_published_figure_and_the_floor) {
  for (size_t i = 0; i < 60; ++i) {
    std::string name, text;
    for (size_t bit = 0; bit < 8; ++bit) {
      name += std::string(bit > 0 ? "_" : "") + (i >> (bit % 6) & 1 ? "1" : "0");
      text += std::string(bit > 0 ? " " : "") + (i >> (bit % 6) & 1 ? "a" : "b");
    }
    if (i == 12) name = "0_0_0_0_1_1_1_1";
    WriteAll(Path(name + ".wav"), WriteWav(SayTones(text, i), kToneRate));
  }
  const std::vector<std::string> parts = {"| eddy | ", " | 0.42 | ", "| floor: the commonest transcript | "};
  ExpectTable("yesno", "-- --steps 2 --hidden 4", parts);
}

TEST_F(PublishedRecipesTest, read_sentences_are_learned_and_judged_without_marks) {
  std::string list;
  for (int i = 0; i < 100; ++i) {
    const std::string name = fmt::format("ru_{:04}", i);
    list += "( " + name + " \"+A, b - A!\" )\n";
    std::filesystem::create_directories(Path("wav"));
    WriteAll(Path("wav/" + name + ".wav"), WriteWav(SayTones("a b a", static_cast<uint64_t>(i)), kToneRate));
  }
  std::filesystem::create_directories(Path("etc"));
  WriteAll(Path("etc/txt.done.data"), list);
  ExpectTable("festvox_ru", "--learned 30 -- --steps 2 --speeds 1",
              {"| eddy | ", "| floor: the commonest transcript | 0.00 | ", "| eddy, with words | "});
}

TEST_F(PublishedRecipesTest, boundaries_of_phones_are_found_beside_their_floors) {
  if (!std::filesystem::exists(EDDY_BINARY_DIR "/bench/symbol_boundaries")) GTEST_SKIP() << "the benchmarks are not built";
  std::string list;
  for (const char* folder : {"etc", "wav", "lab"}) std::filesystem::create_directories(Path(folder));
  for (uint64_t i = 0; i < 6; ++i) {
    const std::string name = "ru_" + std::to_string(i);
    list += "( " + name + " \"Ab, cad.\" )\n";
    WriteAll(Path("wav/" + name + ".wav"), WriteWav16(SayBuzz("ab cad", i), kBuzzRate));
    WriteAll(Path("lab/" + name + ".lab"),
             "#\n0.12 125 pau\n0.22 125 a\n0.32 125 b\n0.35 125 pau\n0.38 125 pau\n0.48 125 c\n0.58 125 a\n0.68 125 d\n"
             "0.8 125 pau\n");
  }
  WriteAll(Path("etc/txt.done.data"), list);
  ExpectTable("phone_boundaries", "",
              {"42 boundaries of phones", "| eddy | ", "| floor: of one length | 20 | 42.9 | 14.3 | 0.0 |"});
  WriteAll(Path("lab/ru_1.lab"), "#\n0.1 125 a\n");
  EXPECT_EQ(Recipe("phone_boundaries", ". --eddy " EDDY_BINARY_DIR "/eddy").code, 1);
}

TEST_F(PublishedRecipesTest, a_voice_is_learned_and_judged_beside_its_floor) {
  std::string list = "; prompts\n\nbeep: [a tone]\nnone: not there\nsilent: (1 second of silence)\n";
  for (uint64_t i = 0; i < 12; ++i) {
    const std::string name = "p" + std::to_string(i);
    list += name + ": " + (i % 2 == 0 ? "ab dab" : "cad b") + "\n";
    WriteAll(Path(name + ".wav"), WriteWav16(SayBuzz(i % 2 == 0 ? "ab dab" : "cad b", i), kBuzzRate));
  }
  WriteAll(Path("silent.wav"), WriteWav16(std::vector<float>(8000), kBuzzRate));
  WriteAll(Path("core-sounds-en.txt"), list);
  ExpectTable("asterisk_voice", "-- --steps 2 --hidden 4 --rate 8000",
              {"| eddy, 2 prompts | ", "| floor: the mean of each symbol | "});
  const ProgramOutcome outcome = Recipe("asterisk_voice", ". --eddy " EDDY_BINARY_DIR "/eddy --words nowhere");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(outcome.err.starts_with("asterisk_voice: there is no nowhere")) << outcome.err;
}

TEST_F(PublishedRecipesTest, spoken_digits_and_cepstra_from_elsewhere_are_learned_and_judged) {
  for (int digit = 0; digit < 10; ++digit) {
    for (const char* index : {"0", "7", "8"}) {
      const std::string name = std::to_string(digit) + "_jackson_" + index + ".wav";
      WriteAll(Path(name), WriteWav(SayTones("abcdabcd", static_cast<uint64_t>(digit)), kToneRate));
    }
  }
  ExpectTable("fsdd", "-- --steps 2 --hidden 4 --speeds 1", {"| eddy | ", "| floor: the commonest transcript | 90.00 | "});
  std::string numbers = {0, 0, 2, 8};  // 520 of them, big-endian
  for (int i = 0; i < 520; ++i) numbers += std::string("\x3f\x80\0", 3) + static_cast<char>(i);
  std::filesystem::create_directories(Path("etc"));
  for (const std::string part : {"train", "test"}) {
    std::string said, files;
    for (int speaker = 0; speaker < 5; ++speaker) {
      const std::string name = part + std::to_string(speaker), folder = "s" + std::to_string(speaker);
      std::filesystem::create_directories(Path("feat/" + folder));
      WriteAll(Path("feat/" + folder + "/" + name + ".mfc"), numbers);
      said += "YES NO (" + name + ")\n";
      files += folder + "/" + name + "\n";
    }
    WriteAll(Path("etc/an4_" + part + ".transcription"), said);
    WriteAll(Path("etc/an4_" + part + ".fileids"), files);
  }
  ExpectTable("an4", "-- --steps 2", {"| eddy | ", "| eddy, with words | ", "9.57"});
}

TEST_F(PublishedRecipesTest, melodies_are_harmonised_and_given_back_beside_the_counts_of_their_pieces) {
  const std::string pieces = "[[[48,55,64,72],[48,57,65,72],[],[50,57,65,74]],[[50,57,65,74],[48,55,64,72]]]";
  WriteAll(Path("jsb-chorales-quarter.json"), "{\"train\":" + pieces + ",\"valid\":" + pieces + ",\"test\":" + pieces + "}");
  ExpectTable(
      "jsb_harmonies", "-- --steps 3 --hidden 4",
      {"| parallel fifths | ", "| chords | ", "2 of 2 melodies stand unchanged in the files, 2 harmonies came out twice"});
}

TEST_F(PublishedRecipesTest, series_stand_beside_the_published_figure_and_the_floor) {
  for (const char* part : {"JapaneseVowels_TRAIN.ts", "JapaneseVowels_TEST.ts"}) {
    WriteLines(part, {"@dimensions 2", "@classLabel true 1 2", "@data"}, 1);
    std::ofstream file(Path(part), std::ios::app);
    for (int i = 0; i < 20; ++i) file << "1,2,3:0,0,0:1\n3,2,1:0,0,1:2\n";
  }
  ExpectTable(
      "japanese_vowels", "-- --steps 3 --hidden 8",
      {"| eddy | ", "| published: TWIESN, recurrent | 96.5 |", "| floor: 1-nearest neighbour, time warping | 100.00 |"});
}

TEST_F(PublishedRecipesTest, piano_rolls_stand_beside_the_published_figures_and_the_floors) {
  const std::string rolls = ReadAll(EDDY_SOURCE_DIR "/tests/fuzz/corpus/rolls/compressed.mat");
  for (const char* name : {"JSB_Chorales.mat", "Piano_midi.mat"}) WriteAll(Path(name), rolls);
  ExpectTable("polyphonic", "-- --steps 3 --hidden 8",
              {"| JSB_Chorales, joint keys | ", " | TCN 8.10 | ", "| Piano_midi, floor: each key's Markov chain | "});
}

TEST_F(PublishedRecipesTest, a_set_that_is_not_known_is_refused) {
  for (const char* recipe : {"polyphonic", "forecast_sets", "series_classes"}) {
    const ProgramOutcome outcome = Recipe(recipe, ". --sets jsb --eddy " EDDY_BINARY_DIR "/eddy");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("'jsb'"), std::string::npos) << outcome.err;
  }
}

TEST_F(PublishedRecipesTest, no_seed_at_all_is_refused) {
  for (const char* recipe : {"forecast_sets", "series_classes"}) {
    const ProgramOutcome outcome = Recipe(recipe, ". --seeds 0 --eddy " EDDY_BINARY_DIR "/eddy");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("--seeds must be at least 1"), std::string::npos) << outcome.err;
  }
}

TEST_F(PublishedRecipesTest, forecasts_of_sets_stand_beside_their_floors) {
  std::string one = "time,value\n", many = "series,time,value\n";
  for (int year = 1900; year < 1990; ++year) {
    one += fmt::format("{},{}\n", year, 10 * (year % 7) + year * 37 % 11);
    for (const char* name : {"A", "B"}) many += fmt::format("{},{},{}\n", name, year, 10 * (year % 5) + year * 37 % 11);
  }
  WriteAll(Path("nile.csv"), one);
  WriteAll(Path("investment.csv"), many);
  ExpectTable("forecast_sets", "--sets nile,investment --seeds 2 -- --steps 3 --hidden 4",
              {"| nile | 7 | 4 | ", "| investment | ", "Eddy: at most 1.02 times the best floor on ",
               "The floor chosen on the past: ", "The band covers 70% to 90% on ", "Mean OWA "});
}

TEST_F(PublishedRecipesTest, classes_of_series_stand_beside_their_floors_and_published_figures) {
  for (const char* part : {"GunPoint_TRAIN.ts", "GunPoint_TEST.ts"}) {
    WriteLines(part, {"@univariate true", "@classLabel true 1 2", "@data"}, 1);
    std::ofstream file(Path(part), std::ios::app);
    for (int i = 0; i < 20; ++i) file << "1,2,3,4,3,2,1,2,3,4:1\n3,2,1,2,3,4,3,2,1,2:2\n";
  }
  ExpectTable("series_classes", "--sets GunPoint --seeds 2 -- --steps 3 --hidden 8",
              {"| GunPoint | ", " | 100.0 | 100.0 | 90.7 | 100.0 | 100.0 | ", "above the floor of time warping; least "});
}

TEST_F(PublishedRecipesTest, risks_stand_beside_the_floors_of_the_same_days) {
  const SimulatedPrices simulated = SimulatePrices(2 * 12 * 28, 1);
  std::string daily = "Date,High,Low,Close\n", realised = "Date,rets,rv,bv\n";
  double log = std::log(1000.0);
  for (size_t i = 0; i < simulated.returns.size(); ++i) {
    const double close = std::exp(log += simulated.returns[i] / 100);
    const size_t year = 2008 + i / (12 * 28), month = i / 28 % 12 + 1, day = i % 28 + 1;
    daily += fmt::format("{}/{}/{},{},{},{}\n", month, day, year, 1.01 * close, 0.99 * close, close);
    realised += fmt::format("{}-{:02}-{:02},{},{},{}\n", year, month, day, simulated.returns[i], simulated.variances[i],
                            simulated.variances[i]);
  }
  WriteAll(Path("daily.csv"), daily);
  WriteAll(Path("realised.csv"), realised);
  ExpectTable("sp500_risk", "-- --steps 3 --hidden 4 --members 1",
              {"| eddy, closes | ", "| eddy, high, low, rv | ", "| floor: GJR-GARCH, filtered historical | ",
               "| floor: log-HAR | ", "| floor: random walk | "});
}

TEST_F(PublishedRecipesTest, directions_stand_beside_chance_and_the_published_ones) {
  std::string dates;
  for (int year = 2014; year <= 2015; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 28; ++day) dates += fmt::format("{}-{:02}-{:02}\n", year, month, day);
    }
  }
  WriteAll(Path("trading_dates.csv"), dates);
  std::filesystem::create_directories(Path("ourpped"));
  for (const char* stock : {"A", "B"}) {
    std::string table;
    const SimulatedPrices simulated = SimulatePrices(672, *stock);
    double log = 4;
    for (const double r : simulated.returns) {
      log += r / 100;
      table += fmt::format("1,1,1,1,1,1,1,1,1,1,-123321,0,{}\n", std::exp(log));
    }
    WriteAll(Path(std::string("ourpped/") + stock + ".csv"), table);
  }
  ExpectTable("stocknet_acl18", "-- --steps 3 --hidden 4 --members 1",
              {"| eddy, returns, 3 refits | ", "| eddy, shuffled days | ", "| floor: logistic regression | ",
               "| published: Adv-ALSTM | "});
}

TEST_F(PublishedRecipesTest, reserves_stand_beside_the_published_ones_of_the_same_companies) {
  std::string codes = "lob,group_code\n",
              losses =
                  "lob,group_code,accident_year,development_lag,incurred_loss,cumulative_paid_loss,earned_premium_net\n";
  for (const char* lob : {"commercial_auto", "other_liability", "private_passenger_auto", "workers_compensation"}) {
    for (int company = 1; company <= 3; ++company) {
      if (company < 3) codes += fmt::format("{},{}\n", lob, company);
      for (int year = 1988; year <= 1997; ++year) {
        for (int lag = 1; lag <= 10; ++lag) {
          losses += fmt::format("{},{},{},{},{},{},{}\n", lob, company, year, lag, 70 + company, 60 + company + lag, 100);
        }
      }
    }
  }
  WriteAll(Path("dt_group_codes.csv"), codes);
  WriteAll(Path("schedule_p.csv"), losses);
  ExpectTable("schedule_p", "-- --steps 3 --hidden 4 --members 1",
              {"| commercial_auto | 2 | ", " | 0.060 | 0.043 |", "| workers_compensation | 2 | "});
}

TEST_F(PublishedRecipesTest, languages_have_a_mean_beside_the_published_one) {
  for (const char* part : {"train", "dev", "test"}) {
    for (const char* language : {"dut", "vie"}) {
      WriteLines(std::string(part) + "/" + language + "_" + part + ".tsv", {"aag\ta: x", "gaa\tx a:"}, 10);
    }
  }
  ExpectTable("sigmorphon2020_g2p", "--languages dut,vie -- --steps 3 --hidden 8",
              {"| dut | ", "| 16.44 | ", "| 4.67 | ", "| mean of 2 | ", "| 10.55 | 0.00 |  |"});
}

TEST_F(PublishedRecipesTest, a_language_that_is_not_of_the_task_is_refused) {
  const ProgramOutcome outcome = Recipe("sigmorphon2020_g2p", ". --languages dut,xyz --eddy " EDDY_BINARY_DIR "/eddy");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("'xyz'"), std::string::npos) << outcome.err;
}

TEST_F(PublishedRecipesTest, architectures_of_text_stand_beside_the_published_figures) {
  WriteLines("input.txt", {"To be, or not to be, that is the question."}, 100);
  ExpectTable("tiny_shakespeare", "--minutes 0.01 --parameters 6000 --models blocks:min_gru,lstm",
              {"after 0.01 minutes", "| blocks:min_gru | ", " | 1.548 | ", "| lstm | ", "| floor: "});
}

TEST_F(PublishedRecipesTest, translations_are_made_from_plain_and_from_compressed_text) {
  for (const char* part : {"train", "val", "test_2016_flickr"}) {
    WriteLines(std::string(part) + ".lc.norm.tok.de", {"ein hund", "eine katze"}, 10);
    WriteLines(std::string(part) + ".lc.norm.tok.en", {"a dog", "a cat"}, 10);
  }
  const std::vector<std::string> parts = {"| eddy | ", "| published: GRU with attention, greedy |  | 28.11 | 25.6 |",
                                          "| floor: "};
  ExpectTable("multi30k", "-- --steps 3 --hidden 8 --embedding 8", parts);
  ASSERT_EQ(std::system(("gzip " + Path("train.lc.norm.tok.de")).c_str()), 0);
  ExpectTable("multi30k", "--minutes 0.01 -- --hidden 8 --embedding 8", parts);
}

}  // namespace published_recipes_test
}  // namespace eddy
