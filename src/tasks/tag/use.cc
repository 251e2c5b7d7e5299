// eddy tag: the tags of new sequences.
#include "data/encoding.h"
#include "metrics/chunks.h"
#include "tasks/tag/actions.h"
#include "tasks/tag/model.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

using TagNames = std::vector<std::vector<std::string>>;

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

class UseTagger : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train tag\" wrote").Required();
    table.Add("FILE", file_, AnyText("FILE"), "a token a line (in the first column), a blank line between sequences")
        .Usually("standard input");
    table.Group("Data");
    table.Flag("sentences", sentences_, "FILE has a sentence a line: cut it into words and marks");
    eddy::Declare(output_, table, "FILE", "print one JSON object instead of columns");
  }
  std::string notes() const override {
    return R"(Each line is written as it is, with its tag as one more column: where the last column was the right tag, conlleval reads
the result.
Examples:
  eddy tag names.eddy test.conll -o tagged.conll
  echo "Rosa lives in Lyon." | eddy tag names.eddy --sentences
  eddy tag names.eddy letters.txt --sentences --json)";
  }
  std::vector<std::string> reads() const override { return {model_, file_}; }
  std::vector<std::string> writes() const override { return {output_.path}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    TaggerNetwork network = LoadTagger(LoadModel(model_, kTagTask), context.threads);
    const TaggerDesign& design = network.design();
    const std::string source = file_.empty() ? "standard input" : file_;
    const std::string text = (file_.empty() ? DecodeText(context.read(), source) : ReadDecoded(file_)).text;
    const TokenSet set =
        sentences_ ? ParseSentences(text, source) : ParseConll(text, source, /*tagged=*/false, design.format);
    const TagNames tags = NamesOf(SayTags(network, EncodeTokens(set, design), context.threads), design.tags);
    if (output_.json) {
      return context.write_json({{"data", file_}, {"sequences", SequencesJson(set, tags, SpellChunks(design.tags))}});
    }
    WriteText(sentences_ ? WriteConll(set, tags) : AppendTags(text, tags, design.format), output_, context);
  }

 private:
  std::string model_, file_;
  bool sentences_ = false;
  UseOutput output_;
};

}  // namespace

std::unique_ptr<UseAction> MakeTaggerUse() { return std::make_unique<UseTagger>(); }

}  // namespace eddy
