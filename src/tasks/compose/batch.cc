#include "tasks/compose/batch.h"

#include <algorithm>

#include "eddy/loss.h"
#include "midi/event_tokens.h"

namespace eddy {
namespace {

void PutKeys(const RollFrame& frame, int transpose, Real* to) {
  for (const uint8_t key : frame) to[key + transpose - kLowestKey] = 1;
}

void PutEvents(const MusicWindow& window, size_t row, MusicBatch& batch) {
  const size_t B = batch.sequence.rows;
  const std::vector<int32_t>& events = window.piece->events;
  for (size_t t = 0; t < window.steps; ++t) {
    const size_t step = window.begin + t;
    batch.tokens[t * B + row] = step == 0 ? kStartToken : TransposeEvent(events[step - 1], window.transpose);
    batch.events[t * B + row] = TransposeEvent(events[step], window.transpose);
  }
  batch.count += static_cast<double>(window.steps);
}

void PutFrames(const MusicWindow& window, size_t row, bool first, bool harmonise, MusicBatch& batch) {
  const size_t B = batch.sequence.rows;
  const PianoRoll& frames = window.piece->frames;
  for (size_t t = 0; t < window.steps; ++t) {
    const size_t step = window.begin + t, place = t * B + row;
    PutFrame(step == 0 ? nullptr : &frames[step - 1], window.transpose, batch.before.data() + place * (kPianoKeys + 1));
    Real* targets = batch.targets.data() + place * kPianoKeys;
    PutKeys(frames[step], window.transpose, targets);
    if (harmonise && !frames[step].empty()) {
      const size_t highest = static_cast<size_t>(frames[step].back() + window.transpose - kLowestKey);
      targets[highest] = 0;
      batch.melody[place * kPianoKeys + highest] = 1;
    }
    if (step == 0 && !first) continue;
    batch.weights[place] = 1;
    batch.count += 1;
  }
}

}  // namespace

void PutFrame(const RollFrame* frame, int transpose, Real* to) {
  if (frame == nullptr) {
    to[kPianoKeys] = 1;
  } else {
    PutKeys(*frame, transpose, to);
  }
}

MusicBatch MakeMusicBatch(std::span<const MusicWindow> windows, const ComposeDesign& design, bool first) {
  MusicBatch batch;
  Sequence& sequence = batch.sequence;
  const size_t B = sequence.rows = windows.size();
  for (const MusicWindow& window : windows) {
    sequence.lengths.push_back(window.steps);
    sequence.steps = std::max(sequence.steps, window.steps);
  }
  const size_t T = sequence.steps;
  if (design.events()) {
    batch.tokens.resize(T * B);  // beyond a row's length any token will do
    batch.events.assign(T * B, kIgnore);
  } else {
    batch.before = Tensor({T, B, kPianoKeys + 1});
    batch.targets = Tensor({T, B, kPianoKeys});
    batch.weights = Tensor({T, B});
    if (design.harmonise) batch.melody = Tensor({T, B, kPianoKeys});
  }
  for (size_t row = 0; row < B; ++row) {
    if (design.events()) {
      PutEvents(windows[row], row, batch);
    } else {
      PutFrames(windows[row], row, first, design.harmonise, batch);
    }
  }
  return batch;
}

}  // namespace eddy
