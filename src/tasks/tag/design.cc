#include "tasks/tag/design.h"

#include <set>

#include "base/ascii.h"
#include "data/sentence.h"
#include "eddy/error.h"
#include "model/stack_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostWidth = 1 << 16;
constexpr size_t kWindow = 3;  // characters that a feature sees (Ma and Hovy 2016, table 1)

}  // namespace

Conv1dOptions TaggerDesign::convolution() const {
  return {.input = character_embedding,
          .output = character_features,
          .kernel = kWindow,
          .convolution = {.padding = Padding::kSame}};
}

void RequireValid(const TaggerDesign& design) {
  const size_t tags = design.tags.size();
  Require(tags >= 2 && tags <= kMostTags, "tagger", "the tags", "2 to 1000", std::to_string(tags));
  const std::set<std::string> different(design.tags.begin(), design.tags.end());
  Require(different.size() == tags, "tagger", "the tags", "different from each other", "not");
  Require(design.embedding >= 1, "tagger", "the width of a word's vector", "at least 1", "0");
  Require(design.dropout >= 0 && design.dropout < 1, "tagger", "dropout", "in [0, 1)", std::to_string(design.dropout));
  Require(design.words.unknown() != kNoToken, "tagger", "the vocabulary", "with the unknown token", "without");
  if (design.character_features == 0) return;
  Require(design.character_embedding >= 1, "tagger", "the width of a character's vector", "at least 1", "0");
  Require(design.characters.unknown() != kNoToken, "tagger", "the characters", "with the unknown one", "without");
}

std::string WordForm(std::string_view token) {
  std::string form = Lower(token);
  for (char& c : form) c = c >= '0' && c <= '9' ? '0' : c;
  return form;
}

Json ToJson(const TaggerDesign& design) {
  return {{"tag",
           {{"tags", design.tags},
            {"vocabulary", design.words.tokens()},
            {"characters", design.characters.tokens()},
            {"columns", {design.format.token, design.format.tag}}}},
          {"network",
           {{"embedding", design.embedding},
            {"character_embedding", design.character_embedding},
            {"character_features", design.character_features},
            {"field", design.field},
            {"dropout", design.dropout},
            {"recurrent", ToJson(design.stack)}}}};
}

TaggerDesign TaggerDesignFromJson(const Json& description) {
  const Json &read = ObjectField(description, "tag"), &network = ObjectField(description, "network");
  TaggerDesign design;
  design.tags = StringsField(read, "tags");
  design.words = Vocabulary(StringsField(read, "vocabulary"));
  design.characters = Vocabulary(StringsField(read, "characters"));
  if (read.contains("columns")) {  // which older models do not have
    const std::vector<std::string> columns = StringsField(read, "columns");
    Require(columns.size() == 2, "tagger", "the columns that it reads", "two", std::to_string(columns.size()));
    design.format = {columns[0], columns[1], {}};
  }
  const auto width = [&](const char* name, int64_t least) {
    return static_cast<size_t>(IntegerField(network, name, least, kMostWidth));
  };
  design.embedding = width("embedding", 1);
  design.character_embedding = width("character_embedding", 0);
  design.character_features = width("character_features", 0);
  design.field = BoolField(network, "field");
  design.dropout = NumberField(network, "dropout");
  design.stack = StackOptionsFromJson(ObjectField(network, "recurrent"));
  RequireValid(design);
  return design;
}

}  // namespace eddy
