#include "eddy/griffin.h"

#include "eddy/error.h"
#include "nn/attention_mixer.h"
#include "nn/blocks.h"
#include "nn/gated_recurrence.h"

namespace eddy {
namespace {

std::vector<std::unique_ptr<Mixer>> Mixers(const GriffinOptions& o, const std::string& name, Random& random) {
  Require(o.window >= 1, "griffin", "window", "at least 1", "0");
  const AttentionOptions attention{o.heads, 0, true, o.window, Positions::kRotary};
  CheckBlocks("griffin", o.blocks);
  std::vector<std::unique_ptr<Mixer>> mixers;
  for (size_t i = 0; i < o.blocks; ++i) {
    const std::string block = name + "." + std::to_string(i);
    if (i % 3 == 2) {
      mixers.push_back(std::make_unique<AttentionMixer>(o.hidden, attention, block + ".attention", random));
    } else {
      mixers.push_back(std::make_unique<GatedRecurrence>(o.hidden, o.kernel, block, random));
    }
  }
  return mixers;
}

}  // namespace

Griffin::Griffin(const GriffinOptions& o, const std::string& name, Random& random)
    : ResidualStack({o.input, o.hidden, o.dropout, Normalization::kRms, FeedForwardKind::kGeGlu,
                     o.feed_forward_width > 0 ? o.feed_forward_width : 3 * o.hidden},
                    Mixers(o, name, random), name, random) {}

}  // namespace eddy
