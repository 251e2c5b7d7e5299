// Recurrent layers from and to other frameworks: safetensors files under PyTorch's names come in and go out, models of Eddy
// come in, and ONNX goes out.
//
//     eddy::ConvertedLayers read = eddy::ReadLayers("encoder.safetensors");     // throws Error
//     for (const std::string& name : read.left) std::puts(name.c_str());        // nothing is dropped unseen
//     eddy::SaveLayers("encoder.onnx", read.layers);
//
// A layer that comes from PyTorch's names and goes back computes the same, bit for bit. What comes in is copied.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eddy/export.h"
#include "eddy/recurrent.h"
#include "eddy/tensor.h"

EDDY_API_BEGIN
namespace eddy {

using NamedArrays = std::vector<std::pair<std::string, Tensor>>;

struct ConvertedLayer {
  std::string name;  // "encoder", of what its arrays are called; "layer" where they have no name of their own
  RecurrentStack stack;
  std::string conventions;  // for people: the order of gates there and here, what becomes of biases, which reset
};

std::string Describe(const ConvertedLayer& layer);  // for people: "encoder: lstm 3 -> 4, 2 layers, both directions"

struct ConvertedLayers {
  std::vector<ConvertedLayer> layers;  // in the order of the file
  std::vector<std::string> left;       // what is no part of a layer, by name, some with the reason: "step (I64)"
  NamedArrays rest;                    // the arrays among it
};

// What PyTorch's weights do not tell.
struct TorchOptions {
  std::string nonlinearity = "tanh";  // of an RNN: "tanh" or "relu"
};

// Finds what has the names of a state_dict of torch.nn.LSTM, GRU, RNN or their cells: NAME.weight_ih_l0, NAME.weight_hh_l0
// and so on, also as NAME_w_ih, NAME_b_hh. Throws Error for arrays that have such names and do not fit together.
ConvertedLayers LayersFromTorch(const NamedArrays& arrays, const TorchOptions& options = {});

// Of a safetensors file: a model of Eddy, whose plain recurrent layers are found by its description, or a file with
// PyTorch's names, of any float type. Throws Error for a file that is neither, is broken or does not fit into memory.
ConvertedLayers ReadLayers(const std::string& path, const TorchOptions& options = {});

// A stack's arrays under PyTorch's names, each after `prefix`, such as "encoder.". They share no memory with it. Throws
// Error for what PyTorch has not: other cells than lstm, gru, rnn_tanh and rnn_relu, and options that change what it
// computes.
NamedArrays ToTorch(const RecurrentStack& stack, std::string_view prefix = {});

// The bytes of an ONNX model (opset 14) with a node a layer. x [steps, rows, inputs] and the states h0, and of LSTM c0,
// [layers * directions, rows, hidden] come in; y [steps, rows, directions * hidden] and the states hn, cn after the last
// step go out; numbers of steps and rows are free. Throws Error for what ONNX has not, and from 2 GiB on, which it does not
// allow.
std::string ToOnnx(const RecurrentStack& stack);

// Writes layers to a path whose ending says how: .safetensors, all of them under PyTorch's names, or .onnx, of a single one.
// Whole or not at all. Throws Error for another ending, another number of layers, and as the functions above.
void SaveLayers(const std::string& path, std::span<const ConvertedLayer> layers);
// What SaveLayers would write, in memory, and what it does with gates and biases, a line a layer.
struct SerializedLayers {
  std::string bytes;
  std::vector<std::string> conventions;
};
SerializedLayers SerializeLayers(std::string_view ending, std::span<const ConvertedLayer> layers);

}  // namespace eddy
EDDY_API_END
