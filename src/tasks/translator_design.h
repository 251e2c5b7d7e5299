// TranslatorDesign: what a translator is apart from its weights. It is stored in the model and read back from it.
#pragma once

#include "data/side_format.h"
#include "eddy/recurrent.h"
#include "model/json.h"

namespace eddy {

struct TranslatorDesign {
  SideFormat source, target;
  size_t embedding = 0;  // E: width of a token's vector on either side
  double dropout = 0;    // of what enters the layers and the softmax
  StackOptions encoder;  // reads the source in both directions
  StackOptions decoder;  // writes the target
};

// Throws Error for sizes and probabilities out of range, vocabularies without the unknown and the end token, and a decoder
// that would see what it must predict.
void RequireValid(const TranslatorDesign& design);

// In two parts, "translate" (the two sides) and "network".
Json ToJson(const TranslatorDesign& design);
TranslatorDesign TranslatorDesignFromJson(const Json& description);  // throws Error

}  // namespace eddy
