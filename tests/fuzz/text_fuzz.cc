// Any bytes, and those in any encoding, are a text that can be split, encoded and put together again, or an Error. The first
// byte chooses the options.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "data/encoding.h"
#include "data/text.h"
#include "eddy/error.h"
#include "floors/ngram.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  eddy::TextOptions options;
  options.unit = static_cast<eddy::TextUnit>(data[0] % 3);
  options.lines = data[0] & 4;
  options.min_count = 1;
  options.valid = 0.3;
  try {
    const std::string text = data[0] & 8 ? eddy::DecodeText(std::string(bytes), "fuzz").text : std::string(bytes);
    const eddy::TextSplit split = eddy::SplitText(text, options, "fuzz");
    eddy::ScoreNgrams(split.train, split.valid, split.format.vocabulary.size());
    // A stream's training part is the beginning of the text, and all its tokens are in the vocabulary.
    const std::string begin = split.format.Decode(split.train.tokens.Copy());
    if (!options.lines && !text.starts_with(begin)) std::abort();
    split.format.EncodePrompt(text);
  } catch (const eddy::Error&) {
  }
  return 0;
}
