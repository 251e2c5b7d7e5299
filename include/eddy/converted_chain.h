// ConvertedChain: layers of another framework one after another, as they stood there: a table of tokens' vectors first, and
// recurrent, convolutional and linear layers with the activations between them. It is a model of its own on disk, which
// carries an input and what the original made of it: whoever loads it computes the same, or is told. Shapes: T steps, B rows
// (sequences), D inputs, V tokens, N outputs.
//
//     eddy::ConvertedLayers read = eddy::ReadLayers("tagger.safetensors");
//     const std::string order[] = {"words", "encoder", "head", "softmax"};
//     const eddy::ConvertedChain chain = eddy::TakeChain(read, order);      // throws Error; read.left says what it left
//     chain.Save("tagger.eddy");
//     eddy::Tensor y = eddy::ConvertedChain::Load("tagger.eddy").Run(tokens);
//
// A row's outputs are the same, bit for bit, in any batch and with any number of threads. A chain is not changed by running:
// many threads may share it.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "eddy/conv1d.h"
#include "eddy/convert.h"
#include "eddy/linear.h"
#include "eddy/recurrent.h"
#include "eddy/tensor.h"
#include "eddy/threads.h"

EDDY_API_BEGIN
namespace eddy {

// What other frameworks call an embedding: a vector a token.
struct TokenTable {
  OwnedParameter weight;  // [V, width]
};

// What stands between layers and has no arrays. kLast keeps the last step alone, [1, B, N]: nothing recurrent or
// convolutional reads on from there.
enum class ChainOperation { kTanh, kSigmoid, kRelu, kGelu, kSoftmax, kLast };
inline constexpr EnumerationName<ChainOperation> kChainOperationNames[] = {
    {"tanh", ChainOperation::kTanh}, {"sigmoid", ChainOperation::kSigmoid}, {"relu", ChainOperation::kRelu},
    {"gelu", ChainOperation::kGelu}, {"softmax", ChainOperation::kSoftmax}, {"last", ChainOperation::kLast}};

struct ChainLink {
  std::string name;  // that of the arrays; of an operation its own
  std::variant<TokenTable, RecurrentStack, Conv1d, LinearLayer, ChainOperation> layer;
  std::string conventions;  // for people: what became of its arrays on the way here
};

// An input and what the original made of it.
struct ChainGolden {
  Tensor input, output;
};

class ConvertedChain {
 public:
  // Throws Error for a chain of nothing or of more than 64 links, for a table that is not the first link, for neighbours
  // whose widths differ, for layers of one name, and for a convolution that changes the number of steps.
  explicit ConvertedChain(std::vector<ChainLink> links);
  ConvertedChain(ConvertedChain&&) noexcept = default;
  ConvertedChain& operator=(ConvertedChain&&) noexcept = default;

  // x [T, B, D], or [T, B] whole numbers below V where a table of tokens comes first -> [T, B, N], [1, B, N] behind kLast.
  // Recurrent layers start
  // from their initial state. Throws Error for another input.
  Tensor Run(const Tensor& x, Threads& threads) const;
  Tensor Run(const Tensor& x) const;  // on the caller's thread

  const std::vector<ChainLink>& links() const { return links_; }
  std::vector<ChainLink> TakeLinks() && { return std::move(links_); }
  size_t input_width() const;  // D, or 0 where tokens come in
  size_t output_width() const;

  // With the figures of the original where they are given, with those of a small input of our own otherwise. Throws Error,
  // and writes nothing, where the chain makes something else of the golden input, by more than a thousandth of the largest
  // value, and where the file cannot be written.
  void Save(const std::string& path) const;
  void Save(const std::string& path, const ChainGolden& golden) const;
  std::string Serialize() const;  // the same bytes
  std::string Serialize(const ChainGolden& golden) const;

  // Runs the golden input. Throws Error for a file that is no such model, is damaged, or computes something else.
  static ConvertedChain Load(const std::string& path);
  static ConvertedChain Parse(std::string_view bytes);

 private:
  std::vector<ChainLink> links_;
};

// Links out of arrays, which are copied. Throw Error for shapes that do not fit.
ChainLink TableLink(const std::string& name, const Tensor& weight);                       // [V, width]
ChainLink LinearLink(const std::string& name, const Tensor& weight, const Tensor& bias);  // [N, D]; [N], or empty
// weight [N, D / groups, taps], as PyTorch has it; bias [N], or empty.
ChainLink ConvolutionLink(const std::string& name, const Tensor& weight, const Tensor& bias,
                          const ConvolutionOptions& options);

// What people read of a link: "encoder: lstm 3 -> 8, 2 layers", "head: linear 8 -> 5", "relu".
std::string Describe(const ChainLink& link);

// Puts together layers that were read, in this order. A name is that of a recurrent layer in `read.layers`; that of arrays
// among `read.rest`, NAME.weight and maybe NAME.bias, which are
//
//     a linear layer   a matrix [outputs, inputs], with a bias or behind another layer
//     a table          a matrix [tokens, width] without a bias, at the beginning
//     a convolution    [outputs, inputs / groups, taps], after whose name stands its padding: "smooth:causal",
//     "smooth:same".
//                      Stride and dilation, which weights do not tell, are taken as 1
//
// or an operation's, "relu", where nothing else is called so. What is used is taken out of `read`. Throws Error, and takes
// nothing, for a name that is not there, with those that are, and for layers that do not fit together.
ConvertedChain TakeChain(ConvertedLayers& read, std::span<const std::string> order);

}  // namespace eddy
EDDY_API_END
