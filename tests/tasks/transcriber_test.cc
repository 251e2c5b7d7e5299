#include <gtest/gtest.h>

#include <cmath>

#include "audio/tone_words.h"
#include "model/temporary_directory.h"
#include "tasks/small_transcriber.h"
#include "tasks/transcribe/defaults.h"
#include "tasks/transcribe/live_text.h"
#include "tasks/transcribe/noise.h"
#include "tasks/transcribe/training.h"
#include "tasks/transcribe/transcript.h"
#include "train/whole_step.h"

namespace eddy {
namespace transcriber_test {

using namespace small_transcriber;

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

// The same tones through two microphones, one of which adds 1 to all features.
TEST(transcriber, what_all_of_a_speakers_recordings_have_in_common_is_taken_from_them) {
  TranscriberDesign design = Design(false);
  const FrontEnd front = FrontEndOf(design);
  std::vector<Utterance> all = Said(design, 4);
  const std::vector<std::vector<float>> alone = ScaledFrames(all, design);
  for (size_t i : {0, 1, 0, 1}) all.push_back(all[i]);
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].speaker = i < 4 ? "Ana" : i < 6 ? "Omar" : "";
    for (float& value : all[i].frames[0]) value += i < 4 ? 0.F : 1.F;
  }
  all[2].speaker = all[3].speaker = "Lea";
  ShareSpeakers(all, front);
  const std::vector<std::vector<float>> shared = ScaledFrames(all, design);
  for (const size_t i : {0, 1}) {
    for (size_t j = 0; j < shared[i].size(); ++j) {
      EXPECT_NEAR(shared[i][j], shared[4 + i][j], 1e-5) << "both microphones sound alike";
      EXPECT_NEAR(shared[6 + i][j], alone[i][j], 1e-5) << "without a speaker a recording has its own mean";
    }
  }
  double sum = 0, apart = 0;
  for (const size_t i : {0, 1}) {
    for (size_t j = 0; j < shared[i].size(); j += 20) {
      sum += shared[i][j];
      apart += std::abs(shared[i][j] - alone[i][j]);
    }
  }
  EXPECT_NEAR(sum, 0, 1e-3) << "the mean of both recordings";
  EXPECT_GT(apart, 1) << "not that of each";
}

TEST(transcriber, a_run_is_not_resumed_with_other_speakers) {
  UtteranceSet set;
  set.utterances = Said(Design(false), 4);
  const auto fingerprint = [&] { return SplitUtterances({"sounds", {}, "", 0.5, {}}, set, std::nullopt).fingerprint; };
  const std::string nameless = fingerprint();
  EXPECT_EQ(fingerprint(), nameless);
  set.utterances[2].speaker = "Ana";
  EXPECT_NE(fingerprint(), nameless);
}

TEST(transcriber, a_mean_of_few_frames_is_near_the_usual_one) {
  TranscriberDesign design = Design(false);
  design.prior_frames = 30;
  Utterance utterance;
  utterance.frames = {std::vector<float>(10 * 20, -1.F)};
  for (const double mean : MeanToTake(utterance, 0, design)) EXPECT_DOUBLE_EQ(mean, (10 * -1.0 + 30 * -9.0) / 40);
  utterance.of_speaker = {SumFrames(std::vector<float>(90 * 20, -1.F), 20)};
  for (const double mean : MeanToTake(utterance, 0, design)) EXPECT_DOUBLE_EQ(mean, (90 * -1.0 + 30 * -9.0) / 120);
  design.own_mean = false;
  EXPECT_EQ(MeanToTake(utterance, 0, design), design.mean);
}

TEST(transcriber, what_is_learned_may_be_shifted_to_its_own_mean) {
  TranscriberDesign design = Design(false);
  design.prior_frames = 30;
  const EncodedUtterance encoded = EncodeUtterance(Said(design, 1)[0], design);
  for (size_t d = 0; d < 20; ++d) {
    double sum = 0;
    for (size_t i = d; i < encoded.frames[0].size(); i += 20)
      sum += double{encoded.frames[0][i]} + double{encoded.to_own[0][d]};
    EXPECT_NEAR(sum, 0, 1e-3);
    EXPECT_GT(std::abs(encoded.to_own[0][d]), 1e-3F);
  }
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
  EXPECT_ERROR(changed("/transcribe/prior_frames", -1), "the usual mean");
  EXPECT_ERROR(changed("/transcribe/own_mean", true), "no later sound");
  EXPECT_ERROR(changed("/transcribe/sound/mels", 4096), "filters");
  EXPECT_ERROR(changed("/transcribe/sound/rate", 0), "rate");
  EXPECT_ERROR(changed("/transcribe/frame_ms", -1), "frames");
  EXPECT_ERROR(changed("/network/reduction", 5), "reduction");
  EXPECT_ERROR(changed("/network/channels", 7), "convolution1.W");
}

}  // namespace transcriber_test
}  // namespace eddy
