// A language model of a few weights, for tests of how several processes train and measure one.
#pragma once

#include <string>

#include "data/text.h"
#include "tasks/text/network.h"

namespace eddy {

inline TextDesign SmallTextDesign(const TextSplit& text, const std::string& cell) {
  TextDesign design;
  design.vocabulary = text.format.vocabulary.size();
  design.embedding = 5;
  StackOptions stack;
  stack.layer.cell = cell;
  stack.layer.hidden = 6;
  design.encoder = {5, {stack}};
  return design;
}

}  // namespace eddy
