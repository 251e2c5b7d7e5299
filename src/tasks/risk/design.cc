#include "tasks/risk/design.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "model/encoder_json.h"
#include "tasks/risk/features.h"

namespace eddy {
namespace {

Json ToJson(const Garch& g) { return Json::array({g.omega, g.alpha, g.leverage, g.beta, g.start}); }

Garch GarchFromJson(const Json& json, const std::string& key) {
  const std::vector<double> numbers = NumbersField(json, key);
  const bool good = numbers.size() == 5 && numbers[4] > 0 &&
                    std::all_of(numbers.begin(), numbers.end(), [](double number) { return number >= 0 && number < 1e12; });
  const Garch garch = good ? Garch{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]} : Garch{};
  if (!good || garch.persistence() > 1)
    Fail("stored description", Quoted(key), "five numbers of a stable process", "others");
  return garch;
}

Json ToJson(const std::vector<TailRisk>& tails) {
  Json json = Json::array();
  for (const TailRisk& tail : tails) json.insert(json.end(), {tail.value, tail.shortfall});
  return json;
}

std::vector<TailRisk> TailsFromJson(const Json& json, const std::string& key, size_t levels) {
  const std::vector<double> numbers = NumbersField(json, key);
  std::vector<TailRisk> tails;
  for (size_t i = 0; i + 1 < numbers.size(); i += 2) tails.push_back({numbers[i], numbers[i + 1]});
  const bool fall = std::all_of(tails.begin(), tails.end(), [](const TailRisk& t) { return t.shortfall <= t.value; });
  if (numbers.size() != 2 * levels || !fall) Fail("stored description", Quoted(key), "a tail a level", "others");
  return tails;
}

Json ToJson(const SeriesFit& fit) {
  Json json = {{"name", fit.name},
               {"mean", fit.mean},
               {"average", ToJson(fit.average)},
               {"garch", ToJson(fit.plain)},
               {"gjr", ToJson(fit.leverage)},
               {"garch_tails", ToJson(fit.plain_tails)},
               {"gjr_tails", ToJson(fit.leverage_tails)},
               {"har", Json::array()}};
  for (size_t m = 0; m < fit.har.size(); ++m) {
    json["har"].push_back(
        {{"weights", fit.har[m].weights}, {"residual", fit.har[m].residual}, {"tails", ToJson(fit.har_tails[m])}});
  }
  return json;
}

SeriesFit FitFromJson(const Json& json, const RiskDesign& design) {
  const size_t Q = design.levels.size();
  SeriesFit fit;
  fit.name = StringField(json, "name");
  fit.mean = NumberField(json, "mean");
  fit.average = GarchFromJson(json, "average");
  fit.plain = GarchFromJson(json, "garch");
  fit.leverage = GarchFromJson(json, "gjr");
  fit.plain_tails = TailsFromJson(json, "garch_tails", Q);
  fit.leverage_tails = TailsFromJson(json, "gjr_tails", Q);
  for (const Json& each : ArrayField(json, "har")) {
    const std::vector<double> weights = NumbersField(each, "weights");
    if (weights.size() != 4) Fail("stored description", "\"weights\"", "four numbers", std::to_string(weights.size()));
    LogHar& har = fit.har.emplace_back();
    std::copy(weights.begin(), weights.end(), har.weights.begin());
    har.residual = NumberField(each, "residual");
    fit.har_tails.push_back(TailsFromJson(each, "tails", Q));
  }
  if (fit.har.size() != design.columns.measures()) {
    Fail("stored description", "\"har\"", fmt::format("{} of them", design.columns.measures()),
         std::to_string(fit.har.size()));
  }
  return fit;
}

}  // namespace

size_t RiskDesign::inputs() const { return CountFeatures(columns); }

void RequireValid(const RiskDesign& design) {
  double lower = 0;
  for (const double level : design.levels) {
    if (!(level > lower && level < 0.5)) {
      Fail("risk", "the levels", "rising, each above 0 and below 0.5", fmt::format("{}", level));
    }
    lower = level;
  }
  const auto require = [](bool holds, const char* argument, const std::string& expected, size_t given) {
    if (!holds) Fail("risk", argument, expected, std::to_string(given));
  };
  require(!design.levels.empty(), "the number of levels", "at least 1", 0);
  require(design.horizon >= 1 && design.horizon <= kMostRiskHorizon, "the horizon", fmt::format("1 to {}", kMostRiskHorizon),
          design.horizon);
  require(design.members >= 1 && design.members <= kMostMembers, "the members", fmt::format("1 to {}", kMostMembers),
          design.members);
  require(design.encoder.input == design.inputs(), "the inputs of the network", std::to_string(design.inputs()),
          design.encoder.input);
  for (const std::vector<double>* each : {&design.feature_mean, &design.feature_deviation}) {
    require(each->size() == design.inputs(), "the scaled features", std::to_string(design.inputs()), each->size());
  }
  const bool spread = std::all_of(design.feature_deviation.begin(), design.feature_deviation.end(),
                                  [](double deviation) { return deviation > 0; });
  require(spread, "the deviations of features", "above 0", 0);
  require(IsCausal(design.encoder), "the direction", "forward", 2);
}

Json ToJson(const RiskDesign& design) {
  Json json = {{"columns", ToJson(design.columns)},
               {"levels", design.levels},
               {"horizon", design.horizon},
               {"density", design.density == ReturnDensity::kStudentT ? "student" : "mixture"},
               {"members", design.members},
               {"dropout", design.dropout},
               {"feature_mean", design.feature_mean},
               {"feature_deviation", design.feature_deviation},
               {"fits", Json::array()},
               {"combination",
                {{"weight", design.combination.weight},
                 {"filtered", design.combination.filtered},
                 {"floor", design.combination.floor}}},
               {"until", design.until}};
  for (const SeriesFit& fit : design.fits) json["fits"].push_back(ToJson(fit));
  AddEncoder(json, design.encoder);
  return json;
}

RiskDesign RiskDesignFromJson(const Json& json) {
  RiskDesign design;
  design.columns = PriceColumnsFromJson(ObjectField(json, "columns"));
  design.levels = NumbersField(json, "levels");
  design.horizon = static_cast<size_t>(IntegerField(json, "horizon", 1, kMostRiskHorizon));
  const std::string& density = StringField(json, "density");
  if (density != "student" && density != "mixture") {
    Fail("stored description", "\"density\"", "\"student\" or \"mixture\"", Quoted(density));
  }
  design.density = density == "student" ? ReturnDensity::kStudentT : ReturnDensity::kMixture;
  design.members = static_cast<size_t>(IntegerField(json, "members", 1, kMostMembers));
  design.dropout = NumberField(json, "dropout");
  design.feature_mean = NumbersField(json, "feature_mean");
  design.feature_deviation = NumbersField(json, "feature_deviation");
  design.encoder = EncoderFromJson(json);
  const Json& combination = ObjectField(json, "combination");
  design.combination = {NumberField(combination, "weight"), BoolField(combination, "filtered"),
                        StringField(combination, "floor")};
  const double weight = design.combination.weight;
  if (!(weight >= 0 && weight <= 1)) Fail("stored description", "\"weight\"", "0 to 1", fmt::format("{}", weight));
  design.until = NumberField(json, "until");
  RequireValid(design);
  for (const Json& fit : ArrayField(json, "fits")) design.fits.push_back(FitFromJson(fit, design));
  return design;
}

}  // namespace eddy
