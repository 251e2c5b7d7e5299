// Recordings joined anew of what one speaker says, cut between words where the network itself hears them. A network that has
// heard a few sentences over and over knows by heart which word comes next; to what nobody said it has to listen (aligned
// data augmentation, Lam 2021, arXiv 2104.01393).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tasks/transcribe/network.h"
#include "tasks/transcribe/search.h"

namespace eddy {

// From one share of a recording's length to another, at whatever speed.
struct RecordingPart {
  size_t recording;
  double begin = 0, end = 1;
};

struct JoinedRecording {
  std::vector<RecordingPart> parts;
  std::vector<int32_t> labels;
};

// Where to part a recording of so many steps between two of its words, whose labels have these times: the share of the
// recording before the middle between them, or kNowhere where the network is not sure of both.
inline constexpr float kNowhere = -1;
float PlaceBetween(std::span<const LabelTime> times, LabelRange word, LabelRange next, size_t steps);

class Splicing {
 public:
  // `chance`: that another word follows than the one that does, 0 to 1. The recordings outlive it; those without a speaker
  // are taken to be by one.
  Splicing(const std::vector<EncodedUtterance>& recordings, const Spelling& spelling, double chance);

  // Listens to where words end. Words of which the network is not sure yet are not parted. May throw Stopped, and has then
  // changed nothing.
  void Align(const TranscriberNetwork& network, Threads& threads);

  // What is learned in place of a recording, of as many words where that can be: itself while it cannot be parted anywhere.
  // `key` decides which.
  JoinedRecording Draw(size_t recording, uint64_t key) const;

  // Of every gap between words, of one recording after the other, its PlaceBetween().
  const std::vector<float>& places() const { return places_; }
  void SetPlaces(std::vector<float> places);  // throws Error for what cannot be places() of these recordings

 private:
  struct Words {
    std::vector<LabelRange> labels;  // of each
    size_t first_gap;                // of places_
  };
  struct Between {  // words of a recording: 0 before the first
    size_t recording, word;
  };

  float Place(Between at) const;
  bool CanBeParted(size_t recording) const;
  bool IsEnd(Between at) const { return at.word == words_[at.recording].labels.size(); }
  std::optional<Between> DrawBegin(const std::vector<size_t>& recordings, uint64_t key) const;

  const std::vector<EncodedUtterance>& recordings_;
  const std::vector<int32_t> space_;  // labels between words
  const double chance_;
  std::vector<Words> words_;                               // of each recording
  std::map<std::string, std::vector<size_t>> of_speaker_;  // recordings of several words
  std::vector<float> places_;
};

}  // namespace eddy
