#include "eddy/recurrent_blocks.h"

#include "nn/blocks.h"
#include "nn/cell_mixer.h"

namespace eddy {
namespace {

std::vector<std::unique_ptr<Mixer>> CellMixers(const RecurrentBlocksOptions& o, const std::string& name, Random& random) {
  CheckBlocks("recurrent blocks", o.blocks);
  std::vector<std::unique_ptr<Mixer>> mixers;
  for (size_t i = 0; i < o.blocks; ++i) {
    const std::string block = name + "." + std::to_string(i);
    mixers.push_back(std::make_unique<CellMixer>(o.hidden, o.cell, o.groups, o.kernel, block, random));
  }
  return mixers;
}

}  // namespace

RecurrentBlocks::RecurrentBlocks(const RecurrentBlocksOptions& o, const std::string& name, Random& random)
    : ResidualStack({o.input, o.hidden, o.dropout, Normalization::kLayer, FeedForwardKind::kGeGlu,
                     o.feed_forward_width > 0 ? o.feed_forward_width : (4 * o.hidden + 2) / 3},
                    CellMixers(o, name, random), name, random) {}

}  // namespace eddy
