// TranslatorDesign: what a translator is apart from its weights. It is stored in the model and read back from it.
#pragma once

#include <string>
#include <vector>

#include "data/side_format.h"
#include "eddy/recurrent.h"
#include "model/json.h"

namespace eddy {

// How well the decoder's output s agrees with a step h of what was read.
enum class AttentionScore {
  kMultiplicative,  // s . W h (Luong 2015, "general")
  kAdditive,        // v . tanh(U s + W h) (Bahdanau 2015)
};
const std::vector<std::string>& AttentionScoreNames();        // "multiplicative", "additive", in the order of the enum
AttentionScore ParseAttentionScore(const std::string& name);  // throws Error

struct TranslatorDesign {
  SideFormat source, target;
  size_t embedding = 0;  // E: width of a token's vector on either side
  double dropout = 0;    // of what enters the layers and the softmax
  StackOptions encoder;  // reads the source in both directions
  StackOptions decoder;  // writes the target
  AttentionScore attention = AttentionScore::kMultiplicative;
};

// Throws Error for sizes and probabilities out of range, vocabularies without the unknown and the end token, and a decoder
// that would see what it must predict.
void RequireValid(const TranslatorDesign& design);

// In two parts, "translate" (the two sides) and "network".
Json ToJson(const TranslatorDesign& design);
TranslatorDesign TranslatorDesignFromJson(const Json& description);  // throws Error

}  // namespace eddy
