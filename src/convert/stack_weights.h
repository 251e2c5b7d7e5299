// The weights of recurrent layers as other frameworks hold them: a direction of a layer with its U in one piece, from and to
// a stack.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/recurrent.h"

namespace eddy {

// By the parameters' names, "W", "U" (of both products), "b", "c", "p" and "P"; what a cell has not is not there.
using DirectionWeights = std::map<std::string, Tensor>;
using StackWeights = std::vector<std::vector<DirectionWeights>>;  // a layer, forward and maybe backward

// What a stack of such weights is; `weights` has at least one layer. Throws Error naming `name` where W and U are none.
StackOptions OptionsFor(const std::string& name, const std::string& cell, const StackWeights& weights);

// Throws Error naming `name` where a weight is missing, of another shape or too many. Nothing is allocated before all fit.
RecurrentStack StackFrom(const std::string& name, const StackOptions& options, const StackWeights& weights);

// The weights, which are the stack's own where U is in one piece. Throws Error, "convert to `where`", for a cell that is not
// among `cells` and for options that change what a layer computes and that no other framework has.
StackWeights WeightsOf(const RecurrentStack& stack, const std::string& where, std::span<const std::string_view> cells);

// The options of each layer of a stack, in the order of RecurrentStack::layers().
std::vector<RecurrentOptions> LayerOptionsOf(const StackOptions& options);

std::vector<std::string> GatesOf(std::string_view cell);  // in Eddy's order
std::string Joined(const std::vector<std::string>& words, const char* between = " ");

// Blocks of the first dimension, one a name, in another order.
Tensor Reordered(const Tensor& blocks, const std::vector<std::string>& given, const std::vector<std::string>& wanted);

}  // namespace eddy
