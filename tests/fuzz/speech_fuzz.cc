// Any bytes are a manifest, a sound in memory, features or a language model, or an Error. The first byte chooses.
#include <cstdint>
#include <string>

#include "audio/speech_set.h"
#include "decode/word_model.h"
#include "eddy/error.h"

namespace {

void ScoreWords(const eddy::WordModel& model) {
  eddy::WordModel::Context context = model.Start();
  for (const char* word : {"a", "b", "never", "a"}) model.Score(context, word);
  model.End(context);
}

void Read(uint8_t choice, std::string_view text) {
  switch (choice % 5) {
    case 0:
      eddy::ParseManifest(text, "fuzz");
      return;
    case 1:
      eddy::ParseNpy(text, "fuzz");
      return;
    case 2:
      eddy::ParseFeatureLines(text, "fuzz");
      return;
    case 3:
      ScoreWords(eddy::WordModel::Read(eddy::Data::Text(std::string(text), "fuzz")));
      return;
    default:
      // The header is checked here; what libsndfile makes of other formats is not ours to test.
      if (text.starts_with("RIFF")) eddy::ParseSound(text, "fuzz");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  try {
    Read(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  } catch (const eddy::Error&) {
  }
  return 0;
}
