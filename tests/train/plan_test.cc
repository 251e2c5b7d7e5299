#include "train/plan.h"

#include <cmath>

#include "model/temporary_directory.h"

namespace eddy {
namespace plan_test {

TEST(Plan, epochs_and_steps_are_known_at_the_start) {
  const Plan epochs("epochs", 2.5, 10), steps("steps", 25, 10);
  for (const Plan& plan : {epochs, steps}) {
    EXPECT_EQ(plan.total(), 25);
    EXPECT_EQ(plan.Share(0), 0);
    EXPECT_EQ(plan.Share(5), 0.2);
    EXPECT_EQ(plan.Share(25), 1);
    EXPECT_FALSE(plan.Finished(24));
    EXPECT_TRUE(plan.Finished(25));
  }
}

TEST(Plan, a_run_has_at_least_one_step) { EXPECT_EQ(Plan("epochs", 0.01, 10).total(), 1); }

// Steps that take longer and longer: the plan still ends with the time, and its share never falls.
TEST(Plan, minutes_end_in_time_although_the_speed_changes) {
  for (const double slowing : {0.0, 0.5, 2.0, -0.5}) {
    Plan plan("minutes", 10, 100);
    double seconds = 0, share = 0;
    int64_t step = 0;
    for (; !plan.Finished(step); ++step) {
      EXPECT_GE(plan.Share(step), share);
      share = plan.Share(step);
      seconds += 1 + slowing * std::min(seconds / 600, 1.0);
      plan.Measure(step + 1, seconds);
    }
    EXPECT_NEAR(seconds, 600, 20) << "slowing " << slowing;
    EXPECT_EQ(plan.Share(step), 1);
  }
}

// As one that waits for memory and caches.
TEST(Plan, a_slow_first_step_uses_up_nothing) {
  for (const double first : {1.0, 5.0, 11.0}) {
    Plan plan("minutes", 10, 100);
    double seconds = first;
    plan.Measure(1, seconds);
    int64_t step = 1;
    for (; !plan.Finished(step); ++step) {
      EXPECT_LE(plan.Share(step), std::max(seconds / 600, 0.02) + 0.25) << step;
      seconds += 0.01;
      plan.Measure(step + 1, seconds);
    }
    EXPECT_NEAR(seconds, 600, 6) << first;
    EXPECT_EQ(plan.Share(step), 1);
  }
}

TEST(Plan, a_first_step_longer_than_the_budget_ends_the_run) {
  Plan plan("minutes", 0.01, 100);
  EXPECT_FALSE(plan.Finished(0));
  plan.Measure(1, 5);
  EXPECT_TRUE(plan.Finished(1));
}

TEST(Plan, between_measurements_it_depends_on_the_step_alone) {
  Plan plan("minutes", 10, 100);
  plan.Measure(1, 1);
  const Plan before = plan;
  plan.Measure(2, 11.9);  // before the next mark, however slow
  EXPECT_EQ(plan.Share(100), before.Share(100));
  plan.Measure(3, 12);
  EXPECT_NE(plan.Share(100), before.Share(100));
}

TEST(Plan, goes_on_from_its_stored_state) {
  Plan plan("minutes", 10, 100), other("minutes", 10, 100);
  plan.Measure(1, 0.7);
  plan.Measure(50, 13.3);
  other.state = PlanStateFromJson(ParseJson(DumpJson(ToJson(plan.state), "plan"), "plan"));
  EXPECT_EQ(plan.total(), other.total());
  EXPECT_EQ(plan.Share(77), other.Share(77));
}

TEST(Plan, a_longer_one_goes_on_at_the_speed_so_far) {
  Plan plan("minutes", 10, 100);
  plan.GoOnFrom(60, 60);  // a step a second
  EXPECT_EQ(plan.total(), 600);
  EXPECT_DOUBLE_EQ(plan.Share(60), 0.1);
  EXPECT_DOUBLE_EQ(plan.Share(150), 0.25);
  EXPECT_DOUBLE_EQ(plan.Share(330), 0.3) << "when it is measured next";
  EXPECT_TRUE(plan.Finished(600));
}

TEST(Plan, bad_limits_are_errors) {
  EXPECT_ERROR(Plan("hours", 1, 1), "one of epochs, steps, minutes, but is hours");
  for (const double amount : {0.0, -1.0, std::nan(""), HUGE_VAL}) EXPECT_ERROR(Plan("epochs", amount, 1), "above 0");
}

}  // namespace plan_test
}  // namespace eddy
