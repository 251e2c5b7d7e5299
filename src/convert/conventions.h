// What becomes of gates, biases and resets on the way to another framework, in words. Each stands beside the function that
// does it.
#pragma once

#include <string>

namespace eddy {

std::string ToTorchConventions(const std::string& cell);
std::string ToOnnxConventions(const std::string& cell);

}  // namespace eddy
