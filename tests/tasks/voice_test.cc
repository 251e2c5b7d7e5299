// A voice: its alignments, its files, and what it learns.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "audio/buzz_words.h"
#include "eddy/error.h"
#include "metrics/voice_distance.h"
#include "tasks/speak/alignment.h"
#include "tasks/speak/alignment_file.h"
#include "tasks/speak/defaults.h"
#include "tasks/speak/durations_file.h"
#include "tasks/speak/model.h"
#include "tasks/speak/sentences.h"
#include "tasks/speak/training.h"

namespace eddy {
namespace voice_test {

const VocoderOptions kVocoder{.rate = kBuzzRate, .order = 12};

SpokenSentence Buzz(const std::string& text, uint64_t seed) {
  SpokenSentence sentence;
  sentence.place = sentence.text = text;
  sentence.symbols = SymbolReader({}, kEdge)(text);
  sentence.samples = SayBuzz(text, seed);
  sentence.frames = AnalyseVoice(sentence.samples, kVocoder);
  return sentence;
}

std::vector<SpokenSentence> BuzzSentences(size_t count) {
  static constexpr const char* kTexts[] = {"ab dab", "cad", "bad cab", "dcb a", "abcd", "cab dab", "da cb", "bcd ad"};
  std::vector<SpokenSentence> sentences;
  for (size_t i = 0; i < count; ++i) sentences.push_back(Buzz(kTexts[i % 8], i));
  return sentences;
}

SentenceSet AlignedSet(size_t count) {
  SentenceSet set;
  set.sentences = BuzzSentences(count);
  std::vector<SpokenSentence> none;
  Threads threads(1);
  AlignSymbols(set.sentences, none, kVocoder, threads);
  return set;
}

TEST(LetterAlignment, letters_are_found_where_they_are_spoken) {
  std::vector<SpokenSentence> learn = BuzzSentences(16), more = {Buzz("bad dab", 99)};
  Threads threads(1);
  AlignSymbols(learn, more, kVocoder, threads);
  const std::vector<size_t>& durations = more[0].durations;
  ASSERT_EQ(durations.size(), 9U);
  EXPECT_EQ(std::accumulate(durations.begin(), durations.end(), size_t{0}), more[0].frames.size() / kVocoder.width());
  double end = 0;
  const double lengths[] = {12, 10, 10, 10, 6, 10, 10, 10};
  for (size_t i = 0, at = 0; i < 8; ++i) {
    end += lengths[i];
    at += durations[i];
    EXPECT_NEAR(static_cast<double>(at), end, 2.5) << "frames, symbol " << i;
  }
}

TEST(LetterAlignment, any_number_of_threads_finds_the_same) {
  std::vector<SpokenSentence> one = BuzzSentences(6), three = one, none;
  Threads single(1), team(3, Threads::Share::kAlways);
  AlignSymbols(one, none, kVocoder, single);
  AlignSymbols(three, none, kVocoder, team);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].durations, three[i].durations);
}

TEST(LetterAlignment, as_many_frames_as_letters_are_enough) {
  SpokenSentence sentence = Buzz("abcdabcd", 1);
  sentence.frames.resize(sentence.symbols.size() * kVocoder.width());
  std::vector<SpokenSentence> sentences = {sentence}, none;
  Threads threads(1);
  AlignSymbols(sentences, none, kVocoder, threads);
  EXPECT_EQ(sentences[0].durations, std::vector<size_t>(sentence.symbols.size(), 1));
}

TEST(AlignmentFile, both_forms_are_read) {
  const std::vector<AlignedSymbol> headed = ParseAlignment("signal x\n#\n0.5 125 pau\n0.62 125 a\n", "x.lab");
  const std::vector<AlignedSymbol> plain = ParseAlignment("0 0.5 pau\n0.5\t0.62\ta\n", "x.lab");
  ASSERT_EQ(headed.size(), 2U);
  ASSERT_EQ(plain.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(headed[i].symbol, plain[i].symbol);
    EXPECT_EQ(headed[i].end, plain[i].end);
  }
}

TEST(AlignmentFile, what_is_none_is_refused) {
  for (const char* bad : {"", "#\n", "#\n0.5 125\n", "#\nx 125 a\n", "#\n0.5 1 a\n0.4 1 b\n", "1 0.5 a\n", "#\n-1 1 a\n",
                          "a\n", "#\n1e9 1 a\n", "#\n0.5 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"}) {
    EXPECT_THROW(ParseAlignment(bad, "bad.lab"), Error) << bad;
  }
}

TEST(DurationsFile, what_is_written_is_read) {
  const std::vector<SpokenSymbol> symbols = {{"<edge>", 0.2}, {"a", 0.01}, {" ", 0.05}, {"<edge>", 0.3}};
  const std::vector<SpokenSymbol> read = ParseDurations(WriteDurations(symbols), "d.tsv");
  ASSERT_EQ(read.size(), symbols.size());
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].symbol, symbols[i].symbol);
    EXPECT_DOUBLE_EQ(read[i].seconds, symbols[i].seconds);
  }
  for (const char* bad : {"", "a\n", "a\tx\n", "\t10\n", "a\t10\t3\n", "a\tnan\n", "a\tinf\n"}) {
    EXPECT_THROW(ParseDurations(bad, "d.tsv"), Error) << bad;
  }
}

TEST(Sentences, a_text_is_cut_at_full_stops_and_lines) {
  EXPECT_EQ(SentencesOf("One. Two!  3.5 is three?\n\nfour", true),
            (std::vector<std::string>{"One.", "Two!", "3.5 is three?", "four"}));
  EXPECT_EQ(SentencesOf("a . b\nc", false), (std::vector<std::string>{"a . b", "c"})) << "phonemes";
  EXPECT_TRUE(SentencesOf(" \n ", true).empty());
}

TEST(VoiceDistance, a_voice_is_no_distance_from_itself_slowed_down) {
  const std::vector<float> frames = Buzz("abcd", 1).frames;
  const size_t D = kVocoder.width();
  std::vector<float> slow;
  for (size_t t = 0; t < frames.size() / D; ++t) {
    for (int twice = 0; twice < 2; ++twice) slow.insert(slow.end(), frames.data() + t * D, frames.data() + (t + 1) * D);
  }
  const VoiceFrameLayout layout{D, kVocoder.order, kVocoder.pitch(), kVocoder.voicing()};
  const VoiceDistance distance = CompareVoices(slow, frames, layout);
  EXPECT_EQ(distance.distortion(), 0);
  EXPECT_EQ(distance.voicing_error(), 0);
  EXPECT_EQ(distance.pitch_rmse(), 0);
}

TEST(VoiceDistance, the_figures_are_those_of_their_definitions) {
  const VoiceFrameLayout layout{4, 1, 2, 3};  // loudness, one coefficient, pitch, voicing
  const std::vector<float> a = {9, 1, std::log(100.0F), 1}, b = {0, 3, std::log(130.0F), 1}, c = {0, 3, 0, 0};
  EXPECT_NEAR(CompareVoices(a, b, layout).distortion(), 10 / std::log(10.0) * std::sqrt(2.0) * 2, 1e-6);
  EXPECT_NEAR(CompareVoices(a, b, layout).pitch_rmse(), 30, 1e-3);
  EXPECT_EQ(CompareVoices(a, c, layout).voicing_error(), 1);
  EXPECT_TRUE(std::isnan(CompareVoices(a, c, layout).pitch_rmse()));
}

TEST(Voice, a_text_is_small_letters_between_edges) {
  EXPECT_EQ(SymbolReader({}, kEdge)("A b"), (std::vector<std::string>{"<edge>", "a", " ", "b", "<edge>"}));
  EXPECT_EQ(SymbolReader({.letters = false}, "pau")("pau aa b"), (std::vector<std::string>{"pau", "aa", "b", "pau"}));
  EXPECT_TRUE(SymbolReader({}, kEdge)("").empty());
}

// A model of spellings that has learned nothing yet.
std::shared_ptr<const SpellingSounds> SomeSounds(Lexicon lexicon = {}) {
  const std::vector<std::string> words = {"ab", "b'a", "ba", "a", "b"}, said = {"AA BE", "BE AA", "BE AA", "AA", "BE"};
  TranslatorOptions options;
  options.unit = "char";
  options.embedding = 3;
  options.train.hidden = 4;
  options.train.steps = 2;
  return std::make_shared<const SpellingSounds>(Train(options, Data::Pairs(words, said)).model, std::move(lexicon));
}

TEST(Voice, a_text_by_sounds_is_the_phonemes_of_its_words_with_what_stands_between) {
  const std::shared_ptr<const SpellingSounds> sounds = SomeSounds();
  SymbolReader read({.letters = false, .sounds = sounds}, kEdge);
  std::vector<std::string> expected = {"<edge>"};
  const auto add = [&](const std::vector<std::string>& more) { expected.insert(expected.end(), more.begin(), more.end()); };
  add(sounds->Phonemes("b'a"));
  add({",", " "});
  add(sounds->Phonemes("ab"));
  add({"\u2014"});
  add(sounds->Phonemes("a"));
  add({"<edge>"});
  EXPECT_EQ(read(" B'a,  ab\u2014a"), expected);
  EXPECT_EQ(read(" B'a,  ab\u2014a"), expected) << "the second time, from what is kept";
  EXPECT_TRUE(read(" ").empty());
  for (const char* bad : {"abc", "7", "\u00E9", "a\u0416"}) EXPECT_THROW(read(bad), Error) << bad;
}

TEST(Lexicon, words_are_read_in_small_letters_and_the_first_phonemes_count) {
  const Lexicon read = ParseLexicon("Ab\tAA BE\r\n\nb'a\tBE AA\nab\tAA\n", SideUnit::kSymbols, "l.tsv");
  EXPECT_EQ(read, (Lexicon{{"ab", {"AA", "BE"}}, {"b'a", {"BE", "AA"}}}));
  for (const char* bad : {"", "\n", "ab\n", "ab\t\n", "ab\t \n", "\tAA\n", "a b\tAA\n", "ab\tAA\tBE\n"}) {
    EXPECT_THROW(ParseLexicon(bad, SideUnit::kSymbols, "l.tsv"), Error) << bad;
  }
}

TEST(Lexicon, it_comes_before_the_model_of_sounds) {
  const std::shared_ptr<const SpellingSounds> plain = SomeSounds(), sounds = SomeSounds({{"ab", {"BE", "BE", "AA"}}});
  EXPECT_EQ(SymbolReader({.letters = false, .sounds = sounds}, kEdge)("AB"),
            (std::vector<std::string>{"<edge>", "BE", "BE", "AA", "<edge>"}));
  EXPECT_EQ(sounds->Phonemes("ba"), plain->Phonemes("ba"));
  EXPECT_NE(sounds->digest(), plain->digest());
}

class TrainedBuzz : public testing::Test {
 protected:
  TrainedBuzz() : set_(AlignedSet(16)), setup_(DefaultVoiceSetup(set_, kVocoder)) {
    SetHidden(setup_.design.text, 8);
    SetHidden(setup_.design.frames, 12);
    setup_.design.embedding = 6;
    setup_.design.dropout = 0;
    for (const SpokenSentence& each : set_.sentences) encoded_.push_back(EncodeSentence(each, setup_.design));
  }

  VoiceNetwork Train(int threads, int64_t steps) {
    VoiceNetwork network(setup_.design, 1);
    Threads team(threads, Threads::Share::kAlways);
    const std::vector<EncodedSentence> no_held_out;
    VoiceTraining training(network, encoded_, no_held_out, {.rows = 4}, 1, team);
    TrainingOptions options = setup_.training;
    options.limit = "steps";
    options.amount = static_cast<double>(steps);
    options.average_decay = 0;
    options.schedule.rate = 1e-2;
    eddy::Train(training, options, team);
    return network;
  }

  SentenceSet set_;
  VoiceSetup setup_;
  std::vector<EncodedSentence> encoded_;
  Threads threads_{1};
};

TEST_F(TrainedBuzz, training_lowers_the_loss_and_speech_is_like_the_recordings) {
  VoiceNetwork network(setup_.design, 1);
  const double before = MeasureVoice(network, encoded_, threads_);
  network = Train(1, 150);
  EXPECT_LT(MeasureVoice(network, encoded_, threads_), 0.4 * before);
  MatchVariance(network, encoded_, threads_);
  const Speech speech = SpeakText(network, "Bad dab", {}, threads_);
  EXPECT_EQ(speech.rate, kBuzzRate);
  EXPECT_EQ(speech.symbols.size(), 9U);
  EXPECT_NEAR(static_cast<double>(speech.samples.size()), static_cast<double>(SayBuzz("bad dab", 1).size()), 2400);
  const VoiceFrameLayout layout{kVocoder.width(), kVocoder.order, kVocoder.pitch(), kVocoder.voicing()};
  const VoiceDistance distance = CompareVoices(AnalyseVoice(speech.samples, kVocoder), Buzz("bad dab", 50).frames, layout);
  EXPECT_LT(distance.voicing_error(), 0.25);
  EXPECT_LT(distance.pitch_rmse(), 15);

  // A model file and back: the same sound.
  const VoiceNetwork loaded =
      LoadVoice(ParseModel(SerializeModel(MakeVoiceModel(network, Json::object(), threads_))), threads_);
  EXPECT_EQ(SpeakText(loaded, "Bad dab", {}, threads_).samples, speech.samples);
}

TEST_F(TrainedBuzz, what_was_learned_is_said_as_long_as_it_was) {
  VoiceNetwork network = Train(1, 20);
  const auto frames = [&](const std::vector<size_t>& durations) {
    return static_cast<double>(std::accumulate(durations.begin(), durations.end(), size_t{0}));
  };
  const auto off = [&] {  // of all frames
    double said = 0, recorded = 0;
    for (const EncodedSentence& each : encoded_) {
      said += frames(SpeakSymbols(network, each.symbols, {}, 1, threads_).durations);
      recorded += frames(each.durations);
    }
    return std::abs(said / recorded - 1);
  };
  const double before = off();
  MatchDurations(network, encoded_, threads_);
  EXPECT_LT(off(), 0.02) << "before " << before;
}

TEST_F(TrainedBuzz, any_number_of_threads_trains_the_same_weights) {
  VoiceNetwork one = Train(1, 5), three = Train(3, 5);
  const std::vector<Parameter*> a = one.parameters(), b = three.parameters();
  for (size_t i = 0; i < a.size(); ++i) {
    const std::span<const Real> x = a[i]->value.values(), y = b[i]->value.values();
    EXPECT_TRUE(std::equal(x.begin(), x.end(), y.begin(), y.end())) << a[i]->name;
  }
}

TEST_F(TrainedBuzz, speech_follows_speed_pitch_and_durations) {
  const VoiceNetwork network(setup_.design, 1);
  const Speech plain = SpeakText(network, "ab", {}, threads_);
  const Speech slow = SpeakText(network, "ab", {.speed = 0.5}, threads_);
  EXPECT_GT(slow.samples.size(), plain.samples.size() * 3 / 2);
  EXPECT_NE(SpeakText(network, "ab", {.pitch = 1.5}, threads_).samples, plain.samples);
  EXPECT_EQ(SpeakText(network, "ab", {.durations = plain.symbols}, threads_).samples, plain.samples)
      << "its own durations given back";
  SpeakOptions longer{.durations = plain.symbols};
  longer.durations[1].seconds += 0.5;
  EXPECT_EQ(SpeakText(network, "ab", longer, threads_).samples.size(), plain.samples.size() + kBuzzRate / 2);
  for (const float x : plain.samples) EXPECT_LE(std::abs(x), 1);
}

TEST_F(TrainedBuzz, what_cannot_be_said_is_refused) {
  const VoiceNetwork network(setup_.design, 1);
  const auto speak = [&](std::string_view text, const SpeakOptions& options = {}) {
    SpeakText(network, text, options, threads_);
  };
  for (const char* bad : {"", "  ", "xyz", "ab 7", "\xff"}) EXPECT_THROW(speak(bad), Error) << bad;
  EXPECT_THROW(speak(std::string_view("a\0b", 3)), Error);
  EXPECT_THROW(speak(std::string(100'000, 'a')), Error);
  EXPECT_THROW(speak("ab", {.durations = {{"a", 0.1}}}), Error);
  EXPECT_THROW(speak("a", {.durations = {{"<edge>", 0.1}, {"b", 0.1}, {"<edge>", 0.1}}}), Error);
  EXPECT_THROW(speak("a", {.durations = {{"<edge>", 0.1}, {"a", -1}, {"<edge>", 0.1}}}), Error);
  EXPECT_THROW(speak("a", {.durations = {{"<edge>", 0.1}, {"a", NAN}, {"<edge>", 0.1}}}), Error);
}

TEST_F(TrainedBuzz, a_changed_description_is_refused) {
  VoiceNetwork network(setup_.design, 1);
  const Model model = MakeVoiceModel(network, Json::object(), threads_);
  const auto broken = [&](const char* part, const char* key, const Json& value) {
    Model other = model;
    other.description[part][key] = value;
    EXPECT_THROW(LoadVoice(other, threads_), Error) << key;
  };
  broken("speak", "rate", 100);
  broken("speak", "order", 13);
  broken("speak", "edge", "none");
  broken("speak", "symbols", {"<edge>"});
  broken("speak", "mean", {1.0});
  broken("speak", "deviation", std::vector<double>(kVocoder.width(), 0));
  broken("speak", "stretch", {1.0});
  broken("speak", "duration_deviation", 0);
  broken("network", "embedding", 1000);
  broken("network", "dropout", 1);
}

TEST_F(TrainedBuzz, a_model_of_sounds_is_kept_in_the_voice_and_checked) {
  setup_.design.alphabet = {.letters = false, .sounds = SomeSounds({{"ab", {"B", "E"}}})};
  VoiceNetwork network(setup_.design, 1);
  const Model model = MakeVoiceModel(network, Json::object(), threads_);
  const VoiceNetwork loaded = LoadVoice(ParseModel(SerializeModel(model)), threads_);
  ASSERT_TRUE(loaded.design().alphabet.sounds);
  EXPECT_EQ(loaded.design().alphabet.sounds->digest(), setup_.design.alphabet.sounds->digest());
  const auto broken = [&](const std::function<void(Model&)>& change) {
    Model other = model;
    change(other);
    EXPECT_THROW(LoadVoice(other, threads_), Error);
  };
  EXPECT_EQ(loaded.design().alphabet.sounds->Phonemes("ab"), (std::vector<std::string>{"B", "E"})) << "of the lexicon";
  broken([](Model& m) { m.description["sounds"]["lexicon"] = {"ab"}; });
  broken([](Model& m) { m.description["sounds"]["lexicon"]["ab"] = 1; });
  broken([](Model& m) { m.description["sounds"]["task"] = "tag"; });
  broken([](Model& m) { m.description["sounds"].erase("golden"); });
  broken([](Model& m) { m.description["sounds"]["golden"]["input"]["shape"] = {1e300}; });
  broken([](Model& m) { m.description["sounds"]["golden"]["output"]["values"][0] = 99; });
  broken([](Model& m) { m.description["sounds"]["description"]["translate"].erase("source"); });
  broken([](Model& m) { m.description.erase("sounds"); });
  broken([](Model& m) { m.tensors.pop_back(); });
}

}  // namespace voice_test
}  // namespace eddy
