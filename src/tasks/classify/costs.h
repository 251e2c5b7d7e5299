// What the decisions of a classifier of two classes cost, where a missed example of the second class and a false alarm do
// not cost the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/json.h"
#include "report/report.h"
#include "tasks/classify/evaluation.h"

namespace eddy {

// Throws UsageError for a ratio where the classes are not two.
void RequireCostRatio(std::optional<double> ratio, const std::vector<std::string>& classes);

// Of the result's cost ratio; empty without one. The examples are those that judge.
std::string DescribeCosts(const ClassifierResult& result);
// Nothing where there are not two classes; the curve, and with a cost ratio the costs at it.
void AddCosts(OrderedJson& json, const ClassifierResult& result);
// The cost curve; none where it is not defined.
std::optional<Section> CostSection(const ClassifierResult& result);

}  // namespace eddy
