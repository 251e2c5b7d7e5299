// The neural vocoder of a voice: what it learns, that it streams, and how it is kept.
#include "tasks/speak/neural_vocoder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "audio/buzz_words.h"
#include "eddy/error.h"
#include "eddy/ops.h"
#include "tasks/speak/alignment.h"
#include "tasks/speak/defaults.h"
#include "tasks/speak/model.h"
#include "tasks/speak/vocoder_training.h"
#include "tasks/speak/voice_sound.h"
#include "train/whole_step.h"

namespace eddy {
namespace neural_vocoder_test {

const VocoderOptions kVocoder{.rate = kBuzzRate, .order = 12};

class BuzzVocoder : public testing::Test {
 protected:
  BuzzVocoder() {
    static constexpr const char* kTexts[] = {"ab dab", "cad", "bad cab", "dcb a"};
    for (uint64_t i = 0; i < 4; ++i) {
      SpokenSentence sentence;
      sentence.text = kTexts[i];
      sentence.symbols = SymbolReader({}, kEdge)(kTexts[i]);
      sentence.samples = SayBuzz(kTexts[i], i);
      sentence.frames = AnalyseVoice(sentence.samples, kVocoder);
      set_.sentences.push_back(sentence);
    }
    std::vector<SpokenSentence> none;
    AlignSymbols(set_.sentences, none, kVocoder, threads_);
    voice_ = DefaultVoiceSetup(set_, kVocoder).design;
    for (const SpokenSentence& each : set_.sentences) all_.push_back(&each);
    std::vector<SpokenSentence> copies = set_.sentences;
    recordings_ = VocoderRecordings(copies, kVocoder, threads_);
  }

  std::unique_ptr<NeuralVocoder> Untrained() const {
    return std::make_unique<NeuralVocoder>(DefaultNeuralVocoder(kVocoder, voice_.mean, voice_.deviation, 16), 1);
  }

  std::unique_ptr<NeuralVocoder> Train(int64_t steps, int threads = 1, size_t shards = 1) const {
    auto vocoder = Untrained();
    Threads team(threads, Threads::Share::kAlways);
    const std::vector<SpokenSentence> no_held_out;
    VocoderTraining training(*vocoder, recordings_, no_held_out, {.rows = 4, .shards = shards}, 1, team);
    TrainingOptions options;
    options.limit = "steps";
    options.amount = static_cast<double>(steps);
    options.schedule.rate = 5e-3;
    eddy::Train(training, options, team);
    return vocoder;
  }

  double Distance(const NeuralVocoder* vocoder) { return MeasureVocoder(vocoder, kVocoder, all_, threads_); }

  Threads threads_{1};
  SentenceSet set_;
  VoiceDesign voice_;
  std::vector<const SpokenSentence*> all_;
  std::vector<VocoderRecording> recordings_;
};

TEST_F(BuzzVocoder, untrained_it_passes_on_the_sound_of_the_source_filter_vocoder) {
  const auto vocoder = Untrained();
  const std::vector<float>& frames = set_.sentences[0].frames;
  const std::vector<float> plain = VoiceSound(frames, kVocoder, nullptr, threads_).Rest();
  EXPECT_EQ(VoiceSound(frames, kVocoder, vocoder.get(), threads_).Rest(), plain);
  EXPECT_EQ(SynthesiseVoice(frames, kVocoder), plain) << "which is not loud";
}

TEST_F(BuzzVocoder, training_brings_its_spectra_nearer_to_the_recordings) {
  EXPECT_LT(Distance(Train(60).get()), 0.9 * Distance(nullptr));
}

TEST_F(BuzzVocoder, pieces_are_the_whole_bit_for_bit) {
  const auto vocoder = Train(5);
  for (const SpokenSentence& each : set_.sentences) {
    VoiceSynthesiser synthesiser(each.frames, kVocoder);
    const VoiceParts parts = synthesiser.Next(synthesiser.samples());
    const size_t samples = parts.pulses.size(), S = vocoder->design().step;
    VocoderBatch batch(vocoder->design(), (samples + S - 1) / S, 1);
    batch.Fill(0, vocoder->design(), {each.frames, parts}, 0);
    Tape tape(threads_, Tape::Mode::kInference);
    const Tensor whole = tape.Value(vocoder->Forward(tape, batch));
    const std::vector<float> sound = VoiceSound(each.frames, kVocoder, vocoder.get(), threads_).Rest();
    ASSERT_EQ(sound.size(), samples);
    EXPECT_TRUE(std::equal(sound.begin(), sound.end(), whole.data()));
  }
}

TEST_F(BuzzVocoder, any_number_of_threads_trains_the_same_weights_and_shards_add_up) {
  const auto one = Train(4), three = Train(4, 3), sharded = Train(4, 1, 2);
  const std::vector<Parameter*> a = one->parameters(), b = three->parameters(), c = sharded->parameters();
  for (size_t i = 0; i < a.size(); ++i) {
    const std::span<const Real> x = a[i]->value.values(), y = b[i]->value.values(), z = c[i]->value.values();
    EXPECT_TRUE(std::equal(x.begin(), x.end(), y.begin(), y.end())) << a[i]->name;
    for (size_t k = 0; k < x.size(); ++k) ASSERT_NEAR(x[k], z[k], 1e-3) << a[i]->name;
  }
}

TEST_F(BuzzVocoder, a_recording_shorter_than_a_segment_is_learned_and_none_is_refused) {
  std::vector<SpokenSentence> brief = {set_.sentences[0]};
  brief[0].samples.resize(700);
  brief[0].frames = AnalyseVoice(brief[0].samples, kVocoder);
  const std::vector<VocoderRecording> recordings = VocoderRecordings(brief, kVocoder, threads_), none;
  const std::vector<SpokenSentence> no_held_out;
  const auto vocoder = Untrained();
  VocoderTraining training(*vocoder, recordings, no_held_out, {.rows = 2}, 1, threads_);
  EXPECT_EQ(training.steps_per_epoch(), 1);
  EXPECT_TRUE(std::isfinite(WholeStep(training, 0, threads_)));
  EXPECT_THROW(VocoderTraining(*vocoder, none, no_held_out, {}, 1, threads_), Error);
}

TEST_F(BuzzVocoder, sound_is_never_at_full_scale_and_soft_sound_is_left_alone) {
  std::vector<float> frames = set_.sentences[0].frames;
  const std::vector<float> plain = SynthesiseVoice(frames, kVocoder);
  for (size_t at = 0; at < frames.size(); at += kVocoder.width()) frames[at] += 4;
  const std::vector<float> loud = VoiceSound(frames, kVocoder, nullptr, threads_).Rest();
  const std::vector<float> unlimited = SynthesiseVoice(frames, kVocoder);
  float loudest = 0;
  for (size_t i = 0; i < loud.size(); ++i) {
    loudest = std::max(loudest, std::abs(loud[i]));
    if (std::abs(unlimited[i]) > 0.9F) continue;
    EXPECT_EQ(loud[i], unlimited[i]);
  }
  EXPECT_GT(loudest, 0.95F);
  EXPECT_LE(loudest, 0.99F);
}

TEST_F(BuzzVocoder, a_voice_keeps_it_and_speaks_through_it) {
  VoiceNetwork network(voice_, 1);
  const Speech plain = SpeakText(network, "bad dab", {}, threads_);
  EXPECT_THROW(SpeakText(network, "bad dab", {.vocoder = "neural"}, threads_), Error);
  network.SetVocoder(Train(20));
  const Speech speech = SpeakText(network, "bad dab", {}, threads_);
  EXPECT_NE(speech.samples, plain.samples);
  EXPECT_EQ(SpeakText(network, "bad dab", {.vocoder = "neural"}, threads_).samples, speech.samples);
  EXPECT_EQ(SpeakText(network, "bad dab", {.vocoder = "source-filter"}, threads_).samples, plain.samples);

  const Model model = MakeVoiceModel(network, Json::object(), threads_);
  const VoiceNetwork loaded = LoadVoice(ParseModel(SerializeModel(model)), threads_);
  EXPECT_EQ(SpeakText(loaded, "bad dab", {}, threads_).samples, speech.samples);
  const auto broken = [&](const std::function<void(Model&)>& change) {
    Model other = model;
    change(other);
    EXPECT_THROW(LoadVoice(other, threads_), Error);
  };
  broken([](Model& m) { m.description.erase("vocoder"); });
  broken([](Model& m) { m.description["vocoder"]["taps"] = 34; });
  broken([](Model& m) { m.description["vocoder"]["taps"] = 31; });
  broken([](Model& m) { m.description["vocoder"]["step"] = 0; });
  broken([](Model& m) { m.description["vocoder"].erase("recurrent"); });
  broken([](Model& m) { m.description["vocoder"]["recurrent"]["hidden"] = 1 << 15; });
  broken([](Model& m) { m.description["vocoder"]["recurrent"]["bidirectional"] = true; });
}

TEST_F(BuzzVocoder, sound_comes_in_pieces_and_ends_where_it_is_told_to) {
  const VoiceNetwork network(voice_, 1);
  std::vector<float> heard;
  size_t pieces = 0;
  const Speech speech = SpeakText(network, "bad dab", {}, threads_, [&](std::span<const float> piece) {
    heard.insert(heard.end(), piece.begin(), piece.end());
    EXPECT_LE(piece.size(), static_cast<size_t>(kBuzzRate / 10));
    return ++pieces < 100;
  });
  EXPECT_GT(pieces, 3U);
  EXPECT_EQ(heard, speech.samples);
  const Speech cut = SpeakText(network, "bad dab", {}, threads_, [](std::span<const float>) { return false; });
  EXPECT_EQ(cut.samples.size(), static_cast<size_t>(kBuzzRate / 10));
}

}  // namespace neural_vocoder_test
}  // namespace eddy
