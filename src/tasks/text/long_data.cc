#include "tasks/text/long_data.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "data/digest.h"
#include "data/excerpt.h"
#include "data/long_text.h"
#include "data/read_file.h"
#include "data/token_counts.h"
#include "data/token_pages.h"
#include "eddy/error.h"
#include "train/process_exchange.h"

namespace eddy {
namespace {

struct Blocks {
  size_t begin = 0, end = 0;
};

Blocks OwnBlocks(const LongText& text, ProcessGroup& group) {
  const Shard own = OwnShare(group);
  return {own.begin(text.blocks()), own.end(text.blocks())};
}

// Looks at all blocks, each process at its own.
void LookTogether(LongText& text, ProcessGroup& group) {
  const std::vector<double> sizes = FromAll(group, static_cast<double>(text.bytes()));
  for (size_t rank = 0; rank < sizes.size(); ++rank) {
    if (sizes[rank] == sizes[0]) continue;
    Fail("read", text.name(), "the same on every machine",
         "of another length for process " + std::to_string(rank + 1) + " of " + std::to_string(sizes.size()));
  }
  const Blocks blocks = OwnBlocks(text, group);
  std::vector<LongText::Block> own;
  for (size_t block = blocks.begin; block < blocks.end; ++block) own.push_back(text.LookAt(block));
  std::string bytes(own.size() * sizeof(LongText::Block), '\0');
  std::memcpy(bytes.data(), own.data(), bytes.size());
  std::vector<LongText::Block> all;
  for (const std::string& part : Joined(group, std::vector<std::string>{std::move(bytes)})) {
    const size_t before = all.size();
    all.resize(before + part.size() / sizeof(LongText::Block));
    std::memcpy(all.data() + before, part.data(), part.size());
  }
  text.Know(all);
}

// How often each token occurs among tokens [begin, end), each process counting in its own blocks.
TokenCounts CountTogether(const LongText& text, size_t begin, size_t end, ProcessGroup& group) {
  TokenCounts own;
  const Blocks blocks = OwnBlocks(text, group);
  for (size_t block = blocks.begin; block < blocks.end; ++block) {
    size_t token = text.FirstToken(block);
    if (token >= end || text.FirstToken(block + 1) <= begin) continue;
    const std::string characters = text.Read(block);
    for (TokenReader reader(characters, text.unit()); reader.Next(); ++token) {
      if (token >= begin && token < end) own.Add(reader.token());
    }
  }
  std::vector<std::string> tokens;
  std::vector<double> times;
  own.ForEach([&](std::string_view token, size_t count) {
    tokens.emplace_back(token);
    times.push_back(static_cast<double>(count));
  });
  tokens = Joined(group, std::move(tokens));
  times = Joined(group, std::move(times));
  TokenCounts all;
  for (size_t i = 0; i < tokens.size(); ++i) all.Add(tokens[i], static_cast<size_t>(times[i]));
  return all;
}

// A stream of tokens [begin, end), all of which but the first are predicted: `counts` are theirs.
Corpus CorpusOf(std::shared_ptr<const TokenPages> pages, size_t begin, size_t end, const TokenCounts& counts,
                const Vocabulary& vocabulary) {
  Corpus corpus;
  const LongText& text = pages->text();
  counts.ForEach([&](std::string_view token, size_t times) {
    const size_t bytes = times * TokenBytes(text.unit(), token, "");
    corpus.bytes += bytes;
    if (vocabulary.Find(token) != kNoToken) return;
    if (vocabulary.unknown() == kNoToken) Fail("read", text.name(), "text of tokens in the vocabulary", Excerpt(token));
    corpus.unknown += times;
    corpus.unknown_bytes += bytes;
  });
  corpus.tokens = TokenStore(std::move(pages), begin, end);
  corpus.ends = {end - begin};
  return corpus;
}

}  // namespace

bool IsLong(const std::vector<Data>& files, const TextOptions& options) {
  if (options.lines || options.unit == TextUnit::kWords) return false;
  size_t bytes = 0;
  for (const Data& file : files) {
    std::error_code error;
    if (file.in_memory() || !std::filesystem::is_regular_file(file.name(), error)) return false;
    bytes += std::filesystem::file_size(file.name(), error);
    if (error) return false;
  }
  return bytes > kMostFileBytes;
}

LoadedText LoadLongText(const std::vector<Data>& files, const Data& valid_file, const TextOptions& options,
                        const Vocabulary* known, ProcessGroup& group) {
  const auto text = std::make_shared<LongText>(files, options.unit);
  LookTogether(*text, group);
  LoadedText loaded;
  TextSource& source = loaded.source;
  for (const Data& file : files) source.files.push_back(file.name());
  source.hash = text->hash();
  source.valid_file = valid_file.name();
  source.options = WithChosenVocabulary(options, text->bytes());
  loaded.reading.encoding = options.unit == TextUnit::kBytes ? "bytes" : "UTF-8";
  if (text->has_mark()) loaded.reading.encoding += " with a byte order mark";

  const size_t items = text->tokens();
  const size_t train = valid_file.empty() ? TrainingShare(items, source.options, text->name()) : items;
  const TokenCounts learned = CountTogether(*text, 1, train, group);
  TokenCounts seen = learned;  // the first token of a stream is seen, and not predicted
  CountTogether(*text, 0, 1, group).ForEach([&](std::string_view token, size_t times) { seen.Add(token, times); });
  TextFormat& format = loaded.split.format;
  format = {options.unit, false, VocabularyOf(std::move(seen), source.options, known)};

  const auto pages = std::make_shared<const TokenPages>(text, format.vocabulary);
  loaded.split.train = CorpusOf(pages, 0, train, learned, format.vocabulary);
  loaded.fingerprint = source.hash + "/" + std::to_string(train);
  if (valid_file.empty()) {
    const TokenCounts held_out = CountTogether(*text, train + 1, items, group);
    loaded.split.valid = CorpusOf(pages, train, items, held_out, format.vocabulary);
  } else {
    loaded.split.valid = format.Encode(ReadTextFiles(std::span(&valid_file, 1), options.unit, false), valid_file.name());
    loaded.fingerprint += DigestOf(loaded.split.valid.tokens.bytes());
  }
  return loaded;
}

}  // namespace eddy
