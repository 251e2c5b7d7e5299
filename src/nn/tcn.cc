#include "eddy/tcn.h"

#include "eddy/error.h"
#include "eddy/ops.h"
#include "nn/run_segment.h"

namespace eddy {
namespace {

void Check(const TcnOptions& o) {
  Require(o.blocks >= 1 && o.blocks <= 20, "tcn", "blocks", "between 1 and 20", std::to_string(o.blocks));
  Require(o.dropout >= 0 && o.dropout < 1, "tcn", "dropout", "in [0, 1)", std::to_string(o.dropout));
}

Conv1dOptions Dilated(const TcnOptions& o, size_t input, size_t dilation) {
  Conv1dOptions options{.input = input, .output = o.hidden, .kernel = o.kernel, .convolution = {}};
  options.convolution.dilation = dilation;
  options.weight_norm = true;
  return options;
}

}  // namespace

Tcn::Tcn(const TcnOptions& options, const std::string& name, Random& random) : options_(options) {
  Check(options);
  for (size_t i = 0, input = options.input; i < options.blocks; ++i, input = options.hidden) {
    const std::string block = name + "." + std::to_string(i);
    Conv1d first(Dilated(options, input, size_t{1} << i), block + ".first", random);
    Conv1d second(Dilated(options, options.hidden, size_t{1} << i), block + ".second", random);
    std::optional<Conv1d> around;
    if (input != options.hidden) {
      around.emplace(Conv1dOptions{.input = input, .output = options.hidden, .convolution = {}}, block + ".around", random);
    }
    blocks_.push_back({std::move(first), std::move(second), std::move(around)});
  }
}

Var Tcn::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const {
  Require(!blocks_.empty(), "tcn", "its blocks", "there", "gone with the network it was moved to");
  const auto activate = [&](Var y) { return VariationalDropout(tape, Relu(tape, y), options_.dropout); };
  Var y = WithinLengths(tape, x, sequence);  // what goes around a block keeps nothing out
  for (const Block& block : blocks_) {
    const Var first = activate(block.first.Forward(tape, y, sequence, segment));
    const Var second = activate(block.second.Forward(tape, first, sequence, segment));
    y = Relu(tape, Add(tape, second, block.around ? block.around->Forward(tape, y, sequence) : y));
  }
  return y;
}

std::vector<size_t> Tcn::state_widths() const {
  std::vector<size_t> all;
  for (const Block& block : blocks_) {
    all = Joined(Joined(std::move(all), block.first.state_widths()), block.second.state_widths());
  }
  return all;
}

size_t Tcn::receptive_field() const { return 1 + 2 * (options_.kernel - 1) * ((size_t{1} << options_.blocks) - 1); }

std::vector<Parameter*> Tcn::parameters() {
  std::vector<Parameter*> all;
  const auto append = [&](Conv1d& layer) {
    for (Parameter* parameter : layer.parameters()) all.push_back(parameter);
  };
  for (Block& block : blocks_) {
    append(block.first);
    append(block.second);
    if (block.around) append(*block.around);
  }
  return all;
}

}  // namespace eddy
