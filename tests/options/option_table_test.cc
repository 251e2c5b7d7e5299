#include "options/option_table.h"

#include <gtest/gtest.h>

#include "tasks/task.h"

namespace eddy {
namespace option_table_test {

struct Options {
  size_t hidden = 8;
  std::optional<double> rate;
  std::string cell = "lstm";
  bool deep = false;
  std::vector<double> quantiles;
  std::vector<std::string> columns, files;
};

void Declare(Options& o, OptionTable& table) {
  table.AddMany("FILE", o.files, AnyText("FILE"), "what is read").Required().OfTheRun();
  table.Group("Network");
  table.Add("hidden", o.hidden, WholeNumber(1, 100), "units");
  table.Add("rate", o.rate, Above(0), "of learning").Usually("chosen for the data");
  table.Add("cell", o.cell, OneOf({"lstm", "gru"}), "of the layers");
  table.Flag("deep", o.deep, "more layers");
  table.Add("quantiles", o.quantiles, Number(0, 1), "to forecast");
  table.Add("columns", o.columns, AnyText(), "to read");
}

std::string Refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(OptionTable, a_value_of_each_type_reaches_its_field) {
  Options o;
  OptionTable table;
  Declare(o, table);
  table.Find("hidden").Set({"12"});
  table.Find("rate").Set({"0.5"});
  table.Find("cell").Set({"gru"});
  table.Find("deep").Set({});
  table.Find("quantiles").Set({"0.1, 0.9"});
  table.Find("columns").Set({"a,b"});
  table.Find("FILE").Set({"one,two", "three"});
  EXPECT_EQ(o.hidden, 12U);
  EXPECT_EQ(o.rate, 0.5);
  EXPECT_EQ(o.cell, "gru");
  EXPECT_TRUE(o.deep);
  EXPECT_EQ(o.quantiles, (std::vector<double>{0.1, 0.9}));
  EXPECT_EQ(o.columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(o.files, (std::vector<std::string>{"one,two", "three"}));
}

TEST(OptionTable, a_value_out_of_its_range_is_refused_and_says_what_is_right) {
  Options o;
  OptionTable table;
  Declare(o, table);
  for (const char* wrong : {"0", "101", "-4", "1e1", "many", "", "99999999999999999999", "1.5"}) {
    EXPECT_NE(Refusal([&] { table.Find("hidden").Set({wrong}); }).find("whole number from 1 to 100"), std::string::npos)
        << wrong;
  }
  EXPECT_NE(Refusal([&] { table.Find("rate").Set({"nan"}); }), "");
  EXPECT_NE(Refusal([&] { table.Find("cell").Set({"gro"}); }).find("did you mean gru?"), std::string::npos);
  EXPECT_NE(Refusal([&] { table.Find("quantiles").Set({"0.1,2"}); }), "");
  EXPECT_NE(Refusal([&] { table.Find("hiden"); }).find("did you mean hidden?"), std::string::npos);
}

TEST(OptionTable, fields_that_a_program_has_set_are_checked_alike) {
  Options o;
  OptionTable table;
  Declare(o, table);
  EXPECT_NE(Refusal([&] { table.Check("toy"); }).find("FILE is required"), std::string::npos);
  o.files = {"a"};
  EXPECT_EQ(Refusal([&] { table.Check("toy"); }), "");
  o.hidden = 1000;
  EXPECT_NE(Refusal([&] { table.Check("toy"); }).find("toy: hidden must be"), std::string::npos);
}

TEST(OptionTable, json_has_what_is_given_and_what_has_a_default_but_nothing_of_the_run) {
  Options o;
  OptionTable table;
  Declare(o, table);
  o.files = {"a"};
  EXPECT_EQ(table.ToJson(), (Json{{"hidden", 8}, {"cell", "lstm"}, {"deep", false}}));
  o.rate = 0.25;
  o.quantiles = {0.5};
  EXPECT_EQ(table.ToJson(), (Json{{"hidden", 8}, {"rate", 0.25}, {"cell", "lstm"}, {"deep", false}, {"quantiles", {0.5}}}));
}

// What the program, the documentation and other languages are made from.
TEST(OptionTable, every_option_of_every_task_has_a_name_a_help_and_a_default_within_its_range) {
  for (const Task* task : Tasks()) {
    std::vector<std::unique_ptr<Action>> actions;
    actions.push_back(task->Train());
    actions.push_back(task->Use());
    actions.push_back(task->Evaluate());
    if (auto compare = task->Compare()) actions.push_back(std::move(compare));
    for (const auto& action : actions) {
      OptionTable table;
      action->Declare(table);
      for (const Option& option : table.options()) {
        EXPECT_FALSE(option.help().empty()) << task->info().name << " " << option.name();
        EXPECT_EQ(&table.Find(option.name()), &option) << task->info().name << " has two options " << option.name();
        if (option.required()) continue;
        for (const std::string& text : option.Texts()) EXPECT_EQ(option.Problem(text), "") << option.name();
      }
    }
  }
}

}  // namespace option_table_test
}  // namespace eddy
