// Transcribers: sound to words, by connectionist temporal classification (Graves 2006) over characters or subword pieces.
//
//     const auto trained = eddy::Train(eddy::TranscriberOptions{}, "speech.tsv");     // a path, a tab and a transcript a
//     line std::puts(trained.model.Transcribe(samples, 16000).text.c_str());
//
// A causal transcriber also runs while the sound comes (TranscriberStream): the same characters as of the whole.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eddy/data.h"
#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

// Sound and what is said in it.
struct Recording {
  std::vector<float> samples;  // one channel; full scale is 1
  int rate = 16000;            // samples a second, 1,000 to 768,000
  std::string transcript = {};
  std::string speaker = {};  // where it is known: what all that is said by one has in common is taken from it
};
// To learn from, or to be judged by, from memory: a manifest with the sounds in it. Throws Error for recordings that cannot
// stand in one: without samples, or with tabs or line ends in their texts.
Data MakeRecordings(std::span<const Recording> recordings, std::string name = "memory.tsv");

struct TranscriberOptions {
  bool strict = false;                    // the first bad recording is an error; they are skipped and counted otherwise
  HeldOut held_out = {0.1, {}};           // a share of the recordings, or a manifest of its own
  std::string unit = "char";              // texts are spelled by characters, or "bpe", by pieces of words
  std::optional<size_t> vocabulary = {};  // at most so many different characters, or pieces
  bool causal = false;                    // no character depends on later sound than its own: for streams
  std::optional<size_t> rate = {};        // of the sound that is read, samples a second; that of the recordings otherwise
  // Of sound, not of features from files: "mfcc", cepstra, where nothing is given, or "mel", log-mel energies.
  std::optional<std::string> features = {};
  std::optional<size_t> mels = {};     // filters of either; 26, or of "mel" 40
  std::optional<size_t> cepstra = {};  // coefficients of "mfcc"; 13, or as many as filters
  std::optional<size_t> deltas = {};   // 0 to 2: slopes beside the features; 2, or 0 where causal or of more than 80 numbers
  double frame_ms = 10;                // from one frame to the next
  std::optional<size_t> reduce = {};   // frames that become one step, 1 to 4
  std::optional<size_t> channels = {};         // of the convolutions in front
  std::vector<double> speeds = {0.9, 1, 1.1};  // sound is learned at these speeds too
  std::optional<size_t> time_masks = {};       // stretches of a recording that are hidden (Park 2019)
  std::optional<size_t> frequency_masks = {};  // and bands of log-mel energies
  std::optional<double> splices = {};          // that another word of a speaker follows than the one that does (Lam 2021)
  std::optional<double> noise = {};            // share of recordings of noise, hum and silence, without words, in training
  TrainOptions train = {};
};

// How words are sought.
struct TranscribeOptions {
  std::optional<size_t> beam = {};  // beginnings kept; 1, the likeliest character at every step, without a language model
  Data language_model = {};         // an ARPA file, or text, a sentence a line; none for none
  double language_weight = 0.8;     // of the model's logarithms, 0 to 100
  double word_bonus = 0.5;          // added for every word, -100 to 100
  int threads = 1;
  Data hot_words = {};    // words to favour, with white space between them; none for none
  double hot_weight = 4;  // added to the logarithm of what has one of them, 0 to 100
};

struct SpokenWord {
  std::string text;
  double begin = 0, end = 0;  // seconds
  double confidence = 0;      // geometric mean of the probabilities of its characters, 0 to 1
};

struct Transcript {
  std::string text;
  std::vector<SpokenWord> words;
  double log_probability = 0;  // of the characters, as far as the search followed their alignments
};

class Transcriber : public TrainedModel {
 public:
  static Transcriber Load(const std::string& path);  // throws Error, also for a model of another task
  explicit Transcriber(const TrainedModel& model);   // the same, of a model that was loaded

  int rate() const;     // of the sound that it reads; 0 for one of features
  bool causal() const;  // whether it can run as a stream
  // One channel, at any rate; full scale is 1. Throws Error for a model of features, a rate out of range, no samples, and
  // numbers that are not finite.
  Transcript Transcribe(std::span<const float> samples, int rate, const TranscribeOptions& options = {}) const;
  Transcript TranscribeFile(const std::string& path, const TranscribeOptions& options = {}) const;  // a sound, or features

 private:
  friend class TranscriberStream;
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// A causal transcriber on sound as it comes: at every time the text is that of the whole so far, bit for bit, of the
// likeliest at every step. For one thread.
class TranscriberStream {
 public:
  // At the model's own rate. Throws Error for a model that is not causal, or of features.
  explicit TranscriberStream(const Transcriber& model);
  ~TranscriberStream();
  TranscriberStream(TranscriberStream&&) noexcept;

  void Push(std::span<const float> samples);
  void Finish();             // the end of the sound: what was waiting for more is read
  std::string Text() const;  // of all sound so far

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<Transcriber> Train(const TranscriberOptions& options, const Data& recordings, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END
