#include "eddy/transformer.h"

#include "nn/attention_mixer.h"
#include "nn/blocks.h"

namespace eddy {
namespace {

std::vector<std::unique_ptr<Mixer>> AttentionMixers(const TransformerOptions& o, const std::string& name, Random& random) {
  const AttentionOptions attention{o.heads, 0, o.causal, o.window, o.positions};
  CheckBlocks("transformer", o.blocks);
  std::vector<std::unique_ptr<Mixer>> mixers;
  for (size_t i = 0; i < o.blocks; ++i) {
    const std::string block = name + "." + std::to_string(i);
    mixers.push_back(std::make_unique<AttentionMixer>(o.hidden, attention, block + ".attention", random));
  }
  return mixers;
}

}  // namespace

Transformer::Transformer(const TransformerOptions& o, const std::string& name, Random& random)
    : ResidualStack({o.input, o.hidden, o.dropout, o.norm, o.feed_forward, o.feed_forward_width},
                    AttentionMixers(o, name, random), name, random) {}

}  // namespace eddy
