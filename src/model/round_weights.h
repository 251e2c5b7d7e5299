// Weights as a lower precision keeps them: matrices [rows, inputs] rounded to what products multiply, so that storing them
// in that precision loses nothing more. Vectors, such as biases, stay as they are.
#pragma once

#include <span>

#include "eddy/precision.h"
#include "eddy/tape.h"
#include "model/safetensors.h"

namespace eddy {

void RoundWeights(std::span<Parameter* const> parameters, Precision precision);

// Tensors as they are stored: in int8 a matrix NAME becomes whole numbers and a second one NAME.scale [rows, parts], a part
// being 1024 inputs or what is left.
void StoreMatrices(Precision precision, Safetensors& content);
// The reverse, and which precision the file was written in. Throws Error for scales that are missing or do not fit.
Precision RestoreMatrices(Safetensors& content);

}  // namespace eddy
