// Bytes as a training checkpoint, and as the JSON of its training state: read or refused with an Error.
// A digest is not asked for: no changed byte would come past it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "eddy/error.h"
#include "train/checkpoint.h"
#include "train/training_state.h"

namespace {

void ReadState(const eddy::Json& json) {
  try {
    const std::string once = eddy::DumpJson(ToJson(eddy::TrainingStateFromJson(json)), "state");
    const eddy::Json read = eddy::ParseJson(once, "state");
    if (eddy::DumpJson(ToJson(eddy::TrainingStateFromJson(read)), "state") != once) std::abort();
  } catch (const eddy::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const eddy::Checkpoint checkpoint = eddy::ParseCheckpoint(bytes, eddy::Digests::kIgnored);
    ReadState(checkpoint.state);
    eddy::RequireSameFingerprint(checkpoint.fingerprint, {{"hidden", "2"}});
  } catch (const eddy::Error&) {
  }
  try {
    ReadState(eddy::ParseJson(bytes, "state"));
  } catch (const eddy::Error&) {
  }
  return 0;
}
