// Bytes as a model file: read or refused with an Error, and what is read is written and read again the same. Its digest is
// not asked for: no changed byte would come past it. So that the fuzzer need not keep the header's length right, the input
// is tried a second time as header, line feed, data.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "eddy/error.h"
#include "header_line.h"
#include "model/model_file.h"

namespace {

void ReadModel(std::string_view bytes) {
  eddy::Model model;
  try {
    model = eddy::ParseModel(bytes, eddy::Digests::kIgnored);
  } catch (const eddy::Error&) {
    return;
  }
  const std::string again = eddy::SerializeModel(model);
  if (eddy::SerializeModel(eddy::ParseModel(again)) != again) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadModel(bytes);
  ReadModel(eddy::WithLength(bytes));
  return 0;
}
