#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "tasks/reserve/evaluation.h"
#include "tasks/reserve/features.h"
#include "tasks/simulated_triangles.h"

namespace eddy {
namespace reserve_parts_test {

const TriangleColumns kColumns{"company", "year", "lag", "paid", "premium", "incurred", "line"};

TriangleSet Set(std::optional<int64_t> valuation = {}, size_t companies = 5, size_t origins = 8) {
  return ReadTriangles(TriangleTable(companies, origins, 2 * origins), "t.csv", kColumns, valuation);
}

ReserveDesign DesignOf(const TriangleSet& set, size_t members = 2) {
  ReserveDesign design;
  design.columns = set.columns;
  design.developments = set.developments;
  design.members = members;
  design.embedding = 2;
  design.patterns = FitPatterns(set);
  for (const Triangle& each : set.triangles) design.known.emplace_back(each.line, each.company);
  StackOptions stack;
  stack.layer.hidden = 3;
  design.encoder = {design.inputs(), {stack}};
  return design;
}

TEST(Triangles, the_valuation_parts_what_is_known_from_what_is_later) {
  const TriangleSet set = Set();
  EXPECT_EQ(set.calendar, 7U);
  EXPECT_EQ(set.developments, 8U);
  ASSERT_EQ(set.triangles.size(), 10U);
  EXPECT_EQ(set.triangles[0].line, "fast");
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(set.triangles[0].paid[i].size(), 8 - i);
    EXPECT_EQ(set.triangles[0].incurred[i].size(), 8 - i);
  }
  EXPECT_TRUE(set.triangles[0].ActualUltimate());
  EXPECT_EQ(set.triangles[0].known(2, 3), 2U);
  EXPECT_EQ(set.triangles[0].known(4, 3), 0U);

  const TriangleSet early = Set(2004);
  EXPECT_EQ(early.developments, 5U);
  EXPECT_EQ(early.triangles[0].paid.size(), 5U);
  EXPECT_TRUE(early.triangles[0].ActualUltimate());
  EXPECT_FALSE(ReadTriangles(TriangleTable(2, 6, 6), "t.csv", kColumns, {}).triangles[0].ActualUltimate());
}

TEST(Triangles, the_order_of_rows_is_of_no_account) {
  std::string text = TriangleTable(2, 4, 8);
  const size_t head = text.find('\n') + 1, second = text.find('\n', head) + 1;
  const std::string turned = text.substr(0, head) + text.substr(second) + text.substr(head, second - head);
  EXPECT_EQ(FingerprintOf(ReadTriangles(text, "t.csv", kColumns, {})),
            FingerprintOf(ReadTriangles(turned, "t.csv", kColumns, {})));
}

TEST(Patterns, factors_without_noise_are_found_and_references_agree) {
  // All companies pay half of what is left in each year: every method says the same.
  std::string text = "company,year,lag,paid,premium\n";
  for (size_t c = 0; c < 3; ++c) {
    for (size_t i = 0; i < 5; ++i) {
      for (size_t t = 0; t < 5; ++t) {
        text += fmt::format("{},{},{},{},{}\n", c, i, t + 1, 64.0 * static_cast<double>(c + 1) * (1 - std::pow(0.5, t + 1)),
                            100 * (c + 1));
      }
    }
  }
  const TriangleSet set = ReadTriangles(text, "t.csv", {"company", "year", "lag", "paid", "premium", "", ""}, {});
  const LinePattern pattern = FitPatterns(set)[0];
  EXPECT_NEAR(pattern.paid[0], 1.5, 1e-9);
  const CompanyView company = ViewCompany(set.triangles[1], pattern, 4, 5);
  const OriginView view = ViewOrigin(set.triangles[1], company, pattern, 3, 4);
  ASSERT_EQ(view.known, 2U);
  for (size_t t = 2; t < 5; ++t) {
    const double payment = 0.64 * std::pow(0.5, t + 1);
    EXPECT_NEAR(view.references[t * 2], payment, 1e-9);
    EXPECT_NEAR(view.references[t * 2 + 1], payment, 1e-9);
  }
}

TEST(ReserveViews, none_knows_what_comes_after_its_calendar) {
  const TriangleSet set = Set();
  const ReserveDesign design = DesignOf(set);
  TriangleSet other = set;
  for (Triangle& triangle : other.triangles) {
    for (size_t i = 0; i < triangle.paid.size(); ++i) {
      for (size_t t = 0; t < triangle.paid[i].size(); ++t) {
        if (i + t > 4) triangle.paid[i][t] = triangle.incurred[i][t] = 1e6;
      }
    }
  }
  const std::vector<ReserveView> views = ViewsAt(set, 3, 4, design), changed = ViewsAt(other, 3, 4, design);
  ASSERT_EQ(views.size(), 5U);
  for (size_t v = 0; v < views.size(); ++v) {
    EXPECT_EQ(views[v].features, changed[v].features);
    EXPECT_EQ(views[v].references, changed[v].references);
    EXPECT_EQ(views[v].unit, changed[v].unit);
    EXPECT_NE(views[v].targets, changed[v].targets);
    for (size_t t = 0; t < 8; ++t) EXPECT_EQ(views[v].has_target[t], t >= views[v].known && views[v].origin + t <= 7);
  }
  for (const ReserveView& view : ViewsAt(set, 3, set.calendar, design)) {
    EXPECT_TRUE(std::all_of(view.has_target.begin(), view.has_target.end(), [](uint8_t has) { return has == 0; }));
  }
}

TEST(ReserveForecasts, each_origin_is_left_out_by_one_member_and_the_mean_is_over_all) {
  const TriangleSet set = Set();
  TrainedReserve reserve(DesignOf(set, 3), 1);
  for (const ReserveView& view : ViewsAt(set, 2, 5, reserve.design())) {
    size_t members = 0;
    for (size_t m = 0; m < 3; ++m) members += LeavesOut(m, view, reserve.design()) ? 1 : 0;
    EXPECT_EQ(members, 1U);
  }
  Threads one(1), three(3);
  const auto forecasts = reserve.Forecast(set, set.calendar, false, one), same = reserve.Forecast(set, 7, false, three);
  ASSERT_EQ(forecasts.size(), 70U);
  for (size_t i = 0; i < forecasts.size(); ++i) {
    EXPECT_EQ(forecasts[i].payments, same[i].payments);
    EXPECT_EQ(forecasts[i].payments.size(), 8 - forecasts[i].known);
    EXPECT_GT(forecasts[i].scale(), 0);
  }
}

TEST(ReserveForecasts, an_untrained_network_is_near_the_chain_ladder) {
  const TriangleSet set = Set();
  TrainedReserve reserve(DesignOf(set, 2), 1);
  Threads threads(1);
  for (const CompanyReserve& each : ReservesOf(reserve, set, threads)) {
    EXPECT_NEAR(each.ultimate / each.ladder.ultimate, 1, 0.15);
    EXPECT_NEAR(each.cape_cod / each.ladder.ultimate, 1, 0.15);
    ASSERT_TRUE(each.actual);
  }
}

TEST(ReserveSpread, quantiles_rise_and_sums_of_equal_companies_are_less_uncertain) {
  Random random(3);
  ReserveErrors errors;
  for (size_t c = 0; c < 3; ++c) {
    std::vector<double>& of = errors.companies.emplace_back();
    for (size_t i = 0; i < 200; ++i) of.push_back(random.Normal());
  }
  for (size_t i = 0; i < 600; ++i) errors.origins.push_back(random.Normal());
  const ReserveSpread spread(errors);
  EXPECT_NEAR(spread.company_deviation(), 1, 0.1);
  EXPECT_NEAR(spread.Company(0.95), 1.645, 0.25);
  EXPECT_LT(spread.Origin(0.1), spread.Origin(0.5));
  const std::vector<double> probabilities = {0.05, 0.5, 0.95};
  const std::vector<double> of_sum = spread.OfSum(std::vector<double>(25, 2.0), probabilities);
  EXPECT_NEAR(of_sum[0], 10, 1.5);
  EXPECT_LT(of_sum[1], of_sum[2]);
  EXPECT_LT(of_sum[2], of_sum[3]);
  const ReserveSpread none{ReserveErrors{}};
  EXPECT_NEAR(none.Company(0.975), 1.96, 0.05) << "normal where nothing is known";
}

TEST(ReserveDesigns, a_description_comes_back_and_a_broken_one_is_refused) {
  const ReserveDesign design = DesignOf(Set());
  const Json json = ToJson(design);
  EXPECT_EQ(ToJson(ReserveDesignFromJson(json)), json);
  EXPECT_EQ(design.CompanyIndex("slow", "c1"), 7U);
  EXPECT_EQ(design.CompanyIndex("slow", "c9"), 0U);
  EXPECT_EQ(design.LineIndex("none"), 0U);
  const auto refuses = [&](const char* key, const Json& value) {
    Json broken = json;
    broken[key] = value;
    EXPECT_THROW(ReserveDesignFromJson(broken), Error) << key;
  };
  refuses("developments", 2);
  refuses("developments", 9);
  refuses("members", 0);
  refuses("embedding", 0);
  refuses("patterns", Json::array());
  refuses("companies", Json::array());
  refuses("companies", Json::array({{{"line", "b"}, {"company", "x"}}, {{"line", "a"}, {"company", "x"}}}));
  refuses("errors", Json::object());
  refuses("premium", {{"mean", 0}, {"deviation", 0}});
}

}  // namespace reserve_parts_test
}  // namespace eddy
