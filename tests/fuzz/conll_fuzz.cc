// Any bytes are sequences of tokens, split, encoded and tagged by columns, or an Error. The first byte chooses what is read.
#include <cstdint>
#include <string>

#include "data/conll.h"
#include "eddy/error.h"
#include "metrics/chunks.h"
#include "tasks/tag/batch.h"
#include "tasks/tag/data.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool tagged = data[0] & 1, sentences = data[0] & 2;
  eddy::ConllFormat format;
  if (data[0] & 4) format.token = "2";
  if (data[0] & 8) format.tag = "XPOS";
  try {
    eddy::TokenSet set = sentences ? eddy::ParseSentences(text, "fuzz") : eddy::ParseConll(text, "fuzz", tagged, format);
    std::vector<std::vector<std::string>> tags;
    for (const eddy::TokenSequence& sequence : set.sequences) {
      tags.push_back(tagged && !sentences ? sequence.tags : sequence.tokens);  // any strings are tags
      eddy::ChunksOf(std::vector<std::string_view>(tags.back().begin(), tags.back().end()));
    }
    if (sentences) {
      eddy::WriteConll(set, tags);
    } else if (!tagged) {
      eddy::AppendTags(text, tags, format);
    }
    eddy::TaggerDesign design;
    design.words = design.characters = eddy::Vocabulary({std::string(eddy::Vocabulary::kUnknown), "a"});
    const eddy::EncodedTokens tokens = eddy::EncodeTokens(set, design);
    for (size_t row = 0; row < tokens.rows.size(); ++row) eddy::MakeTaggerBatch(tokens, std::span(&row, 1));
    if (!tagged || sentences) return 0;
    eddy::DataSource source;
    source.share = 0.3;
    const eddy::TagData split = eddy::SplitAgain(source, std::move(set));
    eddy::TagTargets(split.held_out, split.tags);
  } catch (const eddy::Error&) {
  }
  return 0;
}
