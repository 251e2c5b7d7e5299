#include "tasks/direction/design.h"

#include <fmt/format.h>

#include <algorithm>

#include "eddy/error.h"
#include "model/encoder_json.h"
#include "tasks/direction/features.h"

namespace eddy {
namespace {

DirectionRefit RefitFromJson(const Json& json) {
  DirectionRefit refit{
      NumberField(json, "begin"), NumberField(json, "up_share"), {NumbersField(json, "weights"), NumberField(json, "bias")}};
  if (!(refit.up_share >= 0 && refit.up_share <= 1)) {
    Fail("stored description", "\"up_share\"", "0 to 1", fmt::format("{}", refit.up_share));
  }
  if (refit.logistic.weights.size() != kLags) {
    Fail("stored description", "\"weights\"", fmt::format("{} numbers", kLags),
         std::to_string(refit.logistic.weights.size()));
  }
  return refit;
}

double Percent(const Json& json, const std::string& key) {
  const double percent = NumberField(json, key);
  if (!(percent >= 0 && percent <= 100)) Fail("stored description", Quoted(key), "0 to 100", fmt::format("{}", percent));
  return percent;
}

}  // namespace

size_t DirectionDesign::inputs() const { return DirectionFeatureCount(columns); }

size_t DirectionDesign::RefitAt(double time) const {
  size_t at = 0;
  while (at + 1 < refits.size() && refits[at + 1].begin <= time) ++at;
  return at;
}

void RequireValid(const DirectionDesign& design) {
  const auto require = [](bool holds, const char* argument, const std::string& expected, size_t given) {
    if (!holds) Fail("direction", argument, expected, std::to_string(given));
  };
  require(design.horizon >= 1 && design.horizon <= kMostDirectionHorizon, "the horizon",
          fmt::format("1 to {}", kMostDirectionHorizon), design.horizon);
  require(design.members >= 1 && design.members <= kMostDirectionMembers, "the members",
          fmt::format("1 to {}", kMostDirectionMembers), design.members);
  require(!design.refits.empty() && design.refits.size() <= kMostRefits, "the refits", fmt::format("1 to {}", kMostRefits),
          design.refits.size());
  require(design.encoder.input == design.inputs(), "the inputs of the network", std::to_string(design.inputs()),
          design.encoder.input);
  for (const std::vector<double>* each : {&design.feature_mean, &design.feature_deviation}) {
    require(each->size() == design.inputs(), "the scaled features", std::to_string(design.inputs()), each->size());
  }
  const bool spread = std::all_of(design.feature_deviation.begin(), design.feature_deviation.end(),
                                  [](double deviation) { return deviation > 0; });
  require(spread, "the deviations of features", "above 0", 0);
  require(IsCausal(design.encoder), "the direction of the layers", "forward", 2);
}

Json ToJson(const DirectionDesign& design) {
  Json json = {{"columns", ToJson(design.columns)},
               {"horizon", design.horizon},
               {"embargo", design.embargo},
               {"members", design.members},
               {"rise", design.rise},
               {"fall", design.fall},
               {"costs", design.costs},
               {"tried", design.tried},
               {"dropout", design.dropout},
               {"feature_mean", design.feature_mean},
               {"feature_deviation", design.feature_deviation},
               {"refits", Json::array()}};
  for (const DirectionRefit& refit : design.refits) {
    json["refits"].push_back({{"begin", refit.begin},
                              {"up_share", refit.up_share},
                              {"weights", refit.logistic.weights},
                              {"bias", refit.logistic.bias}});
  }
  AddEncoder(json, design.encoder);
  return json;
}

DirectionDesign DirectionDesignFromJson(const Json& json) {
  DirectionDesign design;
  const auto whole = [&](const char* key, int64_t least, int64_t most) {
    return static_cast<size_t>(IntegerField(json, key, least, most));
  };
  design.columns = PriceColumnsFromJson(ObjectField(json, "columns"));
  design.horizon = whole("horizon", 1, kMostDirectionHorizon);
  design.embargo = whole("embargo", 0, 1'000'000);
  design.members = whole("members", 1, kMostDirectionMembers);
  design.rise = Percent(json, "rise");
  design.fall = Percent(json, "fall");
  design.costs = Percent(json, "costs");
  design.tried = whole("tried", 0, 1'000'000'000);
  design.dropout = NumberField(json, "dropout");
  design.feature_mean = NumbersField(json, "feature_mean");
  design.feature_deviation = NumbersField(json, "feature_deviation");
  design.encoder = EncoderFromJson(json);
  for (const Json& each : ArrayField(json, "refits")) design.refits.push_back(RefitFromJson(each));
  RequireValid(design);
  return design;
}

}  // namespace eddy
