#include <iostream>
#include <iterator>
#include <memory>

#include "data/read_file.h"
#include "json_output.h"
#include "model/atomic_file.h"
#include "output.h"
#include "output_files.h"
#include "tasks/chunks.h"
#include "tasks/tagger.h"
#include "train_options.h"
#include "verbs.h"

namespace eddy {
namespace {

using TagNames = std::vector<std::vector<std::string>>;

struct Options {
  std::string model, file, output;
  bool sentences = false;
  bool json = false;
  int threads = 1;
};

TagNames NamesOf(const TagIds& ids, const std::vector<std::string>& tags) {
  TagNames names;
  for (const std::vector<int32_t>& sequence : ids) {
    std::vector<std::string>& row = names.emplace_back();
    for (const int32_t tag : sequence) row.push_back(tags[static_cast<size_t>(tag)]);
  }
  return names;
}

// Each chunk with the tokens [begin, end) that it is of and their text.
OrderedJson ChunksJson(const std::vector<std::string>& tokens, const std::vector<std::string>& tags) {
  OrderedJson json = OrderedJson::array();
  for (const Chunk& chunk : ChunksOf(std::vector<std::string_view>(tags.begin(), tags.end()))) {
    std::string text;
    for (size_t t = chunk.begin; t < chunk.end; ++t) text += (t > chunk.begin ? " " : "") + tokens[t];
    json.push_back({{"type", chunk.type}, {"begin", chunk.begin}, {"end", chunk.end}, {"text", text}});
  }
  return json;
}

OrderedJson SequencesJson(const TokenSet& set, const TagNames& tags, bool chunks) {
  OrderedJson json = OrderedJson::array();
  for (size_t i = 0; i < tags.size(); ++i) {
    const std::vector<std::string>& tokens = set.sequences[i].tokens;
    OrderedJson& sequence = json.emplace_back(OrderedJson::object());
    sequence["tokens"] = tokens;
    sequence["tags"] = tags[i];
    if (chunks) sequence["chunks"] = ChunksJson(tokens, tags[i]);
  }
  return json;
}

void RunTag(const Options& options) {
  RequireOutputs({options.output}, {options.model, options.file});
  Threads threads(options.threads);
  TaggerNetwork network = LoadTagger(LoadModel(options.model, kTagTask), threads);
  const TaggerDesign& design = network.design();
  const bool from_file = !options.file.empty();
  const std::string text = from_file ? ReadFile(options.file) : std::string(std::istreambuf_iterator<char>(std::cin), {});
  const std::string source = from_file ? options.file : "standard input";
  const TokenSet set = options.sentences ? ParseSentences(text, source) : ParseConll(text, source, /*tagged=*/false);
  const TagNames tags = NamesOf(SayTags(network, EncodeTokens(set, design), threads), design.tags);
  if (options.json) {
    OrderedJson json = JsonResult("tag", kTagTask, options.model);
    json["data"] = options.file;
    json["sequences"] = SequencesJson(set, tags, SpellChunks(design.tags));
    return PrintJson(json);
  }
  const std::string tagged = options.sentences ? WriteConll(set, tags) : AppendTags(text, tags);
  if (options.output.empty()) return Print(tagged);
  AtomicFile file(options.output);
  file.Write(tagged);
  file.Commit();
}

}  // namespace

void AddTag(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("tag", "Tag the tokens of sequences");
  auto options = std::make_shared<Options>();
  verb.add_option("MODEL", options->model, "a model that \"eddy train tag\" wrote")->required();
  verb.add_option("FILE", options->file, "a token a line (in the first column), a blank line between sequences")
      ->default_str("standard input");
  verb.add_flag("--sentences", options->sentences, "FILE has a sentence a line: cut it into words and marks")->group("Data");
  CLI::Option* output = verb.add_option("-o,--output", options->output, "where to write it")
                            ->type_name("FILE")
                            ->default_str("standard output")
                            ->group("Result");
  verb.add_flag("--json", options->json, "print one JSON object instead of columns")->excludes(output)->group("Run");
  AddThreadsOption(verb, options->threads);
  verb.footer(
      R"(Each line is written as it is, with its tag as one more column: where the last column was the right tag, conlleval reads
the result.
Examples:
  eddy tag names.eddy test.conll -o tagged.conll
  echo "Rosa lives in Lyon." | eddy tag names.eddy --sentences
  eddy tag names.eddy letters.txt --sentences --json)");
  verb.callback([options] { RunTag(*options); });
}

}  // namespace eddy
