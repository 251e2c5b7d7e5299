#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eddy/train.h"
#include "model/temporary_directory.h"
#include "tasks/forecast/defaults.h"
#include "tasks/forecast/evaluation.h"
#include "tasks/forecast/model.h"
#include "tasks/forecast/training.h"
#include "train/whole_step.h"

namespace eddy {
namespace forecaster_test {

using Forecasts = std::vector<std::vector<double>>;

// A season of 8 with noise, in two series of different scale and length, with a covariate "c" and one "k" known in the
// future.
std::string Csv(size_t rows, bool more = false) {
  std::string text = "name,y,c,k\n";
  Random random(1);
  for (int i = 0; i < 2; ++i) {
    const double scale = i == 0 ? 1 : 1000;
    for (size_t t = 0; t < rows / static_cast<size_t>(i + 1); ++t) {
      const double y = scale * (5 + std::sin(static_cast<double>(t) * 0.7853981633974483) + 0.1 * random.Normal());
      text += fmt::format("{},{},{},{}\n", i, t % 17 == 3 ? "" : fmt::format("{}", y), random.Normal(), t % 3);
    }
  }
  if (more) text += "tiny,3,1,1\nconstant,7,1,1\nconstant,7,1,1\nconstant,7,1,1\nzero,0,,\nzero,0,,\n";
  return text;
}

SeriesColumns Columns() { return {"y", "", "name", {"c", "k"}, {"k"}}; }

SeriesSet Read(const std::string& text, const SeriesColumns& columns = Columns()) {
  return ReadSeries(ParseCsv(text, "test"), columns);
}

constexpr size_t kHorizon = 8;

struct Prepared {
  SeriesSet set;
  ForecastSplit split;
  ForecastSetup setup;

  explicit Prepared(SeriesSet given, size_t season = 8, size_t held_out = kHorizon)
      : set(std::move(given)),
        split(SplitSeries(set, {.rows = held_out, .from = {}}, kHorizon)),
        setup(DefaultForecastSetup(set, split, kHorizon, season)) {
    setup.design.encoder.stack()->layer.hidden = 12;
    setup.batching.rows = 8;
    setup.training.amount = 60;
    setup.training.validations = 4;
  }
};

ForecastModel Trained(const Prepared& s, Threads& threads) {
  ForecastModel forecaster(s.setup.design, 5);
  ForecastTraining task(forecaster, s.set, s.split, s.setup.batching, 5, threads);
  task.StartFromReferences();
  Train(task, s.setup.training, threads);
  return forecaster;
}

TEST(ForecastModel, it_beats_seasonal_naive_on_a_noisy_season) {
  Threads threads(2);
  Prepared s(Read(Csv(400)), 8, 10 * kHorizon);
  s.setup.training.amount = 200;
  ForecastModel forecaster = Trained(s, threads);
  const ForecastResult result = EvaluateForecaster(forecaster, s.set, s.split.held_out, threads);
  EXPECT_EQ(result.windows, 20u);
  EXPECT_LT(result.network.mase, 0.9 * result.ScoresOf("seasonal_naive").mase);
  EXPECT_LT(result.network.pinball, 0.9 * result.ScoresOf("seasonal_naive").pinball);
  EXPECT_FALSE(JudgeForecasts(result).lost);
}

TEST(ForecastModel, series_that_are_tiny_constant_or_zero_are_forecast_by_finite_rising_quantiles) {
  Threads threads(1);
  const Prepared s(Read(Csv(200, true)));
  ForecastModel forecaster = Trained(s, threads);
  std::vector<Window> windows;
  for (uint32_t i = 0; i < s.set.series.size(); ++i) {
    windows.push_back({i, static_cast<uint32_t>(s.set.series[i].size())});
  }
  for (const std::vector<double>& forecast : forecaster.Forecast(s.set, windows, threads)) {
    for (size_t i = 0; i < forecast.size(); i += 3) {
      ASSERT_TRUE(std::isfinite(forecast[i] + forecast[i + 2]));
      ASSERT_TRUE(std::is_sorted(&forecast[i], &forecast[i] + 3));
    }
  }
}

TEST(ForecastModel, a_forecast_depends_neither_on_other_series_nor_on_threads) {
  Threads one(1), two(2, Threads::Share::kAlways);
  const Prepared s(Read(Csv(200)));
  ForecastModel forecaster(s.setup.design, 5);
  const std::vector<Window> both = {{0, 150}, {1, 90}};
  const Forecasts together = forecaster.Forecast(s.set, both, two);
  EXPECT_EQ(forecaster.Forecast(s.set, std::span(both).first(1), one)[0], together[0]);
  EXPECT_EQ(forecaster.Forecast(s.set, std::span(both).last(1), one)[0], together[1]);
}

// Row 120 is the origin. Everything from there on is the future.
TEST(ForecastModel, no_future_value_changes_a_forecast_by_a_bit_unless_it_is_declared_known) {
  Threads threads(1);
  const SeriesSet set = Read(Csv(200));
  const Prepared s(set);
  ForecastModel forecaster(s.setup.design, 5);
  const Window window{0, 120};
  const auto forecast = [&](const SeriesSet& of) { return forecaster.Forecast(of, std::span(&window, 1), threads)[0]; };
  const std::vector<double> before = forecast(set);

  SeriesSet changed = set;
  for (size_t t = 120; t < 200; ++t) {
    changed.series[0].target[t] = 1e6;
    changed.series[0].observed[t] = 1;
    changed.series[0].covariates[2 * t] = -1e6;
  }
  EXPECT_EQ(forecast(changed), before);

  changed.series[0].covariates[2 * 123 + 1] = 50;
  EXPECT_NE(forecast(changed), before) << "what is known in the future is read";
  changed = set;
  changed.series[0].covariates[2 * 119] = 50;
  EXPECT_NE(forecast(changed), before) << "and so is a covariate up to the origin";
}

// The target is noise and the covariate is the target itself: who could read it over the horizon would know all.
TEST(ForecastModel, a_covariate_that_holds_the_future_helps_only_when_it_is_declared_known) {
  Threads threads(2);
  std::string text = "y,leak\n";
  Random random(2);
  for (int t = 0; t < 300; ++t) {
    const double y = random.Normal();
    text += fmt::format("{},{}\n", y, y);
  }
  const auto error = [&](const std::vector<std::string>& covariates, const std::vector<std::string>& known) {
    Prepared s(Read(text, {"y", "", "", covariates, known}), 1);
    s.setup.training.amount = 150;
    ForecastModel forecaster = Trained(s, threads);
    return EvaluateForecaster(forecaster, s.set, s.split.held_out, threads).network.mae;
  };
  const double without = error({}, {});
  EXPECT_GT(error({"leak"}, {}), 0.9 * without);
  EXPECT_LT(error({"leak"}, {"leak"}), 0.5 * without) << "else this test could not fail";
}

TEST(ForecastModel, a_series_shorter_than_the_window_is_read_as_if_the_window_were_as_short) {
  Threads threads(1);
  const Prepared s(Read(Csv(100)));
  ForecastDesign longer = s.setup.design;
  longer.window = 70;
  ForecastDesign shorter = s.setup.design;
  shorter.window = 30;
  const Window window{0, 30};
  EXPECT_EQ(ForecastModel(longer, 5).Forecast(s.set, std::span(&window, 1), threads),
            ForecastModel(shorter, 5).Forecast(s.set, std::span(&window, 1), threads));
}

TEST(ForecastModel, saved_and_loaded_it_forecasts_the_same_bits) {
  Threads threads(1);
  const TemporaryDirectory directory;
  const Prepared s(Read(Csv(200)));
  ForecastModel forecaster = Trained(s, threads);
  forecaster.Calibrate(s.set, s.split.validation, s.split.rolling, true, threads);
  SaveModel(directory / "m.eddy", MakeForecastModel(forecaster, Json::object(), threads));
  ForecastModel loaded = LoadForecaster(LoadModel(directory / "m.eddy", kForecastTask), threads);
  EXPECT_EQ(loaded.Forecast(s.set, s.split.held_out, threads), forecaster.Forecast(s.set, s.split.held_out, threads));
}

TEST(ForecastModel, what_is_closed_and_what_names_stand_for_is_stored_with_the_model) {
  Threads threads(1);
  std::string text = "t,y,sky\n";
  for (int day = 1; day <= 28; ++day) {
    for (int hour = 9; hour <= 12; ++hour) {
      text += fmt::format("2024-01-{:02} {:02}:00,{},{}\n", day, hour, hour, day % 3 == 0 ? "rain" : "sun");
    }
  }
  const SeriesSet set = Read(text, {"y", "t", "", {"sky"}, {}});
  const ForecastSplit split = SplitSeries(set, {.rows = 8, .from = {}}, 4);
  const ForecastDesign design = DefaultForecastSetup(set, split, 4, 4).design;
  EXPECT_EQ(design.step, "open hour");
  ForecastModel forecaster(design, 1);
  Model model = MakeForecastModel(forecaster, Json::object(), threads);
  const ForecastDesign loaded = LoadForecaster(model, threads).design();
  ASSERT_TRUE(loaded.open);
  EXPECT_EQ(*loaded.open, set.axis.calendar());
  const std::string few = "t,y,sky\n2024-02-01 09:00,1,sun\n2024-02-01 10:00,2,snow\n2024-02-01 11:00,2,rain\n";
  const SeriesSet later = ReadSeries(ParseCsv(few, "test"), loaded.columns, {.date_order = {}, .calendar = loaded.open});
  EXPECT_NO_THROW(forecaster.RequireFits(later));
  EXPECT_EQ(later.series[0].covariates, (std::vector<double>{0, 1, 0, 0, 1, 0}));

  Json& stored = model.description["forecast"];
  stored["open"]["open"] = {3, 2};
  EXPECT_ERROR(LoadForecaster(model, threads), "rising");
  stored["open"]["open"] = {168};
  EXPECT_ERROR(LoadForecaster(model, threads), "rising");
  stored["open"]["open"] = {1};
  stored["open"]["step"] = 7;
  EXPECT_ERROR(LoadForecaster(model, threads), "open");
  stored.erase("open");  // as models were before
  stored["step"] = "hour";
  ForecastModel older = LoadForecaster(model, threads);
  EXPECT_NO_THROW(older.RequireFits(set));
}

TEST(ForecastModel, a_model_that_is_not_what_was_saved_is_refused) {
  Threads threads(1);
  const Prepared s(Read(Csv(200)));
  ForecastModel forecaster(s.setup.design, 5);
  const auto packed = [&] { return MakeForecastModel(forecaster, Json::object(), threads); };

  Model model = packed();
  model.tensors[0].second[0] += 10;
  EXPECT_ERROR(LoadForecaster(model, threads), "golden");
  forecaster.network().parameters()[0]->value[0] -= 10;  // the model shared its elements

  model = packed();
  model.golden_input = Tensor({3, 1, 2});
  EXPECT_ERROR(LoadForecaster(model, threads), "golden input");
  model = packed();
  model.description["forecast"]["horizon"] = 99'999;
  EXPECT_ERROR(LoadForecaster(model, threads), "head.bias");
  model = packed();
  model.description["forecast"]["recurrent"]["hidden"] = 1 << 20;
  EXPECT_ERROR(LoadForecaster(model, threads), "layers");
  model = packed();
  model.description["forecast"]["quantiles"] = {0.5, 0.1};
  EXPECT_ERROR(LoadForecaster(model, threads), "quantiles");
  model = packed();
  model.description["forecast"].erase("window");
  EXPECT_ERROR(LoadForecaster(model, threads), "window");
}

TEST(ForecastModel, series_of_another_step_are_refused) {
  Threads threads(1);
  const std::string daily = "d,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-04,4\n2024-01-05,5\n";
  const std::string yearly = "d,y\n2001-01-01,1\n2002-01-01,2\n2003-01-01,3\n2004-01-01,4\n";
  const SeriesColumns columns{"y", "d", "", {}, {}};
  SeriesSet set = Read(daily, columns);
  const ForecastSplit split = SplitSeries(set, {.rows = 1, .from = {}}, 1);
  ForecastModel forecaster(DefaultForecastSetup(set, split, 1, 1).design, 1);
  EXPECT_NO_THROW(forecaster.RequireFits(set));
  EXPECT_ERROR(forecaster.RequireFits(Read(yearly, columns)), "year");
}

TEST(ForecastModel, a_swing_is_learned_whatever_the_level_is) {
  Threads threads(2);
  const auto error = [&](double level) {
    std::string text = "y\n";
    Random random(3);
    for (int t = 0; t < 400; ++t) {
      text += fmt::format("{}\n", level + 10 * std::sin(t * 0.7853981633974483) + random.Normal());
    }
    const Prepared s(Read(text, {"y", "", "", {}, {}}), 8, 10 * kHorizon);
    ForecastModel forecaster = Trained(s, threads);
    const ForecastResult result = EvaluateForecaster(forecaster, s.set, s.split.held_out, threads);
    return result.network.mae;
  };
  const double centred = error(0);
  EXPECT_LT(centred, 3);
  EXPECT_LT(error(1e7), 1.2 * centred);
  EXPECT_LT(error(-1e7), 1.2 * centred);
  EXPECT_LT(error(1e12), 1.2 * centred);
}

TEST(ForecastTraining, what_is_held_out_changes_no_trained_weight_and_no_mix) {
  Threads threads(1);
  SeriesSet set = Read(Csv(200, true));
  const auto weights = [&] {
    const Prepared s(set, 0, 12);
    ForecastModel forecaster = Trained(s, threads);
    forecaster.Calibrate(s.set, s.split.validation, s.split.rolling, true, threads);
    std::vector<double> all = forecaster.mix().spread;
    all.push_back(forecaster.mix().of_floors());
    for (const Parameter* parameter : forecaster.network().parameters()) {
      all.insert(all.end(), parameter->value.values().begin(), parameter->value.values().end());
    }
    return all;
  };
  const std::vector<double> before = weights();
  for (Series& series : set.series) {
    for (size_t t = series.size() - std::min<size_t>(12, series.size()); t < series.size(); ++t) {
      series.target[t] = 1e5 + static_cast<double>(t);
      series.observed[t] = 1;
      series.covariates[2 * t] = -77;
    }
  }
  EXPECT_EQ(weights(), before);
  set.series[0].target[200 - 13 - kHorizon - 20] += 1;
  EXPECT_NE(weights(), before) << "else this test could not fail";
}

TEST(ForecastTraining, a_step_is_a_function_of_its_number_and_the_weights) {
  Threads one(1), two(2, Threads::Share::kAlways);
  const Prepared s(Read(Csv(200)));
  const auto gradient = [&](Threads& threads, int64_t step) {
    ForecastModel forecaster(s.setup.design, 5);
    ForecastTraining task(forecaster, s.set, s.split, s.setup.batching, 5, threads);
    WholeStep(task, step, threads);
    const Tensor grad = task.parameters().front()->grad;
    return std::vector<Real>(grad.values().begin(), grad.values().end());
  };
  EXPECT_EQ(gradient(one, 7), gradient(two, 7));
  EXPECT_NE(gradient(one, 7), gradient(one, 8));
}

}  // namespace forecaster_test
}  // namespace eddy
