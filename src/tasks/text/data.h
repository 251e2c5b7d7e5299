// Where the text of a language model comes from: kept in the model, so that `evaluate` knows training text when it sees it
// and finds it again for the n-gram floor.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/text.h"
#include "model/json.h"
#include "train/process_exchange.h"

namespace eddy {

struct TextModel;

struct TextSource {
  std::vector<std::string> files;
  std::string hash;        // of their text
  std::string valid_file;  // empty when a share of the text is held out
  TextOptions options;
};

struct LoadedText {
  TextSource source;
  TextSplit split;
  std::string fingerprint;                     // of all tokens
  Reading reading;                             // of the training files
  std::shared_ptr<TextModel> start = nullptr;  // what the network goes on from, if anything
};

// `known` is SplitText's. Splits `text`, whose names are `files`, and what is held out, whose name is `valid_file`; none for
// a share of the text.
LoadedText LoadText(std::string_view text, std::vector<std::string> files, std::optional<std::string_view> valid,
                    const std::string& valid_file, const TextOptions& options, const Vocabulary* known = nullptr);
// The same, read from the files; where they are too long to be held, by the processes of a group together
// (tasks/text/long_data.h).
LoadedText LoadText(const std::vector<Data>& files, const Data& valid_file, const TextOptions& options,
                    const Vocabulary* known = nullptr, ProcessGroup& group = Alone());
// The options with the vocabulary's limits for a text of so many bytes, where they were left to it.
TextOptions WithChosenVocabulary(TextOptions options, size_t bytes);

bool IsTrainingText(const TextSource& source, std::string_view text);
// The split that training had, from its text again; `vocabulary` is the model's.
TextSplit SplitAgain(const TextSource& source, std::string_view text, const Vocabulary& vocabulary);
// The same of a text that is too long to be held, from its files; none where they are not what training had.
std::optional<TextSplit> SplitLongAgain(const TextSource& source, const std::vector<Data>& files,
                                        const Vocabulary& vocabulary);

// The tokens trained on, for the n-gram floor: from `files`, else from where they were in training; none when they are not
// there or have changed.
std::optional<Corpus> FindTrainingCorpus(const TextSource& source, const TextFormat& format,
                                         const std::vector<std::string>& files);

Json ToJson(const TextSource& source);
TextSource TextSourceFromJson(const Json& json);  // throws Error

}  // namespace eddy
