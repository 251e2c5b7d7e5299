// vocoder_copy VOICE MANIFEST FOLDER: copy synthesis, that is what the vocoders of a voice make of the frames of recordings,
// for measures of speech that are elsewhere. Of recording I of the manifest it writes I.recorded.wav, I.source-filter.wav
// and, where the voice has a neural vocoder, I.neural.wav into the folder, of one length and of 16 bits.
//
// Prints a line of JSON: how many recordings and seconds, and of each vocoder the processor seconds that its sound took on
// one thread, how long the first piece took at most, the mean and the largest step from sample to sample of a recording, and
// the largest sample; the last three of the recordings, too. Exit code 2 for wrong usage, 1 where nothing can be measured.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "audio/resample.h"
#include "audio/sound.h"
#include "audio/speech_set.h"
#include "eddy/error.h"
#include "model/atomic_file.h"
#include "tasks/speak/model.h"
#include "tasks/speak/voice_sound.h"

namespace {

using namespace eddy;

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Of all sounds of one kind.
struct Measures {
  double seconds = 0, first_piece = 0;  // of the processor
  double largest_steps = 0, largest_step = 0, largest_sample = 0;

  void Add(const std::vector<float>& sound) {
    double step = 0;
    for (size_t i = 0; i < sound.size(); ++i) {
      largest_sample = std::max(largest_sample, std::abs(double{sound[i]}));
      if (i > 0) step = std::max(step, std::abs(double{sound[i]} - double{sound[i - 1]}));
    }
    largest_steps += step;
    largest_step = std::max(largest_step, step);
  }
  std::string Json(size_t sounds) const {
    return fmt::format(R"("mean_largest_step": {:.4g}, "largest_step": {:.4g}, "largest_sample": {:.4g})",
                       largest_steps / static_cast<double>(sounds), largest_step, largest_sample);
  }
  std::string JsonOfVocoder(size_t sounds) const {
    return fmt::format(R"({{"seconds": {:.4g}, "first_piece_ms": {:.4g}, {}}})", seconds, 1000 * first_piece, Json(sounds));
  }
};

std::vector<float> Copy(const std::vector<float>& frames, const VoiceNetwork& network, const NeuralVocoder* neural,
                        Threads& threads, Measures& measures) {
  const double begin = ProcessorSeconds();
  VoiceSound sound(frames, network.design().vocoder, neural, threads);
  std::vector<float> samples = sound.Next();
  measures.first_piece = std::max(measures.first_piece, ProcessorSeconds() - begin);
  const std::vector<float> rest = sound.Rest();
  samples.insert(samples.end(), rest.begin(), rest.end());
  measures.seconds += ProcessorSeconds() - begin;
  measures.Add(samples);
  return samples;
}

void Run(const std::string& voice, const std::string& manifest, const std::string& folder) {
  Threads threads(1);
  const VoiceNetwork network = LoadVoice(LoadModel(voice, kSpeakTask), threads);
  const VocoderOptions& vocoder = network.design().vocoder;
  Require(std::filesystem::is_directory(folder), "vocoder_copy", folder, "a folder", "none");
  Measures recorded, source_filter, neural;
  double seconds = 0;
  size_t count = 0;
  for (const SpeechEntry& entry : ReadSpeech(Data(manifest)).entries) {
    const Sound sound = LoadSound(entry);
    const std::vector<float> samples = Resample(sound.samples, sound.rate, vocoder.rate);
    const std::vector<float> frames = AnalyseVoice(samples, vocoder);
    const auto write = [&](const char* kind, std::vector<float> copy) {
      copy.resize(samples.size());
      AtomicFile file(fmt::format("{}/{}.{}.wav", folder, count, kind));
      file.Write(WriteWav16(copy, vocoder.rate));
      file.Commit();
    };
    write("recorded", samples);
    recorded.Add(samples);
    write("source-filter", Copy(frames, network, nullptr, threads, source_filter));
    if (network.vocoder()) write("neural", Copy(frames, network, network.vocoder(), threads, neural));
    seconds += static_cast<double>(samples.size()) / vocoder.rate;
    ++count;
  }
  Require(count > 0, "vocoder_copy", manifest, "with recordings", "without any");
  fmt::print(R"({{"recordings": {}, "seconds": {:.4g}, "recorded": {{{}}}, "source-filter": {}, "neural": {}}})", count,
             seconds, recorded.Json(count), source_filter.JsonOfVocoder(count),
             network.vocoder() ? neural.JsonOfVocoder(count) : "null");
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "Usage: vocoder_copy VOICE MANIFEST FOLDER\n");
    return 2;
  }
  try {
    Run(argv[1], argv[2], argv[3]);
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "vocoder_copy: {}\n", error.what());
    return 1;
  }
}
