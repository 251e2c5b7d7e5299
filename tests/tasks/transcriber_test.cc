#include <gtest/gtest.h>

#include <cmath>

#include "audio/tone_words.h"
#include "model/temporary_directory.h"
#include "tasks/transcribe/defaults.h"
#include "tasks/transcribe/live_text.h"
#include "tasks/transcribe/noise.h"
#include "tasks/transcribe/training.h"
#include "tasks/transcribe/transcript.h"
#include "train/whole_step.h"

namespace eddy {
namespace transcriber_test {

Spelling Characters() { return Spelling(Vocabulary({std::string(kBlankText), "a", "b", "c", "d", " "})); }

// Pieces of the words of tones; some are whole words.
Spelling ToneSpelling() {
  Ragged<char> texts;
  for (uint64_t i = 0; i < 50; ++i) texts.Add(ToneText(i));
  return Spelling::OfPieces(texts, 13);
}

TranscriberDesign Design(bool causal, size_t reduction = 2, const Spelling& spelling = Characters()) {
  TranscriberDesign design;
  design.sound = FeatureOptions{.rate = kToneRate, .mels = 20};
  design.width = 20;
  design.mean.assign(20, -9);
  design.deviation.assign(20, 3);
  design.own_mean = !causal;
  design.spelling = spelling;
  design.causal = causal;
  design.reduction = reduction;
  design.channels = 6;
  design.dropout = 0.2;
  StackOptions stack;
  stack.layer.hidden = 5;
  stack.bidirectional = !causal;
  design.encoder = {design.channels, {stack}};
  return design;
}

// With weights that are not those of the start, so that it says something.
TranscriberNetwork Disturbed(const TranscriberDesign& design) {
  TranscriberNetwork network(design, 3);
  Random random(5);
  for (Parameter* parameter : network.parameters()) {
    for (Real& value : parameter->value.values()) value += static_cast<Real>(random.Normal() / 2);
  }
  return network;
}

std::vector<Utterance> Said(const TranscriberDesign& design, size_t count) {
  std::vector<Utterance> all;
  for (size_t i = 0; i < count; ++i) {
    all.push_back(MakeUtterance(SayTones(ToneText(i), i), kToneRate, FrontEndOf(design)));
    all.back().text = ToneText(i);
    all.back().place = "sound " + std::to_string(i);
  }
  return all;
}

std::vector<std::string> Texts(const TranscriberNetwork& network, const std::vector<Utterance>& all,
                               const SearchOptions& options, Threads& threads) {
  const std::vector<std::vector<float>> scaled = ScaledFrames(all, network.design());
  const std::vector<std::span<const float>> frames(scaled.begin(), scaled.end());
  std::vector<std::string> texts;
  for (const auto& best : TranscribeFrames(network, frames, options, 1, threads)) texts.push_back(best.front().text);
  return texts;
}

TEST(transcriber, comes_back_from_its_model_with_the_same_words) {
  for (const bool causal : {false, true}) {
    Threads threads;
    TranscriberNetwork network = Disturbed(Design(causal, 2, causal ? Characters() : ToneSpelling()));
    const std::vector<Utterance> all = Said(network.design(), 5);
    const TranscriberNetwork loaded =
        LoadTranscriber(ParseModel(SerializeModel(MakeTranscriberModel(network, Json::object(), threads))), threads);
    EXPECT_EQ(Texts(loaded, all, {}, threads), Texts(network, all, {}, threads));
  }
}

TEST(transcriber, logits_depend_neither_on_the_other_recordings_nor_on_threads) {
  for (const size_t reduction : {1, 2, 3, 4}) {
    Threads one, three(3, Threads::Share::kAlways);
    const TranscriberNetwork network = Disturbed(Design(false, reduction));
    const std::vector<std::vector<float>> scaled = ScaledFrames(Said(network.design(), 6), network.design());
    const std::vector<std::span<const float>> frames(scaled.begin(), scaled.end());
    ForLogits(network, frames, three, [&](size_t place, const Tensor& together) {
      EXPECT_EQ(together.dim(0), network.design().Steps(frames[place].size() / 20));
      ForLogits(network, std::span(frames).subspan(place, 1), one,
                [&](size_t, const Tensor& alone) { EXPECT_TRUE(std::ranges::equal(together.values(), alone.values())); });
    });
  }
}

TEST(transcriber, a_stream_gives_the_logits_of_the_whole_bit_for_bit) {
  for (const size_t reduction : {1, 2, 3, 4}) {
    Threads threads;
    const TranscriberNetwork network = Disturbed(Design(true, reduction));
    const std::vector<float> sound = SayTones("ab dab bad", 3);
    const Utterance utterance = MakeUtterance(sound, kToneRate, FrontEndOf(network.design()));
    const std::vector<std::vector<float>> scaled = ScaledFrames(std::span(&utterance, 1), network.design());
    const std::span<const float> frames = scaled.front();
    std::vector<Real> whole;
    ForLogits(network, std::span(&frames, 1), threads,
              [&](size_t, const Tensor& logits) { whole.assign(logits.values().begin(), logits.values().end()); });
    for (const size_t part : {1, 160, 333, 5000}) {
      std::vector<Real> live;
      const auto take = [&](const Real* logits) { live.insert(live.end(), logits, logits + 6); };
      LiveLogits stream(network);
      for (size_t at = 0; at < sound.size(); at += part) {
        stream.Push(std::span(sound).subspan(at, std::min(part, sound.size() - at)), take);
      }
      stream.Finish(take);
      EXPECT_EQ(live, whole) << part;
    }
  }
  EXPECT_ERROR(LiveLogits(Disturbed(Design(false))), "causal");
}

class SpelledStream : public testing::TestWithParam<bool> {};

TEST_P(SpelledStream, the_texts_of_a_stream_are_together_the_characters_of_the_whole) {
  Threads threads;
  const TranscriberNetwork network = Disturbed(Design(true, 2, GetParam() ? ToneSpelling() : Characters()));
  std::vector<float> sound;
  for (uint64_t i = 0; i < 12; ++i) {
    const std::vector<float> more = SayTones(ToneText(i), i);
    sound.insert(sound.end(), more.begin(), more.end());
    sound.insert(sound.end(), (i % 3) * 4000, 0.0F);
  }
  std::string whole, live;
  const auto add = [](std::string& to, const std::string& text) {
    for (const char c : text) to += c == ' ' ? "" : std::string(1, c);
  };
  Utterance utterance = MakeUtterance(sound, kToneRate, FrontEndOf(network.design()));
  add(whole, Texts(network, {utterance}, {}, threads)[0]);
  LiveText stream(network, {}, kToneRate);
  for (size_t at = 0; at < sound.size(); at += 1000) {
    stream.Push(std::span(sound).subspan(at, std::min<size_t>(1000, sound.size() - at)));
    for (const Transcript& each : stream.TakeFinal()) add(live, each.text);
  }
  stream.Finish();
  for (const Transcript& each : stream.TakeFinal()) add(live, each.text);
  EXPECT_EQ(live, whole);
  EXPECT_GT(whole.size(), 5U);
  EXPECT_EQ(stream.partial(), "");
}

INSTANTIATE_TEST_SUITE_P(transcriber, SpelledStream, testing::Bool(),
                         [](const auto& info) { return info.param ? "pieces" : "characters"; });

TEST(transcriber, a_text_of_a_stream_ends_after_a_second_of_silence) {
  const auto steps_to_end = [](int spoken) {
    EndPoint end(0.02);
    for (int i = 0; i < spoken; ++i) EXPECT_FALSE(end.Step(false));
    int steps = 1;
    while (!end.Step(true)) ++steps;
    return steps;
  };
  EXPECT_NEAR(steps_to_end(10), 50, 1);
  EXPECT_NEAR(steps_to_end(0), 250, 1);
  EXPECT_EQ(steps_to_end(1001), 1);
  EndPoint never_silent(0.02);
  int steps = 1;
  while (steps < 10'000 && !never_silent.Step(false)) ++steps;
  EXPECT_NEAR(steps, 3000, 1);
}

// Logits [T, V] in which at each step one class stands out.
Tensor Spelled(const std::vector<int32_t>& classes, size_t V) {
  Tensor logits({classes.size(), V});
  for (size_t t = 0; t < classes.size(); ++t) logits[t * V + static_cast<size_t>(classes[t])] = 4;
  return logits;
}

FoundLabels Find(const Tensor& logits, const TranscriberDesign& design, const SearchOptions& options) {
  LabelSearch search(design, options);
  for (size_t t = 0; t < logits.dim(0); ++t) search.Step(logits.data() + t * logits.dim(1));
  return search.Best(1).front();
}

TEST(label_search, merges_repetitions_and_drops_blanks) {
  const TranscriberDesign design = Design(false);
  const Tensor logits = Spelled({0, 1, 1, 0, 1, 2, 0, 5, 3, 3}, 6);
  for (const size_t beam : {1, 4, 50}) {
    EXPECT_EQ(Find(logits, design, {.beam = beam}).labels, (std::vector<int32_t>{1, 1, 2, 5, 3})) << beam;
  }
  EXPECT_GT(Find(logits, design, {.beam = 50}).log_probability, Find(logits, design, {.beam = 1}).log_probability)
      << "more alignments";
}

TEST(label_search, a_language_model_decides_between_what_sounds_alike) {
  const TranscriberDesign design = Design(false);
  Tensor logits = Spelled({0, 1, 0, 2, 0, 5, 0, 3, 0, 1, 0}, 6);
  logits[3 * 6 + 2] = 4;  // at step 3, b and c are almost alike, c a little more
  logits[3 * 6 + 3] = 4.2F;
  EXPECT_EQ(Find(logits, design, {.beam = 20}).labels, (std::vector<int32_t>{1, 3, 5, 3, 1}));
  const WordModel model = WordModel::Learn(std::vector<std::string>{"ab ca", "ab dab", "ca ab"}, "words");
  EXPECT_EQ(Find(logits, design, {20, &model, 1, 0}).labels, (std::vector<int32_t>{1, 2, 5, 3, 1}));
}

// The classes of pieces, as Spelled() wants them, with a blank between.
std::vector<int32_t> WithBlanks(const Spelling& spelling, const std::vector<std::string>& pieces) {
  std::vector<int32_t> classes = {0};
  for (const std::string& piece : pieces) {
    classes.insert(classes.end(), {spelling.labels().Find(piece), 0});
    EXPECT_NE(classes[classes.size() - 2], kNoToken) << piece;
  }
  return classes;
}

TEST(spelling, pieces_spell_what_they_were_cut_from_and_come_back) {
  const Spelling spelling = ToneSpelling();
  EXPECT_STREQ(spelling.unit(), "pieces");
  for (uint64_t i = 0; i < 20; ++i) {
    std::vector<int32_t> labels;
    for (const std::string& piece : spelling.Cut(ToneText(i))) labels.push_back(spelling.labels().Find(piece));
    EXPECT_EQ(std::count(labels.begin(), labels.end(), kNoToken), 0);
    EXPECT_LT(labels.size(), ToneText(i).size()) << "frequent words are one piece";
    EXPECT_EQ(spelling.Join(labels), ToneText(i));
  }
  Json json;
  AddSpelling(json, spelling);
  EXPECT_EQ(SpellingFromJson(json).labels().tokens(), spelling.labels().tokens());
  EXPECT_ERROR(SpellingFromJson({{"pieces", "bm8gbW9kZWw="}}), "SentencePiece");
  EXPECT_ERROR(SpellingFromJson({{"pieces", "?"}}), "base64");
  EXPECT_ERROR(Spelling::OfPieces({"ab cd"}, 2), "pieces");
}

TEST(label_search, words_of_pieces_are_known_by_the_space_in_front_and_weighed_when_they_are_whole) {
  const TranscriberDesign design = Design(false, 2, ToneSpelling());
  const Spelling& spelling = design.spelling;
  const size_t V = spelling.size();
  const std::vector<int32_t> classes = WithBlanks(spelling, {"\u2581ab", "\u2581", "c", "a", "\u2581d", "ab"});
  Tensor logits = Spelled(classes, V);
  const std::vector<int32_t> labels = Find(logits, design, {.beam = 1}).labels;
  const Transcript made = MakeTranscript({labels, 0, 0}, logits, design);
  EXPECT_EQ(made.text, "ab ca dab");
  ASSERT_EQ(made.words.size(), 3U);
  EXPECT_NEAR(made.words[1].begin, 5 * 0.02, 1e-9) << "not with the space";
  EXPECT_NEAR(made.words[1].end, 8 * 0.02, 1e-9);

  // The last piece is almost as likely to be another.
  const auto other = static_cast<size_t>(spelling.labels().Find("a"));
  logits[11 * V + other] = 3.9F;
  const auto text = [&](const SearchOptions& options) { return spelling.Join(Find(logits, design, options).labels); };
  EXPECT_EQ(text({.beam = 20}), "ab ca dab");
  const WordModel model = WordModel::Learn(std::vector<std::string>{"ab ca da", "ab ca da"}, "words");
  EXPECT_EQ(text({.beam = 20, .model = &model, .weight = 1, .bonus = 0}), "ab ca da");
  const HotWords hot = HotWords::Parse("da", "list"), odd = HotWords::Parse("xa", "list");
  EXPECT_EQ(text({.beam = 20, .hot = &hot, .hot_weight = 2}), "ab ca da");
  EXPECT_THROW(text({.beam = 20, .hot = &odd}), Error);
}

TEST(label_search, hot_words_are_favoured_while_they_come_and_no_other_word_of_their_characters) {
  const TranscriberDesign design = Design(false);
  Tensor logits = Spelled({0, 1, 0, 3, 0, 4, 0, 5, 0, 3, 0, 1, 0}, 6);
  logits[3 * 6 + 2] = 3;  // "acd ca", but "abd" is likely too
  const auto find = [&](const char* list, double weight, size_t beam = 20) {
    const HotWords hot = HotWords::Parse(list, "list");
    return Find(logits, design, {.beam = beam, .hot = &hot, .hot_weight = weight}).labels;
  };
  const std::vector<int32_t> plain = {1, 3, 4, 5, 3, 1}, favoured = {1, 2, 4, 5, 3, 1};
  EXPECT_EQ(Find(logits, design, {.beam = 20}).labels, plain);
  EXPECT_EQ(find("abd", 3), favoured);
  EXPECT_EQ(find("abd", 6, 2), favoured) << "kept from its first character on";
  EXPECT_EQ(find("abd", 0.1), plain);
  EXPECT_EQ(find("ab abda bd", 3), plain) << "no word is any of these";
  EXPECT_EQ(find("abd acd", 3), plain) << "both are";

  // With a language model, at the end of the text, and of characters that are unknown.
  const WordModel model = WordModel::Learn(std::vector<std::string>{"acd ca"}, "words");
  const HotWords hot = HotWords::Parse("abd", "list"), last = HotWords::Parse("cb", "list"),
                 odd = HotWords::Parse("ab\n7", "list");
  EXPECT_EQ(Find(logits, design, {.beam = 20, .model = &model, .hot = &hot, .hot_weight = 0}).labels, plain);
  EXPECT_EQ(Find(logits, design, {.beam = 20, .model = &model, .weight = 0.1, .hot = &hot, .hot_weight = 5}).labels,
            favoured);
  logits[11 * 6 + 2] = 3.5F;
  EXPECT_EQ(Find(logits, design, {.beam = 20, .hot = &last, .hot_weight = 3}).labels,
            (std::vector<int32_t>{1, 3, 4, 5, 3, 2}));
  EXPECT_THROW(Find(logits, design, {.beam = 20, .hot = &odd}), Error);
}

TEST(hot_words, a_list_that_is_none_is_refused_and_shares_are_of_the_shortest_word) {
  const HotWords words = HotWords::Parse(" an\tanna\n\nanna ", "list");
  EXPECT_EQ(words.words(), (std::vector<std::string>{"an", "anna"}));
  HotWords::Place place = HotWords::kStart;
  EXPECT_EQ(words.Share(place), 0);
  const double shares[] = {0.5, 1, 0.75, 1};
  for (size_t i = 0; i < 4; ++i) {
    place = words.Next(place, std::string_view("anna").substr(i, 1));
    EXPECT_EQ(words.Share(place), shares[i]) << i;
    EXPECT_EQ(words.IsWord(place), i % 2 == 1) << i;
  }
  EXPECT_EQ(words.Next(place, "s"), HotWords::kNowhere);
  EXPECT_EQ(words.Share(HotWords::kNowhere), 0);
  for (const char* bad : {"", " \n", "\xff"}) EXPECT_THROW(HotWords::Parse(bad, "list"), Error);
}

TEST(label_search, labels_are_aligned_with_the_steps_at_which_they_are_said) {
  const TranscriberDesign design = Design(false);
  const Tensor logits = Spelled({0, 0, 1, 1, 0, 1, 5, 5, 0, 3}, 6);
  const std::vector<int32_t> labels = {1, 1, 5, 3};
  const std::vector<LabelTime> times = AlignLabels(logits, labels);
  ASSERT_EQ(times.size(), 4U);
  EXPECT_EQ(times[0].begin, 2U);
  EXPECT_EQ(times[0].end, 4U);
  EXPECT_EQ(times[1].begin, 5U);
  EXPECT_EQ(times[3].end, 10U);
  EXPECT_NEAR(times[3].probability, std::exp(4.0) / (std::exp(4.0) + 5), 1e-6);
  const Transcript made = MakeTranscript({labels, 0, 0}, logits, design, 1);
  EXPECT_EQ(made.text, "aa c");
  ASSERT_EQ(made.words.size(), 2U);
  EXPECT_NEAR(made.words[0].begin, 1 + 2 * 0.02, 1e-9);
  EXPECT_NEAR(made.words[1].end, 1 + 10 * 0.02, 1e-9);
  EXPECT_NEAR(made.words[0].confidence, std::exp(4.0) / (std::exp(4.0) + 5), 1e-6);
}

TEST(transcriber, every_step_is_a_function_of_its_number_and_of_no_thread) {
  const TranscriberDesign design = Design(false);
  std::vector<EncodedUtterance> train;
  for (const Utterance& each : Said(design, 7)) train.push_back(EncodeUtterance(each, design));
  for (const Utterance& each : MakeNoise(2, FrontEndOf(design), 1)) train.push_back(EncodeUtterance(each, design));
  const std::vector<EncodedUtterance> none;
  const auto gradients = [&](std::initializer_list<int64_t> steps, int count) {
    Threads threads(count, Threads::Share::kAlways);
    TranscriberNetwork network = Disturbed(design);
    TranscriberTraining task(network, train, none, {4, 2, 2}, 5, threads);
    EXPECT_EQ(task.steps_per_epoch(), 3);
    EXPECT_FALSE(task.Validate(1e9));
    std::vector<Real> last;
    for (const int64_t step : steps) {
      last.assign(1, static_cast<Real>(WholeStep(task, step, threads)));
      for (Parameter* parameter : network.parameters()) {
        last.insert(last.end(), parameter->grad.values().begin(), parameter->grad.values().end());
        parameter->grad.Fill(0);
      }
    }
    return last;
  };
  EXPECT_EQ(gradients({0, 1, 7}, 1), gradients({7}, 3));
}

TEST(transcriber, what_cannot_be_spelled_or_is_too_short_is_told) {
  const TranscriberDesign design = Design(false);
  Utterance utterance = Said(design, 1)[0];
  EXPECT_EQ(WhyLeftOut(utterance, design), "");
  utterance.text = "axe";
  EXPECT_NE(WhyLeftOut(utterance, design).find("\"x\""), std::string::npos);
  utterance.text = std::string(500, 'a');
  EXPECT_NE(WhyLeftOut(utterance, design).find("too short for 500 characters"), std::string::npos);
  utterance.text = "";
  EXPECT_EQ(WhyLeftOut(utterance, design), "");
}

TEST(transcriber, masks_hide_stretches_and_bands_by_their_key) {
  const std::vector<float> ones(100 * 20, 1.0F);
  const std::span<const float> row = ones;
  const auto hidden = [&](const Masks& masks) {
    const FrameBatch batch = MakeFrameBatch(std::span(&row, 1), 20, masks);
    return std::count(batch.frames.values().begin(), batch.frames.values().end(), Real{0});
  };
  EXPECT_EQ(hidden({}), 0);
  EXPECT_EQ(hidden({2, 2, 9}), hidden({2, 2, 9}));
  long most = 0;
  for (uint64_t key = 0; key < 50; ++key) {
    EXPECT_EQ(hidden({2, 0, MixBits(key)}) % 20, 0) << "whole frames";
    EXPECT_EQ(hidden({0, 2, MixBits(key)}) % 100, 0) << "whole bands";
    most = std::max(most, hidden({2, 2, MixBits(key)}));
  }
  EXPECT_GT(most, 400);
  EXPECT_LT(most, 2000 - 200);
}

TEST(transcriber, a_description_that_does_not_fit_the_tensors_is_an_error) {
  Threads threads;
  TranscriberNetwork network(Design(true), 3);
  const Model model = MakeTranscriberModel(network, Json::object(), threads);
  const auto changed = [&](const char* pointer, const Json& value) {
    Model copy = model;
    copy.description[Json::json_pointer(pointer)] = value;
    LoadTranscriber(copy, threads);
  };
  EXPECT_ERROR(changed("/transcribe/characters", Json::array({"<blank>", "a"})), "head.b");
  EXPECT_ERROR(changed("/transcribe/characters", Json::array({"a", "b"})), "the blank");
  EXPECT_ERROR(changed("/transcribe/mean", Json::array({1})), "the scaling");
  EXPECT_ERROR(changed("/transcribe/deltas", 3), "deltas");
  EXPECT_ERROR(changed("/transcribe/own_mean", true), "no later sound");
  EXPECT_ERROR(changed("/transcribe/sound/mels", 4096), "filters");
  EXPECT_ERROR(changed("/transcribe/sound/rate", 0), "rate");
  EXPECT_ERROR(changed("/transcribe/frame_ms", -1), "frames");
  EXPECT_ERROR(changed("/network/reduction", 5), "reduction");
  EXPECT_ERROR(changed("/network/channels", 7), "convolution1.W");
}

}  // namespace transcriber_test
}  // namespace eddy
