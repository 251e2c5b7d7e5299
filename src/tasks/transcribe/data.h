// The recordings of a transcriber, read and split: what training needs, and what is kept in the model so that `evaluate`
// knows training data when it sees them. Sound is turned into features as it is read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audio/features.h"
#include "data/reading.h"
#include "eddy/data.h"
#include "tasks/train_options.h"
#include "tasks/transcribe/frame_mean.h"
#include "train/data_source.h"

namespace eddy {

// What is made of a recording.
struct FrontEnd {
  std::optional<FeatureOptions> sound;  // none for features from files, of
  size_t width = 0;                     // numbers a frame
  size_t deltas = 0;
  std::vector<double> speeds = {};  // beside its own, at which it is read

  size_t inputs() const { return width * (1 + deltas); }
};

struct Utterance {
  std::string place;  // for messages: "speech.tsv line 3"
  std::string text, speaker;
  std::vector<std::vector<float>> frames;  // [T, inputs]: as it is, then at each speed
  double seconds = 0;                      // of sound
  std::vector<FrameSums> of_speaker;       // of each of `frames`, all that the speaker says in the list; empty without
};

struct UtteranceSet {
  std::string source;
  std::vector<Utterance> utterances;  // at least one
  std::string hash;                   // of frames and texts
  Reading reading;
};

// The front end that suits the first recording, without deltas. Throws Error for one that cannot be read.
FrontEnd FrontEndFor(const Data& data, FeatureOptions wanted, std::optional<size_t> rate);

// Throws Error for data without recordings, and with too many that cannot be read.
UtteranceSet ReadUtterances(const Data& data, const FrontEnd& front, const BadLines& bad = {});
// One sound, or one file of features, that is no part of a list.
Utterance ReadUtterance(const std::string& path, const FrontEnd& front, std::vector<std::string>* notes = nullptr);
Utterance MakeUtterance(std::span<const float> samples, int rate, const FrontEnd& front);
// Lets the mean that is taken from recordings of one speaker be that of all of them. Those without a speaker keep their own.
void ShareSpeakers(std::vector<Utterance>& utterances, const FrontEnd& front);

struct TranscribeData {
  DataSource source;
  UtteranceSet train, held_out;
  std::string fingerprint;  // of both
};

// Throws Error for a single recording to split, and where nothing is said in the training part.
TranscribeData SplitUtterances(DataSource source, UtteranceSet set, std::optional<UtteranceSet> valid);
TranscribeData LoadTranscribeData(const Data& data, const HeldOut& held_out, const FrontEnd& front, const BadLines& bad);

// The part that training held out of these recordings, which are all of what it had.
UtteranceSet HeldOutAgain(const DataSource& source, UtteranceSet set);

// What is said most often, of equals the first by spelling: the floor.
std::string CommonestText(const UtteranceSet& set);

}  // namespace eddy
