// Logits to words with their times.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eddy/tasks/transcribe.h"
#include "options/option_table.h"
#include "tasks/transcribe/model.h"
#include "tasks/transcribe/search.h"

namespace eddy {

// The words of labels that were found in logits [T', V], which begin `from` seconds after the sound does.
Transcript MakeTranscript(const FoundLabels& found, const Tensor& logits, const TranscriberDesign& design, double from = 0);

// The `count` best of each recording, best first. `frames` are scaled.
std::vector<std::vector<Transcript>> TranscribeFrames(const TranscriberNetwork& network,
                                                      std::span<const std::span<const float>> frames,
                                                      const SearchOptions& options, size_t count, Threads& threads);

// The first frames of utterances, scaled.
std::vector<std::vector<float>> ScaledFrames(std::span<const Utterance> utterances, const TranscriberDesign& design);

// TranscribeOptions with the language model that they name, read.
class Seeking {
 public:
  explicit Seeking(const TranscribeOptions& options);  // throws Error for a file that is no language model, UsageError
  SearchOptions options() const;                       // refers to this

 private:
  TranscribeOptions given_;
  std::optional<WordModel> model_;
  std::optional<HotWords> hot_;
};

void DeclareSearch(TranscribeOptions& options, OptionTable& table);

}  // namespace eddy
