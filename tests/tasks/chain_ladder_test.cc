#include "floors/chain_ladder.h"

#include <gtest/gtest.h>

namespace eddy {
namespace chain_ladder_test {

// Taylor and Ashe 1983, in the thousands of Mack 1993.
CumulativeTriangle TaylorAshe() {
  return {10,
          {{357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463},
           {352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085},
           {290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315},
           {310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268},
           {443160, 1136350, 2128333, 2897821, 3402672, 3873311},
           {396132, 1333217, 2180715, 2985752, 3691712},
           {440832, 1288463, 2419861, 3483130},
           {359480, 1421128, 2864498},
           {376686, 1363294},
           {344014}}};
}

TEST(ChainLadder, reserves_and_standard_errors_are_those_of_macks_paper) {
  const CumulativeTriangle triangle = TaylorAshe();
  const ChainLadder ladder = MackChainLadder(triangle);
  const double reserves[] = {0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811};
  const double errors[] = {0, 75535, 121699, 133549, 261406, 411010, 558317, 875328, 971258, 1363155};
  double paid = 0;
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_NEAR(ladder.ultimates[i] - triangle.rows[i].back(), reserves[i], 1);
    EXPECT_NEAR(ladder.errors[i], errors[i], 1);
    paid += triangle.rows[i].back();
  }
  EXPECT_NEAR(ladder.ultimate - paid, 18680856, 1);
  EXPECT_NEAR(ladder.error, 2447095, 1);
  EXPECT_NEAR(ladder.factors[0].factor, 3.4906, 1e-4);
}

TEST(ChainLadder, origins_without_payments_and_nothing_at_all_are_borne) {
  const ChainLadder zeros = MackChainLadder({3, {{0, 0, 0}, {0, 0}, {0}}});
  EXPECT_EQ(zeros.ultimate, 0);
  EXPECT_EQ(zeros.error, 0);
  const ChainLadder partly = MackChainLadder({3, {{10, 20, 30}, {}, {-5}}});
  EXPECT_EQ(partly.ultimates[1], 0);
  EXPECT_NEAR(partly.ultimates[2], -15, 1e-12);
  EXPECT_TRUE(MackChainLadder({}).factors.empty());
}

TEST(CapeCod, one_loss_ratio_is_payments_over_used_up_premium) {
  const CumulativeTriangle triangle{2, {{50, 100}, {60}}};  // half is paid at the first development
  const std::vector<double> premiums = {200, 300};
  const double ratio = (100.0 + 60) / (200 + 300 * 0.5);
  EXPECT_NEAR(CapeCodRatio(triangle, premiums, DevelopedShares(std::vector<double>{2})), ratio, 1e-12);
  EXPECT_NEAR(CapeCodUltimate(triangle, premiums), 160 + 300 * ratio * 0.5, 1e-12);
}

}  // namespace chain_ladder_test
}  // namespace eddy
