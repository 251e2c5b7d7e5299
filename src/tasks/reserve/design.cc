#include "tasks/reserve/design.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "model/encoder_json.h"
#include "tasks/reserve/features.h"

namespace eddy {
namespace {

constexpr double kMostFactor = 1e9;

Json ToJson(const LinePattern& pattern) {
  return {{"line", pattern.line}, {"paid", pattern.paid}, {"incurred", pattern.incurred}, {"settled", pattern.settled}};
}

LinePattern PatternFromJson(const Json& json, size_t developments) {
  LinePattern pattern{StringField(json, "line"), NumbersField(json, "paid"), NumbersField(json, "incurred"),
                      NumberField(json, "settled")};
  const auto good = [](double factor) { return factor > 0 && factor < kMostFactor; };
  for (const std::vector<double>* each : {&pattern.paid, &pattern.incurred}) {
    if (each->size() + 1 != developments || !std::all_of(each->begin(), each->end(), good)) {
      Fail("stored description", "\"patterns\"", fmt::format("{} factors above 0", developments - 1), "others");
    }
  }
  if (!good(pattern.settled)) Fail("stored description", "\"settled\"", "above 0", fmt::format("{}", pattern.settled));
  return pattern;
}

ReserveErrors ErrorsFromJson(const Json& json) {
  ReserveErrors errors;
  for (const Json& each : ArrayField(json, "companies")) errors.companies.push_back(NumbersField(Json{{"z", each}}, "z"));
  errors.origins = NumbersField(json, "origins");
  return errors;
}

size_t IntegerSize(const Json& json, const std::string& key, size_t least, size_t most) {
  return static_cast<size_t>(IntegerField(json, key, static_cast<int64_t>(least), static_cast<int64_t>(most)));
}

}  // namespace

size_t ReserveDesign::features() const { return kReserveFeatures; }

size_t ReserveDesign::CompanyIndex(const std::string& line, const std::string& company) const {
  const auto found = std::lower_bound(known.begin(), known.end(), std::pair(line, company));
  if (found == known.end() || *found != std::pair(line, company)) return 0;
  return static_cast<size_t>(found - known.begin()) + 1;
}

size_t ReserveDesign::LineIndex(const std::string& line) const {
  const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const LinePattern& p) { return p.line == line; });
  return found == patterns.end() ? 0 : static_cast<size_t>(found - patterns.begin()) + 1;
}

void RequireValid(const ReserveDesign& design) {
  const auto require = [](bool holds, const char* argument, const std::string& expected, size_t given) {
    if (!holds) Fail("reserve", argument, expected, std::to_string(given));
  };
  require(design.developments > kLeastReserveCalendar && design.developments <= kMostOrigins, "the developments",
          fmt::format("{} to {}", kLeastReserveCalendar + 1, kMostOrigins), design.developments);
  require(design.members >= 1 && design.members <= kMostReserveMembers, "the members",
          fmt::format("1 to {}", kMostReserveMembers), design.members);
  require(design.encoder.input == design.inputs(), "the inputs of the network", std::to_string(design.inputs()),
          design.encoder.input);
  require(design.embedding >= 1, "the numbers of an embedding", "at least 1", design.embedding);
  require(!design.known.empty(), "the companies", "at least 1", 0);
  require(!design.patterns.empty(), "the lines of business", "at least 1", 0);
  if (!(design.premium_deviation > 0)) Fail("reserve", "the deviation of premiums", "above 0", "another");
  require(IsCausal(design.encoder), "the direction", "forward", 2);
}

Json ToJson(const ReserveDesign& design) {
  Json json = {{"columns", ToJson(design.columns)},
               {"developments", design.developments},
               {"members", design.members},
               {"embedding", design.embedding},
               {"dropout", design.dropout},
               {"patterns", Json::array()},
               {"companies", Json::array()},
               {"premium", {{"mean", design.premium_mean}, {"deviation", design.premium_deviation}}},
               {"errors", {{"companies", design.errors.companies}, {"origins", design.errors.origins}}}};
  for (const LinePattern& pattern : design.patterns) json["patterns"].push_back(ToJson(pattern));
  for (const auto& [line, company] : design.known) json["companies"].push_back({{"line", line}, {"company", company}});
  AddEncoder(json, design.encoder);
  return json;
}

ReserveDesign ReserveDesignFromJson(const Json& json) {
  ReserveDesign design;
  design.columns = TriangleColumnsFromJson(ObjectField(json, "columns"));
  design.developments = IntegerSize(json, "developments", kLeastReserveCalendar + 1, kMostOrigins);
  design.members = IntegerSize(json, "members", 1, kMostReserveMembers);
  design.embedding = IntegerSize(json, "embedding", 1, 1024);
  design.dropout = NumberField(json, "dropout");
  design.encoder = EncoderFromJson(json);
  for (const Json& each : ArrayField(json, "patterns")) {
    design.patterns.push_back(PatternFromJson(each, design.developments));
  }
  for (const Json& each : ArrayField(json, "companies")) {
    design.known.emplace_back(StringField(each, "line"), StringField(each, "company"));
  }
  if (!std::is_sorted(design.known.begin(), design.known.end())) {
    Fail("stored description", "\"companies\"", "sorted", "others");
  }
  const Json& premium = ObjectField(json, "premium");
  design.premium_mean = NumberField(premium, "mean");
  design.premium_deviation = NumberField(premium, "deviation");
  design.errors = ErrorsFromJson(ObjectField(json, "errors"));
  RequireValid(design);
  return design;
}

}  // namespace eddy
