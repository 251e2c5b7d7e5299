// Architectures trained on the same data, with as many parameters and as much time each, side by side. All are judged on the
// same held-out parts, so that differences are taken part by part: what makes a part hard for all of them cancels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eddy/train.h"
#include "report/sections.h"

namespace eddy {

struct ComparedModel {
  std::string name;            // "lstm"
  std::string layers;          // "1 layer of 128 lstm"
  size_t parameters = 0;       // of the whole network
  std::vector<double> losses;  // of each held-out part, lower being better
  TrainingResult run;
  double memory_bytes = 0;       // that training took; NaN where the system does not say
  double step_microseconds = 0;  // of the layers, for one row; NaN where they cannot be run step by step
};

struct Comparison {
  std::string measure;          // "nats a character"
  std::string curve;            // the measure of the losses in the models' histories
  std::string parts;            // what the held-out parts are, such as "stretches of text"
  bool of_errors = false;       // whether losses are 0 or 1, right or wrong: then they are shown as accuracy
  std::vector<double> weights;  // of the parts
  std::vector<NamedFigure> floors;
  double minutes = 0;  // of training for each; NaN where it was as many steps
  int64_t steps = 0;   // 0 where it was as many minutes
  std::vector<ComparedModel> models;
};

double LossOf(const Comparison& comparison, const ComparedModel& model);  // weighted mean over the parts
double ShownAs(const Comparison& comparison, double loss);                // accuracy for errors
const ComparedModel& BestOf(const Comparison& comparison);                // of at least one

// How much more `other` loses than `best`, with the standard error of the mean of paired differences.
struct Difference {
  double mean = 0;
  double error = 0;      // NaN for fewer than 5 parts
  bool certain = false;  // whether the 95% interval (Student's t) is above 0
};
Difference Between(const Comparison& comparison, const ComparedModel& other, const ComparedModel& best);

// Which to take, in plain words, from these figures alone.
std::string Advice(const Comparison& comparison);

}  // namespace eddy
