#include "tasks/text/data.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "data/digest.h"
#include "eddy/error.h"
#include "tasks/text/long_data.h"

namespace eddy {
namespace {

std::string NameOf(const TextSource& source) {
  const std::string more = source.files.size() > 1 ? " and " + std::to_string(source.files.size() - 1) + " more" : "";
  return source.files.front() + more;
}

// In long texts, characters that hardly occur would make a softmax several times as wide as the others do, and little is
// learned of them: by default those that occur less than once in so many bytes are unknown. How often that is is kept with
// the model, so that the same text is read the same again.
constexpr size_t kBytesForOne = 1'000'000;

bool ChoosesVocabulary(const TextOptions& options) {
  const TextOptions defaults;
  return options.unit == TextUnit::kCharacters && options.min_count == defaults.min_count &&
         options.most_tokens == defaults.most_tokens;
}

}  // namespace

TextOptions WithChosenVocabulary(TextOptions options, size_t bytes) {
  if (ChoosesVocabulary(options) && bytes >= 2 * kBytesForOne) options.min_count = bytes / kBytesForOne;
  return options;
}

LoadedText LoadText(std::string_view text, std::vector<std::string> files, std::optional<std::string_view> valid,
                    const std::string& valid_file, const TextOptions& options, const Vocabulary* known) {
  LoadedText loaded;
  loaded.source = {std::move(files), DigestOf(text), valid_file, WithChosenVocabulary(options, text.size())};
  const TextOptions& chosen = loaded.source.options;
  const std::string name = NameOf(loaded.source);
  loaded.split = valid ? SplitText(text, *valid, chosen, name, valid_file, known) : SplitText(text, chosen, name, known);
  loaded.fingerprint = DigestOf(loaded.split.train.tokens.bytes()) + DigestOf(loaded.split.valid.tokens.bytes());
  return loaded;
}

LoadedText LoadText(const std::vector<Data>& files, const Data& valid_file, const TextOptions& options,
                    const Vocabulary* known, ProcessGroup& group) {
  if (IsLong(files, options)) return LoadLongText(files, valid_file, options, known, group);
  Reading reading;
  const std::string text = ReadTextFiles(files, options.unit, options.lines, &reading);
  std::optional<std::string> valid;
  if (!valid_file.empty()) valid = ReadTextFiles(std::span(&valid_file, 1), options.unit, options.lines);
  std::vector<std::string> names;
  for (const Data& file : files) names.push_back(file.name());
  LoadedText loaded = LoadText(text, std::move(names), valid, valid_file.name(), options, known);
  loaded.reading = std::move(reading);
  return loaded;
}

bool IsTrainingText(const TextSource& source, std::string_view text) { return DigestOf(text) == source.hash; }

namespace {

// Those of a text that is read again with the vocabulary of its model, which it adds nothing to.
TextOptions OptionsAgain(const TextSource& source, const Vocabulary& vocabulary) {
  TextOptions options = source.options;
  options.most_tokens = std::max<size_t>(vocabulary.size(), 2);
  return options;
}

}  // namespace

TextSplit SplitAgain(const TextSource& source, std::string_view text, const Vocabulary& vocabulary) {
  return SplitText(text, OptionsAgain(source, vocabulary), NameOf(source), &vocabulary);
}

std::optional<TextSplit> SplitLongAgain(const TextSource& source, const std::vector<Data>& files,
                                        const Vocabulary& vocabulary) {
  LoadedText again = LoadLongText(files, source.valid_file, OptionsAgain(source, vocabulary), &vocabulary, Alone());
  if (again.source.hash != source.hash) return std::nullopt;
  return std::move(again.split);
}

std::optional<Corpus> FindTrainingCorpus(const TextSource& source, const TextFormat& format,
                                         const std::vector<std::string>& files) {
  const bool told = !files.empty();
  const std::vector<std::string>& paths = told ? files : source.files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!told && !std::filesystem::is_regular_file(path, error)) return std::nullopt;
  }
  const std::vector<Data> data(paths.begin(), paths.end());
  const auto another = [&]() -> std::optional<Corpus> {
    Require(!told, "evaluate", paths.front(), "the text that the model was trained on", "another");
    return std::nullopt;
  };
  if (IsLong(data, source.options)) {
    std::optional<TextSplit> again = SplitLongAgain(source, data, format.vocabulary);
    return again ? std::move(again->train) : another();
  }
  const std::string text = ReadTextFiles(data, source.options.unit, source.options.lines);
  if (!IsTrainingText(source, text)) return another();
  return source.valid_file.empty() ? SplitAgain(source, text, format.vocabulary).train : format.Encode(text, paths.front());
}

Json ToJson(const TextSource& source) {
  const TextOptions& options = source.options;
  return {{"files", source.files},
          {"hash", source.hash},
          {"valid_file", source.valid_file},
          {"unit", TextUnitName(options.unit)},
          {"lines", options.lines},
          {"valid", options.valid},
          {"most_tokens", options.most_tokens},
          {"min_count", options.min_count}};
}

TextSource TextSourceFromJson(const Json& json) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  TextSource source;
  source.files = StringsField(json, "files");
  source.hash = StringField(json, "hash");
  source.valid_file = StringField(json, "valid_file");
  source.options.unit = ParseTextUnit(StringField(json, "unit"));
  source.options.lines = BoolField(json, "lines");
  source.options.valid = NumberField(json, "valid");
  source.options.most_tokens = static_cast<size_t>(IntegerField(json, "most_tokens", 2, kMost));
  source.options.min_count = static_cast<size_t>(IntegerField(json, "min_count", 0, kMost));
  Require(!source.files.empty(), "model", "the files it was trained on", "at least one", "none");
  return source;
}

}  // namespace eddy
