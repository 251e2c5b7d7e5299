// Voices: words to sound. A voice learns from recordings of one speaker how long each letter (or phoneme) lasts and what
// it sounds like, and says new sentences through a vocoder: pulses and noise through filters, which a small network of its
// own makes finer.
//
//     const auto trained = eddy::Train(eddy::VoiceOptions{}, "speech.tsv");   // a path, a tab and a transcript a line
//     const eddy::Speech speech = trained.model.Speak("Good morning.");      // samples, at trained.model.rate()
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/data.h"
#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"
#include "eddy/tasks/transcribe.h"

EDDY_API_BEGIN
namespace eddy {

// What a voice is trained with. It learns from recordings as transcribers do (MakeRecordings).
struct VoiceOptions {
  bool strict = false;           // the first bad recording is an error; they are skipped and counted otherwise
  HeldOut held_out = {0.1, {}};  // a share of the recordings, or a manifest of its own
  // A folder of files NAME.lab, for a sound NAME.wav, that say when each phoneme ends. Where it is not given, they are taken
  // from beside the sounds; where there are none, letters are aligned with the sound.
  std::string alignments = {};
  // A model of spellings to sounds (eddy/tasks/translate.h): the voice learns the phonemes that it finds in words, aligned
  // with the sound, instead of letters. It becomes a part of the voice.
  std::string sounds = {};
  // With `sounds`: a file of words and their phonemes, one a line with a tab between, which come before what the model
  // finds. They become a part of the voice.
  std::string lexicon = {};
  int rate = 16000;                        // of the sound, 8,000 to 48,000 samples a second; other sound is resampled
  double frame_ms = 10;                    // from one frame to the next, 2 to 20
  size_t order = 24;                       // of the mel-cepstrum, 12 to 60
  double low = 60, high = 400;             // Hz: the range of the voice's pitch
  std::optional<size_t> embedding = {};    // numbers that stand for a letter
  std::optional<size_t> text_hidden = {};  // units of the layer that reads the text, in either direction
  // Times over the recordings that a neural vocoder learns from them after the network; 0 for none. Not given, 20, or, where
  // `train` says minutes, four tenths of these. The voice keeps it where its sound of what is held out is nearer to the
  // recordings than the source-filter vocoder's.
  std::optional<double> vocoder_epochs = {};
  TrainOptions train = {};
};

// A letter or phoneme, and how long it is spoken.
struct SpokenSymbol {
  std::string symbol;
  double seconds = 0;  // a whole number of frames when it is spoken
};

struct SpeakOptions {
  double speed = 1;      // 0.25 to 4: twice as fast takes half of the time
  double pitch = 1;      // 0.25 to 4: twice as high
  double sharpness = 1;  // 0 to 2: how much of what averaging takes from the spectrum is given back (Toda 2007)
  // What makes the sound: "source-filter", "neural", or "auto" for the neural vocoder where the voice has one.
  std::string vocoder = "auto";
  // How long each symbol lasts, those at both ends included, in the order in which they are spoken; empty for the voice's
  // own. `speed` does not change them.
  std::vector<SpokenSymbol> durations = {};
  int threads = 1;
};

struct Speech {
  std::vector<float> samples;  // within full scale, 1
  int rate = 0;                // samples a second
  std::vector<SpokenSymbol> symbols;
};

class Voice : public TrainedModel {
 public:
  static Voice Load(const std::string& path);  // throws Error, also for a model of another task
  explicit Voice(const TrainedModel& model);   // the same, of a model that was loaded

  int rate() const;                          // samples a second
  std::vector<std::string> symbols() const;  // that it can say
  // Else phonemes: those of its words where it was trained with `sounds`; otherwise it reads phonemes, with spaces between.
  bool speaks_letters() const;
  // The same samples at every call. Throws Error for text that is empty or has what the voice has never seen, and for
  // options out of range or durations of another text.
  Speech Speak(std::string_view text, const SpeakOptions& options = {}) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<Voice> Train(const VoiceOptions& options, const Data& recordings, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END
