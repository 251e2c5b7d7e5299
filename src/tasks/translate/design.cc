#include "tasks/translate/design.h"

#include <algorithm>

#include "data/base64.h"
#include "data/excerpt.h"
#include "eddy/error.h"
#include "model/stack_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostEmbedding = 1 << 20;

Json ToJson(const SideFormat& side) {
  Json json = {{"unit", SideUnitName(side.unit)}};
  if (side.pieces) {
    json["pieces"] = EncodeBase64(side.pieces->bytes());
  } else {
    json["vocabulary"] = side.vocabulary.tokens();
  }
  return json;
}

SideFormat SideFormatFromJson(const Json& json) {
  const SideUnit unit = ParseSideUnit(StringField(json, "unit"));
  if (unit == SideUnit::kPieces) return PieceFormat(Pieces(DecodeBase64(StringField(json, "pieces"))));
  return {unit, Vocabulary(StringsField(json, "vocabulary"))};
}

void RequireValid(const SideFormat& side) {
  const bool complete = side.vocabulary.unknown() != kNoToken && side.vocabulary.end() != kNoToken;
  Require(complete, "translator", "the vocabulary", "with the unknown and the end token", "without");
}

}  // namespace

const std::vector<std::string>& AttentionScoreNames() {
  static const std::vector<std::string> names = {"multiplicative", "additive"};
  return names;
}

AttentionScore ParseAttentionScore(const std::string& name) {
  const std::vector<std::string>& names = AttentionScoreNames();
  const auto found = std::find(names.begin(), names.end(), name);
  Require(found != names.end(), "translator", "the attention", "multiplicative or additive", Excerpt(name));
  return static_cast<AttentionScore>(found - names.begin());
}

void RequireValid(const TranslatorDesign& design) {
  RequireValid(design.source);
  RequireValid(design.target);
  Require(design.embedding >= 1, "translator", "the embedding", "at least 1 wide", "0");
  Require(design.dropout >= 0 && design.dropout < 1, "translator", "dropout", "in [0, 1)", std::to_string(design.dropout));
  Require(!design.decoder.bidirectional && !design.decoder.layer.reverse, "translator", "the decoder's direction", "forward",
          "one that sees the tokens it must predict");
  Require(design.encoder.precision == design.decoder.precision, "translator", "the precision", "one for both stacks", "two");
}

Json ToJson(const TranslatorDesign& design) {
  return {{"translate", {{"source", ToJson(design.source)}, {"target", ToJson(design.target)}}},
          {"network",
           {{"embedding", design.embedding},
            {"dropout", design.dropout},
            {"attention", AttentionScoreNames()[static_cast<size_t>(design.attention)]},
            {"encoder", ToJson(design.encoder)},
            {"decoder", ToJson(design.decoder)}}}};
}

TranslatorDesign TranslatorDesignFromJson(const Json& description) {
  const Json &sides = ObjectField(description, "translate"), &network = ObjectField(description, "network");
  TranslatorDesign design;
  design.source = SideFormatFromJson(ObjectField(sides, "source"));
  design.target = SideFormatFromJson(ObjectField(sides, "target"));
  design.embedding = static_cast<size_t>(IntegerField(network, "embedding", 1, kMostEmbedding));
  design.dropout = NumberField(network, "dropout");
  design.attention = ParseAttentionScore(StringField(network, "attention"));
  design.encoder = StackOptionsFromJson(ObjectField(network, "encoder"));
  design.decoder = StackOptionsFromJson(ObjectField(network, "decoder"));
  RequireValid(design);
  return design;
}

}  // namespace eddy
