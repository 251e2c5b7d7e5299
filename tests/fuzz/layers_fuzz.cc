// Bytes as a safetensors file of another program: its arrays are read and the recurrent layers among them found, or it is
// refused with an Error. What is found goes out again. As for models, the input is tried a second time as header, line feed,
// data; and as a model that is a chain of such layers, whose digest is not asked for.
#include <cstdint>
#include <string_view>

#include "convert/chain_link.h"
#include "convert/foreign_tensors.h"
#include "eddy/convert.h"
#include "eddy/error.h"
#include "header_line.h"

namespace {

void ReadLayers(std::string_view bytes) {
  try {
    const eddy::ConvertedLayers read = eddy::LayersFromTorch(eddy::ParseForeignTensors(bytes).tensors);
    if (!read.layers.empty()) eddy::SerializeLayers(".safetensors", read.layers);
    if (read.layers.size() == 1) eddy::ToOnnx(read.layers[0].stack);
  } catch (const eddy::Error&) {
  }
}

void ReadChain(std::string_view bytes) {
  try {
    const eddy::ConvertedChain chain = eddy::ChainFromModel(eddy::ParseModel(bytes, eddy::Digests::kIgnored));
    eddy::ConvertedChain::Parse(chain.Serialize());
  } catch (const eddy::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadLayers(bytes);
  ReadLayers(eddy::WithLength(bytes));
  ReadChain(bytes);
  ReadChain(eddy::WithLength(bytes));
  return 0;
}
