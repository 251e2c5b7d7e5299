#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"
#include "eddy/optim.h"

namespace eddy {
namespace schedule_test {

TEST(schedule, a_constant_rate_is_constant) {
  const Schedule schedule({.name = "constant", .rate = 0.5});
  for (double progress : {0., 0.3, 1.}) EXPECT_EQ(schedule.Rate(progress), 0.5);
}

TEST(schedule, warm_up_rises_linearly_from_0_to_the_highest_rate) {
  for (const char* name : {"constant", "cosine", "plateau", "step"}) {
    const Schedule schedule({.name = name, .rate = 2, .warmup = 0.2});
    EXPECT_EQ(schedule.Rate(0), 0);
    EXPECT_NEAR(schedule.Rate(0.05), 0.5, 1e-12);
    EXPECT_NEAR(schedule.Rate(0.2), 2, 1e-12);
  }
}

TEST(schedule, a_cosine_falls_from_the_highest_rate_to_its_share_at_the_end) {
  const Schedule schedule({.name = "cosine", .rate = 2, .warmup = 0.2, .final = 0.1});
  EXPECT_NEAR(schedule.Rate(0.2), 2, 1e-12);
  EXPECT_NEAR(schedule.Rate(0.6), 1.1, 1e-12);  // halfway between 2 and 0.2
  EXPECT_NEAR(schedule.Rate(1), 0.2, 1e-12);
  EXPECT_NEAR(schedule.Rate(1.5), 0.2, 1e-12);
  EXPECT_NEAR(Schedule({.warmup = 1}).Rate(1), 0, 1e-12);
}

TEST(schedule, steps_multiply_the_rate_each_share_of_the_run) {
  const Schedule schedule({.name = "step", .rate = 1, .factor = 0.5, .every = 0.25});
  EXPECT_EQ(schedule.Rate(0.24), 1);
  EXPECT_EQ(schedule.Rate(0.25), 0.5);
  EXPECT_EQ(schedule.Rate(0.9), 0.125);
}

TEST(schedule, a_plateau_multiplies_the_rate_after_its_patience_and_can_be_restored) {
  const ScheduleOptions options{.name = "plateau", .rate = 1, .factor = 0.5, .patience = 2};
  Schedule schedule(options);
  schedule.Observe(3);
  schedule.Observe(3);  // no better: 1
  EXPECT_EQ(schedule.Rate(0.5), 1);
  Schedule restored(options);
  restored.state = schedule.state;
  for (Schedule* each : {&schedule, &restored}) {
    each->Observe(std::nan(""));  // no better: 2
    EXPECT_EQ(each->Rate(0.5), 0.5);
    each->Observe(4);  // counting starts afresh: 1
    each->Observe(2);  // better
    each->Observe(2.5);
    EXPECT_EQ(each->Rate(0.5), 0.5);
    each->Observe(2.5);
    EXPECT_EQ(each->Rate(0.5), 0.25);
  }
}

TEST(schedule, only_a_plateau_heeds_the_validation_loss) {
  for (const char* name : {"constant", "cosine", "step"}) {
    Schedule schedule({.name = name, .patience = 1});
    const double before = schedule.Rate(0.5);
    for (int i = 0; i < 5; ++i) schedule.Observe(1);
    EXPECT_EQ(schedule.Rate(0.5), before);
  }
}

TEST(schedule, refuses_options_out_of_range_and_names_the_nearest) {
  try {
    Schedule schedule({.name = "cosin"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "schedule: name must be one of constant, cosine, step, plateau, but is cosin (did you mean cosine?)");
  }
  EXPECT_THROW(Schedule({.rate = -1}), Error);
  EXPECT_THROW(Schedule({.warmup = 1.1}), Error);
  EXPECT_THROW(Schedule({.final = -0.1}), Error);
  EXPECT_THROW(Schedule({.factor = 0}), Error);
  EXPECT_THROW(Schedule({.every = 0}), Error);
  EXPECT_THROW(Schedule({.patience = 0}), Error);
  EXPECT_THROW(Schedule({.rate = std::nan("")}), Error);
}

}  // namespace schedule_test
}  // namespace eddy
